"""Who a dataset means: by exact code, by the name valid on its day, by a stated alias."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from registry.domain import dates
from registry.domain.confidence import Confidence
from registry.domain.entities import label
from registry.domain.errors import Invalid
from registry.projections.directory import closest

MOST_SUGGESTED: Final = 300
"""Names of one dataset for which a table's reader looks for close ones: each takes milliseconds,
and where more are nobody's, the wrong column was taken for the party.
"""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Nobody on record by that name; `suggestions` are for a person, never taken unasked."""

    reason: str
    suggestions: tuple[str, ...] = ()


@dataclass
class Names:
    """The parties on record (documents by id) as a dataset of a certain day names them."""

    parties: Mapping[str, Mapping[str, Any]]
    day: int
    aliases: Mapping[str, str] = field(default_factory=dict)
    _by_name: dict[str, set[str]] = field(default_factory=dict)
    _by_code: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _asked: dict[tuple[str, str | None], str | Unmatched] = field(default_factory=dict)
    _close: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names, codes = defaultdict(set), defaultdict(set)
        for party, doc in self.parties.items():
            codes["id", party.upper()].add(party)
            for each in doc.get("codes", ()):
                codes[each["scheme"], each["code"].upper()].add(party)
            if not _ended_before(doc, self.day):
                for name in _names_on(doc, self.day):
                    names[plain(name)].add(party)
        self._by_name, self._by_code = names, codes

    def party(self, verbatim: str, scheme: str | None = None) -> str | Unmatched:
        """The party's id; `scheme`: the cell holds a code of it (`id`: an id of this register)."""
        if (verbatim, scheme) not in self._asked:
            self._asked[verbatim, scheme] = self._found(verbatim, scheme)
        return self._asked[verbatim, scheme]

    def close(self, verbatim: str, parties: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
        """Those of the parties that it may mean, however often the dataset is read; of so many."""
        asked = (verbatim, len(parties))
        if asked not in self._close:
            if len(self._close) >= MOST_SUGGESTED:
                return ()
            self._close[asked] = tuple(closest(parties, verbatim, 3))
        return self._close[asked]

    def kind(self, party: str) -> str:
        """What kind of party it is, as recorded."""
        return str(self.parties[party]["kind"])

    def _found(self, verbatim: str, scheme: str | None) -> str | Unmatched:
        if not verbatim:
            return Unmatched("names nobody")
        if scheme is not None:
            coded = self._by_code.get((scheme, verbatim.upper()), set())
            if coded:
                return _one(coded, f"{scheme} code {verbatim}")
        elif named := self._by_name.get(plain(verbatim)):
            return _one(named, verbatim)
        if (alias := self.aliases.get(plain(verbatim))) is not None:
            return alias
        what = (
            f"no party on record has the {scheme} code"
            if scheme
            else "no party on record is so named"
        )
        return Unmatched(what, tuple(closest(self.parties, verbatim, 3)))


def read_aliases(path: Path, parties: Collection[str]) -> dict[str, str]:
    """`name: {party, reason}` in YAML: names in use that are nobody's recorded name."""
    said = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - text only
    if not isinstance(said, dict):
        raise Invalid(f"{path.name}: expected names, each with party and reason")
    found: dict[str, str] = {}
    for name, each in said.items():
        if not isinstance(each, dict) or not each.get("reason") or not each.get("party"):
            raise Invalid(f"{path.name}: {name}: expected party and reason")
        found[plain(name)] = each["party"]
    return {name: party for name, party in found.items() if party in parties}


def plain(name: str) -> str:
    """The name without what only printing differs in: case, blanks, kinds of apostrophe and dash."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_SAME)
    return re.sub(r"\s+", " ", text).strip()


_SAME = str.maketrans({"’": "'", "‘": "'", "`": "'", "ʼ": "'", "–": "-", "—": "-"})


def _one(found: set[str], named: str) -> str | Unmatched:
    if len(found) == 1:
        return next(iter(found))
    return Unmatched(f"{named}: several parties on record", tuple(sorted(found)))


def _names_on(doc: Mapping[str, Any], day: int) -> set[str]:
    """Its name on the day, in every language recorded."""
    name = label(doc, day, Confidence.REPORTED)
    languages = [each.get("languages") or {} for each in doc["names"] if each["name"] == name]
    return {name, *(text for each in languages for text in each.values())}


def _ended_before(doc: Mapping[str, Any], day: int) -> bool:
    ends = [text for text in doc.get("ended", ()) if text]
    ends += [
        each["occurred"]
        for each in doc.get("succeeded_by", ())
        if each["mode"] != "continuity" and each.get("occurred")
    ]
    return any(dates.parse(text).latest < day for text in ends)
