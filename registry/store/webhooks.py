"""Webhooks as they are kept: each with its secret, its own place in the log, and its dead letters."""

import base64
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, update

from registry.domain.errors import NotFound
from registry.store.webhook_tables import dead_letter, webhook

RESTORED: Final = "restored from a backup"
_BYTES: Final = 32
"""Of a secret; Standard Webhooks asks for 24 to 64."""


@dataclass(frozen=True)
class Webhook:
    """`position`: up to there everything was taken or given up; `tries` of what comes next failed."""

    id: str
    url: str = field(repr=False)
    types: tuple[str, ...]
    party: str | None
    secrets: tuple[str, ...] = field(repr=False)
    position: int
    tries: int


@dataclass(frozen=True)
class DeadLetter:
    """An event that was given up, and is to be tried once more."""

    position: int
    tries: int


def add(
    conn: Connection,
    url: str,
    types: Iterable[str],
    party: str | None,
    position: int,
    by: str,
    now: int,
) -> tuple[str, str]:
    """Its id, and its secret. It is told what comes after the position."""
    made, secret = str(uuid.uuid4()), _new_secret()
    conn.execute(
        insert(webhook).values(
            id=made,
            url=url,
            types=" ".join(types),
            party=party,
            secret=secret,
            made_by=by[:100],
            made_at=now,
            position=position,
            tries=0,
        )
    )
    return made, secret


def renew_secret(conn: Connection, webhook_id: str, old_until: int) -> str:
    """A new secret; the one before it signs too, until then. What was older signs no more."""
    found, secret = _row(conn, webhook_id), _new_secret()
    _change(conn, webhook_id, secret=secret, old_secret=found["secret"], old_until=old_until)
    return secret


def pause(conn: Connection, webhook_id: str, why: str) -> None:
    """Nothing more is told, and its place is kept."""
    _row(conn, webhook_id)
    _change(conn, webhook_id, paused=why[:200])


def pause_all(conn: Connection, why: str) -> None:
    conn.execute(update(webhook).where(webhook.c.paused.is_(None)).values(paused=why[:200]))


def resume(conn: Connection, webhook_id: str) -> None:
    """Told again, at once, from its place on."""
    _row(conn, webhook_id)
    _change(conn, webhook_id, paused=None, tries=0, next_at=None)


def remove(conn: Connection, webhook_id: str) -> None:
    """Gone, with its dead letters."""
    _row(conn, webhook_id)
    conn.execute(delete(dead_letter).where(dead_letter.c.webhook == webhook_id))
    conn.execute(delete(webhook).where(webhook.c.id == webhook_id))


def listed(conn: Connection) -> list[Mapping[str, Any]]:
    """All of them without their secrets, in the order they were made, each with its `dead` letters."""
    shown = [each for each in webhook.c if each.name not in ("secret", "old_secret")]
    dead = (
        select(func.count())
        .select_from(dead_letter)
        .where(dead_letter.c.webhook == webhook.c.id)
        .scalar_subquery()
    )
    statement = select(*shown, dead.label("dead")).order_by(webhook.c.made_at, webhook.c.id)
    return [dict(row) for row in conn.execute(statement).mappings()]


def dead_letters(conn: Connection, webhook_id: str) -> list[Mapping[str, Any]]:
    _row(conn, webhook_id)
    statement = select(dead_letter).where(dead_letter.c.webhook == webhook_id)
    rows = conn.execute(statement.order_by(dead_letter.c.position)).mappings()
    return [dict(row) for row in rows]


def ask_again(conn: Connection, webhook_id: str, positions: Sequence[int], now: int) -> int:
    """Have dead letters tried once more, all of them where none is named; how many."""
    _row(conn, webhook_id)
    statement = update(dead_letter).where(dead_letter.c.webhook == webhook_id)
    if positions:
        statement = statement.where(dead_letter.c.position.in_(positions))
    return conn.execute(statement.values(asked_at=now)).rowcount


def due(conn: Connection, head: int, now: int) -> list[str]:
    """Whoever may be told something now."""
    asked = exists().where(
        dead_letter.c.webhook == webhook.c.id, dead_letter.c.asked_at.is_not(None)
    )
    late = (webhook.c.position < head) & or_(webhook.c.next_at.is_(None), webhook.c.next_at <= now)
    statement = select(webhook.c.id).where(webhook.c.paused.is_(None), late | asked)
    return list(conn.execute(statement.order_by(webhook.c.id)).scalars())


def live(conn: Connection, webhook_id: str, now: int) -> Webhook | None:
    """As it stands now; None where it was removed or paused. Secrets: those that sign now."""
    statement = select(webhook).where(webhook.c.id == webhook_id, webhook.c.paused.is_(None))
    row = conn.execute(statement).first()
    if row is None:
        return None
    old = row.old_secret if row.old_secret and now < row.old_until else None
    return Webhook(
        row.id,
        row.url,
        tuple(row.types.split()),
        row.party,
        (row.secret, old) if old else (row.secret,),
        row.position,
        row.tries,
    )


def is_waiting(conn: Connection, webhook_id: str, now: int) -> bool:
    """Whether the next event is not to be tried yet."""
    statement = select(webhook.c.next_at).where(webhook.c.id == webhook_id)
    return (conn.execute(statement).scalar() or 0) > now


def next_dead_letter(conn: Connection, webhook_id: str) -> DeadLetter | None:
    """The first that somebody asked to try once more."""
    row = conn.execute(
        select(dead_letter.c.position, dead_letter.c.tries)
        .where(dead_letter.c.webhook == webhook_id, dead_letter.c.asked_at.is_not(None))
        .order_by(dead_letter.c.position)
    ).first()
    return row and DeadLetter(row.position, row.tries)


def reached(conn: Connection, of: Webhook, position: int, told_at: int | None) -> None:
    """Its place is after this position now; `told_at`: none where nothing there was for it."""
    values: dict[str, Any] = {"position": position, "tries": 0, "next_at": None}
    if told_at is not None:
        values |= {"told_at": told_at, "problem": None}
    _move(conn, of, values)


def failed(conn: Connection, of: Webhook, problem: str, next_at: int) -> None:
    """Its next event was tried once more, and is not tried again before then."""
    _move(conn, of, {"tries": of.tries + 1, "next_at": next_at, "problem": problem[:200]})


def give_up(
    conn: Connection,
    of: Webhook,
    position: int,
    event_id: str,
    status: int | None,
    problem: str,
    now: int,
) -> None:
    """This event becomes a dead letter, and what follows it is next."""
    values = {"position": position, "tries": 0, "next_at": None, "problem": problem[:200]}
    if _move(conn, of, values):
        conn.execute(
            insert(dead_letter).values(
                webhook=of.id,
                position=position,
                event_id=event_id,
                tries=of.tries + 1,
                status=status,
                problem=problem[:200],
                at=now,
            )
        )


def taken(conn: Connection, webhook_id: str, letter: DeadLetter) -> None:
    """A dead letter was taken after all."""
    conn.execute(delete(dead_letter).where(*_is(webhook_id, letter)))


def failed_again(
    conn: Connection, webhook_id: str, letter: DeadLetter, status: int | None, problem: str
) -> None:
    """It stays a dead letter until somebody asks once more."""
    conn.execute(
        update(dead_letter)
        .where(*_is(webhook_id, letter))
        .values(tries=letter.tries + 1, status=status, problem=problem[:200], asked_at=None)
    )


def _is(webhook_id: str, letter: DeadLetter) -> tuple[Any, Any]:
    return dead_letter.c.webhook == webhook_id, dead_letter.c.position == letter.position


def _move(conn: Connection, of: Webhook, values: Mapping[str, Any]) -> bool:
    """Only from where it was when it was read: nobody's place is put back."""
    statement = update(webhook).where(webhook.c.id == of.id, webhook.c.position == of.position)
    return conn.execute(statement.values(**values)).rowcount == 1


def _change(conn: Connection, webhook_id: str, **values: Any) -> None:
    conn.execute(update(webhook).where(webhook.c.id == webhook_id).values(**values))


def _row(conn: Connection, webhook_id: str) -> Mapping[str, Any]:
    row = conn.execute(select(webhook).where(webhook.c.id == webhook_id)).mappings().first()
    if row is None:
        raise NotFound(f"there is no webhook {webhook_id!r} (see `registry webhook list`)")
    return dict(row)


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(_BYTES)).decode()}"
