"""A lead keeps files besides photos, and photos that no step asks for.

The previous version goes on beside it: the new column is none of its business.

Revision: 0005
Before it: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("leads", sa.Column("attachments", DOCUMENT, nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("leads", "attachments")
