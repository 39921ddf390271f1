"""Who a row of any table means, on the day it speaks of: by id, by code, by the name then valid."""

from collections.abc import Iterator, Mapping
from typing import Any

from registry.domain import dates
from registry.domain.entities import document
from registry.domain.events.parties import PartyRecorded
from registry.domain.parties import coded
from registry.ingest.names import Names, Unmatched, plain


class Parties:
    """The parties on record, and those that the file itself records as it goes on.

    `day`: the one to look at for what has no date. `names`: of a dataset, where somebody said whom
    names mean that are nobody's, or several parties', on the day.
    """

    def __init__(
        self, on_record: Mapping[str, Mapping[str, Any]], day: int, names: Names | None = None
    ) -> None:
        self._names = names or Names({}, day)
        self._parties = dict(on_record)
        self._day = day
        self._by_name: dict[str, set[str]] = {}
        self._by_code: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
        for party in self._parties:
            self._enter(party)
        self._found: dict[tuple[str, int, int], str | Unmatched] = {}

    def learn(self, event: PartyRecorded) -> None:
        """From here on the file may speak of this party too."""
        doc = document([("", event)])
        if event.party not in self._parties and doc is not None:
            self._parties[event.party] = doc
            self._enter(event.party)
            self._found.clear()

    def find(self, text: str, days: tuple[int, int] | None) -> str | Unmatched:
        """The id of the one party that is so called at some time in these days (first, last)."""
        if text in self._parties:
            return text
        asked = (text, *(days or (self._day, self._day)))
        if asked not in self._found:
            found = self._find(text, {asked[1], asked[2]})
            meant = self._names.aliases.get(plain(text)) if isinstance(found, Unmatched) else None
            self._found[asked] = found if meant is None else meant
        return self._found[asked]

    def _find(self, text: str, days: set[int]) -> str | Unmatched:
        if code := coded(text):
            found = {each for day in days for each in self._coded(*code, day)}
            missing = f"no party on record has the {code[0]} code on that day"
        elif text.isdigit():
            offers = {
                each for s in ("cow", "gw") for day in days for each in self._coded(s, text, day)
            }
            reason = f"a bare number may mean several codes (say cow:{text} or gw:{text})"
            return Unmatched(reason, tuple(sorted(offers)))
        else:
            said = [self._named(text, day) for day in sorted(days)]
            if several := [e for e in said if not isinstance(e, str) and "several" in e.reason]:
                return several[0]
            found = {each for each in said if isinstance(each, str)}
            found = found or {each for day in days for each in self._coded("iso3", text, day)}
            missing = "no party on record is so named on that day"
        if len(found) == 1:
            return found.pop()
        if found:
            return Unmatched("several parties on record", tuple(sorted(found)))
        return Unmatched(missing, self._names.close(text, self._parties))

    def _coded(self, scheme: str, code: str, day: int) -> Iterator[str]:
        for party, valid in self._by_code.get((scheme, code.upper()), ()):
            if valid is None or day in dates.parse(valid).over:
                yield party

    def _named(self, text: str, day: int) -> str | Unmatched:
        """Of those who ever had the name, the one who has it on the day."""
        had = self._by_name.get(plain(text), set())
        return Names({party: self._parties[party] for party in had}, day).party(text)

    def _enter(self, party: str) -> None:
        for each in self._parties[party]["names"]:
            for name in (each["name"], *(each.get("languages") or {}).values()):
                self._by_name.setdefault(plain(name), set()).add(party)
        for each in self._parties[party].get("codes", ()):
            held = (party, each.get("valid"))
            self._by_code.setdefault((each["scheme"], each["code"].upper()), []).append(held)
