"""What was counted of customers' ways through the forms, by day, is forgotten.

The previous version goes on beside it: new tables are none of its business. What its customers do is not counted.

Revision: 0018
Before it: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TOLD_APART = ("what", "form", "step", "channel", "source", "detail")


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("day", sa.Date, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _TOLD_APART),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("day", *_TOLD_APART, name="pk_tallies"),
    )
    op.create_table(
        "tally_batches",
        sa.Column("batch", sa.String(13), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("batch", name="pk_tally_batches"),
    )


def downgrade() -> None:
    op.drop_table("tally_batches")
    op.drop_table("tallies")
