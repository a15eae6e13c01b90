"""Leads, customers, consents.

Revision: 0001
Before it: nothing
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_moment = sa.DateTime(timezone=True)
_document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("name", sa.Text),
        sa.Column("phone", sa.String(16)),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
    )
    op.create_table(
        "consents",
        sa.Column("customer", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("given_at", _moment, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("customer", "given_at", name="pk_consents"),
    )
    op.create_table(
        "leads",
        sa.Column("id", sa.String(13), nullable=False),
        sa.Column("reference", sa.String(9), nullable=False),
        sa.Column("customer", sa.BigInteger),
        sa.Column("service", sa.String(16), nullable=False),
        sa.Column("answers", _document, nullable=False),
        sa.Column("conversation", _document, nullable=False),
        sa.Column("source", sa.String(64)),
        sa.Column("consent", sa.String(64)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("made", _document, nullable=False),
        sa.Column("intent", sa.String(16)),
        sa.Column("intent_at", _moment),
        sa.Column("left_out", _document, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("next_attempt_at", _moment),
        sa.Column("delivered_at", _moment),
        sa.Column("erased_at", _moment),
        sa.Column("lease", sa.String(32)),
        sa.Column("lease_until", _moment),
        sa.PrimaryKeyConstraint("id", name="pk_leads"),
        sa.UniqueConstraint("reference", name="uq_leads_reference"),
    )
    op.create_index("ix_leads_next_attempt_at", "leads", ["next_attempt_at"])
    op.create_index("ix_leads_created_at", "leads", ["created_at"])
    op.create_index("ix_leads_customer", "leads", ["customer"])


def downgrade() -> None:
    op.drop_table("leads")
    op.drop_table("consents")
    op.drop_table("customers")
