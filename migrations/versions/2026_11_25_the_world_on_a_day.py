"""One layer of the whole world is read by an index of its own."""

from collections.abc import Sequence

from alembic import op

revision: str = "2026_11_25_the_world_on_a_day"
down_revision: str | None = "2026_11_24_nothing_is_edited"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Most days lie after most beginnings: what ended before is passed over within the index.
    columns = ["generation", "layer", "day_from", "day_to", "known_to"]
    op.create_index("ix_span_layer", "span", columns)


def downgrade() -> None:
    op.drop_index("ix_span_layer", "span")
