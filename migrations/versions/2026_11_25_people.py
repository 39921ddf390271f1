"""Accounts, visits, drafts, uploads: what people work with, none of it part of the register."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "2026_11_25_people"
down_revision: str | None = "2026_11_25_refused_unjournaled"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
    )
    op.create_index(op.f("ix_access_at"), "access", ["at"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False, comment="in small letters"),
        sa.Column(
            "name",
            sa.String(length=100),
            nullable=False,
            comment="as it stands beside what is recorded",
        ),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column(
            "password_hash",
            sa.Text(),
            nullable=True,
            comment="argon2id; none where only a provider signs in",
        ),
        sa.Column(
            "oidc_subject", sa.String(length=400), nullable=True, comment="issuer and subject"
        ),
        sa.Column(
            "created_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"
        ),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("oidc_subject", name=op.f("uq_account_oidc_subject")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "login", sa.String(length=64), nullable=False, comment="SHA-256 of what was typed"
        ),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_address_at"), "attempt", ["address", "at"], unique=False)
    op.create_index(op.f("ix_attempt_login_at"), "attempt", ["login", "at"], unique=False)
    op.create_table(
        "column_map",
        sa.Column("header", sa.String(length=64), nullable=False, comment="SHA-256 of the header"),
        sa.Column("said", sa.Text(), nullable=False, comment="JSON: type and columns"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.PrimaryKeyConstraint("header", name=op.f("pk_column_map")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            sa.String(length=20),
            nullable=False,
            comment="waiting, sent_back, approved, withdrawn",
        ),
        sa.Column("author", sa.String(length=36), nullable=False),
        sa.Column("author_name", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("events", sa.Text(), nullable=False, comment="JSON: a list of {event_id, said}"),
        sa.Column(
            "seen", sa.BigInteger(), nullable=False, comment="position at which its author looked"
        ),
        sa.Column(
            "upload", sa.String(length=36), nullable=True, comment="the import that it comes from"
        ),
        sa.Column(
            "made_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"
        ),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("reviewer_name", sa.String(length=100), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_author"), "draft", ["author"], unique=False)
    op.create_index(
        op.f("ix_draft_state_changed_at"), "draft", ["state", "changed_at"], unique=False
    )
    op.create_table(
        "draft_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.String(length=36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_remark")),
    )
    op.create_index(op.f("ix_draft_remark_draft"), "draft_remark", ["draft"], unique=False)
    op.create_table(
        "invitation",
        sa.Column(
            "hash", sa.String(length=64), nullable=False, comment="SHA-256 of the link's secret"
        ),
        sa.Column(
            "account",
            sa.String(length=36),
            nullable=True,
            comment="whose password it sets; none: it makes an account",
        ),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column(
            "made_by",
            sa.String(length=36),
            nullable=True,
            comment="account; none: the shell; first-admin: the first start",
        ),
        sa.Column(
            "made_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"
        ),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_invitation")),
    )
    op.create_table(
        "kept_form",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False, comment="JSON: a list of [name, value]"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_account"), "kept_form", ["account"], unique=False)
    op.create_table(
        "secret",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "made_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"
        ),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("said", sa.Text(), nullable=False, comment="JSON: form, type, columns, parties"),
        sa.Column(
            "report", sa.Text(), nullable=False, comment="JSON: counts, and the rows not imported"
        ),
        sa.Column("done", sa.Integer(), nullable=False, comment="rows"),
        sa.Column("of", sa.Integer(), nullable=False, comment="rows"),
        sa.Column(
            "content",
            sa.LargeBinary(),
            nullable=True,
            comment="none once it is imported or dropped",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_made_at"), "upload", ["made_at"], unique=False)
    op.create_table(
        "visit",
        sa.Column(
            "id", sa.String(length=64), nullable=False, comment="SHA-256 of what the cookie holds"
        ),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column(
            "began_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"
        ),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("agent", sa.String(length=300), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_account"), "visit", ["account"], unique=False)
    op.add_column(
        "api_token",
        sa.Column(
            "account",
            sa.String(length=36),
            nullable=True,
            comment="whose it is; none: made in the shell",
        ),
    )
    op.create_index(op.f("ix_api_token_account"), "api_token", ["account"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_api_token_account"), table_name="api_token")
    op.drop_column("api_token", "account")

    op.drop_index(op.f("ix_visit_account"), table_name="visit")
    op.drop_table("visit")
    op.drop_index(op.f("ix_upload_made_at"), table_name="upload")
    op.drop_table("upload")
    op.drop_table("secret")
    op.drop_index(op.f("ix_kept_form_account"), table_name="kept_form")
    op.drop_table("kept_form")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_draft_remark_draft"), table_name="draft_remark")
    op.drop_table("draft_remark")
    op.drop_index(op.f("ix_draft_state_changed_at"), table_name="draft")
    op.drop_index(op.f("ix_draft_author"), table_name="draft")
    op.drop_table("draft")
    op.drop_table("column_map")
    op.drop_index(op.f("ix_attempt_login_at"), table_name="attempt")
    op.drop_index(op.f("ix_attempt_address_at"), table_name="attempt")
    op.drop_table("attempt")
    op.drop_table("account")
    op.drop_index(op.f("ix_access_at"), table_name="access")
    op.drop_table("access")
