"""What became of the rows: counts that add up, and each row that was not taken in, with its reason."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.admin.wizard import door
from registry.ingest.importing import HELD, IMPORTED, PRESENT, REFUSED, STATES, Imported, Line
from registry.ingest.names import plain

_LONGEST: Final = 500
_SHELL: Final = "(--amend records it as an amendment)"
COLUMNS: Final = ("line", "state", "column", "cell", "reason", "suggestions")

Document = dict[str, Any]


def nothing() -> Document:
    """The report of an import that has not begun."""
    return {
        "rows": dict.fromkeys(STATES, 0),
        "events": {IMPORTED: 0, PRESENT: 0},
        "lines": [],
        "recorded": [],
        "families": [],
        "drafts": 0,
        "review": False,
        "problem": "",
    }


def with_more(
    report: Mapping[str, Any],
    done: Imported,
    lines: Iterable[Line],
    fields: Mapping[str, str] | None = None,
) -> Document:
    """The report with what a portion of the rows adds to it; `fields`: what each column holds."""
    columns = {field: column for column, field in (fields or {}).items() if field}
    made = {**nothing(), **report}
    made["rows"] = dict(Counter(made["rows"]) + done.rows)
    made["events"] = dict(Counter(made["events"]) + done.events)
    said = list(lines)
    made["lines"] = made["lines"] + [
        _told(each, columns) for each in said if each.status in (HELD, REFUSED)
    ]
    made["recorded"] = made["recorded"] + [
        [each.line, each.type, each.event_id] for each in said if each.status == IMPORTED
    ]
    return made


@dataclass(frozen=True)
class Counts:
    """Each row is in one of these."""

    imported: int
    present: int
    held: int
    refused: int

    @property
    def total(self) -> int:
        return self.imported + self.present + self.held + self.refused

    @property
    def left(self) -> int:
        """Rows that are not taken in."""
        return self.held + self.refused


def counts(report: Mapping[str, Any]) -> Counts:
    rows = report.get("rows", {})
    return Counts(*(rows.get(each, 0) for each in (IMPORTED, PRESENT, HELD, REFUSED)))


@dataclass(frozen=True)
class Unknown:
    """A name that means nobody for certain: in how many rows, and whom it may mean."""

    name: str
    rows: int
    offers: tuple[str, ...]


def unknown_names(report: Mapping[str, Any]) -> list[Unknown]:
    """Names with suggestions, each once, the most frequent first."""
    rows: Counter[str] = Counter()
    offers: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    for each in report.get("lines", ()):
        if each["state"] == HELD and each["suggestions"]:
            key = plain(each["cell"])
            written.setdefault(key, each["cell"])
            rows[key] += 1
            known = offers.setdefault(key, [])
            known += [one for one in each["suggestions"] if one not in known]
    return [Unknown(written[key], count, tuple(offers[key])) for key, count in rows.most_common()]


def table(report: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The rows that were not taken in, for a file."""
    return [
        {**each, "suggestions": " ".join(each["suggestions"])} for each in report.get("lines", ())
    ]


def _told(line: Line, columns: Mapping[str, str]) -> Document:
    column, cell, reason = line.column, line.verbatim, line.reason.replace(_SHELL, "").strip()
    field, colon, rest = reason.partition(": ")
    if not column and colon and field in columns:  # the register speaks of one field of the row
        found = re.search(rf"(?:^|; ){re.escape(field)}=(.*?)(?:; \w+=|$)", cell, re.DOTALL)
        column, cell, reason = columns[field], found[1] if found else "", rest
    return {
        "line": line.line,
        "sheet": door.where(line.file),
        "state": line.status,
        "column": column,
        "cell": cell[:_LONGEST],
        "reason": door.in_words(reason)[:_LONGEST],
        "suggestions": line.suggestions.split(),
    }
