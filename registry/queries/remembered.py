"""What was read once and never changes: documents as known at a moment, events of the log.

The log only grows, so what was known at a moment stays; another moment, and another generation,
are other keys. Only for what is read from committed data: positions that are rolled back are
given out again.
"""

import threading
from typing import Any, Final

MOST: Final = 20_000
"""So many documents and so many events are kept; when there are more, all are let go."""


class Remembered:
    """One for each store that a process reads from."""

    def __init__(self) -> None:
        self._docs: dict[tuple[int, int], dict[tuple[str, str], Any]] = {}
        self._events: dict[int, dict[str, Any]] = {}
        self._turn = threading.Lock()

    def docs(self, generation: int, moment: int) -> dict[tuple[str, str], Any]:
        """By kind and key; for `Directory` to read and to fill."""
        kept = self._docs.get((generation, moment))
        if kept is None:
            with self._turn:
                if sum(map(len, self._docs.values())) + len(self._docs) > MOST:
                    self._docs = {}
                kept = self._docs.setdefault((generation, moment), {})
        return kept

    def events(self, generation: int) -> dict[str, Any]:
        """By id, whatever the moment: an event is recorded once."""
        kept = self._events.get(generation)
        if kept is None or len(kept) > MOST:
            with self._turn:
                self._events = {generation: {}}
                kept = self._events[generation]
        return kept
