"""The tables, the same for PostgreSQL and SQLite. Every constraint has a name."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
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


def _partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the few rows that are asked for: whoever asks says `where` in these words, or it is not used.

    Columns that are not searched by stand in it to be counted without a look at the table.
    """
    return Index(name, *columns, postgresql_where=text(where), sqlite_where=text(where))


customers = Table(
    "customers",
    metadata,
    Column("id", BigInteger, nullable=False, autoincrement=False),
    Column("customer_id", Text),
    Column("name", Text),
    Column("phone", String(16)),
    PrimaryKeyConstraint("id", name="pk_customers"),
    Index("uq_customers_customer_id", "customer_id", unique=True),
)
"""`customer_id` and the number beside it, in each table that has them: see `customer_columns`."""

consents = Table(
    "consents",
    metadata,
    Column("customer", BigInteger, nullable=False, autoincrement=False),
    Column("customer_id", Text),
    Column("given_at", Moment, nullable=False),
    Column("version", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    PrimaryKeyConstraint("customer", "given_at", name="pk_consents"),
    Index("uq_consents_customer_id_given_at", "customer_id", "given_at", unique=True),
)

leads = Table(
    "leads",
    metadata,
    Column("id", String(13), nullable=False),
    Column("reference", String(9), nullable=False),
    Column("customer", BigInteger),
    Column("customer_id", Text),
    Column("username", String(32)),
    Column("handle", Text),
    Column("phone", String(16)),
    Column("route", Document, nullable=False, server_default="{}"),
    Column("responsible", BigInteger),
    Column("service", String(16), nullable=False),
    Column("answers", Document, nullable=False),
    Column("attachments", Document, nullable=False, server_default="{}"),
    Column("conversation", Document, nullable=False),
    Column("source", String(64)),
    Column("consent", String(64)),
    Column("unfinished", Boolean, nullable=False, server_default=false()),
    Column("status", String(16), nullable=False),
    Column("made", Document, nullable=False),
    Column("intent", String(16)),
    Column("intent_at", Moment),
    Column("doubts", Integer, nullable=False, server_default="0"),
    Column("outdated", Boolean, nullable=False, server_default=false()),
    Column("left_out", Document, nullable=False),
    Column("earlier", Document),
    Column("trade_in", Document, nullable=False, server_default="[]"),
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
    _partial_index("ix_leads_due", "next_attempt_at", "id", where="next_attempt_at IS NOT NULL"),
    _partial_index(
        "ix_leads_undelivered", "status", "created_at", "id", "service", "erased_at", where="status <> 'delivered'"
    ),
    _partial_index(
        "ix_leads_delivered",
        *("delivered_at", "service", "status", "erased_at"),
        where="status = 'delivered' AND erased_at IS NULL",
    ),
    _partial_index("ix_leads_half_erased", "customer_id", where="erased_at IS NOT NULL AND customer_id IS NOT NULL"),
    Index("ix_leads_created_at", "created_at"),
    Index("ix_leads_customer", "customer"),
    Index("ix_leads_customer_id", "customer_id"),
    Index("ix_leads_phone", "phone"),
)
"""A lead is also its own delivery job: stored in one transaction because it is one row.

`phone` stands in `answers` too; here it can be searched for. The partial indexes are what a million leads need: those
due, as they are claimed; those not delivered, by status; those delivered, as they are forgotten and counted; those of
which a version before 0009 has erased only what it knows.
"""

drafts = Table(
    "drafts",
    metadata,
    Column("dialog", String(13), nullable=False),
    Column("customer_id", Text),
    Column("channel", String(16)),
    Column("service", String(16)),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("body", Document),
    Column("can_be_called_back", Boolean, nullable=False, server_default=false()),
    Column("touched_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("reminded_at", Moment),
    PrimaryKeyConstraint("dialog", name="pk_drafts"),
    Index("ix_drafts_customer_id", "customer_id"),
    Index("ix_drafts_touched_at", "touched_at"),
)
"""Forms that are not sent. Of one that has ended a row stays for a while, and says nothing but that it has: a process
that comes late with what it knows of it must find that out. `reminded_at`: set before the customer is reminded."""

unwanted_reminders = Table(
    "unwanted_reminders",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("why", String(16), nullable=False),
    Column("since", Moment, nullable=False),
    PrimaryKeyConstraint("customer_id", name="pk_unwanted_reminders"),
    Index("ix_unwanted_reminders_since", "since"),
)
"""Customers who are reminded of nothing."""

turns = Table(
    "turns",
    metadata,
    Column("key", Text, nullable=False),
    Column("taken", BigInteger, nullable=False),
    PrimaryKeyConstraint("key", name="pk_turns"),
)
"""How many leads were stored with each list of people who take them in turn."""

lead_history = Table(
    "lead_history",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), nullable=False, autoincrement=True),
    Column("lead", String(13), nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", String(16), nullable=False),
    Column("effect", String(16)),
    Column("words", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_lead_history"),
    Index("ix_lead_history_lead", "lead"),
)

first_touches = Table(
    "first_touches",
    metadata,
    Column("lead", String(13), nullable=False),
    Column("delivered_at", Moment, nullable=False),
    Column("look_at", Moment),
    Column("looked_at", Moment),
    Column("touched_at", Moment),
    Column("touched_by", BigInteger),
    Column("told_at", Moment),
    PrimaryKeyConstraint("lead", name="pk_first_touches"),
    _partial_index("ix_first_touches_look_at", "look_at", "touched_at", where="look_at IS NOT NULL"),
    Index("ix_first_touches_delivered_at", "delivered_at"),
)
"""When a delivered lead was first touched in the CRM. `look_at`: when to look for that; null: no more."""

lead_takes = Table(
    "lead_takes",
    metadata,
    Column("lead", String(13), nullable=False),
    Column("reference", String(9), nullable=False),
    Column("deal", BigInteger, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("member", String(20), nullable=False),
    Column("member_name", Text, nullable=False),
    Column("crm_user", BigInteger),
    Column("was_with", BigInteger),
    Column("intent_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment),
    Column("ended", String(16)),
    Column("failure", Text),
    Column("lease", String(32)),
    Column("lease_until", Moment),
    PrimaryKeyConstraint("lead", name="pk_lead_takes"),
    _partial_index("ix_lead_takes_due_at", "due_at", where="due_at IS NOT NULL"),
)
"""Who of the staff chat has taken a lead, and whether the CRM knows. Nothing of the customer stands in it."""

lead_amendments = Table(
    "lead_amendments",
    metadata,
    Column("id", String(13), nullable=False),
    Column("lead", String(13), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("body", Document, nullable=False),
    Column("folded", Boolean, nullable=False),
    Column("status", String(16), nullable=False),
    Column("made", Document, nullable=False),
    Column("intent", String(16)),
    Column("intent_at", Moment),
    Column("left_out", Document, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failure", Text),
    Column("next_attempt_at", Moment),
    Column("delivered_at", Moment),
    Column("lease", String(32)),
    Column("lease_until", Moment),
    PrimaryKeyConstraint("id", name="pk_lead_amendments"),
    _partial_index("ix_lead_amendments_due", "next_attempt_at", "id", where="next_attempt_at IS NOT NULL"),
    Index("ix_lead_amendments_lead", "lead"),
)
"""What customers changed of sent leads; each is also its own delivery job. Of erased leads there are none."""

THE_ROW = 1
"""The id of the only row of `crm_tokens`, of `crm_gate` and of `alert_turn`."""

crm_tokens = Table(
    "crm_tokens",
    metadata,
    Column("id", Integer, nullable=False, autoincrement=False),
    Column("base_url", Text, nullable=False),
    Column("access_token", Text, nullable=False),
    Column("refresh_token", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("configured_url", Text),
    Column("renewal", String(32)),
    Column("renewal_until", Moment),
    PrimaryKeyConstraint("id", name="pk_crm_tokens"),
)
"""Tokens are sealed. `fingerprint`: by it a grant is known without opening it."""

crm_gate = Table(
    "crm_gate",
    metadata,
    Column("id", Integer, nullable=False, autoincrement=False),
    Column("next_at", Moment, nullable=False),
    Column("closed_until", Moment),
    Column("reason", Text, nullable=False),
    Column("strikes", Integer, nullable=False),
    PrimaryKeyConstraint("id", name="pk_crm_gate"),
)
"""One row, which a migration has put there. `strikes`: how often it was closed since it was last opened."""

told = Table(
    "told",
    metadata,
    Column("cause", Text, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("quiet_until", Moment),
    PrimaryKeyConstraint("cause", name="pk_told"),
)
"""What people have been told, and until when nobody wants to hear of it again."""

alerts = Table(
    "alerts",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), nullable=False, autoincrement=True),
    Column("kind", String(64), nullable=False),
    Column("cause", Text, nullable=False),
    Column("body", Document, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("times", Integer, nullable=False),
    Column("taken", Boolean, nullable=False, server_default=false()),
    Column("not_before", Moment),
    Column("expires_at", Moment),
    Column("customer", BigInteger),
    Column("customer_id", Text),
    PrimaryKeyConstraint("id", name="pk_alerts"),
)
"""What has not been said yet. `told_at`: the first of `times`. `taken`: being said, or it was when a process died."""

alert_turn = Table(
    "alert_turn",
    metadata,
    Column("id", Integer, nullable=False, autoincrement=False),
    Column("lease", String(32)),
    Column("lease_until", Moment),
    Column("paused_until", Moment),
    Column("paid_until", Moment),
    Column("failures", Integer, nullable=False),
    Column("because", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_alert_turn"),
)
"""One row, which a migration has put there: who says alerts now. `paid_until`: each costs `PACE`, some are lent."""

moved_chats = Table(
    "moved_chats",
    metadata,
    Column("chat", BigInteger, nullable=False, autoincrement=False),
    Column("moved_to", BigInteger, nullable=False),
    PrimaryKeyConstraint("chat", name="pk_moved_chats"),
)
"""Groups that have another id now."""

chores = Table(
    "chores",
    metadata,
    Column("chore", Text, nullable=False),
    Column("taken_at", Moment, nullable=False),
    PrimaryKeyConstraint("chore", name="pk_chores"),
)
"""What one process of the installation did for all of them, and when."""

polling_markers = Table(
    "polling_markers",
    metadata,
    Column("bot", BigInteger, nullable=False, autoincrement=False),
    Column("marker", BigInteger, nullable=False),
    PrimaryKeyConstraint("bot", name="pk_polling_markers"),
)
"""How far a bot has read its updates, where its messenger does not remember that. `bot`: its user id there."""

ai_log = Table(
    "ai_log",
    metadata,
    Column("message", String(13), nullable=False),
    Column("place", Integer, nullable=False, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("model", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("latency_ms", Double, nullable=False),
    Column("text", Text),
    Column("intent", String(16)),
    Column("confidence", Double),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("cost_microusd", BigInteger, nullable=False),
    Column("offered", String(16)),
    Column("accepted", Boolean),
    PrimaryKeyConstraint("message", "place", name="pk_ai_log"),
    Index("ix_ai_log_at", "at"),
    _partial_index("ix_ai_log_text", "at", where="text IS NOT NULL"),
)
"""One row for each call of a classifier. Nothing in it says who wrote. `text` is masked, and forgotten in time."""

ai_spending = Table(
    "ai_spending",
    metadata,
    Column("day", Date, nullable=False),
    Column("spent_microusd", BigInteger, nullable=False),
    PrimaryKeyConstraint("day", name="pk_ai_spending"),
)
"""`day` is Moscow's."""

tallies = Table(
    "tallies",
    metadata,
    Column("day", Date, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("what", "form", "step", "channel", "source", "detail")),
    Column("times", BigInteger, nullable=False),
    PrimaryKeyConstraint(*("day", "what", "form", "step", "channel", "source", "detail"), name="pk_tallies"),
)
"""How often each thing happened on each of the dealership's days; nothing in it says to whom."""

tally_batches = Table(
    "tally_batches",
    metadata,
    Column("batch", String(13), nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("batch", name="pk_tally_batches"),
)
"""What was added to `tallies` lately, so that it is not added twice."""
