"""Open rows of a table in memory by one of their columns, and which of its keys are all there."""

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Table

from registry.projections.rows import Row
from registry.projections.tables import claim, entity, finding, link, remark, setting, span

SLOTS: Final = 1 << 20
"""So many marks tell the keys that have had a row from those that certainly have not."""


class Shelf:
    """`read`: the keys of which all open rows are here.

    A key that was never put here has no rows in the database either, as long as the whole
    generation was built through this shelf (`whole`). The marks are by hash: a key may seem to have
    been here because of another one, and is then looked for in vain, but none is ever forgotten.
    """

    def __init__(self, key: Callable[[Row], Any], whole: bool) -> None:
        self.key = key
        self.rows: dict[Any, dict[int, dict[str, Any]]] = {}
        self.read: set[Any] = set()
        self._marks = bytearray(SLOTS) if whole else bytearray(b"\1") * SLOTS

    def put(self, row: dict[str, Any]) -> None:
        key = self.key(row)
        if key is None:
            return
        here = self.rows.get(key)
        if here is None:
            here = self.rows[key] = {}
            self._marks[hash(key) % SLOTS] = 1
        here[id(row)] = row

    def take(self, row: dict[str, Any]) -> None:
        here = self.rows.get(self.key(row))
        if here is not None:
            here.pop(id(row), None)

    def to_read(self, keys: Iterable[Any]) -> list[Any]:
        """Those of the keys that may have open rows in the database which are not here."""
        marks, read = self._marks, self.read
        return [key for key in keys if marks[hash(key) % SLOTS] and key not in read]

    def note_new(self, keys: Iterable[Any]) -> None:
        """All rows of these keys are here from now on: of those that had none, the coming ones."""
        self.read.update(keys)

    def clear(self) -> None:
        self.rows.clear()
        self.read.clear()


def shelves(whole: bool) -> dict[Table, dict[str, Shelf]]:
    """The shelves of all tables, by the column."""
    by: dict[Table, tuple[str, ...]] = {
        setting: ("subject", "position"),
        span: ("subject",),
        finding: ("subject",),
        claim: ("act", "event_id"),
        link: ("stated_by", "other"),
        remark: ("event_id",),
        entity: ("key",),
    }
    made = {
        table: {name: Shelf(itemgetter(name), whole) for name in names}
        for table, names in by.items()
    }
    made[setting]["agreement"] = Shelf(_agreement_of, whole)
    return made


def _agreement_of(row: Row) -> str | None:
    """The agreement that a setting of participation belongs to."""
    if row["layer"] != "participation":
        return None
    agreement: str = row["subject"].split("|", 1)[0]
    return agreement
