"""Webhooks: whom the log is told to over HTTP, how far, and what could not be told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "2026_11_26_webhooks"
down_revision: str | None = "2026_11_26_fewer_pages"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", sa.Text(), nullable=False, comment="separated by spaces; empty: all"),
        sa.Column(
            "party",
            sa.String(length=200),
            nullable=True,
            comment="its id; none: whomever events are about",
        ),
        sa.Column(
            "secret",
            sa.String(length=100),
            nullable=False,
            comment="as Standard Webhooks writes it",
        ),
        sa.Column(
            "old_secret", sa.String(length=100), nullable=True, comment="signs too, for a while"
        ),
        sa.Column("old_until", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column(
            "made_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"
        ),
        sa.Column(
            "paused",
            sa.String(length=200),
            nullable=True,
            comment="why nothing is told; none: it is",
        ),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="up to here it is done"),
        sa.Column(
            "tries",
            sa.Integer(),
            nullable=False,
            comment="that failed, of the event that is next",
        ),
        sa.Column(
            "next_at", sa.BigInteger(), nullable=True, comment="not to be tried again before"
        ),
        sa.Column(
            "told_at", sa.BigInteger(), nullable=True, comment="when an event was taken last"
        ),
        sa.Column(
            "problem",
            sa.String(length=200),
            nullable=True,
            comment="of the last try, where it failed",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "webhook_dead_letter",
        sa.Column("webhook", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Integer(),
            nullable=True,
            comment="of the last answer; none: there was no answer",
        ),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.Column(
            "asked_at",
            sa.BigInteger(),
            nullable=True,
            comment="when somebody asked to try it once more",
        ),
        sa.PrimaryKeyConstraint("webhook", "position", name=op.f("pk_webhook_dead_letter")),
    )


def downgrade() -> None:
    op.drop_table("webhook_dead_letter")
    op.drop_table("webhook")
