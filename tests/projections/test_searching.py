"""The words of the log are in step with it, whichever way it grew; and nothing is left of erased ones."""

import io

import pytest
from alembic import command
from sqlalchemy import Engine, select, text

from registry.domain.searched import party_word
from registry.ingest.restoring import restore
from registry.projections.searching import enter_log, forget_words
from registry.projections.write import RULES
from registry.store import words
from registry.store.engine import is_sqlite, reading, writing
from registry.store.exporting import lines
from registry.store.schema import configuration, migrate
from registry.store.word_tables import search_trigram, search_word
from registry.store.words import Term
from tests.conftest import Databases
from tests.store.given import BROKEN_OFF, Wire, opened, recorded_background, say, tell

STATED: Wire = {
    "type": "relations.reestablished",
    "parties": ["BOL", "USA"],
    "occurred": "2011-11-07",
    "note": "The Yucatán envoy spoke of coca monitoring.",
}
DAYS = 2**53


@pytest.fixture
def told(engine: Engine) -> Engine:
    recorded_background(engine)
    tell(engine, BROKEN_OFF | {"note": "Zweifellos."})
    return engine


def found(engine: Engine, *terms: Term, moment: int = DAYS, without: str = "") -> list[int]:
    with reading(engine) as conn:
        return words.positions(conn, list(terms), moment, 50, without)


def state(engine: Engine) -> tuple[object, ...]:
    with reading(engine) as conn:
        return (
            conn.execute(select(search_word).order_by(search_word.c.word)).all(),
            conn.execute(select(search_trigram).order_by(*search_trigram.c)).all(),
            [
                words.positions(conn, [Term((each,))], DAYS, 100)
                for each in ("bolivia", "single", "convention", "zweifellos", "severed", "bol")
            ],
        )


def test_an_event_is_found_by_its_words_from_the_moment_it_was_recorded(told: Engine) -> None:
    (receipt,) = tell(told, STATED)
    at = receipt.position
    assert found(told, Term(("yucatan",))) == [at]
    assert found(told, Term(("coca", "monitoring"))) == [at]
    assert found(told, Term(("monitoring", "coca"))) == []
    assert found(told, Term(("envo",), beginning=True)) == [at]
    assert found(told, Term(("envo",))) == []
    assert found(told, Term(("coca",)), Term(("zweifellos",))) == []
    assert found(told, Term(("nowhere",), or_one_of=(party_word("BOL"),)))[0] == at
    assert found(told, Term(("yucatan",)), moment=at - 1) == []
    assert found(told, Term(("yucatan",)), without="coca") == []


def test_what_is_rolled_back_leaves_no_words(told: Engine) -> None:
    before = state(told)
    with told.connect() as conn:
        say(conn, STATED)
        assert words.is_used(conn, "yucatan", DAYS, beginning=False)
        conn.rollback()
    assert state(told) == before


def test_a_restored_log_has_the_words_of_the_first(told: Engine, databases: Databases) -> None:
    tell(told, STATED)
    with reading(told) as conn:
        exported = b"".join(lines(conn, RULES))
    other = "postgresql" if is_sqlite(told) else "sqlite"
    with databases.fresh(other) as url, opened(url) as fresh:
        restore(fresh, io.BytesIO(exported))
        assert state(fresh) == state(told)


def test_a_log_that_came_before_its_words_gets_the_same(told: Engine) -> None:
    tell(told, STATED)
    before = state(told)
    with writing(told) as conn:
        for table in ("search_text", "search_word", "search_trigram"):
            whole = is_sqlite(told) and table == "search_text"
            statement = "INSERT INTO search_text (search_text) VALUES ('delete-all')"
            conn.execute(text(statement if whole else f"DELETE FROM {table}"))
        enter_log(conn)
    assert state(told) == before


def test_of_forgotten_words_nothing_is_left_but_what_others_say(told: Engine) -> None:
    before = state(told)
    (receipt,) = tell(told, STATED)
    with writing(told) as conn:
        forget_words(conn, receipt.position)
    assert state(told) == before
    assert found(told, Term(("yucatan",))) == []


def test_words_are_like_by_their_pieces(told: Engine) -> None:
    tell(told, STATED)
    with reading(told) as conn:
        assert words.like(conn, "yucatam", DAYS)[0] == "yucatan"
        assert "yucatan" not in words.like(conn, "yucatam", 1)


def test_a_log_of_the_time_before_is_entered_by_its_migration(told: Engine) -> None:
    tell(told, STATED)
    before = state(told)
    config = configuration()
    with told.begin() as conn:
        config.attributes["connection"] = conn
        command.downgrade(config, "2026_11_25_people")
    migrate(told.url.render_as_string(hide_password=False))
    assert state(told) == before
