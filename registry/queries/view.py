"""From where one looks: a day in the world, a point of the register's knowledge, a threshold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, bindparam, select, true

from registry.domain import dates
from registry.domain.confidence import BY_WORD, Confidence
from registry.domain.dates import Days, Edtf
from registry.domain.errors import Invalid, NotFound
from registry.projections.directory import Directory
from registry.projections.tables import generation
from registry.queries.instants import instant, instant_text
from registry.queries.remembered import Remembered
from registry.store import direct, log
from registry.store.tables import event, log_head

_POSITION = re.compile(r"@(0|[1-9][0-9]{0,15})")
_FIRST, _LAST = dates.day_of(-9999, 1, 1), dates.day_of(9999, 12, 31)


@dataclass(frozen=True)
class View:
    """`moment`: the last position that the register knew of; everything is read as of then."""

    conn: Connection
    generation: int
    as_of: Edtf
    moment: int
    recorded_at: int
    threshold: Confidence
    head: int
    pinned: bool
    remembered: Remembered = field(default_factory=Remembered)
    asked: set[str] = field(default_factory=set)
    """What the answer is about, as tags of the log, once that was found; empty: about everything."""

    @property
    def as_of_text(self) -> str:
        return self.as_of.text

    @property
    def days(self) -> Days:
        """The days that are asked about."""
        return self.as_of.over

    @property
    def day(self) -> int:
        """The day whose names are used: the last one asked about."""
        return self.as_of.latest

    @cached_property
    def directory(self) -> Directory:
        kept = self.remembered.docs(self.generation, self.moment)
        return Directory(self.conn, self.generation, self.moment, kept)

    @cached_property
    def parties(self) -> Mapping[str, Mapping[str, Any]]:
        """The documents of all parties, read once for an answer that needs them several times."""
        return self.directory.all("party")

    def stated(self) -> dict[str, Any]:
        """What every answer says of where it looks from."""
        return {
            "as_of": self.as_of.text,
            "known_at": {"position": self.moment, "recorded_at": instant_text(self.recorded_at)},
            "confidence": self.threshold.word,
        }

    def party(self, named: str, field: str | None = None) -> str:
        """The id of a party named by id or by a code valid on the day asked about."""
        try:
            party = self.directory.party(named, self.day)
        except Invalid as wrong:
            raise Invalid(wrong.message, field or "party", wrong.offers) from None
        self.asked.add(f"party:{party}")
        return party

    def on(self, as_of: str, field: str) -> "View":
        """The same view on another day."""
        return replace(self, as_of=_as_of(as_of, field))

    def knowing(self, known_at: str, field: str) -> "View":
        """The same view at another point of the register's knowledge, never a later one."""
        try:
            _, _, moment, recorded_at = _stands(self.conn, known_at, field)
        except NotFound as wrong:
            raise Invalid(str(wrong), field) from None
        if moment > self.moment:
            return self
        return replace(self, moment=moment, recorded_at=recorded_at)

    def agreement(self, slug: str) -> Mapping[str, Any]:
        """The agreement's document, or NotFound."""
        self.asked.add(f"agreement:{slug}")
        doc = self.directory.docs("agreement", [slug]).get(slug)
        if doc is None:
            raise NotFound(f"no agreement is recorded as {slug!r}")
        return doc


def open_view(
    conn: Connection,
    *,
    as_of: str | None,
    known_at: str | None,
    confidence: str | None,
    today: str | None = None,
    remembered: Remembered | None = None,
) -> View:
    """Read the three points; today, the latest and `reported` where not given.

    `remembered`: of this store, where nothing is read but what is committed.
    """
    head, generation, moment, recorded_at = _stands(conn, known_at)
    return View(
        conn=conn,
        generation=generation,
        as_of=_as_of(as_of or today or datetime.now(UTC).date().isoformat()),
        moment=moment,
        recorded_at=recorded_at,
        threshold=_threshold(confidence),
        head=head,
        pinned=bool(as_of and known_at and known_at.startswith("@")),
        remembered=remembered or Remembered(),
    )


def _as_of(text: str, field: str = "as_of") -> Edtf:
    try:
        date = dates.parse(text)
    except Invalid as wrong:
        raise Invalid(wrong.message, field, wrong.offers) from None
    if date.earliest < _FIRST or date.latest > _LAST:
        raise Invalid(
            f"out of range: {text!r} (expected days of the years -9999 to 9999, no open end)",
            field,
        )
    return date


def _stands(
    conn: Connection, known_at: str | None, field: str = "known_at"
) -> tuple[int, int, int, int]:
    """The head, the generation that answers, and the moment asked about with its instant."""
    if not known_at:
        ((head, recorded_at, live),) = direct.rows(conn, _NOW, {})
        return head, live, head, recorded_at
    if found := _POSITION.fullmatch(known_at):
        position = int(found[1])
        ((head, _, live, *known),) = direct.rows(conn, _THEN, {"position": position})
        if position > head:
            raise NotFound(f"the register has no position {position} yet: it is at {head}")
        return head, live, known[0] or 0, known[1] or 0
    asked = instant(known_at, field)
    if asked > datetime.now(UTC).timestamp() * 1_000_000:
        raise Invalid(f"in the future: {known_at!r} (expected an instant up to now)", field)
    ((head, _, live),) = direct.rows(conn, _NOW, {})
    return head, live, *log.moment_of_instant(conn, asked)


_LIVE: Final = log_head.join(generation, generation.c.state == "live")
_NOW: Final = select(log_head.c.position, log_head.c.recorded_at, generation.c.id).select_from(
    _LIVE
)
_AT: Final = bindparam("position", type_=BigInteger)
_MOMENT: Final = (  # as log.moment_at has it
    select(event.c.moment, event.c.recorded_at)
    .where(event.c.position <= _AT, event.c.moment <= _AT)
    .order_by(event.c.position.desc())
    .limit(1)
    .subquery()
)
_THEN: Final = select(*_NOW.selected_columns, *_MOMENT.c).select_from(
    _LIVE.outerjoin(_MOMENT, true())
)


def _threshold(word: str | None) -> Confidence:
    threshold = BY_WORD.get(word or "reported")
    if threshold is None or threshold is Confidence.DISPUTED:
        raise Invalid(
            f"not a threshold: {word!r} (expected confirmed, reported or alleged)", "confidence"
        )
    return threshold
