"""Which records are shown only to who asks for what is alleged."""

from collections.abc import Iterable, Mapping
from typing import Any

from registry.domain.confidence import BY_WORD, Confidence
from registry.explore.shown import Looking
from registry.queries import events as of_events

Document = Mapping[str, Any]


def kept_back(here: Looking, documents: Iterable[Document]) -> set[str]:
    """The ids of those that only say, or correct, what is alleged or disputed."""
    if here.includes_alleged:
        return set()
    every = list(documents)
    targets = of_events.documents(
        here.view, [str(each["target"]) for each in every if each.get("target")]
    )
    return {
        each["event_id"]
        for each in every
        if is_low(each)
        or is_low(targets.get(str(each.get("target"))) or {})
        or is_low(each.get("event") or {})
    }


def is_low(said: Mapping[str, Any]) -> bool:
    """Whether this content is alleged or disputed."""
    return BY_WORD[said.get("confidence", "reported")] < Confidence.REPORTED
