"""Who is who at a point of the register's knowledge: parties by id or code, close names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from rapidfuzz import fuzz
from sqlalchemy import BigInteger, Connection, Select, bindparam, select

from registry.domain import dates
from registry.domain.confidence import Confidence
from registry.domain.entities import label
from registry.domain.errors import Invalid, NotFound
from registry.domain.parties import coded, is_party_id
from registry.projections.tables import entity
from registry.store import direct
from registry.store.among import among, parameter

Doc = Mapping[str, Any]
Kept = dict[tuple[str, str], Doc]
"""By kind and key."""

LASTING = ("party", "source")
"""Kinds of which there are so few that what was read of them is kept."""


@dataclass(frozen=True)
class Directory:
    """The documents of parties, agreements and sources as known at a moment.

    `kept`: what is known already of this generation and moment; what is read is added.
    """

    conn: Connection
    generation: int
    moment: int
    kept: Kept = field(default_factory=dict)

    def docs(self, kind: str, keys: Iterable[str]) -> dict[str, Doc]:
        """Those of the keys that are on record, by key."""
        wanted = sorted(set(keys))
        found = {key: doc for key in wanted if (doc := self.kept.get((kind, key))) is not None}
        missing = [key for key in wanted if key not in found]
        for at in range(0, len(missing), 500):
            for key, doc in self._said(kind, missing[at : at + 500]):
                found[key] = orjson.loads(doc)
                if kind in LASTING:
                    self.kept[kind, key] = found[key]
        return found

    def all(self, kind: str) -> dict[str, Doc]:
        return {key: orjson.loads(doc) for key, doc in self._said(kind, None)}

    def _said(self, kind: str, keys: list[str] | None) -> list[tuple[Any, ...]]:
        said = {"generation": self.generation, "kind": kind, "moment": self.moment}
        if keys is not None:
            said["keys"] = parameter(self.conn, keys)
        return direct.rows(self.conn, _known(self.conn, named=keys is not None), said)

    def party(self, named: str, day: int) -> str:
        """The id of a party named by its id, or by a code that is valid on the day.

        Invalid for what names nobody by its form; NotFound, with close names, for the unknown.
        """
        if is_party_id(named) and self.docs("party", [named]):
            return named
        code = coded(named)
        if code is None and not is_party_id(named):
            if named.isdigit():
                offers = self._readings(named, day)
                raise Invalid(
                    f"a bare number may mean several codes: {named!r}", None, tuple(offers)
                )
            raise self._unknown(named)
        found = self._by_code(*(code or ("iso3", named)), day)
        if found is None:
            raise self._unknown(named)
        return found

    def _by_code(self, scheme: str, code: str, day: int) -> str | None:
        for key, doc in self.all("party").items():
            for each in doc.get("codes", ()):
                if each["scheme"] == scheme and each["code"].upper() == code.upper():
                    valid = each.get("valid")
                    if valid is None or day in dates.parse(valid).over:
                        return key
        return None

    def _readings(self, number: str, day: int) -> list[str]:
        """The codes a bare number may be, with whom each means."""
        made = []
        for scheme in ("cow", "gw"):
            found = self._by_code(scheme, number, day)
            made.append(f"{scheme}:{number}" + (f" ({found})" if found else ""))
        return made

    def _unknown(self, named: str) -> NotFound:
        offers = tuple(self.close(named))
        hint = f"; close: {', '.join(offers)}" if offers else ""
        return NotFound(f"no party is recorded as {named!r} on that day{hint}", offers)

    def close(self, named: str, limit: int = 5) -> list[str]:
        """Parties whose id or any name comes close, best first: suggestions for a person."""
        return closest(self.all("party"), named, limit)

    def labels(
        self,
        kind: str,
        keys: Iterable[str],
        day: int,
        threshold: Confidence,
        language: str | None = None,
    ) -> dict[str, str]:
        """Names or titles on the day; in this language, where they are recorded in it."""
        docs = self.docs(kind, keys)
        return {key: label(doc, day, threshold, language) for key, doc in docs.items()}


LONGEST_NAME: Final = 500
_BUILT: dict[tuple[str, bool], Select[Any]] = {}


def _known(conn: Connection, *, named: bool) -> Select[Any]:
    """(key, document) of a kind at a moment, of all or of the named; built once."""
    key = (conn.dialect.name, named)
    if key not in _BUILT:
        moment = bindparam("moment", type_=BigInteger)
        _BUILT[key] = (
            select(entity.c.key, entity.c.doc)
            .where(
                entity.c.generation == bindparam("generation"),
                entity.c.kind == bindparam("kind"),
                entity.c.known_from <= moment,
                entity.c.known_to > moment,
                *((among(conn, entity.c.key),) if named else ()),
            )
            .order_by(entity.c.key)
        )
    return _BUILT[key]


def closest(parties: Mapping[str, Doc], named: str, limit: int) -> list[str]:
    """The ids of these parties whose id or any name comes close, best first; what is far too long
    for a name is close to none, and is not compared with all.
    """
    if len(named) > LONGEST_NAME:
        return []
    text = named.split(":", 1)[-1].casefold()
    ranked: list[tuple[float, str]] = []
    for key, doc in parties.items():
        names = [each["name"] for each in doc["names"]]
        names += [n for each in doc["names"] for n in (each.get("languages") or {}).values()]
        by_name = max(fuzz.WRatio(text, name.casefold()) for name in names)
        ranked.append((max(fuzz.ratio(text, key.casefold()), by_name * 0.85), key))
    ranked.sort(key=lambda each: (-each[0], each[1]))
    return [key for score, key in ranked[:limit] if score >= 60]
