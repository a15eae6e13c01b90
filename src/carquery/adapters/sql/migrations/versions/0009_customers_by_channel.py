"""Customers are known by channel and number, such as telegram:123, and found by a handle of their messenger.

The previous version goes on beside it: it writes and reads the numbers that it knows, and none of the new columns.

Revision: 0009
Before it: 0008
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from carquery.adapters.sql.compatibility import WouldBeLost

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NUMBERS: Final = {"leads": "customer", "customers": "id", "consents": "customer", "alerts": "customer"}
"""The column that has named a customer, by table."""


def upgrade() -> None:
    for table, number in _NUMBERS.items():
        op.add_column(table, sa.Column("customer_id", sa.Text))
        op.execute(f"UPDATE {table} SET customer_id = 'telegram:' || {number} WHERE {number} IS NOT NULL")  # noqa: S608
    op.add_column("leads", sa.Column("handle", sa.Text))
    name = "CASE WHEN username IS NULL THEN 'id ' || customer ELSE '@' || username END"
    op.execute(f"UPDATE leads SET handle = 'Telegram: ' || {name} WHERE customer IS NOT NULL")  # noqa: S608
    op.create_index("ix_leads_customer_id", "leads", ["customer_id"])
    op.create_index("uq_customers_customer_id", "customers", ["customer_id"], unique=True)
    op.create_index("uq_consents_customer_id_given_at", "consents", ["customer_id", "given_at"], unique=True)


def downgrade() -> None:
    _others_must_not_be_lost()
    op.drop_index("uq_consents_customer_id_given_at", "consents")
    op.drop_index("uq_customers_customer_id", "customers")
    op.drop_index("ix_leads_customer_id", "leads")
    op.drop_column("leads", "handle")
    for table in reversed(_NUMBERS):
        op.drop_column(table, "customer_id")


def _others_must_not_be_lost() -> None:
    """The version before knows nobody but Telegram's customers: it would ask others for their consent again, and could
    not erase them."""
    others = set()
    for table in _NUMBERS:
        named = sa.table(table, sa.column("customer_id")).c.customer_id
        found = sa.select(named).where(named.is_not(None), named.not_like("telegram:%")).distinct()
        others |= set(op.get_bind().execute(found).scalars())
    if others:
        messengers = ", ".join(sorted({customer.partition(":")[0] for customer in others}))
        raise WouldBeLost(
            f"{len(others)} of its customers came by another messenger ({messengers}), of which the version before "
            "knows nothing: erase them first (carquery leads erase), or restore the backup from before the upgrade"
        )
