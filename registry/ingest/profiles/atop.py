"""ATOP: alliance obligations, a row for each spell of years in which one state owed them to another.

A year in the list is one in which the obligation was seen on some day, so a spell begins on some
day of its first year and ends on some day of its last, or with it. The list is complete for its
pairs of states and its time: where a spell is followed by a year without, that silence is recorded
as what it is, an observation of none.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from registry.domain import dates
from registry.domain.dates import day_of, iso
from registry.ingest.coded import Codes
from registry.ingest.files import File, Row
from registry.ingest.profile import Act, Held, Outcome, Profile, Reading, Refused, Said

FILE: Final = "atop_directed_spells.csv"
KINDS: Final = {
    "atop_defense": "defence",
    "atop_offense": "offence",
    "atop_neutral": "neutrality",
    "atop_nonagg": "nonaggression",
    "atop_consul": "consultation",
}
SOURCE: Final = "atop"
FIRST_YEAR, LAST_YEAR = 1815, 2018
"""The time of the list; rows beyond it make it longer."""


@dataclass(frozen=True, slots=True)
class _Spell:
    """The years in which one party owed another obligations of these kinds."""

    row: Row
    owing: str
    owed: str
    first: int
    last: int
    kinds: tuple[str, ...]

    @property
    def pair(self) -> tuple[str, str]:
        return self.owing, self.owed

    def key(self, kind: str) -> str:
        return f"spell:{self.owing}:{self.owed}:{kind}:{self.row['ccode1']}:{self.row['ccode2']}:{self.first}"


@dataclass
class _List:
    """The whole list: what follows a spell shows only when all of it is read."""

    codes: Codes
    first: int = FIRST_YEAR
    last: int = LAST_YEAR
    rows: list[tuple[Row, list[_Spell | Outcome]]] = field(default_factory=list)
    spells: dict[tuple[str, str], list[_Spell]] = field(default_factory=lambda: defaultdict(list))

    def ends(self, spell: _Spell, kind: str) -> bool:
        """Whether no later day of the list has the obligation, from the year after the spell."""
        if spell.last >= self.last:
            return False
        mine = [s for s in self.spells[spell.pair] if kind in s.kinds]
        return not any(s.first <= spell.last + 1 <= s.last for s in mine)


def read(reading: Reading) -> Iterator[Said]:
    """Each row: an observation for each obligation, and of its absence where a spell is over."""
    whole = _List(Codes(reading.names.parties))
    for row in reading.rows(FILE):
        parts = list(_parts(row, whole.codes))
        whole.rows.append((row, parts))
        for each in parts:
            if isinstance(each, _Spell):
                whole.spells[each.pair].append(each)
                whole.first = min(whole.first, each.first)
                whole.last = max(whole.last, each.last)
    covered: set[tuple[str, str]] = set()
    for row, parts in whole.rows:
        outcomes: list[Outcome] = []
        for part in parts:
            if not isinstance(part, _Spell):
                outcomes.append(part)
                continue
            if part.pair not in covered:
                covered.add(part.pair)
                outcomes += _coverage(part, whole)
            outcomes += _acts(reading, part, whole)
        yield Said(row, outcomes)


def _acts(reading: Reading, spell: _Spell, whole: _List) -> Iterator[Act]:
    for column, kind in KINDS.items():
        if kind not in spell.kinds:
            continue
        verbatim = spell.row[column]
        said = _observed(spell, kind, "in_force", f"{spell.first:04}/{spell.last:04}")
        yield Act(spell.key(kind), said, column, verbatim, _outlived(reading, spell))
        if whole.ends(spell, kind):
            # Seen in the last year, not in the next: it ended after a day of the one, by the
            # first day of the other.
            over = f"[{spell.last:04}-01-02..{spell.last + 1:04}-01-01]"
            said = _observed(spell, kind, "none", over) | {
                "follows": [reading.event_id(spell.key(kind))],
                "note": f"Not in the list in {spell.last + 1}, which is complete: read from its "
                "silence; the act that ended it is not recorded.",
            }
            yield Act(f"{spell.key(kind)}:over", said, "last_year", spell.row["last_year"])


def _outlived(reading: Reading, spell: _Spell) -> str:
    """For the report: which of the two was no more in the last year, if one was."""
    for party in spell.pair:
        for ended in reading.names.parties[party].get("ended", ()):
            if dates.parse(ended).latest <= day_of(spell.last, 1, 1):
                return f"{party} ended ({ended}) before the last year of the spell: {spell.last}"
    return ""


def _coverage(spell: _Spell, whole: _List) -> Iterator[Act]:
    for kind in KINDS.values():
        said = {
            "type": "coverage.stated",
            "layer": "obligation",
            "subject": {"from": spell.owing, "to": spell.owed, "kind": kind},
            "over": f"{whole.first:04}/{whole.last:04}",
            "sources": [{"source": SOURCE}],
        }
        yield Act(f"coverage:{spell.owing}:{spell.owed}:{kind}", said)


def _observed(spell: _Spell, kind: str, value: str, over: str) -> dict[str, Any]:
    place = f"{spell.row['ccode1']} to {spell.row['ccode2']}, from {spell.row['first_year']}"
    return {
        "type": "status.observed",
        "layer": "obligation",
        "subject": {"from": spell.owing, "to": spell.owed, "kind": kind},
        "value": value,
        "over": over,
        "sources": [{"source": SOURCE, "locator": place}],
    }


def _parts(row: Row, codes: Codes) -> Iterator[_Spell | Outcome]:
    """The row for each pair of parties that its numbers mean in its years."""
    first, last = _year(row, "first_year"), _year(row, "last_year")
    for year in (first, last):
        if isinstance(year, Refused):
            yield year
            return
    assert isinstance(first, int)  # noqa: S101 - told above
    assert isinstance(last, int)  # noqa: S101 - told above
    if last < first:
        yield Refused("last_year", row["last_year"], f"ends before it begins: {row['first_year']}")
        return
    for column in KINDS:
        if row[column] not in ("0", "1"):
            yield Refused(column, row[column], "not a flag: expected 0 or 1")
            return
    kinds = tuple(kind for column, kind in KINDS.items() if row[column] == "1")
    if not kinds:
        yield Refused("atop_defense", row["atop_defense"], "a spell of no obligation at all")
        return
    if row["ccode1"] == row["ccode2"]:
        yield Refused("ccode2", row["ccode2"], "no state is its own ally")
        return
    owing, owed = (
        _meant(row, "ccode1", codes, first, last),
        _meant(row, "ccode2", codes, first, last),
    )
    yield from (each for each in (*owing, *owed) if isinstance(each, Held))
    for one in owing:
        for other in owed:
            if isinstance(one, Held) or isinstance(other, Held) or one[0] == other[0]:
                continue
            lo, hi = max(one[1], other[1]), min(one[2], other[2])
            if lo <= hi:
                yield _Spell(row, one[0], other[0], lo, hi, kinds)


def _year(row: Row, column: str) -> int | Refused:
    verbatim = row[column]
    if not re.fullmatch(r"\d{4}", verbatim):
        return Refused(column, verbatim, "not a year: expected four digits")
    if verbatim == "9999":
        return Refused(column, verbatim, "the year 9999 stands for something else than a year")
    return int(verbatim)


def _meant(
    row: Row, column: str, codes: Codes, first: int, last: int
) -> list[tuple[str, int, int] | Held]:
    """(party, first year, last year) of each party that the number means; its year of change is
    both parties', because the list does not say in which part of it the obligation was seen.
    """
    code = row[column]
    if not codes.known("cow", code):
        return [Held(column, code, "no party on record has this cow code")]
    found: list[tuple[str, int, int] | Held] = []
    at = day_of(first, 1, 1)
    told = first
    for each in codes.meant("cow", code, at, day_of(last, 12, 31)):
        if each.lo < at:
            return [Held(column, code, "means several parties on record at that time")]
        begins, ends = int(iso(each.lo)[:4]), int(iso(each.hi)[:4])
        if begins > told:
            found.append(_nobodys(column, code, told, begins - 1))
        found.append((each.party, begins, ends))
        at, told = each.hi + 1, ends + 1
    if told <= last:
        found.append(_nobodys(column, code, told, last))
    return found


def _nobodys(column: str, code: str, first: int, last: int) -> Held:
    return Held(column, code, f"nobody on record has this number in {first} to {last}")


PROFILE: Final = Profile(
    name="atop",
    title="ATOP alliance obligations",
    files=(File(FILE, ("ccode1", "ccode2", "first_year", "last_year", *KINDS)),),
    sources=(
        {
            "source": SOURCE,
            "kind": "dataset",
            "title": "Alliance Treaty Obligations and Provisions (ATOP)",
            "author": "Brett Ashley Leeds, Jeffrey M. Ritter, Sara McLaughlin Mitchell, Andrew G. Long",
            "url": "http://www.atopdata.org",
            "language": "en",
        },
    ),
    read=read,
    names_as_of="2018-12-31",
)
