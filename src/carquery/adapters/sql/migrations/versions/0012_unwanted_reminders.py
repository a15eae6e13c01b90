"""Who wants no reminders of forms that were left.

The previous version goes on beside it: it reminds nobody.

Revision: 0012
Before it: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unwanted_reminders",
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_unwanted_reminders"),
    )
    op.create_index("ix_unwanted_reminders_since", "unwanted_reminders", ["since"])


def downgrade() -> None:
    op.drop_table("unwanted_reminders")
