"""Customers are known by channel and number, such as telegram:123, and found by a handle of their messenger.

The previous version goes on beside it: it writes and reads the numbers that it knows, and none of the new columns.

Revision: 0009
Before it: 0008
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from carquery.adapters.sql.compatibility import WouldBeLost
from carquery.adapters.sql.large_tables import beside_others, build_index, fill, is_postgres

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NUMBERS: Final = {"leads": "customer", "customers": "id", "consents": "customer", "alerts": "customer"}
"""The column that has named a customer, by table."""


def upgrade() -> None:
    for table in _NUMBERS:
        _add_column(table, "customer_id")
    _add_column("leads", "handle")
    with beside_others():
        for table, number in _NUMBERS.items():
            _fill(table, number)
        build_index("ix_leads_customer_id", "leads", "customer_id")
        build_index("uq_customers_customer_id", "customers", "customer_id", unique=True)
        build_index("uq_consents_customer_id_given_at", "consents", "customer_id", "given_at", unique=True)


def _add_column(table: str, column: str) -> None:
    """PostgreSQL has it already if this was begun before, and broken off while the columns were filled."""
    op.add_column(table, sa.Column(column, sa.Text), if_not_exists=True if is_postgres() else None)


def _fill(name: str, number: str) -> None:
    columns = [sa.column(column, sa.Text) for column in ("customer_id", "username", "handle")]
    table = sa.table(name, sa.column("id"), *([] if number == "id" else [sa.column(number)]), *columns)
    text = sa.cast(table.c[number], sa.Text)
    values = {"customer_id": "telegram:" + text}
    if name == "leads":
        known_as = sa.case((table.c.username.is_(None), "id " + text), else_="@" + table.c.username)
        values["handle"] = "Telegram: " + known_as
    key = number if name == "consents" else "id"
    fill(table, key, values, where=sa.and_(table.c[number].is_not(None), table.c.customer_id.is_(None)))


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
