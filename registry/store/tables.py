"""The tables of the log. Rows of `event` are only inserted; triggers see to it."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key_text(length: int) -> String:
    """Text in the order of its bytes on both engines: beginnings are looked up by range."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


ROW_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite has its rows in the order of a key of this type alone; any other key is an index beside."""

log_head: Final = Table(
    "log_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("frontier", LargeBinary, nullable=False, comment="hashes of the perfect subtrees"),
    CheckConstraint("id = 1", name="one_row"),
)

event: Final = Table(
    "event",
    metadata,
    Column("position", ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("event_id", String(36), nullable=False),
    Column("stream", String(200), nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("type", String(80), nullable=False),
    Column("type_version", Integer, nullable=False),
    Column("moment", BigInteger, nullable=False, comment="last position of its transaction"),
    Column("recorded_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column("recorded_by", String(200), nullable=False),
    Column("reviewed_by", String(200)),
    Column("occurred", Text),
    Column("effective", Text),
    Column("occurred_lo", BigInteger, comment="first day, for looking up; not part of the leaf"),
    Column("occurred_hi", BigInteger),
    Column("target", String(36)),
    Column("payload_hash", LargeBinary(32), nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    UniqueConstraint("event_id"),
    UniqueConstraint("stream", "stream_version"),
    Index(
        "ix_event_target",
        "target",
        sqlite_where=text("target IS NOT NULL"),
        postgresql_where=text("target IS NOT NULL"),
    ),
    Index(None, "recorded_at"),
    Index(None, "type", "position"),
)

event_payload: Final = Table(
    "event_payload",
    metadata,
    Column("position", ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary(32), nullable=False),
    Column("data", Text, nullable=False),
)

event_tag: Final = Table(
    "event_tag",
    metadata,
    Column("tag", String(200), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

tree_node: Final = Table(
    "tree_node",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False, comment="256 ** level leaves"),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

checkpoint: Final = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), primary_key=True),
    Column("note", Text, nullable=False, comment="C2SP signed note"),
    Column("signed_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
    Column(
        "given_up_at", BigInteger, comment="the log no longer extends it, and that was accepted"
    ),
)

log_key: Final = Table(
    "log_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(200), nullable=False, comment="origin of the checkpoints"),
    Column("public", LargeBinary(32), nullable=False),
    Column("size", BigInteger, nullable=False, comment="of the log when it came into use"),
    Column("made_at", BigInteger, nullable=False, comment="microseconds since 1970, UTC"),
)

idempotency: Final = Table(
    "idempotency",
    metadata,
    Column("scope", String(200), primary_key=True, comment="token and route"),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

api_token: Final = Table(
    "api_token",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("hash", String(64), nullable=False, unique=True, comment="SHA-256 of the token"),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("last_used_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("account", String(36), comment="whose it is; none: made in the shell"),
    Index(None, "account"),
)
