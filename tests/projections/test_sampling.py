"""A spot check of some subjects finds what was changed behind the register's back, if it looks there."""

from random import Random

import orjson
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from sqlalchemy import Engine, text

from registry.cli import main
from registry.projections.at_random import subjects_at_random
from registry.projections.concerning import events_concerning
from registry.projections.refold import sample
from registry.projections.write import live_generation
from registry.record import clock, erasing
from registry.store.engine import reading, writing
from tests.conftest import Databases
from tests.projections.histories import History, Telling, histories
from tests.store.given import BROKEN_OFF, COCA, opened, recorded_background, tell

ALL = 10_000


@settings(max_examples=25)
@given(history=histories)
def test_what_is_refolded_is_what_is_kept_on_sqlite(databases: Databases, history: History) -> None:
    all_are_sound(databases, "sqlite", history)


@settings(max_examples=5)
@given(history=histories)
def test_what_is_refolded_is_what_is_kept_on_postgresql(
    databases: Databases, history: History
) -> None:
    all_are_sound(databases, "postgresql", history)


def all_are_sound(databases: Databases, on: str, history: History) -> None:
    """Together, and each by itself: nothing that a subject rests on is met only by way of others."""
    with databases.fresh(on) as url, opened(url) as engine:
        telling = Telling()
        for said in (telling.background(), *(telling.wires(moves) for moves in history)):
            if said:
                tell(engine, *said)
        found = sample(engine, ALL, 1)
        assert found.sound, found
        for seed in range(4):
            alone = sample(engine, 1, seed)
            assert alone.sound, alone


@pytest.fixture
def history(engine: Engine) -> Engine:
    recorded_background(engine)
    for year in range(1990, 2002):
        tell(engine, BROKEN_OFF | {"occurred": str(year)})
    tell(engine, {"type": "recognition.granted", "from": "BOL", "to": "IRN", "occurred": "1990"})
    return engine


DAMAGES = {
    "a span is gone": "DELETE FROM span WHERE id = {}",
    "another value": "UPDATE span SET value = 'none' WHERE id = {}",
    "known earlier": "UPDATE span SET known_from = known_from - 1 WHERE id = {}",
    "known no more": "UPDATE span SET known_to = known_from + 1 WHERE id = {}",
    "another subject, of which no event speaks": "UPDATE span SET subject = 'A|B' WHERE id = {}",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_span_that_was_changed_is_found_where_all_are_looked_at(
    history: Engine, damage: str
) -> None:
    assert sample(history, ALL, 7).sound
    with writing(history) as conn:
        last = "(SELECT max(id) FROM span WHERE layer = 'recognition_state')"
        assert conn.exec_driver_sql(DAMAGES[damage].format(last)).rowcount == 1
    found = sample(history, ALL, 7)
    assert not found.sound
    assert found.layer == "recognition_state"
    assert found.subject in ("BOL|IRN", "A|B")
    with reading(history) as conn:
        head = conn.execute(text("SELECT max(position) FROM event")).scalar_one()
    assert found.first_bad == (head - 1 if damage == "known earlier" else head)
    assert str(found.problem).startswith("span, only ")


def test_an_event_that_was_changed_is_found(history: Engine) -> None:
    with writing(history) as conn:
        on = "" if conn.dialect.name == "sqlite" else " ON event_payload"
        conn.exec_driver_sql(f"DROP TRIGGER event_payload_no_update{on}")
        last = "(SELECT max(position) FROM event)"
        changed = f"replace(data, '1990', '1991') WHERE position = {last}"
        assert conn.exec_driver_sql(f"UPDATE event_payload SET data = {changed}").rowcount == 1
    found = sample(history, ALL, 7)
    with reading(history) as conn:
        head = conn.execute(text("SELECT max(position) FROM event")).scalar_one()
    assert (found.first_bad, found.problem) == (head, "its content is not what was recorded")


def test_what_was_erased_is_not_missed(history: Engine) -> None:
    with reading(history) as conn:
        last = conn.execute(text("SELECT event_id FROM event ORDER BY position DESC")).scalars()
        event_id = str(last.first())
    erasing.erase(history, event_id, "asked for", clock, lambda _at, _of: None)
    assert sample(history, ALL, 7).sound


def test_a_seed_draws_the_same_subjects_again_and_another_seed_others(history: Engine) -> None:
    with reading(history) as conn:
        live = live_generation(conn)
        one, again, other = (
            list(subjects_at_random(conn, live, Random(seed))) for seed in (1, 1, 2)
        )
        named = conn.execute(text("SELECT DISTINCT layer, subject FROM span")).all()
    assert one == again
    assert one != other
    assert sorted(one) == sorted(other)
    assert len(set(one)) == len(one)
    assert {tuple(each) for each in named} <= set(one)


def test_the_shell_says_the_seed_and_what_differs(
    history: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = history.url.render_as_string(hide_password=False)
    monkeypatch.setenv("REGISTRY_DATABASE_URL", url)
    run = CliRunner().invoke(main, ["verify", "--sample", "2"])
    assert run.exit_code == 0
    assert run.stdout.startswith("seed ")
    assert ": 2 subjects, which " in run.stdout
    seed = run.stdout.split()[1].removesuffix(":")
    again = CliRunner().invoke(main, ["verify", "--sample", "2", "--seed", seed])
    assert again.stdout == run.stdout
    with writing(history) as conn:
        conn.exec_driver_sql("UPDATE span SET value = 'none' WHERE layer = 'recognition_state'")
    run = CliRunner().invoke(main, ["verify", "--sample", "999", "--seed", "5"])
    assert run.exit_code == 1
    assert run.stdout.startswith("seed 5: ")
    assert ": recognition_state of BOL|IRN: span, only live: " in run.stderr
    run = CliRunner().invoke(main, ["verify", "--sample", "999", "--json"])
    said = orjson.loads(run.stdout)
    assert run.exit_code == 1
    assert (said["sound"], said["layer"], said["subject"]) == (
        False,
        "recognition_state",
        "BOL|IRN",
    )
    assert said["first_bad"] > 0
    assert said["seed"] >= 0


@pytest.mark.parametrize(
    "wrong", [["--seed", "1"], ["--sample", "1", "--projections"], ["--sample", "0"]]
)
def test_what_does_not_go_together_is_refused(wrong: list[str]) -> None:
    assert CliRunner().invoke(main, ["verify", *wrong]).exit_code == 2


def test_what_bears_on_a_subject_from_another_stream_is_met(history: Engine) -> None:
    pledged = {
        "type": "agreement.commitment_made",
        "agreement": COCA,
        "provider": "USA",
        "recipient": "BOL",
        "kind": "training",
        "occurred": "1990",
    }
    (commitment,) = tell(history, pledged)
    content = BROKEN_OFF | {"parties": ["BOL", "IRN"]}
    (severed,) = tell(history, BROKEN_OFF)
    (amendment,) = tell(
        history,
        {"type": "event.amended", "target": severed.event_id, "reason": "no", "event": content},
    )
    with reading(history) as conn:
        of_usa = events_concerning(conn, ["pair:BOL:USA"])
        of_iran = events_concerning(conn, ["pair:BOL:IRN"])
    assert commitment.position in {each.position for each in of_usa}
    assert {severed.position, amendment.position} <= {each.position for each in of_iran}
