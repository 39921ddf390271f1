"""Sets of days behave as sets do."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.domain.dates import MAX_DAY, MIN_DAY, Days

_DAYS = st.sets(st.integers(0, 40), max_size=20)


def _days(numbers: set[int]) -> Days:
    return Days.of(*((number, number) for number in numbers))


def _numbers(days: Days) -> set[int]:
    return {day for lo, hi in days.intervals for day in range(lo, hi + 1)}


@given(_DAYS)
def test_a_set_of_days_is_kept_as_sorted_disjoint_intervals_that_do_not_touch(
    numbers: set[int],
) -> None:
    intervals = _days(numbers).intervals
    assert _numbers(Days(intervals)) == numbers
    assert all(lo <= hi for lo, hi in intervals)
    assert all(a[1] + 1 < b[0] for a, b in pairwise(intervals))


@given(_DAYS, _DAYS)
def test_union_and_intersection_of_days_are_those_of_sets(a: set[int], b: set[int]) -> None:
    assert _days(a) & _days(b) == _days(a & b) == _days(a).intersection(_days(b))
    assert _days(a) | _days(b) == _days(a | b) == _days(a).union(_days(b))


@given(_DAYS, st.integers(-1, 41))
def test_days_are_cut_looked_up_and_found_as_in_sets(numbers: set[int], day: int) -> None:
    days = _days(numbers)
    assert days.not_after(day) == _days({each for each in numbers if each <= day})
    assert days.not_before(day) == _days({each for each in numbers if each >= day})
    assert (day in days) == (day in numbers)
    assert days.latest_by(day) == max((each for each in numbers if each <= day), default=None)
    assert bool(days) == bool(numbers)
    assert days.single == (len(numbers) == 1)


@given(_DAYS.filter(bool))
def test_lo_and_hi_are_the_first_and_last_day(numbers: set[int]) -> None:
    assert (_days(numbers).lo, _days(numbers).hi) == (min(numbers), max(numbers))


@given(_DAYS)
def test_days_survive_their_json_form(numbers: set[int]) -> None:
    assert Days.from_list(_days(numbers).to_list()) == _days(numbers)


def test_intervals_that_overlap_touch_or_run_backwards_are_put_in_order() -> None:
    assert Days.of((8, 9), (1, 3), (2, 5), (6, 6), (20, 11)).intervals == ((1, 6), (8, 9))


def test_always_holds_every_day_and_empty_none() -> None:
    assert all(day in Days.ALWAYS for day in (MIN_DAY, 0, MAX_DAY))
    assert 0 not in Days.EMPTY
    assert not Days.EMPTY
    assert Days.ALWAYS & Days.on(5) == Days.on(5)


def test_open_ends_fit_a_signed_32_bit_column() -> None:
    assert MIN_DAY >= -(2**31)
    assert MAX_DAY < 2**31
