"""How far updates were read where the messenger does not remember it.

The previous version goes on beside it: the new table is none of its business.

Revision: 0019
Before it: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "polling_markers",
        sa.Column("bot", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("marker", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("bot", name="pk_polling_markers"),
    )


def downgrade() -> None:
    op.drop_table("polling_markers")
