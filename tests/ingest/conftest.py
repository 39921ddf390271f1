"""Registers that know the parties and nothing else yet, for datasets to be taken in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from registry.ingest.importing import Imported, Line, run
from registry.ingest.profile import Profile
from registry.ingest.seeds import seed
from registry.settings import seeds_dir
from tests.conftest import Databases
from tests.store.given import opened

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

Peopled = Callable[[str], Engine]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A store with the parties and sources of the seeds."""
    with opened(database_url) as engine:
        seed(engine, seeds_dir(), ("sources", "parties"))
        yield engine


@pytest.fixture(scope="module")
def peopled(databases: Databases) -> Iterator[Peopled]:
    """`peopled("sqlite")`: such a store for all tests of a module, to be filled once."""
    with ExitStack() as stack:

        def make(name: str) -> Engine:
            engine = stack.enter_context(opened(stack.enter_context(databases.fresh(name))))
            seed(engine, seeds_dir(), ("sources", "parties"))
            return engine

        yield make


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of public datasets that lies beside the checkout."""
    if not DATA.is_dir():
        pytest.skip("the public datasets are not beside this checkout")
    return DATA


def taken_in(engine: Engine, profile: Profile, folder: Path) -> tuple[Imported, list[Line]]:
    """Run the profile; what it counted and all lines of its report."""
    lines: list[Line] = []
    done = run(engine, profile, folder, aliases_in=seeds_dir() / "aliases", report=lines.append)
    assert done.adds_up
    return done, lines


def log_of(engine: Engine) -> list[tuple[str, str, str]]:
    """(event id, type, data) of every event in order."""
    with engine.connect() as conn:
        rows = conn.execute(
            text(
                "SELECT event_id, type, data FROM event JOIN event_payload USING (position) "
                "ORDER BY position"
            )
        )
        return [(row[0], row[1], row[2]) for row in rows]
