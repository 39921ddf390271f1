"""What the processes do that are killed: append, import, rebuild. They tell how far they got."""

import csv
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import text

from registry.ingest import backing_up, importing, restoring
from registry.ingest.files import File
from registry.ingest.profile import Act, Held, Profile, Reading, Said
from registry.projections import apart
from registry.projections import rebuild as rebuilding
from registry.store.engine import reading
from tests.store.given import BACKGROUND, Wire, opened, tell

YEARS: Final = range(1850, 1874)
_A_CHUNK: Final = 7
_COLUMNS: Final = ("treaty", "participant", "ratified")


def story() -> list[Wire]:
    """Relations broken off and taken up, treaties, corrections and competing claims."""
    said: list[Wire] = list(BACKGROUND)
    for year in YEARS:
        treaty, act = f"peace-{year}", {"parties": ["BOL", "USA"], "occurred": f"{year}-06"}
        said += [
            {"type": "relations.severed", **act},
            {"type": "relations.reestablished", "parties": ["BOL", "USA"], "occurred": f"{year}~"},
            {"type": "agreement.recorded", "agreement": treaty, "title": f"Peace of {year}"},
            *(
                {"type": "agreement.ratified", "agreement": treaty, "party": party}
                | {"occurred": f"{year}-07", "effective": f"{year}-08-01"}
                for party in ("BOL", "USA", "IRN")
            ),
            {"type": "agreement.entered_into_force", "agreement": treaty, "occurred": str(year)},
        ]
        severed = _id(len(said) - 7)
        if year % 3 == 0:
            said.append({"type": "event.retracted", "target": severed, "reason": "a slip"})
        elif year % 3 == 1:
            later = {"type": "relations.severed", "parties": ["BOL", "IRN"], "occurred": f"{year}"}
            said.append(
                {"type": "event.amended", "target": severed, "reason": "a slip", "event": later}
            )
        else:
            claim = {"type": "relations.severed", "parties": ["BOL", "USA"], "occurred": "1850"}
            said.append(claim | {"same_act_as": severed})
    return [each | {"id": _id(place)} for place, each in enumerate(said)]


def _id(place: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"crash:{place}"))


def append(url: str, at: Connection) -> None:
    """Record what of the story is not on record yet, a few events a transaction."""
    said = story()
    with opened(url) as engine:
        with reading(engine) as conn:
            done = int(conn.execute(text("SELECT count(*) FROM event")).scalar_one())
        while done < len(said):
            tell(engine, *said[done : done + _A_CHUNK])
            done += _A_CHUNK
            at.send(done)


def restore(url: str, at: Connection, file: str) -> None:
    """Restore a backup; it tells of every step of all its bars."""

    @contextmanager
    def bar(_label: str) -> Iterator[Callable[[int, int], None]]:
        at.send(0)
        yield lambda reached, _of: at.send(reached)

    restoring._CHUNK, rebuilding.CHUNK = 10, 10  # type: ignore[misc]
    with opened(url) as engine, Path(file).open("rb") as source:
        backing_up.restore_backup(engine, source, 0, bar)


def rebuild_apart(url: str, at: Connection) -> None:
    """Rebuild by two processes, a few events a round."""
    apart.MUCH, apart.ROUND = 1, 5
    apart.processes = lambda: 2  # however many cores there are
    with opened(url) as engine:
        rebuilding.rebuild(engine, progress=lambda reached, _head: at.send(reached))


def rebuild(url: str, at: Connection, die: str = "") -> None:
    """Rebuild a few events at a time. `die`: once all is built, or while it is switched."""
    rebuilding.CHUNK = 10
    whole = 0

    def progress(reached: int, head: int) -> None:
        nonlocal whole
        whole += reached == head
        if (die == "built" and whole == 1) or (die == "switching" and whole == 2):
            os.kill(os.getpid(), signal.SIGKILL)
        at.send(reached)

    with opened(url) as engine:
        rebuilding.rebuild(engine, progress=progress)


def take_in(url: str, at: Connection, folder: str) -> None:
    """Import the file of ratifications, a few rows a transaction."""
    importing.CHUNK = 10  # type: ignore[misc]
    with opened(url) as engine:
        importing.run(engine, RATIFICATIONS, Path(folder), progress=lambda done, _of: at.send(done))


def a_dataset(folder: Path) -> int:
    """A file to be taken in; the number of its rows."""
    rows = [
        (f"treaty-{year}", party, f"{year}-01-01")
        for year in range(1900, 1940)
        for party in ("Plurinational State of Bolivia", "Brazil", "Zubrowka")
    ]
    with (folder / "ratifications.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_COLUMNS, *rows])
    return len(rows)


def _read(reading: Reading) -> Iterator[Said]:
    for row in reading.rows("ratifications.csv"):
        treaty = row["treaty"]
        said: Wire = {"type": "agreement.recorded", "agreement": treaty, "title": treaty}
        outcomes: list[Act | Held] = [Act(treaty, said, "treaty", treaty)]
        party = reading.party(row, "participant")
        if isinstance(party, Held):
            outcomes.append(party)
        else:
            said = {"type": "agreement.ratified", "agreement": treaty, "party": party}
            said |= {"occurred": row["ratified"], "sources": [{"source": "list-of-ratifications"}]}
            outcomes.append(Act(f"{treaty}|{party}", said, "ratified", row["ratified"]))
        yield Said(row, outcomes)


RATIFICATIONS: Final = Profile(
    name="ratifications",
    title="Ratifications",
    files=(File("ratifications.csv", _COLUMNS),),
    sources=({"source": "list-of-ratifications", "kind": "dataset", "title": "Ratifications"},),
    read=_read,
    names_as_of="2015-03-14",
)
