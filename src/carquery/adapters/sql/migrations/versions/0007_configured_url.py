"""The account's address in the settings is kept beside the one that was learnt: a changed setting takes precedence.

The previous version goes on beside it: the new column is none of its business.

Revision: 0007
Before it: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("crm_tokens", sa.Column("configured_url", sa.Text))


def downgrade() -> None:
    op.drop_column("crm_tokens", "configured_url")
