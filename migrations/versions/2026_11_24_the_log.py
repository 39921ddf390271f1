"""The log and its projections."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "2026_11_24_the_log"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _key(length: int) -> sa.String:
    """Text in the order of its bytes on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of the token"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_token_hash")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("act", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("confidence", sa.SmallInteger(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_act", ["generation", "act"], unique=False)
        batch_op.create_index("ix_claim_event", ["generation", "event_id"], unique=False)

    op.create_table(
        "entity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="party, agreement, source"),
        sa.Column("key", _key(100), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, comment="small letters, for searching"),
        sa.Column("doc", sa.Text(), nullable=False, comment="JSON"),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
    )
    with op.batch_alter_table("entity", schema=None) as batch_op:
        batch_op.create_index("ix_entity_key", ["generation", "kind", "key"], unique=False)

    op.create_table(
        "event",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("stream", sa.String(length=200), nullable=False),
        sa.Column("stream_version", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("type_version", sa.Integer(), nullable=False),
        sa.Column(
            "moment", sa.BigInteger(), nullable=False, comment="last position of its transaction"
        ),
        sa.Column(
            "recorded_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"
        ),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("reviewed_by", sa.String(length=200), nullable=True),
        sa.Column("occurred", sa.Text(), nullable=True),
        sa.Column("effective", sa.Text(), nullable=True),
        sa.Column(
            "occurred_lo",
            sa.BigInteger(),
            nullable=True,
            comment="first day, for looking up; not part of the leaf",
        ),
        sa.Column("occurred_hi", sa.BigInteger(), nullable=True),
        sa.Column("target", sa.String(length=36), nullable=True),
        sa.Column("payload_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_event_id")),
        sa.UniqueConstraint(
            "stream", "stream_version", name=op.f("uq_event_stream_stream_version")
        ),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_target"), ["target"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_event_type_position"), ["type", "position"], unique=False
        )

    op.create_table(
        "event_payload",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_event_payload")),
    )
    op.create_table(
        "event_tag",
        sa.Column("tag", sa.String(length=200), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("tag", "position", name=op.f("pk_event_tag")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="doubt, assumed"),
        sa.Column("layer", sa.String(length=40), nullable=False),
        sa.Column("subject", _key(500), nullable=False),
        sa.Column("mask", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="JSON"),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(
            "ix_finding_subject", ["generation", "subject", "layer"], unique=False
        )

    op.create_table(
        "generation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="live, building, old"),
        sa.Column(
            "rules", sa.Integer(), nullable=False, comment="version of the fold it was built by"
        ),
        sa.Column(
            "position", sa.BigInteger(), nullable=False, comment="while building: built up to here"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation")),
    )
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.String(length=200), nullable=False, comment="token and route"),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column(
            "stated_by",
            sa.String(length=36),
            nullable=False,
            comment="event whose same_act_as it is",
        ),
        sa.Column("other", sa.String(length=36), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index("ix_link_other", ["generation", "other"], unique=False)
        batch_op.create_index("ix_link_stated_by", ["generation", "stated_by"], unique=False)

    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column(
            "recorded_at", sa.BigInteger(), nullable=False, comment="microseconds since 1970, UTC"
        ),
        sa.Column(
            "frontier", sa.LargeBinary(), nullable=False, comment="hashes of the perfect subtrees"
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="coverage, gap"),
        sa.Column("layer", sa.String(length=40), nullable=False),
        sa.Column(
            "subject",
            _key(500),
            nullable=False,
            comment="agreement|* for all its parties",
        ),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("over", sa.Text(), nullable=False, comment="JSON [[first day, last day], ...]"),
        sa.Column("confidence", sa.SmallInteger(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index("ix_remark_subject", ["generation", "subject", "layer"], unique=False)

    op.create_table(
        "setting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(length=40), nullable=False),
        sa.Column("subject", _key(500), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of the original event"),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("window", sa.Text(), nullable=False, comment="JSON [[first day, last day], ...]"),
        sa.Column("lo", sa.BigInteger(), nullable=False),
        sa.Column("hi", sa.BigInteger(), nullable=False),
        sa.Column("confidence", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column(
            "act",
            sa.BigInteger(),
            nullable=True,
            comment="the act of which this is one claim among several",
        ),
        sa.Column("follows", sa.Text(), nullable=False, comment="JSON list of event ids"),
        sa.Column("assumption", sa.Text(), nullable=True),
        sa.Column("cancellable", sa.Boolean(), nullable=False),
        sa.Column(
            "tied",
            sa.SmallInteger(),
            nullable=False,
            comment="1: not only its days and value count",
        ),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
    )
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.create_index("ix_setting_act", ["generation", "act"], unique=False)
        batch_op.create_index(
            "ix_setting_near",
            ["generation", "subject", "layer", "lo"],
            unique=False,
            sqlite_where=sa.text("known_to = 9007199254740991"),
            postgresql_where=sa.text("known_to = 9007199254740991"),
        )
        batch_op.create_index(
            "ix_setting_tied",
            ["generation", "subject", "layer"],
            unique=False,
            sqlite_where=sa.text("known_to = 9007199254740991 AND tied = 1"),
            postgresql_where=sa.text("known_to = 9007199254740991 AND tied = 1"),
        )
        batch_op.create_index(
            "ix_setting_open",
            ["generation", "subject", "layer", "confidence"],
            unique=False,
            sqlite_where=sa.text("known_to = 9007199254740991"),
            postgresql_where=sa.text("known_to = 9007199254740991"),
        )
        batch_op.create_index("ix_setting_position", ["generation", "position"], unique=False)
        batch_op.create_index(
            "ix_setting_subject", ["generation", "subject", "layer", "known_from"], unique=False
        )

    op.create_table(
        "span",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(length=40), nullable=False),
        sa.Column("subject", _key(500), nullable=False),
        sa.Column("first_party", sa.String(length=40), nullable=True),
        sa.Column("second_party", sa.String(length=40), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("day_from", sa.BigInteger(), nullable=False),
        sa.Column("day_to", sa.BigInteger(), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column(
            "mask", sa.SmallInteger(), nullable=False, comment="1 confirmed, 2 reported, 4 alleged"
        ),
        sa.Column("evidence", sa.Text(), nullable=False, comment="JSON list of event ids"),
        sa.Column("since_lo", sa.BigInteger(), nullable=True),
        sa.Column("since_hi", sa.BigInteger(), nullable=True),
        sa.Column("until_lo", sa.BigInteger(), nullable=True),
        sa.Column("until_hi", sa.BigInteger(), nullable=True),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_span")),
    )
    with op.batch_alter_table("span", schema=None) as batch_op:
        batch_op.create_index(
            "ix_span_first_party", ["generation", "first_party", "layer"], unique=False
        )
        batch_op.create_index(
            "ix_span_open",
            ["generation", "subject", "layer", "day_from"],
            unique=False,
            sqlite_where=sa.text("known_to = 9007199254740991"),
            postgresql_where=sa.text("known_to = 9007199254740991"),
        )
        batch_op.create_index(
            "ix_span_second_party", ["generation", "second_party", "layer"], unique=False
        )
        batch_op.create_index(
            "ix_span_subject", ["generation", "subject", "layer", "day_from"], unique=False
        )

    op.get_bind().execute(
        sa.text(
            "INSERT INTO log_head (id, position, recorded_at, frontier) VALUES (1, 0, 0, :none)"
        ),
        {"none": b""},
    )
    op.execute("INSERT INTO generation (id, state, rules, position) VALUES (1, 'live', 1, 0)")


def downgrade() -> None:
    with op.batch_alter_table("span", schema=None) as batch_op:
        batch_op.drop_index("ix_span_subject")
        batch_op.drop_index("ix_span_second_party")
        batch_op.drop_index(
            "ix_span_open",
            sqlite_where=sa.text("known_to = 9007199254740991"),
            postgresql_where=sa.text("known_to = 9007199254740991"),
        )
        batch_op.drop_index("ix_span_first_party")

    op.drop_table("span")
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.drop_index("ix_setting_subject")
        batch_op.drop_index("ix_setting_position")
        batch_op.drop_index("ix_setting_near")
        batch_op.drop_index("ix_setting_tied")
        batch_op.drop_index(
            "ix_setting_open",
            sqlite_where=sa.text("known_to = 9007199254740991"),
            postgresql_where=sa.text("known_to = 9007199254740991"),
        )
        batch_op.drop_index("ix_setting_act")

    op.drop_table("setting")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index("ix_remark_subject")

    op.drop_table("remark")
    op.drop_table("log_head")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_stated_by")
        batch_op.drop_index("ix_link_other")

    op.drop_table("link")
    op.drop_table("idempotency")
    op.drop_table("generation")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index("ix_finding_subject")

    op.drop_table("finding")
    op.drop_table("event_tag")
    op.drop_table("event_payload")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_type_position"))
        batch_op.drop_index(batch_op.f("ix_event_target"))
        batch_op.drop_index(batch_op.f("ix_event_recorded_at"))

    op.drop_table("event")
    with op.batch_alter_table("entity", schema=None) as batch_op:
        batch_op.drop_index("ix_entity_key")

    op.drop_table("entity")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_event")
        batch_op.drop_index("ix_claim_act")

    op.drop_table("claim")
    op.drop_table("api_token")
