"""What a row means: dates in EDTF, parties by id; what was written otherwise goes into the note."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from registry.described import columns
from registry.domain import dates
from registry.domain.catalogue import Event
from registry.domain.errors import Invalid
from registry.domain.fields import Kind, Told, told_by
from registry.domain.layers import PARTY_PARTS
from registry.domain.parties import coded
from registry.ingest.parties import Parties
from registry.ingest.profile import Held, Outcome, Refused

_DAY_NUMBER: Final = re.compile(r"[0-9]{5}(\.[0-9]+)?")


class Meant:
    """An event in wire form with dates in EDTF and parties by id, and what stands against it."""

    def __init__(
        self,
        cls: type[Event],
        cells: Mapping[str, str],
        parties: Parties,
        agreements: Mapping[tuple[str, str], str],
        written_by_people: bool,
    ) -> None:
        self.cls = cls
        self.parties = parties
        self.agreements = agreements
        self.written_by_people = written_by_people
        self.cells = cells
        self.problems: list[Outcome] = []
        self.written: list[str] = []
        self.days: tuple[int, int] | None = None
        self._columns = {each.path: each.name for each in columns(cls)}

    def event(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The event to record; only where no `problems` were found."""
        dated = self._each(self.cls, said, (), (Kind.DATE,), self._date)
        for name in ("occurred", "effective"):
            if self.days is None and isinstance(dated.get(name), str):
                self._take_days(dated[name])
        found = self._each(self.cls, dated, (), (Kind.PARTY, Kind.ACTOR), self._party)
        found = self._each(self.cls, found, (), (Kind.SUBJECT,), self._subject)
        found = self._each(self.cls, found, (), (Kind.AGREEMENT,), self._agreement)
        if self.written:
            notes = [str(found["note"])] if found.get("note") else []
            found["note"] = "\n".join([*notes, f"As written: {'; '.join(self.written)}."])
        return found

    def refused(self, wrong: Invalid) -> Refused:
        """With the cell that the codec speaks of."""
        path = tuple(re.sub(r"\[[0-9]+\]", "", wrong.field or "").split("."))
        column = self._column(path)
        return Refused(column, self.cells.get(column, ""), wrong.message)

    def _column(self, path: tuple[str, ...]) -> str:
        column = self._columns.get(path, path[0])
        return path[0] if column not in self.cells and path[0] in self.cells else column

    def _each(
        self,
        cls: type,
        said: Mapping[str, Any],
        at: tuple[str, ...],
        kinds: tuple[Kind, ...],
        change: Callable[[Told, tuple[str, ...], Any], Any],
    ) -> dict[str, Any]:
        """The same with every value of these kinds changed; what has no such shape is let be."""
        out = dict(said)
        for one in told_by(cls):
            value = said.get(one.wire)
            if value is None or (one.kind not in kinds and one.kind is not Kind.RECORD):
                continue
            path = (*at, one.wire)

            def put(item: Any, one: Told = one, path: tuple[str, ...] = path) -> Any:
                if one.kind is not Kind.RECORD:
                    return change(one, path, item)
                if not isinstance(item, Mapping):
                    return item
                return self._each(cast("type", one.record), item, path, kinds, change)

            many = one.many and isinstance(value, list)
            out[one.wire] = [put(item) for item in value] if many else put(value)
        return out

    def _date(self, _one: Told, path: tuple[str, ...], text: Any) -> Any:
        if not self.written_by_people or not isinstance(text, str):
            return text
        column = self._column(path)
        try:
            return dates.parse(text).text
        except dates.NotADate:
            pass
        if _DAY_NUMBER.fullmatch(text):
            reason = "a number, not a date (spreadsheets count days so: let the cell be a date)"
            self.problems.append(Refused(column, text, reason))
            return text
        try:
            found = dates.from_human(text).text
        except Invalid as wrong:
            self.problems.append(Refused(column, text, wrong.message))
            return text
        self.written.append(f'{column} "{text}"')
        return found

    def _take_days(self, text: str) -> None:
        try:
            date = dates.parse(text)
        except dates.NotADate:
            return
        self.days = (date.earliest, date.latest)

    def _party(self, one: Told, path: tuple[str, ...], text: Any) -> Any:
        if not isinstance(text, str) or (one.kind is Kind.ACTOR and coded(text) is None):
            return text
        return self._found(path, text)

    def _found(self, path: tuple[str, ...], text: str) -> str:
        found = self.parties.find(text, self.days)
        if isinstance(found, str):
            return found
        self.problems.append(Held(self._column(path), text, found.reason, found.suggestions))
        return text

    def _subject(self, _one: Told, path: tuple[str, ...], subject: Any) -> Any:
        """The parts that are parties, and codes wherever they stand."""
        if not isinstance(subject, Mapping):
            return subject
        return {name: self._part(path, name, part) for name, part in subject.items()}

    def _part(self, path: tuple[str, ...], name: str, part: Any) -> Any:
        if name == "pair" and isinstance(part, list):
            return [self._found(path, each) if isinstance(each, str) else each for each in part]
        if isinstance(part, str) and (name in PARTY_PARTS or coded(part) is not None):
            return self._found(path, part)
        return part

    def _agreement(self, _one: Told, _path: tuple[str, ...], text: Any) -> Any:
        """By a number elsewhere, mtdsg:6-18, where an agreement on record has it."""
        code = coded(text) if isinstance(text, str) else None
        return self.agreements.get(code, text) if code else text
