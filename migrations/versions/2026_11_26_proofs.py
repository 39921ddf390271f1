"""Hashes of whole subtrees of the log, checkpoints and the keys that signed them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from registry.store.merkle import completed, grown

revision: str = "2026_11_26_proofs"
down_revision: str | None = "2026_11_26_searching"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHUNK = 10_000
INSTANT = "microseconds since 1970, UTC"


def upgrade() -> None:
    made = op.create_table(
        "tree_node",
        sa.Column(
            "level",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="256 ** level leaves",
        ),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_tree_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="C2SP signed note"),
        sa.Column("signed_at", sa.BigInteger(), nullable=False, comment=INSTANT),
        sa.Column(
            "given_up_at",
            sa.BigInteger(),
            nullable=True,
            comment="the log no longer extends it, and that was accepted",
        ),
        sa.PrimaryKeyConstraint("size", "root", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "log_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "name", sa.String(length=200), nullable=False, comment="origin of the checkpoints"
        ),
        sa.Column("public", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "size",
            sa.BigInteger(),
            nullable=False,
            comment="of the log when it came into use",
        ),
        sa.Column("made_at", sa.BigInteger(), nullable=False, comment=INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_key")),
    )
    _fill(made)


def _fill(tree_node: sa.Table) -> None:
    """The nodes of the leaves that are there already; a million take a few seconds."""
    conn = op.get_bind()
    leaves = sa.text(
        "SELECT leaf_hash FROM event WHERE position > :at AND position <= :upto ORDER BY position"
    )
    frontier, size = b"", 0
    while rows := conn.execute(leaves, {"at": size, "upto": size + CHUNK}).scalars().all():
        nodes = []
        for leaf in map(bytes, rows):
            nodes += completed(frontier, size, leaf)
            frontier = grown(frontier, size, leaf)
            size += 1
        if nodes:
            named = [dict(zip(("level", "place", "hash"), each, strict=True)) for each in nodes]
            conn.execute(sa.insert(tree_node), named)


def downgrade() -> None:
    for table in ("log_key", "checkpoint", "tree_node"):
        op.drop_table(table)
