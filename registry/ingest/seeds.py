"""The seeds: facts that people typed, in YAML, put into the register once.

An event's `id` in the file makes its event id, so seeding again adds only what is new. An event
whose text changed since is held and named: a person amends it.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from sqlalchemy import Engine

from registry import codec
from registry.domain.catalogue import Event
from registry.domain.errors import Invalid, Problems
from registry.record import Submission, record
from registry.store import log
from registry.store.engine import reading, writing

FOLDERS: Final = ("sources", "parties", "agreements", "story")
NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:agreement-registry:seed")
RECORDER: Final = "seed"
_PREFIX = "seed:"


@dataclass
class Seeded:
    """What became of the seeds; the numbers add up to all of them."""

    recorded: int = 0
    present: int = 0
    changed: list[str] = field(default_factory=list)


def seed(engine: Engine, folder: Path, folders: Sequence[str] = FOLDERS) -> Seeded:
    """Record what is not there yet, one transaction a folder; `folders` may name the first few."""
    done = Seeded()
    for name in folders:
        said = dict(each for path in _files(folder / name) for each in _events(path))
        with writing(engine) as conn:
            stored = log.by_ids(conn, [event_id for event_id, _ in said])
            new: list[Submission] = []
            for (event_id, where), fields in said.items():
                event = _read(where, fields)
                if event_id not in stored:
                    new.append(Submission(event, event_id, prefix=f"{where}: "))
                elif stored[event_id].data == codec.stored_text(event):
                    done.present += 1
                else:
                    done.changed.append(where)
            if new:
                done.recorded += len(record(conn, new, RECORDER))
    return done


def is_empty(engine: Engine) -> bool:
    """Whether nothing was recorded yet."""
    with reading(engine) as conn:
        return log.head(conn).position == 0


def seed_id(name: str) -> str:
    """The event id of a seed."""
    return str(uuid.uuid5(NAMESPACE, name))


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.yaml"))
    if not found:
        raise Invalid(f"no seeds in {folder}: expected YAML files")
    return found


def _events(path: Path) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """((event id, where it stands), wire form) of each event of a file.

    Every scalar is text, so dates and NO stay as typed.
    """
    try:
        items = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - text only
    except yaml.YAMLError as wrong:
        raise Invalid(f"{path.name}: not YAML: {wrong}") from None
    if not isinstance(items, list):
        raise Invalid(f"{path.name}: expected a list of events")
    for place, item in enumerate(items, start=1):
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            raise Invalid(f"{path.name}: event {place} has no id")
        fields = {name: _linked(value) for name, value in item.items() if name != "id"}
        yield (seed_id(item["id"]), f"{path.name}: {item['id']}"), fields


def _linked(value: Any) -> Any:
    """`seed:name` as the event id that it stands for, however deep."""
    if isinstance(value, str) and value.startswith(_PREFIX):
        return seed_id(value.removeprefix(_PREFIX))
    if isinstance(value, list):
        return [_linked(each) for each in value]
    if isinstance(value, Mapping):
        return {k: _linked(v) for k, v in value.items()}
    return value


def _read(where: str, fields: dict[str, Any]) -> Event:
    try:
        return codec.read(fields)
    except Problems as wrong:
        first = wrong.each[0]
        raise Invalid(f"{where}: {first.field}: {first.message}") from None
