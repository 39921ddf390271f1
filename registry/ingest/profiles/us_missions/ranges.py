"""Status ranges: two lists of states, each divided without a gap into times of one status.

They are the primary claims. A range says of its first day that the status held, and the list as a
whole that nothing changed before the next. Both lists are made from one set of transitions and
differ in which states they hold, and from when to when: a range inside one of the other list that
says the same adds nothing; what goes beyond is recorded beside it; one that contradicts it is a
competing claim.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from registry.domain.dates import MIN_DAY, iso
from registry.ingest.coded import Codes
from registry.ingest.files import File, Row
from registry.ingest.profile import Act, Held, Outcome, Reading, Refused, Said, There
from registry.ingest.profiles.us_missions.cited import MISSIONS, day_of
from registry.queries.ladder import STATUSES, layers_of

FILES: Final = (
    File(
        "mission_status_range_cow.csv",
        ("country_code_cow", "country_name_cow", "date_start", "date_end", "us_mission_status"),
    ),
    File(
        "mission_status_range_gwm.csv",
        ("country_code_gw", "country_name_gw", "date_start", "date_end", "us_mission_status"),
        optional=True,
    ),
)
_SCHEMES: Final = ("cow", "gw")
_POSTS_TOLD: Final = frozenset(s for s in STATUSES if len(layers_of(s)) == 2)
"""The statuses that say something of consular posts."""


@dataclass(frozen=True, slots=True)
class Range:
    """A status of one party from one day to another, and where that is said."""

    scheme: str
    code: str
    party: str
    lo: int
    hi: int
    status: str
    line: int

    def key(self, layer: str) -> str:
        return f"range:{self.scheme}:{self.code}:{self.party}:{iso(self.lo)}:{layer}"

    def meets(self, other: "Range") -> bool:
        return self.lo <= other.hi and other.lo <= self.hi


@dataclass(slots=True)
class Stretch:
    """Ranges of one status without a gap between them; it begins with a transition.

    A claim from `before` (the first day of what precedes it) to `after` can speak of its beginning:
    to its last day, but only to its first where that is the list's first day, on which nothing
    began but the list.
    """

    first: Range
    hi: int
    before: int
    opens_list: bool = False
    same_day: list[Range] = field(default_factory=list)

    @property
    def lo(self) -> int:
        return self.first.lo

    @property
    def after(self) -> int:
        return self.lo if self.opens_list else self.hi


class Ranges:
    """The ranges of both lists, and the transitions that they come to."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._codes = Codes(reading.names.parties)
        self._rows: list[tuple[Row, list[Range | Outcome]]] = []
        self._by_party: dict[str, list[Range]] = defaultdict(list)
        self._against: dict[Range, Range] = {}
        """Ranges of the second list by the one of the first that says otherwise."""
        self._within: dict[Range, Range] = {}
        for file, scheme in zip(FILES, _SCHEMES, strict=True):
            if reading.has(file.name):
                self._read(file.name, scheme)
        opening = min((r.lo for each in self._by_party.values() for r in each), default=0)
        self.stretches = {
            party: _stretches(each, opening) for party, each in self._by_party.items()
        }

    def said(self) -> Iterator[Said]:
        """Every row with what follows from it."""
        covered = self._coverage()
        for row, parts in self._rows:
            outcomes: list[Outcome] = []
            for part in parts:
                if not isinstance(part, Range):
                    outcomes.append(part)
                elif (wider := self._within.get(part)) is not None:
                    reason = f"said in {FILES[0].name}, line {wider.line}"
                    outcomes.append(There(reason, "us_mission_status", part.status))
                else:
                    outcomes += self._acts(row, part)
                    outcomes += covered.get(part, ())
            yield Said(row, outcomes)

    def transition(self, party: str, status: str, lo: int, hi: int) -> Stretch | None:
        """The nearest transition to the status that a claim of these days can speak of.

        It can where it falls neither before the stretch that the transition ends nor after the one
        that it begins: other transitions lie between, and then it is another act.
        """
        fitting = [
            each
            for each in self.stretches.get(party, ())
            if each.first.status == status and each.before <= hi and lo <= each.after
        ]
        return min(fitting, key=lambda s: (max(lo - s.lo, s.lo - hi, 0), s.lo), default=None)

    def knows(self, party: str) -> bool:
        """Whether the lists have anything on the party."""
        return party in self.stretches

    def _read(self, name: str, scheme: str) -> None:
        mine: dict[str, list[Range]] = defaultdict(list)
        for row in self._reading.rows(name):
            parts: list[Range | Outcome] = []
            for part in self._parts(row, scheme):
                if not isinstance(part, Range):
                    parts.append(part)
                    continue
                others = mine[part.party]
                clash = next((o for o in others if o.meets(part) and o.status != part.status), None)
                if clash is not None:
                    reason = f"line {clash.line} of the same list says {clash.status} of these days"
                    parts.append(Held("us_mission_status", part.status, reason))
                    continue
                others.append(part)
                self._compare(part)
                parts.append(part)
            self._rows.append((row, parts))
        for party, found in mine.items():
            self._by_party[party] += [r for r in found if r not in self._against]

    def _compare(self, part: Range) -> None:
        """With what the list read before has on the party."""
        for other in self._by_party.get(part.party, ()):
            if other.status == part.status and other.lo <= part.lo and part.hi <= other.hi:
                self._within[part] = other
            elif other.status != part.status and other.meets(part):
                self._against.setdefault(part, other)

    def _parts(self, row: Row, scheme: str) -> list[Range | Outcome]:
        """The row for each party that its number means in its time."""
        lo, hi, status = (
            day_of(row, "date_start"),
            day_of(row, "date_end"),
            row["us_mission_status"],
        )
        if isinstance(lo, Refused):
            return [lo]
        if isinstance(hi, Refused):
            return [hi]
        if hi < lo:
            return [Refused("date_end", row["date_end"], f"ends before {row['date_start']}")]
        if status not in STATUSES:
            reason = f"not a status: expected one of {', '.join(STATUSES)}"
            return [Refused("us_mission_status", status, reason)]
        column, name = f"country_code_{scheme}", f"country_name_{scheme}"
        code = row[column]
        if not self._codes.known(scheme, code):
            party = self._reading.party(row, name)
            if isinstance(party, Held):
                return [Held(column, code, f"{party.reason}: {row[name]}", party.suggestions)]
            return [Range(scheme, code, party, lo, hi, status, row.line)]
        parts: list[Range | Outcome] = []
        at = lo
        for each in self._codes.meant(scheme, code, lo, hi):
            if each.lo < at:
                return [Held(column, code, "means several parties on record at that time")]
            if each.lo > at:
                parts.append(_nobodys(column, code, at, each.lo - 1))
            parts.append(Range(scheme, code, each.party, each.lo, each.hi, status, row.line))
            at = each.hi + 1
        if at <= hi:
            parts.append(_nobodys(column, code, at, hi))
        return parts

    def _acts(self, row: Row, part: Range) -> Iterator[Act]:
        claim, remark = self._claim_of(part)
        for layer, value in layers_of(part.status):
            said: dict[str, Any] = {
                "type": "status.observed",
                "layer": layer,
                "subject": {"sender": "USA", "receiver": part.party},
                "value": value,
                "over": f"{iso(part.lo)}/{iso(part.hi)}",
                "sources": [{"source": MISSIONS, "locator": _locator(row, part)}],
            }
            if remark:
                said["note"] = remark
            if isinstance(claim, Range):
                said["same_act_as"] = self._reading.event_id(claim.key(layer))
            elif claim:
                said |= {"confidence": "alleged", "confidence_reason": claim}
            yield Act(part.key(layer), said, "us_mission_status", part.status, remark)

    def _claim_of(self, part: Range) -> tuple[Range | str | None, str]:
        """(of which range's act it is another claim, or why it is only alleged; a remark)."""
        other = self._against.get(part)
        if other is None:
            mine = next((s for s in self.stretches[part.party] if part in s.same_day), None)
            return (mine.first if mine else None), ""
        remark = f"{FILES[0].name}, line {other.line} says {other.status} of some of these days"
        found = self.transition(part.party, part.status, part.lo, part.lo)
        return (found.first if found else remark), remark

    def _coverage(self) -> dict[Range, list[Act]]:
        """By the range with which a complete run begins: that nothing else happened in it."""
        made: dict[Range, list[Act]] = defaultdict(list)
        for party, ranges in self._by_party.items():
            told = [r for r in ranges if r.status in _POSTS_TOLD]
            for layer, mine in (("representation", ranges), ("consular_post", told)):
                for first, hi in _runs([r for r in mine if r not in self._within]):
                    said = {
                        "type": "coverage.stated",
                        "layer": layer,
                        "subject": {"sender": "USA", "receiver": party},
                        "over": f"{iso(first.lo)}/{iso(hi)}",
                        "sources": [{"source": MISSIONS, "locator": "status ranges"}],
                    }
                    made[first].append(
                        Act(f"coverage:{party}:{layer}:{iso(first.lo)}", said, "date_start")
                    )
        return made


def _nobodys(column: str, code: str, lo: int, hi: int) -> Held:
    return Held(column, code, f"nobody on record has this number from {iso(lo)} to {iso(hi)}")


def _locator(row: Row, part: Range) -> str:
    return f"status range, {part.scheme} {part.code}, from {row['date_start']}"


def _stretches(ranges: list[Range], opening: int) -> list[Stretch]:
    found: list[Stretch] = []
    for each in sorted(ranges, key=lambda r: (r.lo, _SCHEMES.index(r.scheme), r.hi)):
        last = found[-1] if found else None
        if last and each.lo <= last.hi + 1 and last.first.status == each.status:
            if each.lo == last.lo and each != last.first:
                last.same_day.append(each)
            last.hi = max(last.hi, each.hi)
        elif last is None:
            found.append(Stretch(each, each.hi, MIN_DAY, each.lo == opening))
        else:
            before = last.lo if each.lo <= last.hi + 1 else last.hi + 1
            found.append(Stretch(each, each.hi, before))
    return found


def _runs(ranges: list[Range]) -> Iterator[tuple[Range, int]]:
    """(the first range, the last day) of each run without a gap."""
    first: Range | None = None
    hi = 0
    for each in sorted(ranges, key=lambda r: (r.lo, _SCHEMES.index(r.scheme), r.hi)):
        if first is not None and each.lo <= hi + 1:
            hi = max(hi, each.hi)
            continue
        if first is not None:
            yield first, hi
        first, hi = each, each.hi
    if first is not None:
        yield first, hi
