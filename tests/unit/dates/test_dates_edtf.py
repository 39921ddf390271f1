"""What an EDTF text means, and why another text is none (design, section 4)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.dates import MAX_DAY, MIN_DAY, Days, NotADate, iso, parse

BOUNDS = [
    ("2012-06-20", "2012-06-20", "2012-06-20"),
    ("2012-06", "2012-06-01", "2012-06-30"),
    ("2012-02", "2012-02-01", "2012-02-29"),
    ("1900-02", "1900-02-01", "1900-02-28"),
    ("2012", "2012-01-01", "2012-12-31"),
    ("0000", "0000-01-01", "0000-12-31"),
    ("-0753", "-0753-01-01", "-0753-12-31"),
    ("-0753-04-21", "-0753-04-21", "-0753-04-21"),
    ("9999-12-31", "9999-12-31", "9999-12-31"),
    ("Y17000", "+17000-01-01", "+17000-12-31"),
    ("Y-17000", "-17000-01-01", "-17000-12-31"),
    ("Y99999", "+99999-01-01", "+99999-12-31"),
    ("2012-06-20T10:00:00Z", "2012-06-20", "2012-06-20"),
    ("2012-06-20T23:30:00-05:00", "2012-06-20", "2012-06-20"),
    ("201X", "2010-01-01", "2019-12-31"),
    ("20XX", "2000-01-01", "2099-12-31"),
    ("XXXX", "0000-01-01", "9999-12-31"),
    ("-000X", "-0009-01-01", "-0001-12-31"),
    ("2012-1X", "2012-10-01", "2012-12-31"),
    ("2012-XX", "2012-01-01", "2012-12-31"),
    ("2012-06-XX", "2012-06-01", "2012-06-30"),
    ("2012-XX-XX", "2012-01-01", "2012-12-31"),
    ("2012-06-3X", "2012-06-30", "2012-06-30"),
    ("1964-XX-16", "1964-01-16", "1964-12-16"),
    ("XXXX-12-XX", "0000-12-01", "9999-12-31"),
    ("XXXX-02-29", "0000-02-29", "9996-02-29"),
    ("2012-21", "2012-03-01", "2012-05-31"),
    ("2012-24", "2012-12-01", "2013-02-28"),
    ("2012-30", "2012-12-01", "2013-02-28"),
    ("2012-31", "2012-03-01", "2012-05-31"),
    ("2012-33", "2012-01-01", "2012-03-31"),
    ("2012-39", "2012-09-01", "2012-12-31"),
    ("2012-41", "2012-07-01", "2012-12-31"),
    ("2012-05/2012-06", "2012-05-01", "2012-06-30"),
    ("2012/..", "2012-01-01", ".."),
    ("2012/", "2012-01-01", ".."),
    ("2006-01/", "2006-01-01", ".."),
    ("../2012", "..", "2012-12-31"),
    ("/2012", "..", "2012-12-31"),
    ("[2012-05..2012-06]", "2012-05-01", "2012-06-30"),
    ("[..2011-12-31]", "..", "2011-12-31"),
    ("[2008..]", "2008-01-01", ".."),
    ("[2008,2010]", "2008-01-01", "2010-12-31"),
    ("{2008,2010}", "2008-01-01", "2010-12-31"),
    ("[1667,1668,1670..1672]", "1667-01-01", "1672-12-31"),
]


@pytest.mark.parametrize(("text", "earliest", "latest"), BOUNDS)
def test_each_form_has_its_bounds_and_keeps_its_text(text: str, earliest: str, latest: str) -> None:
    date = parse(text)
    assert (iso(date.earliest), iso(date.latest)) == (earliest, latest)
    assert date.text == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("24.10.1648", "expected e.g. 1648-10-24, 1648-10, 1648"),
        ("2008 or 2009", "white space"),
        ("1900-02-29", "February 1900 has 28 days"),
        ("2012-06-31", "June 2012 has 30 days"),
        ("2012-06-00", "there is no day 00"),
        ("2012-13", "there is no month 13"),
        ("2012-00", "there is no month 00"),
        ("2020-99-99", "there is no month 99"),
        ("2012-4X", "there is no month 4X"),
        ("2012-02-3X", "no day fits it"),
        ("XXXX-02-30", "no day fits it"),
        ("XXX1-02-29", "no day fits it"),
        ("2012-21-01", "a season has no numbered days"),
        ("2012-42", "there is no month 42"),
        ("2008/2005", "it ends before it begins"),
        ("2012-06-02/2012-06-01", "it ends before it begins"),
        ("[2008..2005]", "ends before it begins"),
        ("{2008..2005}", "ends before it begins"),
        ("[]", "names at least one date"),
        ("{}", "names at least one date"),
        ("[..]", "names at least one date"),
        ("[2008,,2010]", "a member of the set is missing"),
        ("[2008,..2010]", "an open start stands first"),
        ("[2008..,2010]", "an open end stands last"),
        ("[2008", "closes with ']'"),
        ("{2008]", "closes with '}'"),
        ("/", "states at least one end"),
        ("2008/2009/2010", "one '/'"),
        ("2008..2009", "'..' stands in a set"),
        (" 2012", "white space"),
        ("2012\n", "white space"),
        ("2012\x00", "control character U+0000"),
        ("２０１２", "digit other than 0-9"),
        ("2012-0٦", "digit other than 0-9"),
        ("2012\N{EN DASH}06", "outside ASCII"),
        ("", "it is empty"),
        ("2" * 201, "longer than 200 characters"),
        ("[" + "," * 150 + "]", "at most 100 members"),
        ("99999-01-01", "written Y17000 and stands alone"),
        ("Y17000-01", "stands alone"),
        ("Y99999999", "the calendar ends"),
        ("Y1234", "expected e.g."),
        ("-0000", "year zero is written 0000"),
        ("2010-XX-XX-", "loose '-'"),
        ("?2012?", "two qualifiers"),
        ("2012-06-20T25:00:00Z", "there is no time"),
        ("2012-06T10:00:00Z", "full and unqualified date"),
        ("2012-06-20T10:00:00Z/2013", "neither an interval nor a set"),
        ("Y17E8", "expected e.g."),
        ("1950S2", "expected e.g."),
    ],
)
def test_a_text_that_is_no_date_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(NotADate) as refusal:
        parse(text)
    assert refusal.value.message.startswith("not an EDTF date: ")
    assert reason in refusal.value.message


def test_a_refusal_names_the_value_and_what_was_expected() -> None:
    with pytest.raises(NotADate) as refusal:
        parse("24.10.1648")
    assert refusal.value.message == (
        "not an EDTF date: '24.10.1648' (expected e.g. 1648-10-24, 1648-10, 1648)"
    )


@given(st.text(max_size=30) | st.text("0123456789X-/.,[]{}?~%YT:Z", max_size=30))
def test_any_text_is_either_a_date_that_keeps_it_or_refused(text: str) -> None:
    try:
        date = parse(text)
    except NotADate:
        return
    assert date.text == text
    assert date.begins
    assert date.begins & date.over == date.begins


@pytest.mark.parametrize(
    ("text", "qualifiers"),
    [
        ("2012", set()),
        ("2012?", {"uncertain"}),
        ("2012-06~", {"approximate"}),
        ("2012-06-20%", {"uncertain", "approximate"}),
        ("2004-06~-11", {"approximate"}),
        ("?2004-06", {"uncertain"}),
        ("2004-?06-~11", {"uncertain", "approximate"}),
        ("201X~", {"approximate"}),
        ("2008?/2010~", {"uncertain", "approximate"}),
        ("[2008?,2010]", {"uncertain"}),
        ("[2008..2010~]", {"approximate"}),
        ("-0753?", {"uncertain"}),
    ],
)
def test_qualifiers_are_kept_and_never_widen_the_bounds(text: str, qualifiers: set[str]) -> None:
    plain = text.translate(str.maketrans("", "", "?~%"))
    assert parse(text).qualifiers == qualifiers
    assert parse(text).over == parse(plain).over
    assert parse(text).begins == parse(plain).begins


def test_only_one_day_without_qualifiers_is_exact() -> None:
    assert parse("2012-06-20").exact
    assert not parse("2012-06-20?").exact
    assert not parse("2012-06").exact


def test_one_day_in_two_months_is_not_a_stretch_of_two_months() -> None:
    somewhere, lasting = parse("[2012-05..2012-06]"), parse("2012-05/2012-06")
    assert (somewhere.form, lasting.form) == ("one_of", "interval")
    assert somewhere.over == lasting.over == somewhere.begins
    assert lasting.begins == parse("2012-05").over


def test_a_set_may_have_holes() -> None:
    date = parse("[2008,2010]")
    assert date.over == parse("2008").over | parse("2010").over
    assert parse("2009-07-01").earliest not in date.over


def test_an_unknown_month_leaves_its_day_in_each_of_them() -> None:
    sixteenths = Days.of(*((parse(f"1964-{m:02d}-16").earliest,) * 2 for m in range(1, 13)))
    assert parse("1964-XX-16").over == sixteenths


def test_a_mask_over_very_many_years_is_widened_to_its_first_and_last_day() -> None:
    assert len(parse("XXXX-12-XX").over.intervals) == 1
    assert len(parse("19XX-12-XX").over.intervals) == 100


def test_an_open_or_unknown_start_may_be_any_day_up_to_the_latest_end() -> None:
    for text in ("../2012-06", "/2012-06"):
        assert parse(text).begins == Days(((MIN_DAY, parse("2012-06").latest),))
    assert parse("../..").begins == Days.ALWAYS


def test_a_vague_end_says_of_the_start_only_that_it_is_not_later() -> None:
    assert parse("2008/2012").begins == parse("2008").over
    assert parse("2012/2012-06").begins == Days(
        ((parse("2012").earliest, parse("2012-06").latest),)
    )
    assert parse("2012/..").over == Days(((parse("2012").earliest, MAX_DAY),))


def test_all_of_several_begin_with_the_earliest() -> None:
    assert parse("{2010,2008}").begins == parse("2008").over
    assert parse("{2008-05..2008-06,2010}").begins == parse("2008-05").over
    assert parse("{..1983}").begins == Days(((MIN_DAY, parse("1983").latest),))


def test_a_winter_belongs_to_the_year_in_which_it_begins() -> None:
    assert parse("2012-24").over == parse("[2012-12..2013-02]").over
    assert all(a.latest + 1 == b.earliest for a, b in pairwise(map(parse, _YEAR_OF_SEASONS)))


_YEAR_OF_SEASONS = ("2012-21", "2012-22", "2012-23", "2012-24", "2013-21")


_DIGIT = st.sampled_from("0123456789XXX")
_MASKS = st.builds(
    lambda year, month, day: f"201{year}-{month[0]}{month[1]}-{day[0]}{day[1]}",
    _DIGIT,
    st.tuples(st.sampled_from("01X"), _DIGIT),
    st.tuples(st.sampled_from("0123X"), _DIGIT),
)


@given(_MASKS)
def test_a_mask_means_every_day_whose_digits_fit_it(mask: str) -> None:
    first, last = parse("2010").earliest, parse("2019").latest
    fitting = {
        day
        for day in range(first, last + 1)
        if all(m in ("X", d) for m, d in zip(mask, iso(day), strict=True))
    }
    if fitting:
        over = parse(mask).over
        assert {day for lo, hi in over.intervals for day in range(lo, hi + 1)} == fitting
    else:
        with pytest.raises(NotADate):
            parse(mask)
