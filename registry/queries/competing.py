"""The accounts of one act that differ: what each says, and between which days it puts it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, SmallInteger, bindparam, select

from registry.domain.dates import Day
from registry.projections.tables import setting
from registry.queries.answers import Subject
from registry.queries.bearing import least
from registry.queries.view import View
from registry.store.among import among, parameter
from registry.store.direct import rows


@dataclass(frozen=True)
class Account:
    """What an event says of a layer, as one of several claims about the same act."""

    event_id: str
    value: str
    lo: Day
    hi: Day
    window: str


def accounts_of(
    view: View, subjects: Iterable[Subject]
) -> dict[Subject, list[tuple[Account, ...]]]:
    """By subject, the acts about which several events differ, whatever the day asked about."""
    wanted = list(dict.fromkeys(subjects))
    if not wanted:
        return {}
    said = {
        "generation": view.generation,
        "moment": view.moment,
        "least": least(view.threshold),
        "subjects": parameter(view.conn, sorted({key for _, key in wanted})),
        "layers": parameter(view.conn, sorted({layer for layer, _ in wanted})),
    }
    acts: dict[Subject, dict[int, list[Account]]] = {each: {} for each in wanted}
    for layer, key, act, *rest in rows(view.conn, _statement(view.conn.dialect.name, view), said):
        if (layer, key) in acts:
            acts[layer, key].setdefault(act, []).append(Account(*rest))
    return {
        subject: differing
        for subject, every in acts.items()
        if (differing := [tuple(each) for each in every.values() if _differ(each)])
    }


def _differ(accounts: Sequence[Account]) -> bool:
    told: dict[str, set[tuple[str, str]]] = {}
    for each in accounts:
        told.setdefault(each.event_id, set()).add((each.value, each.window))
    first, *others = told.values()
    return any(each != first for each in others)


_BUILT: dict[str, Select[Any]] = {}


def _statement(dialect: str, view: View) -> Select[Any]:
    if dialect not in _BUILT:
        moment = bindparam("moment", type_=BigInteger)
        _BUILT[dialect] = (
            select(
                *(setting.c.layer, setting.c.subject, setting.c.act, setting.c.event_id),
                *(setting.c.value, setting.c.lo, setting.c.hi, setting.c.window),
            )
            .where(
                setting.c.generation == bindparam("generation", type_=Integer),
                among(view.conn, setting.c.subject, "subjects"),
                among(view.conn, setting.c.layer, "layers"),
                setting.c.act.is_not(None),
                setting.c.confidence >= bindparam("least", type_=SmallInteger),
                setting.c.known_from <= moment,
                setting.c.known_to > moment,
            )
            .order_by(setting.c.lo, setting.c.hi, setting.c.position, setting.c.id)
        )
    return _BUILT[dialect]
