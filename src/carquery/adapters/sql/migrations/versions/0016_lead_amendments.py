"""What customers changed of leads that they had sent: corrections and cancellations.

The previous version goes on beside it: the new table is none of its business.

Revision: 0016
Before it: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "lead_amendments",
        sa.Column("id", sa.String(13), nullable=False),
        sa.Column("lead", sa.String(13), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", _DOCUMENT, nullable=False),
        sa.Column("folded", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("made", _DOCUMENT, nullable=False),
        sa.Column("intent", sa.String(16)),
        sa.Column("intent_at", sa.DateTime(timezone=True)),
        sa.Column("left_out", _DOCUMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("lease", sa.String(32)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_lead_amendments"),
    )
    is_due = sa.text("next_attempt_at IS NOT NULL")
    op.create_index(
        "ix_lead_amendments_due",
        "lead_amendments",
        ["next_attempt_at", "id"],
        postgresql_where=is_due,
        sqlite_where=is_due,
    )
    op.create_index("ix_lead_amendments_lead", "lead_amendments", ["lead"])


def downgrade() -> None:
    op.drop_table("lead_amendments")
