"""Where in the CRM each lead goes and to whom, and the counters of those who take leads in turn.

The previous version goes on beside it: what it stores goes where the CRM's settings say, and takes no turn.

Revision: 0013
Before it: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("leads", sa.Column("route", DOCUMENT, nullable=False, server_default="{}"))
    op.add_column("leads", sa.Column("responsible", sa.BigInteger()))
    op.create_table(
        "turns",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_turns"),
    )


def downgrade() -> None:
    op.drop_table("turns")
    op.drop_column("leads", "responsible")
    op.drop_column("leads", "route")
