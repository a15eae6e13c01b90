"""What one process of the installation does for all of them, such as counting deals once a day.

The previous version goes on beside it: the new table is none of its business.

Revision: 0008
Before it: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chores",
        sa.Column("chore", sa.Text, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chore", name="pk_chores"),
    )


def downgrade() -> None:
    op.drop_table("chores")
