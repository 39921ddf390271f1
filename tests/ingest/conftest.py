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
from tests.conftest import ENGINES, Databases
from tests.store.given import opened

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

Peopled = Callable[[str], Engine]


def people(engine: Engine) -> None:
    seed(engine, seeds_dir(), ("sources", "parties"))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    """A store with the parties and sources of the seeds, of this test's own; once on each engine."""
    with databases.fresh(request.param, people) as url, opened(url) as engine:
        yield engine


@pytest.fixture(scope="module")
def peopled(databases: Databases) -> Iterator[Peopled]:
    """`peopled("sqlite")`: such a store for all tests of a module, to be filled once."""
    with ExitStack() as stack:

        def make(name: str) -> Engine:
            url = stack.enter_context(databases.fresh(name, people))
            return stack.enter_context(opened(url))

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
