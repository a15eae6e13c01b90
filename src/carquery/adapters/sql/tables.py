"""The tables, the same for PostgreSQL and SQLite. Every constraint has a name."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

UNIQUE_REFERENCE = "uq_leads_reference"


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite has no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401  # as inherited
        del dialect
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


Document = JSON().with_variant(JSONB(), "postgresql")

metadata = MetaData()

customers = Table(
    "customers",
    metadata,
    Column("id", BigInteger, nullable=False, autoincrement=False),
    Column("name", Text),
    Column("phone", String(16)),
    PrimaryKeyConstraint("id", name="pk_customers"),
)

consents = Table(
    "consents",
    metadata,
    Column("customer", BigInteger, nullable=False, autoincrement=False),
    Column("given_at", Moment, nullable=False),
    Column("version", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    PrimaryKeyConstraint("customer", "given_at", name="pk_consents"),
)

leads = Table(
    "leads",
    metadata,
    Column("id", String(13), nullable=False),
    Column("reference", String(9), nullable=False),
    Column("customer", BigInteger),
    Column("service", String(16), nullable=False),
    Column("answers", Document, nullable=False),
    Column("conversation", Document, nullable=False),
    Column("source", String(64)),
    Column("consent", String(64)),
    Column("status", String(16), nullable=False),
    Column("made", Document, nullable=False),
    Column("intent", String(16)),
    Column("intent_at", Moment),
    Column("left_out", Document, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failure", Text),
    Column("created_at", Moment, nullable=False),
    Column("next_attempt_at", Moment),
    Column("delivered_at", Moment),
    Column("erased_at", Moment),
    Column("lease", String(32)),
    Column("lease_until", Moment),
    PrimaryKeyConstraint("id", name="pk_leads"),
    UniqueConstraint("reference", name=UNIQUE_REFERENCE),
    Index("ix_leads_next_attempt_at", "next_attempt_at"),
    Index("ix_leads_created_at", "created_at"),
    Index("ix_leads_customer", "customer"),
)
"""A lead is also its own delivery job: stored in one transaction because it is one row."""
