"""What is erased on request is nowhere any more, nobody is answered with it, and proofs still hold."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, text

from registry.cli import main
from registry.domain.errors import Conflict, Forbidden, NotFound
from registry.projections.rebuild import compare
from registry.record import clock, erasing
from registry.store import drafts, kept
from registry.store.accounts import Account
from registry.store.engine import is_sqlite, reading, writing
from registry.store.serving_roles import grant
from registry.store.verify import verify
from registry.store.word_tables import FULL_TEXT
from registry.web import kept as kept_answers
from tests.api.desk import LIST, Desk, assert_problem
from tests.api.test_pinned import _urls, _with
from tests.api.test_proofs import LOG, checked
from tests.conftest import Databases
from tests.store.given import BROKEN_OFF, opened, recorded_background, tell

WORDS = "Zebulon Quintrell of 9 Acacia Lane"
AMENDED = "Zebulon J. Quintrell of Acacia Lane"
TOLD: dict[str, Any] = {
    "type": "relations.severed",
    "parties": ["BOL", "USA"],
    "occurred": "2009-03-03",
    "place": WORDS,
    "note": f"Told by {WORDS}.",
}


def told(desk: Desk) -> dict[str, Any]:
    """An event with a person in it, its amendment, and another event that answers it."""
    receipt: dict[str, Any] = desk.post(LIST, TOLD, Idempotency_Key="one").json
    assert "event_id" in receipt, receipt
    desk.post(
        f"{LIST}/{receipt['event_id']}/amendment",
        {"event": {**TOLD, "place": AMENDED, "note": AMENDED}, "reason": "a misprint"},
    )
    desk.told(
        {
            "type": "relations.severed",
            "parties": ["BOL", "USA"],
            "occurred": "2009-05-01",
            "responds_to": receipt["event_id"],
        }
    )
    desk.told({**TOLD, "place": "elsewhere", "note": None, "same_act_as": receipt["event_id"]})
    return receipt


def _typed(desk: Desk, event_id: str) -> None:
    """The same words as they were typed: a draft with a remark, and a form of a visit that ended."""
    author = Account("1", "a@b.example", "A", "recorder", None, disabled=False)
    said = [(event_id, TOLD)]
    with writing(desk.engine) as conn:
        drafts.add(conn, draft_id="d", author=author, title=WORDS, events=said, seen=1, now=2)
        drafts.remark(conn, "d", author, f"Who is {WORDS}?", 3)
        kept.keep(conn, "1", f"/admin/events/{event_id}/amend", [("place", WORDS)], 4)


def erased(desk: Desk, event_id: str) -> erasing.Erased:
    return erasing.erase(desk.engine, event_id, "a request of 3 March", clock)


def everything(desk: Desk) -> str:
    """All values of all tables, in small letters as words are kept."""
    with reading(desk.engine) as conn:
        return "\n".join(
            str(row)
            for table in inspect(conn).get_table_names()
            if not (
                is_sqlite(desk.engine) and table == FULL_TEXT
            )  # holds no text; its pages are read
            for row in conn.execute(text(f"SELECT * FROM {table}"))
        ).lower()


def test_what_was_erased_is_in_no_table_and_no_file(desk: Desk) -> None:
    one = told(desk)
    renamed = {"type": "party.renamed", "party": "US-DEA", "name": WORDS, "occurred": "2010"}
    name = desk.told(renamed)
    _typed(desk, one["event_id"])
    done = erased(desk, one["event_id"])
    assert [each.type for each in done.events] == ["relations.severed", "event.amended"]
    assert "quintrell" in everything(desk), "it names a party, in documents and spans"
    erased(desk, name["event_id"])
    assert "quintrell" not in everything(desk)
    with reading(desk.engine) as conn:  # hashes of what was sent are not salted
        assert conn.execute(text("SELECT count(*) FROM idempotency")).scalar_one() == 0
    if is_sqlite(desk.engine):
        file = Path(str(desk.engine.url.database))
        for each in file.parent.glob(f"{file.name}*"):
            assert b"quintrell" not in each.read_bytes().lower(), each.name


def test_the_log_stays_sound_and_proven_and_projections_are_what_it_says(
    desk: Desk, tmp_path: Path
) -> None:
    at = tmp_path
    (at / "verify_proof.py").write_bytes(desk.get(f"{LOG}/verify_proof.py").data)
    one = told(desk)
    before = desk.get(f"{LOG}/checkpoint").text
    place, width = divmod(int(before.split("\n")[1]), 256)
    bundle = f"{LOG}/tile/entries/{place:03}.p/{width}"
    entries = desk.get(bundle).data
    assert one["event_id"].encode() in entries
    assert b"Quintrell" not in entries
    erased(desk, one["event_id"])
    assert desk.get(bundle).data == entries
    with reading(desk.engine) as conn:
        found = verify(conn)
    assert found.sound, found
    assert not compare(desk.engine)
    desk.told({**BROKEN_OFF, "occurred": "2009-06"})  # recording goes on around it
    assert not compare(desk.engine)
    (at / "key").write_text(desk.get(f"{LOG}/keys").text)
    proof = desk.get(f"{LOG}/events/{one['position']}/proof").json
    assert proof["payload"] is None
    told_so = checked(at, proof)
    assert told_so.returncode == 0, told_so.stderr
    assert "its content was erased" in told_so.stdout
    size = int(before.split("\n")[1])
    growth = desk.get(f"{LOG}/consistency?from={size}&to={proof['size']}")
    (at / "before").write_text(before)
    (at / "growth").write_bytes(growth.data)
    more = ("--checkpoint", "before", "--consistency", "growth")
    assert checked(at, proof, *more).returncode == 0


def test_a_process_that_answered_with_it_before_does_not_after(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers, "MOST_OF_ONE", 256 * 1024)
    one = told(desk)
    point = f"as_of=2009-06-01&known_at=@{one['position']}"
    held = [
        f"{LIST}/{one['event_id']}?{point}",
        f"/api/v1/relations/BOL/USA?{point}",
        f"/api/v1/events?after={one['position'] - 1}&{point}",
        f"/relations/BOL/USA?{point}",
        f"/events/{one['event_id']}?{point}",
        f"/api/v1/network?layer=diplomatic_relations&{point}",
    ]
    never = [
        f"/api/v1/relations/IRN/VEN?{point}",
        f"/api/v1/events?limit=9&{point}",
        f"/api/v1/relations/BOL/USA?as_of=2009-06-01&known_at=@{one['position'] - 1}",
    ]
    tags = {}
    for url in (*held, *never):
        answer = desk.get(url)
        assert answer.status_code == 200, (url, answer.text)
        tags[url] = answer.headers["ETag"]
    before = {url: desk.get(url).data for url in never}
    erased(desk, one["event_id"])
    for url in held:
        for gone in (desk.get(url), desk.get(url, If_None_Match=tags[url])):
            assert gone.status_code == 410, url
            assert one["event_id"] in gone.text
            assert "immutable" not in gone.headers.get("Cache-Control", "")
    for url in never:
        assert desk.get(url).data == before[url], url


def test_the_latest_answers_do_without_it(desk: Desk) -> None:
    one = told(desk)
    erased(desk, one["event_id"])
    assert_problem(desk.get(f"{LIST}/{one['event_id']}"), 410)
    (listed, amendment) = desk.get(f"{LIST}?after={one['position'] - 1}&limit=2").json["items"]
    assert listed["event_id"] == one["event_id"]
    assert listed["standing"]["state"] == amendment["standing"]["state"] == "erased"
    by = desk.get(f"{LIST}/{listed['standing']['erased_by']}").json
    assert (by["type"], by["reason"]) == ("event.erased", "a request of 3 March")
    pages = [
        *("/", "/events", "/parties/BOL", "/parties/BOL/map", "/relations/BOL/USA", "/lately"),
        *("/compare?a=BOL&b=USA&from=2008&to=2010", "/search?q=bolivia", "/parties/BOL/feed.atom"),
        f"/events/{listed['standing']['erased_by']}",
    ]
    for url in [*(_with(each, "as_of=2009-06-01") for each in _urls()), *pages]:
        answer = desk.get(url)
        assert answer.status_code in (200, 303, 404), (url, answer.text[:500])
        assert "Quintrell" not in answer.text


def _broken_off(_at: int, _of: int) -> None:
    """What is told of the progress, when somebody presses Ctrl-C."""
    raise KeyboardInterrupt


def test_an_erasure_that_was_broken_off_is_finished_by_asking_again(desk: Desk) -> None:
    one = told(desk)
    with pytest.raises(KeyboardInterrupt):
        erasing.erase(desk.engine, one["event_id"], "a request", clock, _broken_off)
    head = desk.position()
    assert_problem(desk.get(f"{LIST}/{one['event_id']}"), 410)
    assert not erased(desk, one["event_id"]).recorded
    assert desk.position() == head
    assert not compare(desk.engine)
    assert "quintrell" not in everything(desk)


def test_what_others_rest_on_and_what_is_not_there_is_not_erased(desk: Desk) -> None:
    source = desk.first("type=source.recorded&subject=source:insight-crime-2012-06")
    with pytest.raises(Exception, match="cited by"):
        erased(desk, source["event_id"])
    assert desk.get(f"{LIST}/{source['event_id']}").status_code == 200
    with pytest.raises(NotFound):
        erased(desk, "00000000-0000-4000-8000-000000000000")
    one = told(desk)
    erased(desk, one["event_id"])
    by = desk.first(f"type=event.erased&after={one['position']}")
    with pytest.raises(Conflict):
        erased(desk, by["event_id"])


def test_nobody_records_an_erasure_over_the_api(embedded: Desk) -> None:
    one = embedded.first("after=9")
    said = {"type": "event.erased", "target": one["event_id"], "reason": "on request"}
    assert_problem(embedded.post(LIST, said), 422, "type")


def test_the_shell_erases_and_says_what(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    one = told(desk)
    url = desk.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("REGISTRY_DATABASE_URL", url)
    run = CliRunner().invoke(main, ["erase", one["event_id"], "--reason", "a request"])
    assert run.exit_code == 0, run.output
    assert (
        f"erased: {one['event_id']} (relations.severed) at position {one['position']}" in run.stdout
    )
    run = CliRunner().invoke(main, ["verify", "--projections", "--json"])
    assert run.exit_code == 0, run.output
    assert orjson.loads(run.stdout)["sound"] is True


def test_the_role_that_serves_may_not_erase(databases: Databases) -> None:
    with databases.fresh("postgresql") as url, opened(url) as engine:
        recorded_background(engine)
        (one,) = tell(engine, BROKEN_OFF)
        with writing(engine) as conn:
            conn.execute(text("CREATE ROLE registry_does_not_erase"))
        grant(url, "registry_does_not_erase")
        try:
            with writing(engine) as conn:
                conn.execute(text("SET LOCAL ROLE registry_does_not_erase"))
                with pytest.raises(Forbidden, match="owner"):
                    erasing._delete(conn, [one.position])
        finally:
            with writing(engine) as conn:
                conn.execute(text("DROP OWNED BY registry_does_not_erase"))
                conn.execute(text("DROP ROLE registry_does_not_erase"))
