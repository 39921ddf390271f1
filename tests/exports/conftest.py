"""A register with corrections, told in several moments; and empty ones of either engine."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.ingest.seeds import seed
from registry.settings import seeds_dir
from registry.store.engine import reading
from registry.store.exporting import lines
from tests.conftest import Databases
from tests.store.given import BROKEN_OFF, opened, tell

Make = Callable[[str], Engine]


@pytest.fixture(scope="session")
def store_of(databases: Databases) -> Iterator[Make]:
    """`store_of("sqlite")`: an empty store for the rest of the run."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(opened(stack.enter_context(databases.fresh(name))))


def filled(engine: Engine) -> None:
    """The seeds, then what corrects them: amended, retracted, taken back, doubted."""
    seed(engine, seeds_dir())
    (severed,) = tell(engine, {**BROKEN_OFF, "occurred": "2008-09", "note": "«Ω» \u2028 =1+1"})
    (amended,) = tell(
        engine,
        {
            "type": "event.amended",
            "target": severed.event_id,
            "event": {**BROKEN_OFF, "parties": ["BOL", "VEN"], "effective": "2009-01"},
            "reason": "another pair",
        },
    )
    tell(
        engine,
        {"type": "event.retracted", "target": amended.event_id, "reason": "it was that pair"},
        {"type": "relations.established", "parties": ["BOL", "CHN"], "occurred": "1985-07-09"},
    )
    tell(
        engine,
        {
            "type": "event.confidence_changed",
            "target": severed.event_id,
            "to": "alleged",
            "reason": "a rumour",
        },
    )


def exported(engine: Engine) -> bytes:
    with reading(engine) as conn:
        return b"".join(lines(conn, 1))


@pytest.fixture(scope="session")
def log_file(store_of: Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of such a register."""
    engine = store_of("sqlite")
    filled(engine)
    path = tmp_path_factory.mktemp("log") / "log.ndjson"
    path.write_bytes(exported(engine))
    return path


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An empty store of this test's own; once on each engine."""
    with opened(database_url) as engine:
        yield engine


@pytest.fixture
def dice() -> random.Random:
    return random.Random(1961)
