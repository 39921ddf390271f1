"""Vague dates are said as what they are, in each language."""

import pytest

from registry.domain.dates import parse
from registry.explore.dates_said import at, since_window, until
from registry.web.days_said import all_of
from registry.web.grammar import article, smoothed
from tests.api.desk import Desk

SAID = {
    "2012-06-20": ("on 20 June 2012", "el 20 de junio de 2012"),
    "2012-06": ("in June 2012", "en junio de 2012"),
    "2008": ("in 2008", "en 2008"),
    "2008~": ("about 2008", "hacia 2008"),
    "2012-06-20?": ("perhaps on 20 June 2012", "quizá el 20 de junio de 2012"),
    "2008%": ("perhaps about 2008", "quizá hacia 2008"),
    "[..2011-12-31]": ("before 2012", "antes de 2012"),
    "[..2012-06-22]": ("by 22 June 2012", "a más tardar el 22 de junio de 2012"),
    "[2011-01-01..2011-12-31]": ("some day in 2011", "algún día de 2011"),
    "[2008-11-01..2009-01-31]": (
        "some day between 1 November 2008 and 31 January 2009",
        "algún día entre el 1 de noviembre de 2008 y el 31 de enero de 2009",
    ),
    "[2012-06-19..2012-06-21]": (
        "some day between 19 June and 21 June 2012",
        "algún día entre el 19 de junio y el 21 de junio de 2012",
    ),
    "2012-05/2012-06": ("from May 2012 to June 2012", "desde mayo de 2012 hasta junio de 2012"),
    "2012-05/..": ("from May 2012 on", "desde mayo de 2012 en adelante"),
    "2012/": ("from 2012, to a day that is not known", "desde 2012, hasta un día que no se conoce"),
    "[2008,2010]": ("in 2008 or in 2010", "en 2008 o en 2010"),
    "{2008,2010}": ("in 2008 and in 2010", "en 2008 y en 2010"),
    "[2009-01-01..]": ("after 2008", "después de 2008"),
    "-0752-04-21": ("on 21 April 753 BCE", "el 21 de abril de 753 a. C."),
    "0000": ("in 1 BCE", "en 1 a. C."),
    "0476": ("in 476 CE", "en 476 d. C."),
    "201X": ("in the 2010s", "en la década de 2010"),
    "2012-24": ("in winter 2012/13", "en el invierno de 2012/13"),
    "2012-05-XX": ("on some day of May 2012", "algún día de mayo de 2012"),
}


@pytest.mark.parametrize("text", SAID)
def test_a_date_is_said_in_english_and_in_spanish(library: Desk, text: str) -> None:
    said = []
    for language in ("en", "es"):
        with library.app.test_request_context(f"/?lang={language}"):
            said.append(at(text))
    assert tuple(said) == SAID[text]


def test_the_end_of_a_term_is_said_with_until(library: Desk) -> None:
    with library.app.test_request_context("/?lang=en"):
        assert until("2017-06-20") == "until 20 June 2017"
        assert until("2017") == "until 2017"
        assert until("[2017,2019]") == "until 31 December 2019"


def test_since_is_as_exact_as_what_is_known(library: Desk) -> None:
    exact, year = parse("1981-12-10"), parse("2011")
    with library.app.test_request_context("/?lang=en"):
        assert since_window(exact.earliest, exact.latest) == "since 10 December 1981"
        assert since_window(year.earliest, year.latest) == "since some day in 2011"
        assert since_window(None, exact.latest) == "since 10 December 1981 at the latest"
        assert since_window(exact.earliest, None) == "since 10 December 1981 at the earliest"
        assert since_window(None, None) == ""


def test_spanish_lets_its_letters_give_way(library: Desk) -> None:
    with library.app.test_request_context("/?lang=es"):
        assert smoothed(all_of(["Bolivia", "Irán"])) == "Bolivia e Irán"
        assert smoothed("de el Estado y a el Reino") == "del Estado y al Reino"
        assert smoothed("de El Salvador") == "de El Salvador"
        assert article("Estado Plurinacional de Bolivia") == "el"
        assert article("Estados Unidos") == ""
    with library.app.test_request_context("/?lang=en"):
        assert smoothed("de el Estado") == "de el Estado"
        assert article("United States") == "the"
        assert article("Bolivia (Plurinational State of)") == ""
