"""The tables of the words of the log: full text by position, and every word that was ever used.

On SQLite `search_text` is a virtual table of FTS5 that holds no text, on PostgreSQL a tsvector.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import BigInteger, Column, Index, Table
from sqlalchemy.dialects.postgresql import TSVECTOR

from registry.domain.words import LONGEST
from registry.store.tables import key_text, metadata

FULL_TEXT: Final = "search_text"
"""The name of the table, and how those begin that FTS5 keeps for it."""


search_text: Final = Table(
    FULL_TEXT,
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("words", TSVECTOR, nullable=False),
    Index("ix_search_text_words", "words", postgresql_using="gin"),
)

search_word: Final = Table(
    "search_word",
    metadata,
    Column("word", key_text(LONGEST), primary_key=True),
    Column("position", BigInteger, nullable=False, comment="of the first event with it"),
    sqlite_with_rowid=False,
)

search_trigram: Final = Table(
    "search_trigram",
    metadata,
    Column("trigram", key_text(3), primary_key=True),
    Column("word", key_text(LONGEST), primary_key=True),
    sqlite_with_rowid=False,
)


def compared(engine: str) -> Callable[..., bool]:
    """For Alembic: which tables it should look at. What FTS5 makes is like nothing declared here."""

    def is_compared(_of: object, name: str | None, kind: str, *_more: object) -> bool:
        of_fts5 = engine == "sqlite" and kind == "table" and str(name).startswith(FULL_TEXT)
        return not of_fts5

    return is_compared
