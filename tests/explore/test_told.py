"""Every type of event is told in a sentence, and what is alleged only as somebody's words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from markupsafe import Markup

from registry.described.examples import example
from registry.domain.catalogue import CATALOGUE
from registry.domain.fields import told_by
from registry.explore.alleged import alleged_of
from registry.explore.sentences import FORMS
from registry.explore.sentences.choices import CHOICES
from registry.explore.telling import Told, events_told
from registry.queries import events as of_events
from registry.queries.view import View
from registry.web.opening import viewed
from tests.api.desk import Desk

DERIVED = {"other": "by", "holds": "value", "question": "layer"}
"""Parts of sentences that follow from fields of another name."""
GOLDEN = {
    "agreement.ratified": (
        "The Plurinational State of Bolivia ratified the Memorandum of understanding between Bolivia "
        "and Iran on the fight against drugs, depositing its instrument with the United Nations; "
        "effective on 20 July 2012."
    ),
    "relations.severed": (
        "The Plurinational State of Bolivia broke off diplomatic relations with the United States of "
        "America (reason given: as stated by the ministry)."
    ),
    "head_of_mission.charge_designated": (
        "The United States of America put Philip Goldberg in charge of its mission in the "
        "Plurinational State of Bolivia, as ambassador."
    ),
    "conduct.visited": (
        "Mahmoud Ahmadinejad (President, Iran) visited the Plurinational State of Bolivia, until 21 "
        "June 2012."
    ),
    "status.observed": (
        "A source observes, from 2008 to 2012, that the Plurinational State of Bolivia and the United "
        "States of America had diplomatic relations; the act that began it is not recorded."
    ),
}


@contextmanager
def looking(desk: Desk, query: str = "lang=en", **point: str) -> Iterator[View]:
    with (
        desk.app.test_request_context(f"/?{query}"),
        viewed({"as_of": "2026-01-01", **point}) as view,
    ):
        yield view


def document(name: str, **fields: Any) -> dict[str, Any]:
    """An example of a type as if it were on record."""
    said = {**example(CATALOGUE[name]), "confidence": "reported", **fields}
    return {
        **said,
        "event_id": name,
        "standing": {"state": "live"},
        "sources": [{**each, "source_record": None} for each in said.get("sources", ())],
    }


def seeded(view: View, query: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {each["event_id"]: each for each in of_events.newest(view, query, None, 500).items}


def test_every_type_has_a_sentence_whose_parts_are_fields_of_it() -> None:
    assert FORMS.keys() == CATALOGUE.keys()
    for name, form in FORMS.items():
        fields = {one.wire for one in told_by(CATALOGUE[name])}
        for each in (*form.says, *form.adds):
            assert {DERIVED.get(part, part) for part in each.named} <= fields, each.text
            assert {*each.when, *each.given} <= fields, each.text


def test_the_last_variant_of_a_sentence_needs_only_what_every_such_event_has() -> None:
    for name, form in FORMS.items():
        always = {one.wire for one in told_by(CATALOGUE[name]) if one.required or one.choices}
        assert not form.says[-1].when, name
        named = {DERIVED.get(part, part) for part in form.says[-1].named}
        assert named <= {*always, "of"}, name


def test_every_choice_that_a_sentence_names_has_words() -> None:
    for name, form in FORMS.items():
        named = {part for each in (*form.says, *form.adds) for part in each.named}
        for one in told_by(CATALOGUE[name]):
            if one.choices and one.wire in named:
                assert set(one.choices) <= CHOICES[one.wire].keys(), (name, one.wire)


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_sentence_is_whole_and_holds_no_word_of_the_code(library: Desk, language: str) -> None:
    with looking(library, f"lang={language}") as view:
        told = events_told(view, {name: document(name) for name in CATALOGUE})
    assert len(told) == len(CATALOGUE)
    for each in told.values():
        assert each.sentence.endswith((".", ".”", ".»"))
        assert each.sentence[0].isupper() or each.sentence[0] in "«“", each.sentence
        assert not re.search(r"[a-z]_[a-z]|%\(|\bNone\b|  | ,|\.\.", each.sentence), each.sentence


def test_examples_read_as_english(library: Desk) -> None:
    with looking(library) as view:
        told = events_told(view, {name: document(name) for name in GOLDEN})
    assert {name: each.sentence for name, each in told.items()} == GOLDEN


def test_what_may_be_told_of_an_allegation_names_who_when_and_where(library: Desk) -> None:
    with looking(library, confidence="alleged") as view:
        told = events_told(view, {name: document(name, confidence="alleged") for name in CATALOGUE})
    for each in told.values():
        assert each.alleged
        assert re.match(r"It is alleged \(by .+?, .+?, in .+\)", each.sentence), each.sentence
        assert each.denials
        assert not each.when


def test_an_accusation_comes_with_what_was_answered_to_it(library: Desk) -> None:
    with looking(library) as view:
        (first, *_others) = accused(view, "BOL", "USA")
    assert first.sentence == (
        "It is alleged (by the Plurinational State of Bolivia, in 2008, in “Iran to Train Bolivia "
        "Police in Drug Ops”), against the Drug Enforcement Administration, that: The DEA supported "
        "opposition leaders against the Morales administration."
    )
    (answer,) = first.denials
    assert answer == (
        "Answer on record (by the United States of America, some day between 1 January and 2 "
        "November 2008, in “Morales halts US anti-drug efforts in Bolivia”): DEA and USAID do no "
        "political work in Bolivia."
    )


def test_an_allegation_of_a_dataset_names_its_author_and_that_nobody_denied_it(
    library: Desk,
) -> None:
    with looking(library) as view:
        (one,) = alleged_of(view, parties=["USA", "BOL"], accusations=False)
    assert one.sentence.startswith(
        "It is alleged (by Brenton Kenkel, in 2026, in “U.S. diplomatic missions, version 0.1”) that"
    )
    assert one.denials == ("No denial is on record.",)


def test_nothing_alleged_is_told_before_it_was_recorded(library: Desk) -> None:
    with looking(library, known_at="@1") as view:
        assert alleged_of(view, parties=["BOL"]) == []


def test_names_inside_links_are_escaped(library: Desk) -> None:
    said = document("agreement.published", series="<b>UNTS</b> & others")
    with looking(library) as view:
        (one,) = events_told(view, {"it": said}, lambda kind, key: f"/{kind}/{key}").values()
    assert isinstance(one.sentence, Markup)
    assert "&lt;b&gt;UNTS&lt;/b&gt; &amp; others" in one.sentence
    assert '<a href="/agreement/bol-irn-2012-counternarcotics">' in one.sentence


def test_the_same_events_are_told_in_spanish_with_spanish_names(library: Desk) -> None:
    with looking(library, "lang=es", as_of="2008-01-01") as view:
        told = events_told(view, seeded(view, {"party": "IRN", "type": "relations.established"}))
    assert {f"{each.when}: {each.sentence}" for each in told.values()} == {
        "en 2006: Bolivia e Irán establecieron relaciones diplomáticas.",
        "en septiembre de 2007: Bolivia e Irán establecieron relaciones diplomáticas.",
    }


def accused(view: View, *parties: str) -> list[Told]:
    found = alleged_of(view, parties=parties)
    return [each for each in found if each.type == "conduct.accusation_made"]
