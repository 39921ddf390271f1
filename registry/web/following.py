"""Who waits for what is recorded next: a bounded number of them, and one who looks for all."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, cast

from flask import Flask, current_app
from werkzeug.exceptions import ServiceUnavailable

from registry.queries.glance import Glance

EVERY: Final = 0.2
"""Seconds from one look at the head of the log to the next, while anybody waits."""
_EXTENSION: Final = "registry-following"


class Following:
    """One for each process. `most` may wait at a time: each of them holds a thread of the server.

    `heartbeat`: seconds after which a silent stream says that it is alive, and so finds out
    whether anybody still listens.
    """

    def __init__(self, look: Callable[[], Glance | None], most: int, heartbeat: float) -> None:
        self.heartbeat = heartbeat
        self._look = look
        self._most = most
        self._waiting = 0
        self._looking = False
        self._head = 0
        self._moved = threading.Condition()

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place among those who wait; 503 where there is none."""
        with self._moved:
            if self._waiting >= self._most:
                raise ServiceUnavailable(
                    f"{self._most} are following the log here already, which is all that is "
                    "provided for: try again, or ask without waiting",
                    retry_after=5,
                )
            self._waiting += 1
        try:
            yield
        finally:
            with self._moved:
                self._waiting -= 1

    def beyond(self, position: int, seconds: float) -> int:
        """The head of the log once it is beyond this position; what it is by then otherwise."""
        with self._moved:
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._watch, daemon=True).start()
            self._moved.wait_for(lambda: self._head > position, seconds)
            return self._head

    def _watch(self) -> None:
        try:
            while True:
                found = self._look()
                with self._moved:
                    if found is not None and found.position != self._head:
                        self._head = found.position
                        self._moved.notify_all()
                    if not self._waiting:
                        self._looking = False
                        return
                time.sleep(EVERY)
        except BaseException:
            with self._moved:
                self._looking = False  # whoever waits next begins anew
            raise


def plug(app: Flask, following: Following) -> None:
    app.extensions[_EXTENSION] = following


def following() -> Following:
    """Of the application that answers this request."""
    return cast("Following", current_app.extensions[_EXTENSION])
