"""Delivery to a real CRM: whose lead it is, what happened to it, the authorisation, whose turn it is.

The previous version goes on beside it: new columns may be missing from its rows, new tables are none of its business.

Revision: 0002
Before it: 0001
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("leads", sa.Column("username", sa.String(32)))
    op.add_column("leads", sa.Column("phone", sa.String(16)))
    op.add_column("leads", sa.Column("doubts", sa.Integer, nullable=False, server_default="0"))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    phone = "json_extract(answers, '$.phone.phone')" if is_sqlite else "answers -> 'phone' ->> 'phone'"
    op.execute(f"UPDATE leads SET phone = {phone}")  # noqa: S608  # one of the two above
    op.create_index("ix_leads_phone", "leads", ["phone"])
    op.create_table(
        "lead_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=True),
        sa.Column("lead", sa.String(13), nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("effect", sa.String(16)),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lead_history"),
    )
    op.create_index("ix_lead_history_lead", "lead_history", ["lead"])
    op.create_table(
        "crm_tokens",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("base_url", sa.Text, nullable=False),
        sa.Column("access_token", sa.Text, nullable=False),
        sa.Column("refresh_token", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("expires_at", _moment, nullable=False),
        sa.Column("renewal", sa.String(32)),
        sa.Column("renewal_until", _moment),
        sa.PrimaryKeyConstraint("id", name="pk_crm_tokens"),
    )
    gate = op.create_table(
        "crm_gate",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("next_at", _moment, nullable=False),
        sa.Column("closed_until", _moment),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("strikes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_crm_gate"),
    )
    op.bulk_insert(gate, [{"id": 1, "next_at": datetime(2020, 1, 1, tzinfo=UTC), "reason": "", "strikes": 0}])
    op.create_table(
        "told",
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("told_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("cause", name="pk_told"),
    )


def downgrade() -> None:
    for table in ("told", "crm_gate", "crm_tokens", "lead_history"):
        op.drop_table(table)
    op.drop_index("ix_leads_phone", "leads")
    for column in ("doubts", "phone", "username"):
        op.drop_column("leads", column)
