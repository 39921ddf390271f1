"""Who did what, newest first: the events of the log, and the acts of access, in one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from registry.store.accounts import AccountAct, DraftAct, SigningAct, TokenAct, WebhookAct
from registry.store.people_tables import access
from registry.store.tables import event

Side = Literal["event", "access"]
CORRECTIONS: Final = (
    "event.amended",
    "event.retracted",
    "event.confidence_changed",
    "event.erased",
)
ACTS: Final[dict[str, tuple[str, ...]]] = {
    "signing": get_args(SigningAct),
    "accounts": get_args(AccountAct),
    "tokens": get_args(TokenAct),
    "drafts": get_args(DraftAct),
    "webhooks": get_args(WebhookAct),
}
KINDS: Final = ("events", "corrections", "reviewed", *ACTS)


@dataclass(frozen=True)
class Place:
    """Where a list goes on: after this deed. Of one instant, events come before acts of access."""

    at: int
    side: Side
    id: int

    def text(self) -> str:
        return f"{self.at}-{self.side}-{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """None where it is no place."""
        at, _, rest = text.partition("-")
        side, _, number = rest.partition("-")
        whole = all(each.isascii() and each.isdigit() and len(each) < 19 for each in (at, number))
        if not whole or side not in get_args(Side):
            return None
        return cls(int(at), "event" if side == "event" else "access", int(number))


@dataclass(frozen=True)
class Asked:
    """`person`: a name as it stands beside what was done; `kind`: one of KINDS, or empty for all;
    from `since` until before `until`, in microseconds.
    """

    person: str = ""
    kind: str = ""
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True)
class Deed:
    """`what`: the type of an event, or the act; `about`: its stream, or what was acted upon."""

    place: Place
    by: str
    reviewed_by: str | None
    what: str
    about: str
    event_id: str | None
    position: int | None
    address: str


def deeds(conn: Connection, asked: Asked, after: Place | None, limit: int) -> list[Deed]:
    """The first so many after a place, newest first."""
    found: list[Deed] = []
    if asked.kind in ("", "events", "corrections", "reviewed"):
        found += map(_of_event, conn.execute(_events(asked, after).limit(limit)))
    if asked.kind == "" or asked.kind in ACTS:
        found += map(_of_access, conn.execute(_accesses(asked, after).limit(limit)))
    found.sort(key=lambda deed: (-deed.place.at, deed.place.side != "event", -deed.place.id))
    return found[:limit]


def all_deeds(conn: Connection, asked: Asked, chunk: int = 1_000) -> Iterator[Deed]:
    """All of them, read by the chunk."""
    after: Place | None = None
    while found := deeds(conn, asked, after, chunk):
        yield from found
        after = found[-1].place


def _events(asked: Asked, after: Place | None) -> Select[Any]:
    statement = select(
        event.c.position,
        event.c.event_id,
        event.c.type,
        event.c.stream,
        event.c.recorded_at,
        event.c.recorded_by,
        event.c.reviewed_by,
    ).order_by(event.c.position.desc())
    if asked.person:
        statement = statement.where(
            or_(
                event.c.recorded_by == asked.person,
                # what is recorded with a token names its owner first
                event.c.recorded_by.startswith(f"{asked.person} (", autoescape=True),
                event.c.reviewed_by == asked.person,
            )
        )
    if asked.kind == "corrections":
        statement = statement.where(event.c.type.in_(CORRECTIONS))
    if asked.kind == "reviewed":
        statement = statement.where(event.c.reviewed_by.is_not(None))
    if after is not None and after.side == "event":
        statement = statement.where(event.c.position < after.id)
    elif after is not None:  # instants rise with positions
        statement = statement.where(event.c.recorded_at < after.at)
    return statement.where(*_between(event.c.recorded_at, asked))


def _accesses(asked: Asked, after: Place | None) -> Select[Any]:
    statement = select(access).order_by(access.c.at.desc(), access.c.id.desc())
    if asked.person:
        statement = statement.where(access.c.by == asked.person)
    if asked.kind:
        statement = statement.where(access.c.act.in_(ACTS[asked.kind]))
    if after is not None and after.side == "event":
        statement = statement.where(access.c.at <= after.at)
    elif after is not None:
        statement = statement.where(
            or_(access.c.at < after.at, and_(access.c.at == after.at, access.c.id < after.id))
        )
    return statement.where(*_between(access.c.at, asked))


def _between(at: ColumnElement[int], asked: Asked) -> list[ColumnElement[bool]]:
    made = []
    if asked.since is not None:
        made.append(at >= asked.since)
    if asked.until is not None:
        made.append(at < asked.until)
    return made


def _of_event(row: Any) -> Deed:
    return Deed(
        Place(row.recorded_at, "event", row.position),
        row.recorded_by,
        row.reviewed_by,
        row.type,
        row.stream,
        row.event_id,
        row.position,
        "",
    )


def _of_access(row: Any) -> Deed:
    place = Place(row.at, "access", row.id)
    return Deed(place, row.by, None, row.act, row.about, None, None, row.address)
