"""What the memory adapters of leads and customers share, as two tables share a database."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from carquery.adapters.memory.failures import Failures
from carquery.adapters.stored.amendment_json import amendment_from_json, amendment_to_json
from carquery.adapters.stored.answer_json import (
    Json,
    answers_from_json,
    answers_to_json,
    attachments_from_json,
    attachments_to_json,
)
from carquery.adapters.stored.route_json import route_from_json, route_to_json
from carquery.application.ports.leads import Lease
from carquery.application.ports.reminders import Unwanted
from carquery.application.ports.tallies import BatchId
from carquery.domain.amendment import Amendment
from carquery.domain.consent import Consent
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dealership.routing import TurnKey
from carquery.domain.first_touch import FirstTouch
from carquery.domain.ids import AmendmentId, CustomerId, DialogId, LeadId
from carquery.domain.lead import Lead
from carquery.domain.lead_history import HistoryEntry
from carquery.domain.take import Take
from carquery.domain.tallied import Tallied

LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class StoredLead:
    """A lead and who has claimed it."""

    lead: Lead
    lease: Lease | None = None
    lease_until: datetime | None = None


@dataclass(slots=True)
class StoredAmendment:
    """An amendment and who has claimed it."""

    amendment: Amendment
    lease: Lease | None = None
    lease_until: datetime | None = None


@dataclass(slots=True)
class StoredCustomer:
    """What is known of a customer."""

    name: PersonName | None = None
    phone: Phone | None = None
    consents: list[Consent] = field(default_factory=list)


@dataclass(slots=True)
class StoredAlert:
    """An alert that was not said yet, serialised."""

    id: int
    cause: str
    told_at: datetime
    customer: CustomerId | None
    kind: str = ""
    body: Json = field(default_factory=dict)
    times: int = 1
    taken: bool = False
    not_before: datetime = LONG_AGO
    expires_at: datetime | None = None


@dataclass(slots=True)
class AlertTurn:
    """Who says alerts now, and when the next may be said."""

    turns: int = 0
    lease_until: datetime = LONG_AGO
    paused_until: datetime = LONG_AGO
    paid_until: datetime = LONG_AGO
    failures: int = 0
    because: str = ""


@dataclass(slots=True)
class StoredDraft:
    """A form that was left, serialised; nothing is left of one that has ended. `service`: its form."""

    touched_at: datetime
    customer: CustomerId | None = None
    service: str = ""
    revision: int = 0
    body: Json = field(default_factory=dict)
    has_ended: bool = False
    is_claimed: bool = False
    can_be_called_back: bool = False


@dataclass(slots=True)
class UnwantedReminders:
    """A customer is reminded of nothing."""

    why: Unwanted
    since: datetime


@dataclass(slots=True)
class StoredTouch:
    """When a delivered lead was first touched, and when to look for that."""

    delivered_at: datetime
    look_at: datetime | None
    looked_at: datetime | None = None
    touch: FirstTouch | None = None
    told_at: datetime | None = None


@dataclass(slots=True)
class StoredTake:
    """Who took a lead, and which worker tells the CRM."""

    take: Take
    lease: Lease | None = None
    lease_until: datetime | None = None


class MemoryDatabase(Failures):
    """Rows. A failure ordered here strikes whichever adapter is called next."""

    def __init__(self) -> None:
        super().__init__()
        self.leads: dict[LeadId, StoredLead] = {}
        self.history: dict[LeadId, list[HistoryEntry]] = {}
        self.amendments: dict[AmendmentId, StoredAmendment] = {}
        self.customers: dict[CustomerId, StoredCustomer] = {}
        self.drafts: dict[DialogId, StoredDraft] = {}
        self.unwanted_reminders: dict[CustomerId, UnwantedReminders] = {}
        self.turns: Counter[TurnKey] = Counter()
        self.alerts: list[StoredAlert] = []
        self.alerts_kept = 0
        self.alert_turn = AlertTurn()
        self.quiet_until: dict[str, datetime] = {}
        self.touches: dict[LeadId, StoredTouch] = {}
        self.takes: dict[LeadId, StoredTake] = {}
        self.tallies: Counter[Tallied] = Counter()
        self.tally_batches: set[BatchId] = set()

    def customer(self, customer: CustomerId) -> StoredCustomer:
        """The customer's row, new if there is none."""
        return self.customers.setdefault(customer, StoredCustomer())

    def end_draft(self, dialog: DialogId, *, at: datetime) -> None:
        """It has ended, whether it was ever kept or not."""
        self.drafts[dialog] = StoredDraft(at, has_ended=True)


def as_stored(lead: Lead) -> Lead:
    """The lead as it comes back from a store: only what can be serialised."""
    answers = answers_from_json(answers_to_json(lead.answers))
    attachments = attachments_from_json(attachments_to_json(lead.attachments))
    return replace(
        lead,
        answers=MappingProxyType(answers),
        attachments=attachments,
        route=route_from_json(route_to_json(lead.route)),
        made=MappingProxyType(dict(lead.made)),
    )


def amendment_as_stored(amendment: Amendment) -> Amendment:
    """The amendment as it comes back from a store."""
    body = amendment_to_json(amendment)
    return replace(amendment, **amendment_from_json(body), made=MappingProxyType(dict(amendment.made)))
