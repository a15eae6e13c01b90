"""Forms that customers left unfinished, kept for seven days.

The previous version goes on beside it: it keeps none, and needs none.

Revision: 0011
Before it: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("dialog", sa.String(13), nullable=False),
        sa.Column("customer_id", sa.Text),
        sa.Column("channel", sa.String(16)),
        sa.Column("service", sa.String(16)),
        sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
        sa.Column("body", DOCUMENT),
        sa.Column("can_be_called_back", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("dialog", name="pk_drafts"),
    )
    op.create_index("ix_drafts_customer_id", "drafts", ["customer_id"])
    op.create_index("ix_drafts_touched_at", "drafts", ["touched_at"])


def downgrade() -> None:
    op.drop_table("drafts")
