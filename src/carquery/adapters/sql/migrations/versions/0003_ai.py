"""What classifiers of free text were asked and what they cost.

The previous version goes on beside it: new tables are none of its business.

Revision: 0003
Before it: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ai_log",
        sa.Column("message", sa.String(13), nullable=False),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("latency_ms", sa.Double, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("intent", sa.String(16)),
        sa.Column("confidence", sa.Double),
        sa.Column("input_tokens", sa.Integer, nullable=False),
        sa.Column("output_tokens", sa.Integer, nullable=False),
        sa.Column("cost_microusd", sa.BigInteger, nullable=False),
        sa.Column("offered", sa.String(16)),
        sa.Column("accepted", sa.Boolean),
        sa.PrimaryKeyConstraint("message", "place", name="pk_ai_log"),
    )
    op.create_index("ix_ai_log_at", "ai_log", ["at"])
    op.create_table(
        "ai_spending",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("spent_microusd", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_ai_spending"),
    )


def downgrade() -> None:
    for table in ("ai_spending", "ai_log"):
        op.drop_table(table)
