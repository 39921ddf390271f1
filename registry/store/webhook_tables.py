"""The tables of webhooks: whom the log is told to over HTTP, how far, and what could not be told."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from registry.store.tables import metadata

_AT: Final = "microseconds since 1970, UTC"

webhook: Final = Table(
    "webhook",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("url", Text, nullable=False),
    Column("types", Text, nullable=False, comment="separated by spaces; empty: all"),
    Column("party", String(200), comment="its id; none: whomever events are about"),
    Column("secret", String(100), nullable=False, comment="as Standard Webhooks writes it"),
    Column("old_secret", String(100), comment="signs too, for a while"),
    Column("old_until", BigInteger),
    Column("made_by", String(100), nullable=False),
    Column("made_at", BigInteger, nullable=False, comment=_AT),
    Column("paused", String(200), comment="why nothing is told; none: it is"),
    Column("position", BigInteger, nullable=False, comment="up to here it is done"),
    Column("tries", Integer, nullable=False, comment="that failed, of the event that is next"),
    Column("next_at", BigInteger, comment="not to be tried again before"),
    Column("told_at", BigInteger, comment="when an event was taken last"),
    Column("problem", String(200), comment="of the last try, where it failed"),
)

dead_letter: Final = Table(
    "webhook_dead_letter",
    metadata,
    Column("webhook", String(36), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(36), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("status", Integer, comment="of the last answer; none: there was no answer"),
    Column("problem", String(200), nullable=False),
    Column("at", BigInteger, nullable=False, comment=_AT),
    Column("asked_at", BigInteger, comment="when somebody asked to try it once more"),
)
