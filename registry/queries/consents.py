"""The consents of parties to agreements, and whether their effects are on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Select,
    SmallInteger,
    Table,
    bindparam,
    literal,
    select,
)

from registry.domain.confidence import Confidence
from registry.domain.dates import Days
from registry.projections.tables import setting
from registry.queries.bearing import least
from registry.queries.view import View
from registry.store.among import among, parameter
from registry.store.direct import rows

LEFT: Final = ("none", "withdrawn", "expelled")


@dataclass(frozen=True)
class Consent:
    """What is on record of the effect of a party's consent.

    `windows`: of the consents themselves; `effect_stated`: an effect is on record, so before it
    a contracting state is not bound.
    """

    windows: tuple[Days, ...]
    effect_stated: bool


NO_CONSENT: Final = Consent((), effect_stated=False)


def consents_said(view: View, keys: Sequence[str]) -> dict[str, list["Said"]]:
    """By agreement and party, all that is said of the party's participation."""
    if not keys:
        return {}
    settings: dict[str, list[Said]] = {key: [] for key in keys}
    said = {
        "generation": view.generation,
        "moment": view.moment,
        "least": least(view.threshold),
        "keys": parameter(view.conn, keys),
    }
    for key, *rest in rows(view.conn, _settings(view.conn), said):
        settings[key].append(Said(*rest))
    return settings


class Said(NamedTuple):
    """One setting of a participation."""

    position: int
    value: str
    window: str
    lo: int
    hi: int
    confidence: int


def consent_on(settings: Sequence[Said], days: Days) -> Consent:
    begun = [r for r in settings if r.value == "contracting" and r.lo <= days.hi]
    return Consent(
        tuple(Days.from_list(orjson.loads(r.window)) for r in begun),
        any(_waits_for(each, settings, days) for each in settings),
    )


def _waits_for(effect: Said, settings: Sequence[Said], days: Days) -> bool:
    """Whether it is an effect of a consent given by these days, and comes after them for sure.

    One that may not have happened is none; nor is that of a later consent, or of a participation
    that was taken up again after the party had left.
    """
    if effect.value != "party" or effect.hi <= days.lo or effect.confidence == Confidence.DISPUTED:
        return False
    own = [r for r in settings if r.position == effect.position and r.value == "contracting"]
    if own:
        return any(r.lo <= days.hi for r in own)
    return not any(r.value in LEFT and days.hi < r.lo and r.hi < effect.lo for r in settings)


def _settings(conn: Connection) -> Select[Any]:
    key = conn.dialect.name
    if key not in _KEPT:
        columns = [setting.c[name] for name in ("subject", *Said._fields)]
        _KEPT[key] = known_of(setting, "participation", *columns).where(
            among(conn, setting.c.subject),
            setting.c.confidence >= bindparam("least", type_=SmallInteger),
        )
    return _KEPT[key]


_KEPT: dict[str, Select[Any]] = {}
"""By dialect: to make and compile a statement takes far longer than to run it."""


def known_of(table: Table, layer: str, *columns: Column[Any]) -> Select[Any]:
    """The rows of a layer that the register knew of at a moment."""
    moment = bindparam("moment", type_=BigInteger)
    return select(*columns).where(
        table.c.generation == bindparam("generation", type_=Integer),
        table.c.layer == literal(layer),
        table.c.known_from <= moment,
        table.c.known_to > moment,
    )
