"""A day in plain sentences: what is certain, what is open and between what, and what is silence."""

from typing import Any

import pytest

from registry.domain.layers import LAYERS
from registry.explore.on_the_day import Sentence, said_on
from registry.queries import agreements, relations
from registry.queries.view import View
from tests.api.desk import Desk
from tests.explore.test_told import looking

PARTS: dict[str, Any] = {
    "pair": ["BOL", "USA"],
    "agreement": "bol-irn-2012-counternarcotics",
    "to_agreement": "bol-usa-2011-framework",
    "under": "bol-irn-2012-counternarcotics",
    "relation": "amends",
    "programme": "arms embargo",
    "territory": "Hong Kong",
    "statement": "some-event",
    "agency": "US-DEA",
    "organisation": "UN",
}
FIRST = ("party", "sender", "provider", "by", "from")


def between(view: View, *parties: str) -> dict[str, Sentence]:
    said = said_on(view, relations.relations(view, *parties)["layers"])
    return {f"{each.layer} {each.subject}": each for each in said}


def of(layer: str, said: dict[str, Sentence], sender: str = "") -> Sentence:
    (found,) = [
        each
        for each in said.values()
        if each.layer == layer and each.subject.get("sender", sender) == sender
    ]
    return found


def answer(layer: str, *possible: str, certain: bool = True, **more: Any) -> dict[str, Any]:
    subject = {
        name: PARTS.get(name) or ("training" if layer == "assistance" else "defence")
        if name in PARTS or name == "kind"
        else ("BOL" if name in FIRST else "USA")
        for name in LAYERS[layer].parts
    }
    return {
        "layer": layer,
        "subject": subject,
        "possible": list(possible),
        "certain": certain,
        "basis": "events",
        "since": None,
        **more,
    }


def test_relations_went_on_in_june_2009_without_an_ambassador(library: Desk) -> None:
    with looking(library, as_of="2009-06-01") as view:
        said = between(view, "BOL", "USA")
    assert of("diplomatic_relations", said).whole == (
        "On 1 June 2009 the Plurinational State of Bolivia and the United States of America had "
        "diplomatic relations, since 10 December 1981 (certain)."
    )
    assert of("head_of_mission", said, "USA").whole == (
        "On 1 June 2009 a chargé d’affaires ad interim stood at the head of the mission of the United "
        "States of America in the Plurinational State of Bolivia, since 14 September 2008 (certain)."
    )


def test_two_accounts_of_one_act_leave_the_day_between_them_open(library: Desk) -> None:
    with looking(library, as_of="2007-01-01") as view:
        one = of("diplomatic_relations", between(view, "BOL", "IRN"))
    assert (one.tag, one.since) == ("possible", "")
    assert one.text == (
        "On 1 January 2007 it is open on the record whether Bolivia and Iran had diplomatic "
        "relations, or nothing is recorded of it yet."
    )


def test_silence_is_no_denial(library: Desk) -> None:
    with looking(library, as_of="2009-06-01") as view:
        one = of("consular_relations", between(view, "BOL", "USA"))
    assert one.tag == "unknown"
    assert one.whole == (
        "On 1 June 2009 nothing is recorded of consular relations between the Plurinational State of "
        "Bolivia and the United States of America."
    )


def test_before_bolivia_existed_no_layer_of_it_applies(library: Desk) -> None:
    with looking(library, as_of="1700-01-01") as view:
        one = of("diplomatic_relations", between(view, "BOL", "USA"))
    assert one.text == (
        "On 1 January 1700 not all of these existed: Bolivia and the United States of America."
    )


def test_whether_bolivia_was_bound_is_said_by_the_day(library: Desk) -> None:
    slug = "un-single-convention-1961-as-amended"
    said = {}
    for day in ("2005-06-01", "2012-06-01", "2013-01-20", "2013-06-01"):
        with looking(library, as_of=day) as view:
            rows = agreements.parties(view, slug)["items"]
            (row,) = [each for each in rows if each["party"]["id"] == "BOL"]
            (one,) = said_on(view, [row["bound"]])
            said[day] = one.tag, " not bound " in one.text
    assert said == {
        "2005-06-01": ("certain", False),
        "2012-06-01": ("certain", True),
        "2013-01-20": ("certain", True),
        "2013-06-01": ("certain", False),
    }


def test_past_the_end_of_a_complete_list_nothing_is_certain(library: Desk) -> None:
    said = answer("membership", "member", certain=False, covered_until="2012-12-31")
    with looking(library, as_of="2013-01-01") as view:
        (one,) = said_on(view, [said])
    assert one.tag == "possible"
    assert one.text.endswith(
        ", as far as is recorded; the list is complete only up to 31 December 2012."
    )


def test_silence_inside_a_complete_list_is_an_answer(library: Desk) -> None:
    with looking(library, as_of="2012-01-01") as view:
        (one,) = said_on(view, [answer("membership", "none", basis="coverage")])
    assert one.tag == "certain"
    assert "was not a member of the United Nations, by a list that is complete" in one.text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("layer", LAYERS)
def test_each_value_of_each_layer_is_a_sentence_without_words_of_the_code(
    library: Desk, layer: str, language: str
) -> None:
    values = (*(LAYERS[layer].values or ("none",)), "unknown", "not_applicable")
    with looking(library, f"lang={language}") as view:
        said = said_on(view, [answer(layer, each) for each in values])
        (both,) = said_on(view, [answer(layer, *values[:2], certain=False)])
    for each in (*said, both):
        assert each.text.endswith(".")
        assert "_" not in each.text
        assert "%(" not in each.text
        assert "  " not in each.text
    assert len({each.text for each in said}) == len(said)
    for each in said[: min(2, len(values) - 2)]:
        assert each.clause in both.text
