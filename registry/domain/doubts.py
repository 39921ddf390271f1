"""Doubts: what is odd in a history. Odd is not wrong: it is recorded and listed for editors."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Doubt:
    """`code` is stable; `events` are the ids it is about."""

    code: str
    message: str
    events: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "events": list(self.events)}
