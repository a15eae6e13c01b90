"""Who took a lead in the staff chat is forgotten, and when each lead was first touched in the CRM.

The previous version goes on beside it: new tables are none of its business. The leads that it delivers meanwhile are
not watched.

Revision: 0014
Before it: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "first_touches",
        sa.Column("lead", sa.String(13), nullable=False),
        *(_moment(name) for name in ("look_at", "looked_at", "touched_at", "told_at")),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_by", sa.BigInteger),
        sa.PrimaryKeyConstraint("lead", name="pk_first_touches"),
    )
    _partial_index("ix_first_touches_look_at", "first_touches", "look_at", "touched_at", where="look_at IS NOT NULL")
    op.create_index("ix_first_touches_delivered_at", "first_touches", ["delivered_at"])
    op.create_table(
        "lead_takes",
        sa.Column("lead", sa.String(13), nullable=False),
        sa.Column("reference", sa.String(9), nullable=False),
        sa.Column("deal", sa.BigInteger, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member", sa.String(20), nullable=False),
        sa.Column("member_name", sa.Text, nullable=False),
        sa.Column("crm_user", sa.BigInteger),
        sa.Column("was_with", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        *(_moment(name) for name in ("intent_at", "due_at", "lease_until")),
        sa.Column("ended", sa.String(16)),
        sa.Column("failure", sa.Text),
        sa.Column("lease", sa.String(32)),
        sa.PrimaryKeyConstraint("lead", name="pk_lead_takes"),
    )
    _partial_index("ix_lead_takes_due_at", "lead_takes", "due_at", where="due_at IS NOT NULL")


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True))


def _partial_index(name: str, table: str, *columns: str, where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def downgrade() -> None:
    op.drop_table("lead_takes")
    op.drop_table("first_touches")
