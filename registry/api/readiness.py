"""Whether this process may be sent requests: each part is asked, and none is waited for long."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from sqlalchemy import Engine

from registry.store import direct, log
from registry.store.engine import reading
from registry.store.schema import is_current

PATIENCE: Final = 2.0
"""Seconds after which a part that has not answered counts as out of reach."""


def _migrated(engine: Engine) -> str | None:
    if is_current(engine):
        return None
    return "the database lacks migrations: run `registry migrate`"


def _head_is_read(engine: Engine) -> str | None:
    with reading(engine) as conn:
        there = direct.rows(conn, log.HEAD, {})
    return None if len(there) == 1 else "the head of the log cannot be read"


PARTS: Final[tuple[Callable[[Engine], str | None], ...]] = (_migrated, _head_is_read)
"""What is asked, in this order: each says what is missing, or None. The lag of replicas goes here."""


def missing(engine: Engine) -> str | None:
    """What keeps this process from answering, or None; SQLAlchemyError where the store fails."""
    return next((said for part in PARTS if (said := part(engine))), None)


class Probe:
    """Asks `missing` beside the request, so that a database that never answers holds nobody.

    Those who ask meanwhile share one look: at most one thread is ever lost to a silent database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._look: Future[str | None] | None = None

    def ask(self) -> str | None:
        """As `missing`; TimeoutError after PATIENCE."""
        with self._turn:
            if self._look is None or self._look.done():
                self._look = Future()
                threading.Thread(target=self._fill, args=(self._look,), daemon=True).start()
            look = self._look
        return look.result(PATIENCE)

    def _fill(self, look: Future[str | None]) -> None:
        try:
            look.set_result(missing(self._engine))
        except Exception as error:  # noqa: BLE001 - it is raised again where it was asked
            look.set_exception(error)
