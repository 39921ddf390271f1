"""Dates in words: shown to readers, and read from what people type."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.dates import NotADate, from_human, human, parse

SAME_BOTH_WAYS = [
    ("2012-06-20", "20 June 2012"),
    ("2012-06", "June 2012"),
    ("2012", "2012"),
    ("2011~", "about 2011"),
    ("2011?", "2011 (uncertain)"),
    ("2011%", "about 2011 (uncertain)"),
    ("[..2011-12-31]", "before 2012"),
    ("[..2012-05-31]", "before June 2012"),
    ("[..2012-06-22]", "by 22 June 2012"),
    ("[..2012-06]", "by June 2012"),
    ("[2009-01-01..]", "after 2008"),
    ("[2012-06-01..]", "after May 2012"),
    ("[2012-06-22..]", "on or after 22 June 2012"),
    ("[2008..]", "in or after 2008"),
    ("[2008..2011]", "between 2008 and 2011"),
    ("[2012-05..2012-06]", "some day in May or June 2012"),
    ("[2008,2010]", "2008 or 2010"),
    ("[1667,1668,1670..1672]", "1667, 1668 or between 1670 and 1672"),
    ("{2008,2010}", "2008 and 2010"),
    ("2012-05/2012-06", "from May 2012 to June 2012"),
    ("2012-05?/2014~", "from May 2012 (uncertain) to about 2014"),
    ("2008/..", "since 2008"),
    ("2008/", "from 2008, end unknown"),
    ("../2012", "until 2012"),
    ("/2012", "to 2012, start unknown"),
    ("199X", "1990s"),
    ("199X~", "about 1990s"),
    ("2012-21", "spring 2012"),
    ("2012-24", "winter 2012-13"),
    ("2012-29", "southern spring 2012"),
    ("2012-33", "first quarter of 2012"),
    ("2012-40", "first half of 2012"),
    ("2012-XX", "some month of 2012"),
    ("2012-06-XX", "some day of June 2012"),
    ("1964-XX-16", "the 16th of some month of 1964"),
    ("XXXX-12-XX", "between December 1 BCE and December 9999, XXXX-12-XX"),
    ("-0752", "753 BCE"),
    ("-0752-04-21", "21 April 753 BCE"),
    ("0000", "1 BCE"),
    ("0079", "79 CE"),
    ("Y17000", "17000 CE"),
    ("Y-17000", "17001 BCE"),
]


@pytest.mark.parametrize(("edtf", "words"), SAME_BOTH_WAYS)
def test_a_date_is_shown_in_words_that_read_back_to_it(edtf: str, words: str) -> None:
    assert human(parse(edtf)) == words
    assert from_human(words) == parse(edtf)


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("190X", "between 1900 and 1909"),
        ("19XX", "between 1900 and 1999"),
        ("2012-1X", "between October 2012 and December 2012"),
        ("2012-06-3X", "30 June 2012"),
        ("2004-06~-11", "about 11 June 2004"),
        ("{2008..2010}", "2008 through 2010"),
        ("{..1983}", "up to 1983"),
        ("2012-1X/2013", "from 2012-1X to 2013"),
        ("2012-06-20T10:00:00Z", "20 June 2012"),
        ("../..", "no start or end stated"),
    ],
)
def test_other_dates_read_back_to_the_same_days(edtf: str, words: str) -> None:
    shown = parse(edtf)
    assert human(shown) == words
    read = from_human(words)
    assert (read.begins, read.over) == (shown.begins, shown.over)
    assert read.qualifiers == shown.qualifiers


@pytest.mark.parametrize(
    ("typed", "edtf"),
    [
        ("June 20, 2012", "2012-06-20"),
        ("20 Jun 2012", "2012-06-20"),
        ("20 Jun. 2012", "2012-06-20"),
        ("  the 20th of June, 2012 ", "2012-06-20"),
        ("on 20 June 2012", "2012-06-20"),
        ("Sept 2012", "2012-09"),
        ("2012-06-20", "2012-06-20"),
        ("2012-6-5", "2012-06-05"),
        ("2012/06/20", "2012-06-20"),
        ("06/2012", "2012-06"),
        ("c. 2011", "2011~"),
        ("c2011", "2011~"),
        ("ca. 2011", "2011~"),
        ("circa June 2011", "2011-06~"),
        ("around 20 June 2011", "2011-06-20~"),
        ("probably 2011", "2011?"),
        ("before 24 October 1648", "[..1648-10-23]"),
        ("before about 2012", "[..2011-12-31~]"),
        ("by 2012", "[..2012]"),
        ("after 20 June 2012", "[2012-06-21..]"),
        ("since 2008", "2008/.."),
        ("from 2008", "2008/.."),
        ("from 2008 onwards", "2008/.."),
        ("from May to June 2012", "2012-05/2012-06"),
        ("20 June 2012 to 3 July 2012", "2012-06-20/2012-07-03"),
        ("between 20 and 22 June 2012", "[2012-06-20..2012-06-22]"),
        ("20 or 21 June 2012", "[2012-06-20,2012-06-21]"),
        ("May or June 2012", "[2012-05,2012-06]"),
        ("some day in 2008 or 2010", "[2008,2010]"),
        ("[2008, 2010]", "[2008,2010]"),
        ("the 1990s", "199X"),
        ("fall 2012", "2012-23"),
        ("winter 2012", "2012-24"),
        ("Q3 2012", "2012-35"),
        ("753 BC", "-0752"),
        ("A.D. 79", "0079"),
        ("24.10.1648", "1648-10-24"),
        ("24/10/1648", "1648-10-24"),
        ("12/31/1999", "1999-12-31"),
        ("11/11/1918", "1918-11-11"),
        ("by 24.10.1648", "[..1648-10-24]"),
    ],
)
def test_people_may_type_dates_in_many_ways(typed: str, edtf: str) -> None:
    assert from_human(typed).text == edtf


@pytest.mark.parametrize(
    ("typed", "offers"),
    [
        ("09/11/2008", ("2008-11-09", "2008-09-11")),
        ("9.11.2008", ("2008-11-09", "2008-09-11")),
        ("before 09/11/2008", ("[..2008-11-08]", "[..2008-09-10]")),
        ("1900s", ("190X", "19XX")),
        ("2008-2011", ("2008/2011", "[2008..2011]")),
        ("2008 \N{EN DASH} 2011", ("2008/2011", "[2008..2011]")),
        ("20120620", ("2012-06-20",)),
        ("2012/06", ("2012-06",)),
    ],
)
def test_ambiguous_input_is_refused_and_its_readings_offered(
    typed: str, offers: tuple[str, ...]
) -> None:
    with pytest.raises(NotADate) as refusal:
        from_human(typed)
    assert refusal.value.offers == offers
    assert all(parse(offer).text == offer for offer in offers)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("31 June 2012", "June 2012 has 30 days"),
        ("1900-02-29", "February 1900 has 28 days"),
        ("31.6.2008", "no such day"),
        ("2008/2005", "it ends before it begins"),
        ("from 2008 to 2005", "it ends before it begins"),
        ("1.5.08", "four digits"),
        ("0 BC", "no year 0"),
        ("20 June", "expected e.g. 20 June 2012"),
        ("hello", "expected e.g. 20 June 2012"),
        ("before", "expected e.g. 20 June 2012"),
        ("   ", "it is empty"),
        ("June 2012" * 30, "longer than 200 characters"),
    ],
)
def test_what_cannot_be_understood_is_refused_under_its_own_words(typed: str, reason: str) -> None:
    with pytest.raises(NotADate) as refusal:
        from_human(typed)
    assert reason in refusal.value.message
    assert typed[:20] in refusal.value.message


_WORDS = "about before by after since from between to and or some day in of the June 2012 2008 20 "
_WORDS += "BC 1990s spring (uncertain) ? ~ , . / - .. [ ] X 199X c. 9/11/2008 until unknown end"


@given(
    st.text(max_size=40) | st.lists(st.sampled_from(_WORDS.split(" ")), max_size=8).map(" ".join)
)
def test_whatever_is_typed_is_a_date_or_a_refusal(typed: str) -> None:
    try:
        read = from_human(typed)
    except NotADate:
        return
    assert parse(read.text) == read


_TEXTS = st.builds(
    lambda day, length, mark: day.isoformat()[:length] + mark,
    st.dates(date(1, 1, 2), date(9998, 12, 30)),
    st.sampled_from([4, 7, 10]),
    st.sampled_from(["", "", "?", "~", "%"]),
)


@given(
    _TEXTS
    | st.builds("[..{}]".format, _TEXTS)
    | st.builds("[{}..]".format, _TEXTS)
    | st.builds("{}/..".format, _TEXTS)
    | st.builds("../{}".format, _TEXTS)
    | st.builds("{}{}{}".format, _TEXTS, st.just("/"), _TEXTS)
    | st.builds("[{}..{}]".format, _TEXTS, _TEXTS)
    | st.builds("[{},{}]".format, _TEXTS, _TEXTS)
    | st.builds("{{{},{}}}".format, _TEXTS, _TEXTS)
)
def test_a_date_in_words_reads_back_to_the_same_days(text: str) -> None:
    try:
        shown = parse(text)
    except NotADate:
        return
    read = from_human(human(shown))
    assert parse(read.text) == read
    assert (read.begins, read.over) == (shown.begins, shown.over)
    assert read.qualifiers == shown.qualifiers
