"""Indexes for what is asked of a million leads: which are due, not delivered, to be forgotten, to be counted.

The previous version goes on beside it: indexes are none of its business.

Revision: 0010
Before it: 0009
"""

from typing import Final

from alembic import op

from carquery.adapters.sql.large_tables import beside_others, build_index, drop_index

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BUILT: Final = {
    "ix_leads_due": "leads",
    "ix_leads_undelivered": "leads",
    "ix_leads_delivered": "leads",
    "ix_leads_half_erased": "leads",
    "ix_ai_log_text": "ai_log",
}


def upgrade() -> None:
    with beside_others():
        build_index("ix_leads_due", "leads", "next_attempt_at", "id", where="next_attempt_at IS NOT NULL")
        build_index(
            "ix_leads_undelivered",
            *("leads", "status", "created_at", "id", "service", "erased_at"),
            where="status <> 'delivered'",
        )
        build_index(
            "ix_leads_delivered",
            *("leads", "delivered_at", "service", "status", "erased_at"),
            where="status = 'delivered' AND erased_at IS NULL",
        )
        build_index(
            "ix_leads_half_erased", "leads", "customer_id", where="erased_at IS NOT NULL AND customer_id IS NOT NULL"
        )
        build_index("ix_ai_log_text", "ai_log", "at", where="text IS NOT NULL")
        drop_index("ix_leads_next_attempt_at", "leads")  # the first one does all that it did


def downgrade() -> None:
    op.create_index("ix_leads_next_attempt_at", "leads", ["next_attempt_at"])
    for name, table in _BUILT.items():
        op.drop_index(name, table)
