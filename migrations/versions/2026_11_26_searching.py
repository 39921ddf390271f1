"""Every event is found by its words: full text by position, and the words that were ever used."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from registry.projections.searching import enter_log

revision: str = "2026_11_26_searching"
down_revision: str | None = "2026_11_25_people"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        # Words come folded: the tokenizer has nothing left to do but to part them.
        op.execute(
            "CREATE VIRTUAL TABLE search_text USING fts5("
            "words, content='', columnsize=0, tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        op.create_table(
            "search_text",
            sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
            sa.Column("words", TSVECTOR, nullable=False),
            sa.PrimaryKeyConstraint("position", name="pk_search_text"),
        )
    op.create_table(
        "search_word",
        _word("word", 60),
        sa.Column("position", sa.BigInteger, nullable=False, comment="of the first event with it"),
        sa.PrimaryKeyConstraint("word", name="pk_search_word"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_trigram",
        _word("trigram", 3),
        _word("word", 60),
        sa.PrimaryKeyConstraint("trigram", "word", name="pk_search_trigram"),
        sqlite_with_rowid=False,
    )
    enter_log(op.get_bind())
    if not sqlite:
        op.create_index("ix_search_text_words", "search_text", ["words"], postgresql_using="gin")


def downgrade() -> None:
    for table in ("search_trigram", "search_word", "search_text"):
        op.drop_table(table)


def _word(name: str, length: int) -> sa.Column[str]:
    kind = sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False)
