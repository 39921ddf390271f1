"""Who is signed in, and how often somebody tried: visits that end, attempts that are counted."""

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from registry.store.accounts import Account, by_id, typed
from registry.store.engine import is_sqlite
from registry.store.people_tables import attempt, secret, visit

SECOND: Final = 1_000_000
SEEN_EVERY: Final = 60 * SECOND
"""A visit's last step is noted at most this often."""
COUNTED_FOR: Final = 15 * 60 * SECOND
"""Failed attempts older than this are forgotten."""
ATTEMPTS_OF_ACCOUNT: Final = 5
ATTEMPTS_OF_ADDRESS: Final = 30


@dataclass(frozen=True)
class Limits:
    """Microseconds that a visit lasts without a step, and in all."""

    idle: int
    whole: int


def begin(conn: Connection, account_id: str, address: str, agent: str, now: int) -> str:
    """A new visit; the answer is what its cookie holds, which is kept as a hash only."""
    text = secrets.token_urlsafe(32)
    conn.execute(
        insert(visit).values(
            id=_hash(text),
            account=account_id,
            began_at=now,
            seen_at=now,
            address=address[:60],
            agent=agent[:300],
        )
    )
    return text


def of(conn: Connection, text: str) -> Any | None:
    """The row of a visit, over or not."""
    return conn.execute(select(visit).where(visit.c.id == _hash(text))).first()


def account_of(conn: Connection, text: str, now: int, limits: Limits) -> Account | None:
    """Whose visit it is; None where it is over."""
    row = of(conn, text)
    if row is None or row.ended_at is not None:
        return None
    if row.seen_at + limits.idle <= now or row.began_at + limits.whole <= now:
        return None
    found = by_id(conn, row.account)
    return None if found is None or found.disabled else found


def seen(conn: Connection, text: str, now: int) -> None:
    conn.execute(update(visit).where(visit.c.id == _hash(text)).values(seen_at=now))


def is_due(row: Any, now: int, limits: Limits) -> bool:
    """Whether it is time again to note that the visit goes on."""
    return bool(row.seen_at + min(SEEN_EVERY, limits.idle // 10) <= now)


def end(conn: Connection, text: str, now: int) -> None:
    conn.execute(update(visit).where(visit.c.id == _hash(text)).values(ended_at=now))


def end_one(conn: Connection, account_id: str, visit_id: str, now: int) -> bool:
    """Whether the account had such a visit that was not over."""
    done = conn.execute(
        update(visit)
        .where(visit.c.id == visit_id, visit.c.account == account_id, visit.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return done.rowcount == 1


def end_all(conn: Connection, account_id: str, now: int, but: str | None = None) -> int:
    """End every visit of the account, but for the one with this text; how many there were."""
    condition = [visit.c.account == account_id, visit.c.ended_at.is_(None)]
    if but is not None:
        condition.append(visit.c.id != _hash(but))
    return conn.execute(update(visit).where(*condition).values(ended_at=now)).rowcount


def open_ones(conn: Connection, account_id: str, now: int, limits: Limits) -> list[Any]:
    """The account's visits that are not over, last seen first."""
    return list(
        conn.execute(
            select(visit)
            .where(
                visit.c.account == account_id,
                visit.c.ended_at.is_(None),
                visit.c.seen_at > now - limits.idle,
                visit.c.began_at > now - limits.whole,
            )
            .order_by(visit.c.seen_at.desc())
        )
    )


def try_once(conn: Connection, login: str, address: str, now: int) -> int:
    """Count an attempt to sign in; or the seconds to wait before one is allowed, and none counted.

    From the fifth attempt of a login on the wait doubles: 1, 2, 4 ... seconds, at most the time for
    which attempts are counted. An address has more, for many people may share one. Success forgets
    those of the login.
    """
    key, address = _hash(typed(login)), place(address)
    _take_turns(conn, address, key)
    conn.execute(delete(attempt).where(attempt.c.at <= now - COUNTED_FOR))
    waits = [0]
    for column, value, free in (
        (attempt.c.login, key, ATTEMPTS_OF_ACCOUNT),
        (attempt.c.address, address, ATTEMPTS_OF_ADDRESS),
    ):
        count, last = conn.execute(
            select(func.count(), func.max(attempt.c.at)).where(column == value)
        ).one()
        if count >= free:
            pause = min(2 ** min(count - free, 30) * SECOND, COUNTED_FOR)
            waits.append(-((now - last - pause) // SECOND))
    wait = max(waits)
    if wait <= 0:
        conn.execute(insert(attempt).values(login=key, address=address, at=now))
    return max(wait, 0)


def place(address: str) -> str:
    """What attempts of an address are counted under: a network of IPv6 is one customer's."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    if found.version == 4:
        return str(found)
    if mapped := getattr(found, "ipv4_mapped", None):
        return str(mapped)
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))


def attempts_of(conn: Connection, login: str) -> int:
    """How many are counted now."""
    return conn.execute(
        select(func.count()).where(attempt.c.login == _hash(typed(login)))
    ).scalar_one()


def succeeded(conn: Connection, login: str) -> None:
    """Forget the attempts of this login."""
    conn.execute(delete(attempt).where(attempt.c.login == _hash(typed(login))))


def forget_old(conn: Connection, now: int, limits: Limits) -> None:
    """Visits that ended a month ago say nothing any more."""
    old = now - limits.whole - 30 * 86_400 * SECOND
    conn.execute(delete(visit).where(or_(visit.c.ended_at < old, visit.c.began_at < old)))


def signing_key(conn: Connection) -> str | None:
    """What cookies are signed with, shared by all processes of this store."""
    return conn.execute(
        select(secret.c.value).where(secret.c.name == "signing_key")
    ).scalar_one_or_none()


def make_signing_key(conn: Connection) -> str:
    """Make it where there is none yet."""
    made = secrets.token_hex(32)
    try:
        with conn.begin_nested():
            conn.execute(insert(secret).values(name="signing_key", value=made))
    except IntegrityError:  # another process was quicker
        return signing_key(conn) or made
    return made


def _take_turns(conn: Connection, *whose: str) -> None:
    """Until this transaction ends, nobody else counts for the same: SQLite has one writer anyway."""
    if is_sqlite(conn):
        return
    for number, each in enumerate(whose, 7):  # always in this order, so that none waits in a circle
        conn.execute(select(func.pg_advisory_xact_lock(number, func.hashtext(each))))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
