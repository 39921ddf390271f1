"""Two entries of one party, agreement or source become one: by events only, as if it had always been one."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from sqlalchemy import func, select

from registry import codec
from registry.projections.rebuild import rebuild
from registry.record import Submission, clock, new_event_id, record
from registry.store import log, visits
from registry.store.engine import reading, writing
from registry.store.tables import event as event_table
from registry.store.verify import verify
from tests.admin.office import Office, Visitor

Said = dict[str, Any]
_HIDDEN = re.compile(r'name="(form\.(?:id|seen))" value="([^"]*)"')
TWICE = [
    {
        "type": "party.recorded",
        "party": "ZAIRE",
        "kind": "state",
        "name": "Republic of Zaire",
        "occurred": "1960-06-30",
        "codes": {"isohist": "ZRCD", "wikidata": "Q6500954"},
    }
]
"""The Congo, which is on record as COD, entered a second time under its name of 1971 to 1997."""
HISTORY: list[Said] = [
    {"type": "party.renamed", "party": "ZAIRE", "name": "Zaire", "occurred": "1971-10-27"},
    {"type": "party.membership_joined", "party": "ZAIRE", "organisation": "CARICOM"}
    | {"occurred": "1971-11"},
    {"type": "relations.established", "parties": ["BOL", "ZAIRE"], "occurred": "1973"},
    {"type": "relations.severed", "parties": ["ZAIRE", "ISR"], "occurred": "1973-10-04"},
    {"type": "relations.established", "parties": ["COD", "ISR"], "occurred": "1960-06-30"},
    {"type": "relations.reestablished", "parties": ["ISR", "ZAIRE"], "occurred": "1982-05"}
    | {"claimed_by": "ZAIRE", "confidence": "alleged"},
    {"type": "recognition.granted", "from": "ZAIRE", "to": "BOL", "occurred": "1974"},
    {"type": "mission.opened", "sender": "PER", "receiver": "ZAIRE", "occurred": "1975"}
    | {"level": "embassy"},
    {"type": "mission.protecting_power_appointed", "sender": "BOL", "receiver": "PER"}
    | {"power": "ZAIRE", "occurred": "1980"},
    {
        "type": "agreement.recorded",
        "agreement": "per-zaire-1976-trade",
        "title": "Trade agreement",
        "kind": "agreement",
        "parties": ["PER", "ZAIRE"],
    },
    {"type": "agreement.signed", "agreement": "per-zaire-1976-trade", "party": "ZAIRE"}
    | {"occurred": "1976"},
    {"type": "agreement.ratified", "agreement": "per-zaire-1976-trade", "party": "ZAIRE"}
    | {"occurred": "[1977..1978]"},
    {
        "type": "conduct.visited",
        "visitor": {"person": "Mobutu Sese Seko", "office": "President", "party": "ZAIRE"},
        "host": "PER",
        "occurred": "1979",
    },
    {
        "type": "status.observed",
        "layer": "diplomatic_relations",
        "subject": {"pair": ["PER", "ZAIRE"]},
        "over": "1977",
        "value": "established",
    },
    {
        "type": "coverage.stated",
        "layer": "recognition_state",
        "subject": {"from": "ZAIRE", "to": "PER"},
        "over": "1971/1997",
    },
    {
        "type": "status.observed",
        "layer": "protecting_power",
        "subject": {"sender": "ISR", "receiver": "PER"},
        "over": "1985",
        "value": "ZAIRE",
    },
    {
        "type": "conduct.statement_made",
        "by": "ZAIRE",
        "content": "The name of the river is Zaire.",
        "concerning": ["PER", "ZAIRE"],
        "occurred": "1971-10-27",
    },
]
QUESTIONS = (
    "/api/v1/parties/COD/timeline",
    "/api/v1/parties/COD/relations?as_of=1983",
    "/api/v1/parties/COD/agreements?as_of=1990",
    "/api/v1/parties/BOL/timeline",
    "/api/v1/parties/PER/timeline?confidence=alleged",
    "/api/v1/relations/COD/ISR?as_of=1983&confidence=alleged",
    "/api/v1/relations/COD/ISR/timeline?confidence=alleged",
    "/api/v1/agreements/per-zaire-1976-trade?as_of=1990",
    "/api/v1/agreements/per-zaire-1976-trade/parties?as_of=1990",
    "/api/v1/agreements/per-zaire-1976-trade/timeline",
    "/api/v1/network?as_of=1979&layer=diplomatic_relations",
)
IDS = [new_event_id() for _ in HISTORY]
CORRECTED = (
    "position",
    "moment",
    "stream",
    "stream_version",
    "recorded_at",
    "recorded_by",
    "reviewed_by",
    "standing",
    "known_at",
)
"""What an answer tells of when and how it became known, which is not the same in the two registers."""


def tell(office: Office, events: Iterable[tuple[str | None, Said]]) -> None:
    with writing(office.engine) as conn:
        said = [Submission(codec.read(each), event_id) for event_id, each in events]
        record(conn, said, "the other desk")


def as_one(said: Said) -> Said:
    """The same where it was one party from the start."""
    made: Said = orjson.loads(orjson.dumps(said).replace(b'"ZAIRE"', b'"COD"'))
    if "pair" in made.get("subject", {}):
        made["subject"]["pair"].sort()
    return made


def twice(office: Office) -> None:
    tell(office, [(None, each) for each in TWICE])
    tell(office, zip(IDS, HISTORY, strict=True))


def answers(office: Office) -> list[Any]:
    client = office.app.test_client()
    made = []
    for question in QUESTIONS:
        answer = client.get(question)
        assert answer.status_code == 200, answer.text
        made.append(_told(answer.get_json()))
    return made


def _told(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {n: _told(v) for n, v in answer.items() if n not in CORRECTED}
    return [_told(each) for each in answer] if isinstance(answer, list) else answer


def hidden(page: Any) -> dict[str, str]:
    assert page.status_code in (200, 409, 422), page.text
    return dict(_HIDDEN.findall(page.text))


def merged(luz: Visitor, kind: str, gone: str, stays: str, why: str = "", **more: str) -> Any:
    """The answer to the form, filled in and sent."""
    path = f"/admin/merge/{kind}/{gone}"
    typed = hidden(luz.get(path)) | {"stays": stays, "why": why, "action": "save", **more}
    return luz.post(path, typed)


def sound(office: Office) -> None:
    """The log proves itself, and a rebuild gives the very same rows."""
    with reading(office.engine) as conn:
        assert verify(conn).sound
    assert rebuild(office.engine).differences == ()


@pytest.fixture
def zaire(office: Office) -> Office:
    twice(office)
    return office


def test_the_merged_party_answers_as_if_it_had_been_one_from_the_start(
    office_with: Callable[[str], Office],
) -> None:
    merging, always_one = office_with(""), office_with("")
    twice(merging)
    tell(always_one, [(i, as_one(each)) for i, each in zip(IDS, HISTORY, strict=True)])
    assert answers(merging) != answers(always_one)

    answer = merged(merging.client("reviewer"), "party", "ZAIRE", "COD", "One state, two names.")
    assert answer.status_code == 303, answer.text
    assert answer.location.endswith("/admin/parties/COD?merged=ZAIRE")
    for question, one, other in zip(QUESTIONS, answers(merging), answers(always_one), strict=True):
        assert one == other, question
    sound(merging)


def test_what_was_known_before_a_merge_is_answered_by_the_same_bytes(zaire: Office) -> None:
    before = zaire.position()
    client = zaire.app.test_client()
    asked = [
        f"/api/v1/parties/{party}/timeline?as_of=1990&known_at=@{before}"
        for party in ("ZAIRE", "COD")
    ]
    asked.append(f"/api/v1/parties?q=zaire&as_of=1990&known_at=@{before}")
    was = [client.get(each).data for each in asked]
    assert merged(zaire.client("reviewer"), "party", "ZAIRE", "COD").status_code == 303
    assert [client.get(each).data for each in asked] == was
    assert b"Republic of Zaire" in was[-1]


def test_every_amendment_says_why_and_becomes_known_in_one_moment(zaire: Office) -> None:
    before = zaire.position()
    merged(zaire.client("reviewer"), "party", "ZAIRE", "COD", "The constitution of 1971.")
    with reading(zaire.engine) as conn:
        new = log.after(conn, before, 100)
    assert [each.type for each in new] == ["event.amended"] * len(HISTORY[:4] + HISTORY[5:]) + [
        "event.retracted"
    ]
    assert {each.moment for each in new} == {zaire.position()}
    assert {each.recorded_by for each in new} == {"Luz Rojas"}
    reasons = {orjson.loads(each.data or "")["reason"] for each in new}
    assert reasons == {"The same as COD: The constitution of 1971."}


def test_sending_the_form_twice_merges_once(zaire: Office) -> None:
    luz, path = zaire.client("reviewer"), "/admin/merge/party/ZAIRE"
    typed = hidden(luz.get(path)) | {"stays": "COD", "action": "save"}
    first = luz.post(path, typed)
    position = zaire.position()
    second = luz.post(path, typed)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert zaire.position() == position


def test_the_preview_counts_and_lists_and_leaves_nothing(zaire: Office) -> None:
    luz, path = zaire.client("reviewer"), "/admin/merge/party/ZAIRE"
    before = zaire.position()
    seen = luz.post(path, hidden(luz.get(path)) | {"stays": "COD", "action": "preview"})
    assert seen.status_code == 200
    assert f"{len(HISTORY) - 1} events are amended" in seen.text
    assert "What this would change" in seen.text
    assert "This party is no longer on record:" in seen.text
    assert "Merge them" in seen.text
    assert zaire.position() == before


def test_relations_of_the_two_with_each_other_must_be_corrected_first(zaire: Office) -> None:
    between = zaire.told(
        {"type": "relations.established", "parties": ["COD", "ZAIRE"], "occurred": "1972"}
    )
    before = zaire.position()
    luz = zaire.client("reviewer")
    refused = merged(luz, "party", "ZAIRE", "COD")
    assert refused.status_code == 422
    assert "must be corrected first" in refused.text
    assert f"/admin/events/{between['event_id']}" in refused.text
    assert "It speaks of both, as of two." in refused.text
    assert zaire.position() == before

    zaire.told({"type": "event.retracted", "target": between["event_id"], "reason": "A slip."})
    assert merged(luz, "party", "ZAIRE", "COD").status_code == 303
    sound(zaire)


@pytest.mark.parametrize(
    ("stays", "words"),
    [
        ("", "The one that stays: choose one"),
        ("ZAIRE", "choose another than the one that goes"),
        ("Lemuria", "choose below which party is meant"),
    ],
)
def test_who_stays_must_be_another_one_on_record(office: Office, stays: str, words: str) -> None:
    tell(office, [(None, each) for each in TWICE])
    before = office.position()
    refused = merged(office.client("reviewer"), "party", "ZAIRE", stays)
    assert refused.status_code == 422
    assert words in refused.text
    assert 'href="#stays"' in refused.text
    assert office.position() == before


def test_corrections_of_corrections_are_merged_as_they_stand(zaire: Office) -> None:
    """An event that was amended away from the duplicate is left alone; one brought back is not."""
    away, back = IDS[2], IDS[6]
    zaire.told(
        {
            "type": "event.amended",
            "target": away,
            "reason": "It was Zambia.",
            "event": HISTORY[2] | {"parties": ["BOL", "ZMB"]},
        }
    )
    gone = zaire.told({"type": "event.retracted", "target": back, "reason": "Not found."})
    zaire.told({"type": "event.retracted", "target": gone["event_id"], "reason": "Found."})
    zaire.told(
        {
            "type": "event.confidence_changed",
            "target": back,
            "to": "confirmed",
            "reason": "The note was seen.",
        }
    )
    assert merged(zaire.client("reviewer"), "party", "ZAIRE", "COD").status_code == 303
    assert zaire.event(away)["parties"] == ["BOL", "ZMB"]
    assert len(zaire.event(away)["corrections"]) == 1
    assert zaire.event(back)["from"] == "COD"
    assert zaire.event(back)["confidence"] == "confirmed"
    sound(zaire)


def test_the_id_that_is_gone_points_to_the_one_that_stays(zaire: Office) -> None:
    rosa = zaire.client("reader")
    merged(zaire.client("reviewer"), "party", "ZAIRE", "COD")
    page = rosa.get("/admin/parties/ZAIRE")
    assert page.status_code == 404
    assert '<a href="/admin/parties/COD">COD</a>' in page.text
    assert zaire.app.test_client().get("/api/v1/parties/ZAIRE").status_code == 404


def test_what_others_record_meanwhile_is_shown_before_it_is_merged(zaire: Office) -> None:
    luz, path = zaire.client("reviewer"), "/admin/merge/party/ZAIRE"
    typed = hidden(luz.get(path)) | {"stays": "COD", "action": "save"}
    zaire.told({"type": "party.renamed", "party": "ZAIRE", "name": "Congo", "occurred": "1997-05"})
    asked = luz.post(path, typed)
    assert asked.status_code == 409
    assert "Meanwhile somebody else recorded something here." in asked.text
    assert luz.post(path, typed | hidden(asked)).status_code == 303


@pytest.mark.parametrize("take", [True, False])
def test_the_codes_of_the_duplicate_are_taken_over_where_that_is_wanted(
    zaire: Office, take: bool
) -> None:
    luz = zaire.client("reviewer")
    shown = luz.get("/admin/merge/party/ZAIRE?stays=COD").text
    assert "Take over the codes that only this one has: wikidata: Q6500954" in shown
    assert re.search(r'id="codes" name="codes" value="yes" checked', shown)
    before = zaire.app.test_client().get("/api/v1/parties/COD").get_json()["codes"]
    more = {"codes": "yes"} if take else {}
    assert merged(luz, "party", "ZAIRE", "COD", **more).status_code == 303
    after = zaire.app.test_client().get("/api/v1/parties/COD").get_json()["codes"]
    assert after == before + [{"scheme": "wikidata", "code": "Q6500954"}] * take
    found = zaire.app.test_client().get("/api/v1/parties/wikidata:Q6500954")
    assert found.status_code == (200 if take else 404)
    sound(zaire)


def test_a_page_counts_what_speaks_of_it_as_it_stands(zaire: Office) -> None:
    rosa = zaire.client("reader")

    def counted(party: str) -> int:
        found = re.search(r"([0-9,]+) events speak of it", rosa.get(f"/admin/parties/{party}").text)
        assert found is not None
        return int(found[1].replace(",", ""))

    one, other = counted("COD"), counted("ZAIRE")
    assert merged(zaire.client("reviewer"), "party", "ZAIRE", "COD").status_code == 303
    assert counted("COD") == one + other - 1
    taken_back = {"type": "event.retracted", "target": IDS[2], "reason": "A slip."}
    zaire.told(taken_back)
    assert counted("COD") == one + other - 2


def test_a_merge_half_typed_when_the_visit_was_over_is_there_after_signing_in(
    zaire: Office,
) -> None:
    luz, path = zaire.client("reviewer"), "/admin/merge/party/ZAIRE"
    typed = hidden(luz.get(path)) | {"stays": "COD", "why": "Both are the Congo."}
    with writing(zaire.engine) as conn:
        visits.end_all(conn, luz.account.id, clock())
    over = luz.post(path, typed | {"action": "save"})
    assert over.status_code == 303
    following = parse_qs(urlsplit(over.headers["Location"]).query)["next"][0]
    page = zaire.client("reviewer").get(following)
    assert "Both are the Congo." in page.text
    assert "[COD]" in page.text
    assert hidden(page)["form.id"] == typed["form.id"]


def test_only_reviewers_and_admins_merge(zaire: Office) -> None:
    before = zaire.position()
    for role in ("reader", "recorder"):
        visitor = zaire.client(role)
        assert visitor.get("/admin/merge/party/ZAIRE").status_code == 403
        sent = {"stays": "COD", "action": "save"}
        assert visitor.post("/admin/merge/party/ZAIRE", sent).status_code == 403
    assert zaire.position() == before
    assert zaire.client("admin").get("/admin/merge/party/ZAIRE").status_code == 200


def test_where_reviewers_are_reviewed_a_merge_waits(office_with: Callable[[str], Office]) -> None:
    office = office_with("recorder,reviewer")
    twice(office)
    before = office.position()
    answer = merged(office.client("reviewer"), "party", "ZAIRE", "COD")
    assert answer.status_code == 303
    assert "/admin/record/waiting/" in answer.location
    assert office.position() == before


CLIPPING = {"kind": "press", "title": "Bolivia expels the DEA", "publisher": "El País"}
CITED = {"source": "el-pais-2008-11", "quote": "Fuera la DEA.", "locator": "p. 4"}


def cite_twice(office: Office) -> list[str]:
    """One newspaper article, registered twice; the ids of events that cite it."""
    for slug in ("el-pais-2008-11", "pais-2008"):
        office.told({"type": "source.recorded", "source": slug, **CLIPPING})
    severed = {"type": "relations.severed", "parties": ["BOL", "ISR"], "occurred": "2009-01-14"}
    return [
        str(office.told(severed | {"sources": sources, "note": f"Account {place}"})["event_id"])
        for place, sources in enumerate(
            (
                [CITED, CITED | {"source": "pais-2008"}],
                [CITED | {"source": "pais-2008", "quote": "Los agentes se van."}],
                [{"source": "un-mtdsg-6-15", "via": "pais-2008"}],
            )
        )
    ]


def test_merged_sources_are_cited_once_each(office: Office) -> None:
    both, other, through = cite_twice(office)
    answer = merged(office.client("reviewer"), "source", "pais-2008", "el-pais-2008-11")
    assert answer.status_code == 303, answer.text
    cited = office.event(both)["sources"]
    assert [(each["source"], each["quote"]) for each in cited] == [
        ("el-pais-2008-11", "Fuera la DEA.")
    ]
    assert office.event(other)["sources"][0]["source"] == "el-pais-2008-11"
    assert office.event(other)["sources"][0]["quote"] == "Los agentes se van."
    assert office.event(through)["sources"][0]["via"] == "el-pais-2008-11"
    page = office.client("reader").get("/admin/sources/pais-2008")
    assert page.status_code == 404
    assert "/admin/sources/el-pais-2008-11" in page.text
    sound(office)


def test_a_source_known_through_its_duplicate_must_be_corrected_first(office: Office) -> None:
    cite_twice(office)
    office.told(
        {"type": "conduct.statement_made", "by": "BOL", "content": "Fuera.", "occurred": "2008"}
        | {"sources": [{"source": "el-pais-2008-11", "via": "pais-2008"}]}
    )
    refused = merged(office.client("reviewer"), "source", "pais-2008", "el-pais-2008-11")
    assert refused.status_code == 422
    assert "It is cited as known through itself." in refused.text


def test_a_correction_that_cites_the_duplicate_itself_must_be_made_again_first(
    office: Office,
) -> None:
    both, *_ = cite_twice(office)
    correction = office.told(
        {
            "type": "event.confidence_changed",
            "target": both,
            "to": "confirmed",
            "reason": "Seen in print.",
            "sources": [CITED | {"source": "pais-2008"}],
        }
    )
    refused = merged(office.client("reviewer"), "source", "pais-2008", "el-pais-2008-11")
    assert refused.status_code == 422
    assert f"/admin/events/{correction['event_id']}" in refused.text
    assert "A correction cannot be amended" in refused.text.replace("and a", "A")


def test_an_agreement_on_record_twice_becomes_one(office: Office) -> None:
    """Also where an observation names it as the agreement under which help was given."""
    for slug in ("per-bol-1990-aid", "bol-per-1990-help"):
        office.told(
            {
                "type": "agreement.recorded",
                "agreement": slug,
                "title": "Agreement on assistance",
                "kind": "agreement",
                "parties": ["BOL", "PER"],
            }
        )
    signed = {"type": "agreement.signed", "agreement": "bol-per-1990-help", "party": "BOL"}
    office.told(signed | {"occurred": "1990-05"})
    seen = office.told(
        {
            "type": "status.observed",
            "layer": "assistance",
            "subject": {"provider": "PER", "recipient": "BOL", "kind": "humanitarian"}
            | {"under": "bol-per-1990-help"},
            "over": "1991",
            "value": "provided",
        }
    )
    answer = merged(office.client("reviewer"), "agreement", "bol-per-1990-help", "per-bol-1990-aid")
    assert answer.status_code == 303, answer.text
    assert office.event(seen["event_id"])["subject"]["under"] == "per-bol-1990-aid"
    answered = office.app.test_client().get("/api/v1/agreements/per-bol-1990-aid/parties")
    assert [each["party"]["id"] for each in answered.get_json()["items"]] == ["BOL"]
    sound(office)


def test_more_than_a_thousand_events_are_merged_in_one_moment(office: Office) -> None:
    tell(office, [(None, each) for each in TWICE])
    said = [
        {
            "type": "conduct.statement_made",
            "by": "ZAIRE",
            "content": f"Communiqué {number}.",
            "occurred": "1980",
        }
        for number in range(1_050)
    ]
    tell(office, [(None, each) for each in said])
    before = office.position()
    assert merged(office.client("reviewer"), "party", "ZAIRE", "COD").status_code == 303
    with reading(office.engine) as conn:
        moments = conn.execute(
            select(func.count(event_table.c.moment.distinct())).where(
                event_table.c.position > before
            )
        ).scalar_one()
    assert moments == 1
    assert office.position() == before + 1_051
