"""Settings, spans and the rest to rows of the projections and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import orjson

from registry.domain.confidence import Confidence
from registry.domain.dates import Days
from registry.domain.layers import LAYERS
from registry.domain.settings import Setting
from registry.domain.spans import Span

Row = Mapping[str, Any]


def text(value: object) -> str:
    """Compact JSON in a fixed order of keys."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def setting_row(setting: Setting) -> dict[str, Any]:
    return {
        "layer": setting.layer,
        "subject": setting.subject,
        "position": setting.position,
        "part": setting.part,
        "event_id": setting.event_id,
        "value": setting.values[0],
        "window": text(setting.window.to_list()),
        "lo": setting.window.lo,
        "hi": setting.window.hi,
        "confidence": int(setting.confidence),
        "rank": setting.rank,
        "act": setting.act,
        "follows": text(list(setting.after)),
        "assumption": setting.assumption,
        "cancellable": setting.cancellable,
        "tied": int(_tied(setting)),
    }


def _tied(setting: Setting) -> bool:
    """Whether more than its days and value bears on the fold: see `neighbourhood`."""
    return bool(
        setting.act is not None
        or setting.after
        or setting.assumption
        or setting.part
        or setting.cancellable
        or setting.values[0].startswith("@")
        or len(setting.window.intervals) > 1
    )


_CONFIDENCE = tuple(Confidence)
"""By number."""


def setting_from(row: Row) -> Setting:
    lo, hi, window = row["lo"], row["hi"], row["window"]
    plain = window.count("[") == 2  # one interval: no need to read the list
    return Setting(
        layer=row["layer"],
        subject=row["subject"],
        event_id=row["event_id"],
        position=row["position"],
        part=row["part"],
        values=(row["value"],),
        window=Days(((lo, hi),)) if plain else Days.from_list(orjson.loads(window)),
        confidence=_CONFIDENCE[row["confidence"]],
        rank=row["rank"],
        after=() if row["follows"] == "[]" else tuple(orjson.loads(row["follows"])),
        act=row["act"],
        assumption=row["assumption"],
        cancellable=bool(row["cancellable"]),
    )


def span_rows(layer: str, subject: str, spans: Iterable[Span]) -> list[dict[str, Any]]:
    parties = (*LAYERS[layer].party_parts(subject), None, None)
    return [_span_row(layer, subject, parties, each) for each in spans]


def _span_row(
    layer: str, subject: str, parties: Sequence[str | None], span: Span
) -> dict[str, Any]:
    since_lo, since_hi = span.since or (None, None)
    until_lo, until_hi = span.until or (None, None)
    return {
        "layer": layer,
        "subject": subject,
        "first_party": parties[0],
        "second_party": parties[1],
        "value": span.value,
        "day_from": span.day_from,
        "day_to": span.day_to,
        "certain": span.certain,
        "mask": span.mask,
        "evidence": text(list(span.evidence)),
        "since_lo": since_lo,
        "since_hi": since_hi,
        "until_lo": until_lo,
        "until_hi": until_hi,
    }


@dataclass
class Difference:
    """What has to be written so that the open rows of a table become the wanted ones."""

    close: list[int]
    insert: list[dict[str, Any]]
    closed: list[Row] = field(default_factory=list)
    made: dict[int, Setting] = field(default_factory=dict)
    """Of settings: those that new rows were made of, by the identity of the row."""

    @property
    def empty(self) -> bool:
        return not (self.close or self.insert)


def difference(old: Iterable[Row], new: Sequence[dict[str, Any]]) -> Difference:
    """Rows are the same when all columns of `new` are; the rest of `old` is closed."""
    old = list(old)
    if not old:
        return Difference([], list(new))
    if not new:
        return Difference([row["id"] for row in old], [], old)
    columns = itemgetter(*new[0])
    present: dict[tuple[Any, ...], list[Row]] = {}
    for row in old:
        present.setdefault(columns(row), []).append(row)
    insert: list[dict[str, Any]] = []
    kept: set[int] = set()
    for wanted in new:
        same = present.get(tuple(wanted.values()))
        if same:
            kept.add(same.pop(0)["id"])
        else:
            insert.append(wanted)
    closed = [row for row in old if row["id"] not in kept]
    return Difference([row["id"] for row in closed], insert, closed)
