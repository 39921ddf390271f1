"""A SQLite file on a disk that is read only: it is read all the same, and opened anew once it can be
written again.
"""

import os
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

_KEY: Final = "on a read-only disk"


def read_on_a_read_only_disk(engine: Engine) -> None:
    """SQLite makes files beside the database even to read it, unless it is told that nobody writes;
    and what it opened on such a disk can never be written.
    """
    if engine.url.database is None:
        return
    file = Path(engine.url.database).absolute()

    def opened(dialect: Any, record: Any, args: list[Any], named: dict[str, Any]) -> Any:
        record.info[_KEY] = _is_read_only(file)
        if not record.info[_KEY] or _is_logged_beside(file):
            return None  # as it is opened always
        return dialect.connect(f"{file.as_uri()}?immutable=1", *args[1:], **named, uri=True)

    def taken(_connection: Any, record: Any, _proxy: object) -> None:
        if record.info[_KEY] and not _is_read_only(file):
            raise DisconnectionError

    event.listen(engine, "do_connect", opened)
    event.listen(engine, "checkout", taken)


def _is_read_only(file: Path) -> bool:
    try:
        return bool(os.statvfs(file).f_flag & os.ST_RDONLY)
    except FileNotFoundError:
        return False


def _is_logged_beside(file: Path) -> bool:
    """Whether a part of what is on record stands in the log beside the file, as after a crash."""
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0
