"""Leads of a store that was restored from a backup are looked for in the CRM before anything of them is made.

The previous version goes on beside it: the new column is none of its business.

Revision: 0004
Before it: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leads", sa.Column("outdated", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("leads", "outdated")
