"""From where one looks: a day in the world, a point of the register's knowledge, a threshold."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from registry.domain import dates
from registry.domain.confidence import BY_WORD, Confidence
from registry.domain.dates import Days, Edtf
from registry.domain.errors import Invalid, NotFound
from registry.projections.directory import Directory
from registry.projections.write import live_generation
from registry.queries.instants import instant, instant_text
from registry.store import log

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
        return Directory(self.conn, self.generation, self.moment)

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
            return self.directory.party(named, self.day)
        except Invalid as wrong:
            raise Invalid(wrong.message, field or "party", wrong.offers) from None

    def on(self, as_of: str, field: str) -> "View":
        """The same view on another day."""
        return replace(self, as_of=_as_of(as_of, field))

    def agreement(self, slug: str) -> dict[str, Any]:
        """The agreement's document, or NotFound."""
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
) -> View:
    """Read the three points; today, the latest and `reported` where not given."""
    head = log.head(conn)
    moment, recorded_at = _known(conn, head, known_at)
    return View(
        conn=conn,
        generation=live_generation(conn),
        as_of=_as_of(as_of or today or datetime.now(UTC).date().isoformat()),
        moment=moment,
        recorded_at=recorded_at,
        threshold=_threshold(confidence),
        head=head.position,
        pinned=bool(as_of and known_at and known_at.startswith("@")),
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


def _known(conn: Connection, head: log.Head, known_at: str | None) -> tuple[int, int]:
    if not known_at:
        return head.position, head.recorded_at
    if found := _POSITION.fullmatch(known_at):
        position = int(found[1])
        if position > head.position:
            raise NotFound(f"the register has no position {position} yet: it is at {head.position}")
        return log.moment_at(conn, position)
    asked = instant(known_at, "known_at")
    if asked > datetime.now(UTC).timestamp() * 1_000_000:
        raise Invalid(f"in the future: {known_at!r} (expected an instant up to now)", "known_at")
    return log.moment_of_instant(conn, asked)


def _threshold(word: str | None) -> Confidence:
    threshold = BY_WORD.get(word or "reported")
    if threshold is None or threshold is Confidence.DISPUTED:
        raise Invalid(
            f"not a threshold: {word!r} (expected confirmed, reported or alleged)", "confidence"
        )
    return threshold
