"""Alerts wait here until they were said; a group that became a supergroup is followed.

The previous version goes on beside it: it says its own alerts, and its rows in `told` have no end.

Revision: 0006
Before it: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_moment = sa.DateTime(timezone=True)
_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_document = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("told", sa.Column("quiet_until", _moment))
    op.create_table(
        "alerts",
        sa.Column("id", _key, nullable=False, autoincrement=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("body", _document, nullable=False),
        sa.Column("told_at", _moment, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("taken", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("not_before", _moment),
        sa.Column("expires_at", _moment),
        sa.Column("customer", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    turn = op.create_table(
        "alert_turn",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("lease_until", _moment),
        sa.Column("paused_until", _moment),
        sa.Column("paid_until", _moment),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_turn"),
    )
    op.bulk_insert(turn, [{"id": 1, "failures": 0, "because": ""}])
    op.create_table(
        "moved_chats",
        sa.Column("chat", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("moved_to", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_moved_chats"),
    )


def downgrade() -> None:
    for table in ("moved_chats", "alert_turn", "alerts"):
        op.drop_table(table)
    op.drop_column("told", "quiet_until")
