"""The tables of the projections. They may be dropped at any time: a rebuild makes them again.

All rows carry the generation they were built in and the positions between which the register
knew them: `known_from` <= known_at < `known_to`, MAX_POSITION while it still does.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    literal_column,
    select,
    text,
)

from registry.store.tables import ROW_NUMBER, key_text, metadata

MAX_POSITION: Final = 2**53 - 1
_OPEN = text(f"known_to = {MAX_POSITION}")


def _known() -> tuple[Column[int], Column[int]]:
    return (
        Column("known_from", BigInteger, nullable=False),
        Column("known_to", BigInteger, nullable=False),
    )


def _open_index(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=_OPEN, postgresql_where=_OPEN)


generation: Final = Table(
    "generation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("state", String(10), nullable=False, comment="live, building, old"),
    Column("rules", Integer, nullable=False, comment="version of the fold it was built by"),
    Column("position", BigInteger, nullable=False, comment="while building: built up to here"),
)

LIVE: Final = select(generation.c.id).where(generation.c.state == literal_column("'live'"))
"""The generation that answers questions."""

setting: Final = Table(
    "setting",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("layer", String(40), nullable=False),
    Column("subject", key_text(500), nullable=False),
    Column("position", BigInteger, nullable=False, comment="of the original event"),
    Column("part", SmallInteger, nullable=False),
    Column("event_id", String(36), nullable=False),
    Column("value", Text, nullable=False),
    Column("window", Text, nullable=False, comment="JSON [[first day, last day], ...]"),
    Column("lo", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False),
    Column("confidence", SmallInteger, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("act", BigInteger, comment="the act of which this is one claim among several"),
    Column("follows", Text, nullable=False, comment="JSON list of event ids"),
    Column("assumption", Text),
    Column("cancellable", Boolean, nullable=False),
    Column("tied", SmallInteger, nullable=False, comment="1: not only its days and value count"),
    *_known(),
    _open_index("ix_setting_open", *("generation", "subject", "layer", "lo", "tied", "confidence")),
    Index("ix_setting_position", "generation", "position"),
    Index("ix_setting_subject", "generation", "subject", "layer", "known_from"),
)

span: Final = Table(
    "span",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("layer", String(40), nullable=False),
    Column("subject", key_text(500), nullable=False),
    Column("first_party", String(40)),
    Column("second_party", String(40)),
    Column("value", Text, nullable=False),
    Column("day_from", BigInteger, nullable=False),
    Column("day_to", BigInteger, nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("mask", SmallInteger, nullable=False, comment="1 confirmed, 2 reported, 4 alleged"),
    Column("evidence", Text, nullable=False, comment="JSON list of event ids"),
    Column("since_lo", BigInteger),
    Column("since_hi", BigInteger),
    Column("until_lo", BigInteger),
    Column("until_hi", BigInteger),
    *_known(),
    Index("ix_span_subject", "generation", "subject", "layer", "known_to", "day_from"),
    Index("ix_span_layer", "generation", "layer", "day_from", "day_to", "known_to"),
    Index("ix_span_first_party", "generation", "first_party", "layer"),
    Index("ix_span_second_party", "generation", "second_party", "layer"),
)

finding: Final = Table(
    "finding",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("kind", String(10), nullable=False, comment="doubt, assumed"),
    Column("layer", String(40), nullable=False),
    Column("subject", key_text(500), nullable=False),
    Column("mask", SmallInteger, nullable=False),
    Column("body", Text, nullable=False, comment="JSON"),
    *_known(),
    Index("ix_finding_subject", "generation", "subject", "layer"),
)

claim: Final = Table(
    "claim",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("act", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("event_id", String(36), nullable=False),
    Column("confidence", SmallInteger, nullable=False),
    *_known(),
    Index("ix_claim_act", "generation", "act"),
    Index("ix_claim_event", "generation", "event_id"),
)

link: Final = Table(
    "link",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("stated_by", String(36), nullable=False, comment="event whose same_act_as it is"),
    Column("other", String(36), nullable=False),
    *_known(),
    Index("ix_link_stated_by", "generation", "stated_by"),
    Index("ix_link_other", "generation", "other"),
)

remark: Final = Table(
    "remark",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("kind", String(10), nullable=False, comment="coverage, gap"),
    Column("layer", String(40), nullable=False),
    Column("subject", key_text(500), nullable=False, comment="agreement|* for all its parties"),
    Column("event_id", String(36), nullable=False),
    Column("over", Text, nullable=False, comment="JSON [[first day, last day], ...]"),
    Column("confidence", SmallInteger, nullable=False),
    *_known(),
    Index("ix_remark_subject", "generation", "subject", "layer"),
)

entity: Final = Table(
    "entity",
    metadata,
    Column("id", ROW_NUMBER, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("kind", String(10), nullable=False, comment="party, agreement, source"),
    Column("key", key_text(100), nullable=False),
    Column("words", Text, nullable=False, comment="small letters, for searching"),
    Column("doc", Text, nullable=False, comment="JSON"),
    *_known(),
    Index("ix_entity_key", "generation", "kind", "key"),
)
