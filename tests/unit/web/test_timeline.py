"""Timelines as pictures: every run of days is drawn once, and stands in the table beside."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader, StrictUndefined

from registry.domain.dates import day_of, iso
from registry.web.languages import gettext, ngettext
from registry.web.timeline import Claim, Line, Picture, drawn, line

TODAY = day_of(2026, 11, 25)


def say(_layer: str, possible: Sequence[str], certain: bool) -> str:
    return " or ".join(possible) if certain or len(possible) > 1 else f"perhaps {possible[0]}"


def run(
    since: str | None, until: str | None, *possible: str, certain: bool = True
) -> dict[str, Any]:
    return {
        "layer": "diplomatic_relations",
        "from": since,
        "to": until,
        "possible": list(possible),
        "certain": certain,
    }


def picture(*lines: Line) -> Picture:
    return drawn(lines, TODAY, "it", "Bolivia and the United States")


BOLIVIA_AND_USA = line(
    "Bolivia and the United States",
    [
        run("1849-01-03", "2008-09-10", "established"),
        run("2008-09-11", "2008-09-30", "established", "interrupted", certain=False),
        run("2008-10-01", None, "established"),
    ],
    say,
)


def test_the_last_run_goes_on_to_the_edge_and_is_said_to_have_no_end() -> None:
    box = picture(BOLIVIA_AND_USA).rows[0].boxes[-1]
    assert not box.ends
    assert _number(box.x) + _number(box.width) == pytest.approx(100, abs=0.01)
    assert box.title == "established: from 1 October 2008, no end recorded"


def test_an_uncertain_run_is_hatched_and_called_possible_in_the_table() -> None:
    made = picture(BOLIVIA_AND_USA)
    assert [box.kind for box in made.rows[0].boxes] == ["nothing", "certain", "possible", "certain"]
    assert [fact.sure for fact in made.facts] == ["certain", "possible", "certain"]
    assert made.facts[1].since == "11 September 2008"
    assert made.facts[1].until == "30 September 2008"


def test_days_between_two_runs_are_outlined_as_nothing_on_record() -> None:
    made = picture(
        line(
            "A", [run("1900-01-01", "1900-12-31", "member"), run("1950-01-01", None, "member")], say
        )
    )
    assert [box.kind for box in made.rows[0].boxes] == ["nothing", "certain", "nothing", "certain"]


def test_runs_that_differ_only_in_their_evidence_are_one_bar() -> None:
    made = picture(
        line(
            "A", [run("1900-01-01", "1949-12-31", "member"), run("1950-01-01", None, "member")], say
        )
    )
    assert [(fact.since, fact.until) for fact in made.facts] == [
        ("1 January 1900", "no end recorded")
    ]


def test_the_ages_before_a_party_existed_do_not_press_its_history_together() -> None:
    made = picture(
        line(
            "The agency in Bolivia",
            [
                run(None, "1973-06-30", "not_applicable"),
                run("1973-07-01", "2009-01-30", "present"),
                run("2009-01-31", None, "expelled"),
            ],
            say,
        )
    )
    boxes = made.rows[0].boxes
    assert [box.kind for box in boxes] == ["absent", "certain", "over"]
    assert _number(boxes[1].width) > 40
    assert made.facts[0].since == "no beginning recorded"


def test_a_subject_without_any_run_is_one_empty_outline() -> None:
    made = picture(Line("A", ()))
    assert [box.kind for box in made.rows[0].boxes] == ["nothing"]
    assert [fact.words for fact in made.facts] == ["nothing on record"]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2008-09-10", "2008-09-13", "Sep 2008"),
        ("2011-02-01", "2011-07-20", "2011"),
        ("1815-06-09", "1914-07-28", "1900"),
        ("-0508-01-01", "0476-09-04", "BCE"),
        ("-0030-01-01", "-0010-01-01", "BCE"),
        ("+11000-01-01", "+13000-01-01", "12000"),
    ],
)
def test_the_axis_has_a_few_even_steps_whatever_its_length(
    since: str, until: str, expected: str
) -> None:
    ticks = picture(line("A", [run(since, until, "established")], say)).ticks
    assert 1 <= len(ticks) <= 7
    assert expected in " ".join(tick.words for tick in ticks)
    assert len({tick.words for tick in ticks}) == len(ticks)


def test_even_years_before_the_year_one_are_counted_backwards() -> None:
    ticks = picture(line("Rome", [run("-0508-01-01", "0476-09-04", "exists")], say)).ticks
    assert [tick.words for tick in ticks] == ["400 BCE", "200 BCE", "1 CE", "200 CE", "400 CE"]


def test_a_picture_of_what_is_going_on_shows_where_today_is() -> None:
    assert picture(line("A", [run("2011-11-07", None, "established")], say)).now is not None
    assert picture(line("A", [run("1648-10-24", "1648-12-31", "established")], say)).now is None


def test_a_long_name_is_cut_and_told_in_full_beside() -> None:
    title = (
        "Agreement on cooperation against illicit drugs between the Plurinational State and Iran"
    )
    row = picture(Line(title, ())).rows[0]
    assert len(row.words) <= 46
    assert row.words.endswith("…")
    assert row.full == title


def test_claims_that_differ_are_thin_marks_under_the_bar_and_rows_of_the_table() -> None:
    made = picture(
        line(
            "The agency in Bolivia",
            [
                run("1973-07-01", "2007-12-31", "present"),
                run("2008-01-01", "2009-01-30", "present", "expelled", certain=False),
                run("2009-01-31", None, "expelled"),
            ],
            say,
            [
                Claim(day_of(2008, 11, 1), day_of(2009, 1, 31), "expelled, says the newspaper"),
                Claim(day_of(2008, 1, 1), day_of(2008, 12, 31), "expelled, says the article"),
            ],
        )
    )
    (row,) = made.rows
    assert [mark.title for mark in row.marks] == [
        "expelled, says the article: from 1 January 2008 to 31 December 2008",
        "expelled, says the newspaper: from 1 November 2008 to 31 January 2009",
    ]
    assert row.marks[0].y < row.marks[1].y  # their days overlap
    told = [(fact.words, fact.sure) for fact in made.facts if fact.sure == "claim"]
    assert told == [
        ("expelled, says the article", "claim"),
        ("expelled, says the newspaper", "claim"),
    ]
    assert made.facts[0].count == 5
    assert rendered(made).count('<rect class="claim"') == 2


def test_the_day_looked_at_is_drawn_and_named_and_today_is_not() -> None:
    made = drawn([BOLIVIA_AND_USA], day_of(2009, 6, 1), "it", "all", "1 June 2009")
    page = rendered(made)
    assert ">1 June 2009</text>" in page
    assert "today" not in page


def test_a_picture_looked_at_from_a_near_day_reaches_to_it() -> None:
    bars = line("A", [run("1990-01-01", "1999-12-31", "member")], say)
    near = drawn([bars], day_of(2001, 6, 1), "it", "all", "1 June 2001")
    far = drawn([bars], day_of(1648, 6, 1), "it", "all", "1 June 1648")
    assert near.now is not None
    assert far.now is None


DAYS = st.integers(day_of(-3000, 1, 1), day_of(3000, 1, 1))
VALUES = st.sampled_from([("established",), ("severed",), ("established", "unknown")])


@st.composite
def histories(draw: st.DrawFn) -> Line:
    days = sorted(draw(st.lists(DAYS, min_size=1, max_size=8, unique=True)))
    found = []
    for place, day in enumerate(days):
        last = place == len(days) - 1
        until = None if last and draw(st.booleans()) else days[place + 1] - 1 if not last else day
        since = None if place == 0 and draw(st.booleans()) else iso(day)
        possible = draw(VALUES)
        if draw(st.integers(0, 3)):  # else a gap
            found.append(
                run(
                    since,
                    None if until is None else iso(until),
                    *possible,
                    certain=len(possible) == 1,
                )
            )
    return line("A", found, say)


@given(st.lists(histories(), min_size=1, max_size=3))
def test_every_run_is_drawn_once_in_its_place_and_stands_once_in_the_table(
    lines: list[Line],
) -> None:
    made = drawn(lines, TODAY, "it", "all")
    for one, row in zip(lines, made.rows, strict=True):
        boxes = [box for box in row.boxes if box.kind != "nothing"]
        assert [box.label for box in boxes] == [bar.words for bar in one.bars]
        for box in row.boxes:
            assert 0 <= _number(box.x) <= 100
            assert _number(box.x) + _number(box.width) <= 100.01
        places = [_number(box.x) for box in boxes]
        assert places == sorted(places)
    told = [fact for fact in made.facts if fact.words != "nothing on record"]
    assert [fact.words for fact in told] == [bar.words for one in lines for bar in one.bars]
    assert len(made.ticks) <= 7


def test_what_is_rendered_has_a_name_titles_and_no_style_of_its_own() -> None:
    page = rendered(picture(BOLIVIA_AND_USA))
    assert 'role="img" aria-label="Bolivia and the United States.' in page
    assert "<title>established: from 3 January 1849 to 10 September 2008</title>" in page
    assert not re.search(r"\sstyle=|<style|<script", page)
    assert page.count("<tr>") == 1 + 3


def test_names_from_outside_are_text_wherever_they_stand() -> None:
    nasty = '"><script>alert(1)</script>'
    made = drawn([line(nasty, [run("2011-11-07", None, nasty)], say)], TODAY, "it", nasty)
    page = rendered(made)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def rendered(made: Picture) -> str:
    pages = Environment(
        loader=PackageLoader("registry.web"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    pages.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the i18n extension
    template = pages.from_string(
        '{% import "web/timeline.html" as timelines %}{{ timelines.timeline(picture) }}'
    )
    return template.render(picture=made)


def _number(percent: str) -> float:
    assert percent.endswith("%")
    return float(percent[:-1])
