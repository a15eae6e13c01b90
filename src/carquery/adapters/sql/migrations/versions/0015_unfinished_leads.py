"""Leads say whether their customers have sent them, or left the form.

The previous version goes on beside it: what it stores was sent, and what it delivers it delivers as if it were.

Revision: 0015
Before it: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leads", sa.Column("unfinished", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("leads", "unfinished")
