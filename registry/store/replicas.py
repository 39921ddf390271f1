"""Copies of the store that are read in its place, as long as they can be trusted.

A watch looks at the store and at each copy twice a second, apart from all requests. A copy is read
while it streams, has the store's own history (told by hashes), and lacks nothing that the store was
seen at some seconds ago. Whatever else it is, it is left out, until a look finds it well again.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Engine, bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from registry.store import direct, log
from registry.store.engine import reading
from registry.store.log import Head
from registry.store.replica import SILENT, NotACopy, Replica
from registry.store.same_history import grew
from registry.store.tables import event

EVERY: Final = 0.5
"""Seconds from one look to the next."""
_REMEMBERED: Final = 240
_AGAIN: Final = 0.01

_RECORDED: Final = select(event.c.recorded_at).where(
    event.c.position == bindparam("at", type_=BigInteger)
)
FAILED: Final = (DBAPIError, PoolTimeout)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The store's head; the look began at this instant (microseconds, UTC) of this machine."""

    head: Head
    at: float
    instant: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A snapshot of a copy, and the copy that it is of."""

    replica: Replica
    conn: Connection


class Replicas:
    """One for each process. `lag`: seconds that a copy may be behind. `wait`: for one to catch up."""

    def __init__(
        self, store: Engine, urls: Sequence[str], pool_size: int, *, lag: float, wait: float
    ) -> None:
        self._store = store
        seconds = store.get_execution_options().get("read_seconds")
        self._each = [Replica(url, pool_size, seconds) for url in urls]
        self._lag, self._wait = lag, wait
        self._seen: deque[_Seen] = deque(maxlen=_REMEMBERED + int(lag / EVERY))
        self._read = (0, 0)
        self._first = random.randrange(1_000)  # noqa: S311 - spreads the load of several processes
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self._begun = threading.Lock()
        self.forget: Callable[[], None] = lambda: None
        """Called when the store turns out to be of another history than it was."""

    def any(self) -> bool:
        """Whether there are copies at all."""
        return bool(self._each)

    def watch(self) -> None:
        """Begin to look, once; in the process that asks, for threads do not outlive a fork."""
        if not self._each or not self._begun.acquire(blocking=False):
            return
        looks: list[Callable[[], None]] = [self._look_at_store, self._cut_the_silent]
        looks += [lambda it=each: self._look_at(it) for each in self._each]  # type: ignore[misc]
        for look in looks:
            self._threads.append(threading.Thread(target=self._repeat, args=(look,), daemon=True))
            self._threads[-1].start()

    def stop(self) -> None:
        """Look no more, and let go of every connection; before the store's own are let go."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(SILENT)
        for each in self._each:
            each.engine.dispose()

    def opened(self, stack: ExitStack, least: int) -> Opened | None:
        """A snapshot at `least` or later, which ends with the stack; None: ask the store itself.

        It takes no longer than `wait`, and where a copy has just died, than its time limits.
        """
        until = time.monotonic() + self._wait
        while True:
            behind = False
            for replica in self._fit():
                try:
                    with ExitStack() as attempt:
                        conn, head = attempt.enter_context(replica.snapshot())
                        if head.position >= least:
                            stack.push(attempt.pop_all())
                            return Opened(replica, conn)
                    behind = True
                except DBAPIError as error:
                    replica.failed(error)
                    return None
                except PoolTimeout:
                    return None
                except NotACopy as wrong:
                    replica.give_up(str(wrong))
            if not behind or least > self._plausible() or time.monotonic() > until:
                return None
            time.sleep(_AGAIN)

    def note(self, moment: int, recorded_at: int) -> None:
        """An answer was read that knows of this moment: the store must go on having it."""
        if moment > self._read[0]:
            self._read = (moment, recorded_at)

    def one(self) -> Replica | None:
        """Any copy that is fit to be read."""
        return next(self._fit(), None)

    def reached_by(self, instant: int) -> int | None:
        """A position at which the store had all that was recorded by then; None: not known yet."""
        seen = list(self._seen)
        return next((each.head.position for each in seen if each.instant >= instant), None)

    def told(self) -> list[dict[str, Any]]:
        """Each copy: its name, state, and how many positions it is behind (None: not known)."""
        head = self._seen[-1].head.position if self._seen else None
        return [
            {
                "name": each.name,
                "state": each.state if each.is_sound() or each.state != "copying" else "silent",
                "behind": max(0, head - at.position) if (at := each.seen) and head else None,
            }
            for each in self._each
        ]

    def _fit(self) -> Iterator[Replica]:
        """Those that lack nothing that the store was seen at so long ago as they may be behind."""
        self.watch()
        if not (seen := list(self._seen)):
            return
        then = time.monotonic() - self._lag
        least = next((each for each in reversed(seen) if each.at <= then), seen[0]).head.position
        self._first += 1
        for place in range(len(self._each)):
            each = self._each[(self._first + place) % len(self._each)]
            if each.is_sound() and (at := each.seen) is not None and at.position >= least:
                yield each

    def _plausible(self) -> int:
        """A position that the store may have reached since it was seen."""
        return self._seen[-1].head.position + 10_000

    def _repeat(self, look: Callable[[], None]) -> None:
        while not self._stopped.is_set():
            look()
            self._stopped.wait(EVERY)

    def _look_at_store(self) -> None:
        at, instant, read = time.monotonic(), time.time_ns() // 1_000, self._read
        try:
            with reading(self._store) as conn:
                head = log.head(conn)
                known = self._seen[-1].head if self._seen else head
                same = grew(conn, known, head) and _has(conn, *read)
        except FAILED:
            return  # what it was seen at last is what copies are measured by
        if not same:
            for each in self._each:
                each.give_up("the store has another history now")
            self._read = (0, 0)
            self.forget()
            self._seen = deque(maxlen=self._seen.maxlen)
        self._seen.append(_Seen(head, at, instant))

    def _look_at(self, replica: Replica) -> None:
        if not self._seen:
            return
        asked = replica.asking()
        try:
            with replica.snapshot() as (conn, head):
                known = self._seen[-1].head
                same = head.position >= known.position and grew(conn, known, head)
            if head.position < known.position:
                with reading(self._store) as conn:
                    same = grew(conn, head, known)
        except NotACopy as wrong:
            replica.give_up(str(wrong))
        except FAILED:
            replica.give_up("it cannot be reached")
        else:
            replica.found(head, same=same, asked=asked)

    def _cut_the_silent(self) -> None:
        for each in self._each:
            each.cut_if_silent()


def _has(conn: Connection, moment: int, recorded_at: int) -> bool:
    """Between two looks, an event may have been read and lost."""
    return not moment or direct.rows(conn, _RECORDED, {"at": moment}) == [(recorded_at,)]
