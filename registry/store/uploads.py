"""Files on their way into the register: kept until they are imported or dropped, a day at most."""

import hashlib
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from registry.store.accounts import Account
from registry.store.people_tables import column_map, upload

GIVEN, TRIED, RUNNING, STOPPED, DONE, DROPPED = (
    "given",
    "tried",
    "running",
    "stopped",
    "done",
    "dropped",
)
"""Given: its columns are to be named; tried: there was a dry run; stopped: an error broke it off."""
OPEN: Final = (GIVEN, TRIED)
"""Nothing of it is recorded yet."""
LASTS: Final = 86_400 * 1_000_000
MOST_LISTED: Final = 50
MOST_OPEN: Final = 10
"""Files of one account that are kept; the oldest that are not begun go first."""


@dataclass(frozen=True)
class Upload:
    """`said`: what its columns hold and whom names mean; `report`: what became of its rows.

    `done`: so many of its rows (`of`) were taken in.
    """

    id: str
    account: str
    by: str
    name: str
    made_at: int
    state: str
    said: dict[str, Any]
    report: dict[str, Any]
    done: int
    of: int


def add(
    conn: Connection,
    account: Account,
    *,
    name: str,
    content: bytes,
    said: dict[str, Any],
    of: int,
    now: int,
) -> str:
    """Keep a file until it is imported; its id."""
    kept = conn.execute(
        select(upload.c.id)
        .where(upload.c.account == account.id, upload.c.state.in_((*OPEN, STOPPED)))
        .order_by(upload.c.made_at.desc())
    ).scalars()
    for each in list(kept)[MOST_OPEN - 1 :]:
        drop(conn, each)
    made = str(uuid.uuid4())
    conn.execute(
        insert(upload).values(
            id=made,
            account=account.id,
            by=account.name,
            name=name[:200],
            made_at=now,
            state=GIVEN,
            said=_text(said),
            report="{}",
            done=0,
            of=of,
            content=content,
        )
    )
    return made


def one(conn: Connection, upload_id: str) -> Upload | None:
    row = conn.execute(select(*_SHOWN).where(upload.c.id == upload_id)).first()
    return None if row is None else _upload(row)


def locked(conn: Connection, upload_id: str) -> Upload | None:
    """The same, which nobody else changes before this transaction ends."""
    row = conn.execute(select(*_SHOWN).where(upload.c.id == upload_id).with_for_update()).first()
    return None if row is None else _upload(row)


def listed(conn: Connection) -> list[Upload]:
    """The latest first, without their reports."""
    shown = [each for each in _SHOWN if each.name != "report"]
    rows = conn.execute(
        select(*shown, literal("{}").label("report"))
        .order_by(upload.c.made_at.desc(), upload.c.id)
        .limit(MOST_LISTED)
    )
    return [_upload(row) for row in rows]


def content_of(conn: Connection, upload_id: str, now: int) -> bytes | None:
    """None once it is imported or dropped, or a day old."""
    found: bytes | None = conn.execute(
        select(upload.c.content).where(upload.c.id == upload_id, upload.c.made_at >= now - LASTS)
    ).scalar_one_or_none()
    return found


def say(conn: Connection, upload_id: str, said: dict[str, Any]) -> bool:
    """Keep what is said of it, which has to be tried again; whether it could still be said."""
    return _move(conn, upload_id, OPEN, said=_text(said), report="{}", state=GIVEN)


def tried(
    conn: Connection, upload_id: str, said: dict[str, Any], report: dict[str, Any], of: int
) -> bool:
    """Keep the report of a dry run, unless something else was said meanwhile."""
    now = locked(conn, upload_id)
    if now is None or now.said != said:
        return False
    return _move(conn, upload_id, OPEN, report=_text(report), of=of, state=TRIED)


def start(conn: Connection, upload_id: str, report: dict[str, Any]) -> bool:
    """Whether this is the one request that starts it."""
    return _move(conn, upload_id, (TRIED,), state=RUNNING, report=_text(report), done=0)


def take_up(conn: Connection, upload_id: str) -> bool:
    """Go on after an error."""
    return _move(conn, upload_id, (STOPPED,), state=RUNNING)


def went_on(conn: Connection, upload_id: str, done: int, report: dict[str, Any]) -> None:
    """So many rows are taken in now; in the transaction that takes them in."""
    _move(conn, upload_id, (RUNNING,), done=done, report=_text(report))


def finish(conn: Connection, upload_id: str) -> bool:
    """All rows are taken in, so the file itself is no longer kept."""
    return _move(conn, upload_id, (RUNNING,), state=DONE, content=None)


def stop(conn: Connection, upload_id: str, report: dict[str, Any]) -> bool:
    """Something stands against going on, which `report` says."""
    return _move(conn, upload_id, (RUNNING,), state=STOPPED, report=_text(report))


def drop(conn: Connection, upload_id: str) -> bool:
    """Throw the file away; what was recorded of it stays recorded."""
    return _move(conn, upload_id, (GIVEN, TRIED, STOPPED), state=DROPPED, content=None)


def are_old(conn: Connection, now: int) -> bool:
    """Whether there are files that have to go."""
    return conn.execute(select(upload.c.id).where(*_old(now)).limit(1)).first() is not None


def drop_old(conn: Connection, now: int) -> None:
    conn.execute(update(upload).where(*_old(now)).values(state=DROPPED, content=None))


def remembered(conn: Connection, header: Sequence[str]) -> dict[str, Any] | None:
    """What was said the last time of a file with these columns."""
    found = conn.execute(
        select(column_map.c.said).where(column_map.c.header == _digest(header))
    ).scalar_one_or_none()
    return None if found is None else dict(orjson.loads(found))


def remember(conn: Connection, header: Sequence[str], said: dict[str, Any], now: int) -> None:
    values = {"said": _text(said), "at": now}
    known = column_map.c.header == _digest(header)
    if conn.execute(update(column_map).where(known).values(**values)).rowcount == 0:
        with suppress(IntegrityError), conn.begin_nested():  # somebody else says it just now
            conn.execute(insert(column_map).values(header=_digest(header), **values))


_SHOWN: Final = [each for each in upload.c if each.name != "content"]


def _old(now: int) -> tuple[Any, ...]:
    return (upload.c.content.is_not(None), upload.c.made_at < now - LASTS)


def _move(conn: Connection, upload_id: str, states: Sequence[str], **values: Any) -> bool:
    moved = conn.execute(
        update(upload).where(upload.c.id == upload_id, upload.c.state.in_(states)).values(**values)
    )
    return moved.rowcount == 1


def _upload(row: Any) -> Upload:
    said, report = orjson.loads(row.said), orjson.loads(row.report)
    return Upload(
        row.id,
        row.account,
        row.by,
        row.name,
        row.made_at,
        row.state,
        said,
        report,
        row.done,
        getattr(row, "of"),  # noqa: B009 - a name of the table
    )


def _text(said: dict[str, Any]) -> str:
    return orjson.dumps(said).decode()


def _digest(header: Sequence[str]) -> str:
    return hashlib.sha256(orjson.dumps(list(header))).hexdigest()
