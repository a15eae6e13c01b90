"""Leads know which deal of their customer's came before, and of which trade-in they may be a half.

The previous version goes on beside it: it leaves both columns as they are, and what it stores has neither.

Revision: 0017
Before it: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("leads", sa.Column("earlier", _DOCUMENT))
    op.add_column("leads", sa.Column("trade_in", _DOCUMENT, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("leads", "trade_in")
    op.drop_column("leads", "earlier")
