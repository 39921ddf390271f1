"""Timelines: the runs of days on which the answer of a layer is the same."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from registry.domain.dates import Days, iso
from registry.domain.layers import LAYERS, NOTHING
from registry.projections.tables import span
from registry.queries.answers import Subject, state_on
from registry.queries.view import View


def segments(view: View, subjects: Iterable[Subject]) -> list[dict[str, Any]]:
    """The timelines of these subjects as rows: from, to, and what was possible."""
    wanted = list(dict.fromkeys(subjects))
    made: list[dict[str, Any]] = []
    rows = view.conn.execute(
        select(span)
        .where(
            span.c.generation == view.generation,
            span.c.subject.in_([key for _, key in wanted]),
            span.c.mask.op("&")(view.threshold.bit) != 0,
            span.c.known_from <= view.moment,
            span.c.known_to > view.moment,
        )
        .order_by(span.c.layer, span.c.subject, span.c.day_from, span.c.value)
    ).all()
    for layer, key in wanted:
        mine = [r for r in rows if (r.layer, r.subject) == (layer, key)]
        for lo, hi in sorted({(r.day_from, r.day_to) for r in mine}):
            state = state_on([r for r in mine if r.day_from == lo], Days(((lo, hi),)))
            default = LAYERS[layer].default
            possible = [value or default for value in state.possible]
            made.append(
                {
                    "layer": layer,
                    "subject": LAYERS[layer].subject(key),
                    "from": iso(lo),
                    "to": iso(hi),
                    "value": possible[0] if len(possible) == 1 else None,
                    "certain": state.certain,
                    "possible": possible,
                    "because": {v: ids for v, ids in state.possible.items() if v != NOTHING},
                }
            )
    return made
