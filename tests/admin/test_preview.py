"""The preview is what the register answers once it is saved, and leaves no trace."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import func, select

from registry import codec
from registry.admin.preview import Change, Preview, preview
from registry.projections.tables import MAX_POSITION, entity, finding, remark, setting, span
from registry.queries.answers import answers
from registry.queries.segments import segments
from registry.queries.view import open_view
from registry.record import Submission, record
from registry.store.engine import reading, writing
from registry.store.tables import event, event_payload, event_tag, log_head
from tests.admin.office import Office

Said = dict[str, Any]


def submissions(said: Iterable[Said]) -> list[Submission]:
    return [Submission(codec.read(each)) for each in said]


def vague_ratification(office: Office) -> list[Said]:
    """Of an agreement that is entered with it."""
    return [
        {
            "type": "agreement.recorded",
            "agreement": "bol-per-2010-frontier",
            "title": "Agreement on the integrated control of the frontier",
            "kind": "agreement",
            "parties": ["BOL", "PER"],
        },
        {
            "type": "agreement.ratified",
            "agreement": "bol-per-2010-frontier",
            "party": "BOL",
            "occurred": "[2011-01-01..2011-04-30]",
        },
    ]


def severance(_: Office) -> list[Said]:
    return [
        {
            "type": "relations.severed",
            "parties": ["BOL", "ISR"],
            "occurred": "2009-01-14",
            "by": "BOL",
        }
    ]


def expulsion(_: Office) -> list[Said]:
    return [
        {
            "type": "conduct.agency_expelled",
            "sender": "USA",
            "host": "BOL",
            "agency": "US-USAID",
            "occurred": "2013-05-01",
        }
    ]


def retraction(office: Office) -> list[Said]:
    """Of the second account of the expulsion of the DEA."""
    found = office.events("type=conduct.agency_expelled&party=US-DEA&occurred_from=2008-11-01")
    return [
        {
            "type": "event.retracted",
            "target": found[-1]["event_id"],
            "reason": "The article speaks of its suspension only.",
        }
    ]


def out_of_order(office: Office) -> list[Said]:
    """First the later event is told, then the earlier one."""
    office.told({"type": "relations.severed", "parties": ["BOL", "ISR"], "occurred": "2009-01-14"})
    return [
        {"type": "relations.established", "parties": ["BOL", "ISR"], "occurred": "1950-06"},
    ]


def allegation(_: Office) -> list[Said]:
    return [severance(_)[0] | {"confidence": "alleged"}]


HISTORIES = [vague_ratification, severance, expulsion, retraction, out_of_order, allegation]


@pytest.mark.parametrize("history", HISTORIES, ids=lambda each: each.__name__)
def test_the_preview_is_the_answer_after_saving(
    office: Office, history: Callable[[Office], list[Said]]
) -> None:
    said = submissions(history(office))
    seen = preview(office.engine, said, "Ana Flores")
    assert seen.problems == ()
    assert seen.differences
    with writing(office.engine) as conn:
        record(conn, said, "Ana Flores")
    for change in seen.changes:
        timeline, answer = _answered(office, change)
        assert _without_ids(change.after) == _without_ids(timeline)
        for name in ("value", "certain", "possible", "basis", "since", "until"):
            assert change.answer_after[name] == answer[name], (change.title, name)


@pytest.mark.parametrize("history", HISTORIES, ids=lambda each: each.__name__)
def test_the_preview_leaves_the_store_as_it_was(
    office: Office, history: Callable[[Office], list[Said]]
) -> None:
    said = submissions(history(office))
    before = _everything(office)
    for change in preview(office.engine, said, "Ana Flores").changes:
        timeline, answer = _answered(office, change)
        assert list(change.before) == timeline
        assert change.answer_before["possible"] == answer["possible"]
    assert _everything(office) == before


def test_what_is_only_alleged_is_shown_to_change_nothing_that_is_reported(office: Office) -> None:
    seen = preview(office.engine, submissions(allegation(office)), "Ana Flores")
    assert {each.confidence for each in seen.differences} == {"alleged"}


def test_a_new_agreement_is_named_as_entered(office: Office) -> None:
    seen = preview(office.engine, submissions(vague_ratification(office)), "Ana Flores")
    assert [(each.kind, each.how) for each in seen.entered] == [("agreement", "new")]
    assert seen.entered[0].name == "Agreement on the integrated control of the frontier"


def test_what_would_be_refused_is_told_with_its_fields(office: Office) -> None:
    said = severance(office)[0] | {"parties": ["BOL", "XYZ"]}
    before = _everything(office)
    seen = preview(office.engine, submissions([said]), "Ana Flores")
    assert [each.field for each in seen.problems] == ["parties[1]"]
    assert not seen.changes
    assert _everything(office) == before


def test_an_odd_history_is_told_as_a_doubt(office: Office) -> None:
    said = {"type": "relations.reestablished", "parties": ["BOL", "ISR"], "occurred": "2019-11-28"}
    seen = preview(office.engine, submissions([said]), "Ana Flores")
    assert "reestablished_without_break" in [each.code for each in seen.doubts]


def test_what_sets_nothing_is_said_to_change_nothing(office: Office) -> None:
    said = {
        "type": "conduct.statement_made",
        "by": "BOL",
        "content": "The embassy conspired against the government.",
        "occurred": "2008-09-10",
    }
    seen = preview(office.engine, submissions([said]), "Ana Flores")
    assert isinstance(seen, Preview)
    assert seen.problems == ()
    assert not seen.differences


def _answered(office: Office, change: Change) -> tuple[list[Any], dict[str, Any]]:
    """What the register answers now."""
    subject = (change.layer, change.key)
    with reading(office.engine) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence=change.confidence)
        return segments(view, [subject]), answers(view, [subject])[subject]


def _without_ids(runs: Iterable[Any]) -> list[Any]:
    """Events without an id of their own get one each time they are recorded."""
    return [{n: v for n, v in run.items() if n != "because"} for run in runs]


def _everything(office: Office) -> dict[str, Any]:
    tables = (event, event_payload, event_tag, setting, span, finding, entity, remark)
    with reading(office.engine) as conn:
        counts = {t.name: conn.scalar(select(func.count()).select_from(t)) for t in tables}
        opened = {
            t.name: conn.scalar(select(func.count()).where(t.c.known_to == MAX_POSITION))
            for t in (setting, span, finding, entity, remark)
        }
        return {"rows": counts, "open": opened, "head": tuple(conn.execute(select(log_head)).one())}
