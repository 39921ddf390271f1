"""Whole pinned answers that were given out, kept up to so many bytes of memory."""

import threading
from dataclasses import dataclass
from typing import Final

MOST: Final = 32 * 1024 * 1024
"""So many bytes in all; the answer kept first is dropped first."""
MOST_OF_ONE: Final = 256 * 1024

Headers = list[tuple[str, str]]
Key = tuple[str, ...]
_BESIDE: Final = 2_000
"""What one answer takes beside its text: the objects that hold it, rather too much than too little."""


@dataclass(frozen=True, slots=True)
class Answer:
    generation: int
    headers: Headers
    body: bytes


class Kept:
    """Answers by all of a request that they depend on; any thread may ask and keep."""

    def __init__(self) -> None:
        self.size = 0
        self._answers: dict[Key, Answer] = {}
        self._turn = threading.Lock()

    def get(self, key: Key) -> Answer | None:
        return self._answers.get(key)

    def keep(self, key: Key, answer: Answer) -> None:
        """In place of what was kept for that request; one that is too large is not kept."""
        with self._turn:
            self._drop(key)
            if len(answer.body) > MOST_OF_ONE:
                return
            self.size += _size(key, answer)
            self._answers[key] = answer
            while self.size > MOST:
                self._drop(next(iter(self._answers)))

    def _drop(self, key: Key) -> None:
        if (dropped := self._answers.pop(key, None)) is not None:
            self.size -= _size(key, dropped)


def _size(key: Key, answer: Answer) -> int:
    said = sum(len(name) + len(value) for name, value in answer.headers)
    return _BESIDE + sum(map(len, key)) + said + len(answer.body)
