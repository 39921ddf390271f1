"""The tables of people, and of what they are working on; none of it is part of the register."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from registry.store.tables import metadata

_AT: Final = "microseconds since 1970, UTC"

secret: Final = Table(
    "secret",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

account: Final = Table(
    "account",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("login", String(200), nullable=False, unique=True, comment="in small letters"),
    Column("name", String(100), nullable=False, comment="as it stands beside what is recorded"),
    Column("role", String(20), nullable=False),
    Column("password_hash", Text, comment="argon2id; none where only a provider signs in"),
    Column("oidc_subject", String(400), unique=True, comment="issuer and subject"),
    Column("created_at", BigInteger, nullable=False, comment=_AT),
    Column("disabled_at", BigInteger),
)

visit: Final = Table(
    "visit",
    metadata,
    Column("id", String(64), primary_key=True, comment="SHA-256 of what the cookie holds"),
    Column("account", String(36), nullable=False),
    Column("began_at", BigInteger, nullable=False, comment=_AT),
    Column("seen_at", BigInteger, nullable=False),
    Column("address", String(60), nullable=False),
    Column("agent", String(300), nullable=False),
    Column("ended_at", BigInteger),
    Index(None, "account"),
)

attempt: Final = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(64), nullable=False, comment="SHA-256 of what was typed"),
    Column("address", String(60), nullable=False),
    Column("at", BigInteger, nullable=False, comment=_AT),
    Index(None, "login", "at"),
    Index(None, "address", "at"),
)

invitation: Final = Table(
    "invitation",
    metadata,
    Column("hash", String(64), primary_key=True, comment="SHA-256 of the link's secret"),
    Column("account", String(36), comment="whose password it sets; none: it makes an account"),
    Column("role", String(20), nullable=False),
    Column("made_by", String(36), comment="account; none: the shell; first-admin: the first start"),
    Column("made_at", BigInteger, nullable=False, comment=_AT),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)

access: Final = Table(
    "access",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False, comment=_AT),
    Column("by", String(100), nullable=False),
    Column("act", String(40), nullable=False),
    Column("about", String(300), nullable=False),
    Column("address", String(60), nullable=False),
    Index(None, "at"),
)

kept_form: Final = Table(
    "kept_form",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(36), nullable=False),
    Column("path", String(500), nullable=False),
    Column("fields", Text, nullable=False, comment="JSON: a list of [name, value]"),
    Column("at", BigInteger, nullable=False, comment=_AT),
    Index(None, "account"),
)

draft: Final = Table(
    "draft",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("state", String(20), nullable=False, comment="waiting, sent_back, approved, withdrawn"),
    Column("author", String(36), nullable=False),
    Column("author_name", String(100), nullable=False),
    Column("title", String(300), nullable=False),
    Column("events", Text, nullable=False, comment="JSON: a list of {event_id, said}"),
    Column("seen", BigInteger, nullable=False, comment="position at which its author looked"),
    Column("upload", String(36), comment="the import that it comes from"),
    Column("made_at", BigInteger, nullable=False, comment=_AT),
    Column("changed_at", BigInteger, nullable=False),
    Column("reviewer_name", String(100)),
    Column("decided_at", BigInteger),
    Index(None, "state", "changed_at"),
    Index(None, "author"),
)

draft_remark: Final = Table(
    "draft_remark",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("draft", String(36), nullable=False),
    Column("at", BigInteger, nullable=False, comment=_AT),
    Column("by", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "draft"),
)

upload: Final = Table(
    "upload",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(36), nullable=False),
    Column("by", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("made_at", BigInteger, nullable=False, comment=_AT),
    Column("state", String(20), nullable=False),
    Column("said", Text, nullable=False, comment="JSON: form, type, columns, parties"),
    Column("report", Text, nullable=False, comment="JSON: counts, and the rows not imported"),
    Column("done", Integer, nullable=False, comment="rows"),
    Column("of", Integer, nullable=False, comment="rows"),
    Column("content", LargeBinary, comment="none once it is imported or dropped"),
    Index(None, "made_at"),
)

column_map: Final = Table(
    "column_map",
    metadata,
    Column("header", String(64), primary_key=True, comment="SHA-256 of the header"),
    Column("said", Text, nullable=False, comment="JSON: type and columns"),
    Column("at", BigInteger, nullable=False, comment=_AT),
)
