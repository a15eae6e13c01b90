"""The port to the people who run the bot: the admin chat."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, TypeAlias

from carquery.application.ports.environment import Bell
from carquery.domain.contact import Handle
from carquery.domain.effects import CrmId
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId, Reference
from carquery.domain.reason import Reason

__all__ = [
    "AiBudgetSpent",
    "Alert",
    "AlertBell",
    "Alerts",
    "AlertsLeftOut",
    "AmendmentsStranded",
    "ClassifierClosed",
    "ContactMayExist",
    "ContactToErase",
    "CrmAway",
    "CrmClosed",
    "CustomerNotUnderstood",
    "DealsMiscounted",
    "Digest",
    "LeadUntouched",
    "LeadsNotDelivered",
    "LeftOut",
    "NewLead",
    "NotHandedOver",
    "UpdatesStopped",
]


@dataclass(frozen=True, slots=True)
class LeadsNotDelivered:
    """These leads could not be delivered, for one reason. `dead`: they will not be tried again by themselves."""

    references: tuple[Reference, ...]
    reason: Reason
    dead: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The CRM would not take something of these leads; they were delivered without it."""

    references: tuple[Reference, ...]
    what: Reason


@dataclass(frozen=True, slots=True)
class CrmAway:
    """The CRM does not answer as it should; these leads, and others, will be tried again."""

    references: tuple[Reference, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class CrmClosed:
    """The CRM does not let us in; leads wait."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class ContactToErase:
    """A customer had their data erased; these CRM contacts are to be erased by a person."""

    contacts: tuple[CrmId, ...]


@dataclass(frozen=True, slots=True)
class ContactMayExist:
    """A customer had their data erased while nobody knew whether a call had made their contact in the CRM: a person has
    to look there, and to erase it.

    Attributes:
        phone_ends: the last four digits of its phone; nothing more is kept.
        at: when the call began, or the earliest that it can have begun.
    """

    phone_ends: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AmendmentsStranded:
    """What customers changed of these leads, or that they cancelled them, stands in the CRM only in part, or elsewhere
    than on the deal; `dead`: nowhere, and it will not be tried again by itself."""

    references: tuple[Reference, ...]
    reason: Reason
    dead: bool


@dataclass(frozen=True, slots=True)
class DealsMiscounted:
    """These delivered leads do not have exactly one deal in the CRM: none, or several."""

    missing: tuple[Reference, ...]
    doubled: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class CustomerNotUnderstood:
    """A customer wrote freely what only a person can see to.

    Attributes:
        handle: by which people find the customer in the messenger; `None` if there is none.
        conversation: what was written, oldest first; masked where the customer has not consented to more.
        is_upset: the customer complains.
        reference: the request that it is about, which the customer has just sent and would change.
    """

    customer: CustomerId
    handle: Handle | None
    conversation: tuple[str, ...]
    is_upset: bool = False
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class ClassifierClosed:
    """A classifier no longer lets us in; the others, at last the built-in one, answer. `reason`: in its own words."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class AiBudgetSpent:
    """Today's money for classifiers is spent; until midnight the built-in one answers. `limit`: US dollars a day."""

    limit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLead:
    """A lead is in the CRM, for whoever takes it. Nothing personal stands in it.

    Attributes:
        car: as the form asks for it, without what may be personal; empty: the form asks for none.
        source: the deep link's; empty: none, or it may be personal.
        messenger: in which the customer writes, as people call it.
        deal: its number in the CRM.
        not_before: when the dealership opens; None: it is open.
        is_unfinished: the customer has not sent it.
    """

    reference: Reference
    service: Service
    car: str
    source: str
    messenger: str
    deal: CrmId
    not_before: datetime | None = None
    is_unfinished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadUntouched:
    """A lead that nobody has touched in the CRM for so many working minutes; all else as in `NewLead`.

    `taken_by`: who took it in the chat, by name; empty: nobody.
    """

    reference: Reference
    service: Service
    car: str
    source: str
    messenger: str
    deal: CrmId
    minutes: int
    taken_by: str = ""


@dataclass(frozen=True, slots=True)
class NotHandedOver:
    """Somebody took this lead in the chat, and the CRM would not make them responsible for it."""

    reference: Reference
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What came of some days, from the first up to the last one. Nothing personal stands in it.

    Attributes:
        is_week: of a whole week.
        sent, delivered, touched: requests of these days, and what has become of them.
        waiting: of these, so many are to be delivered still.
        untouched: delivered ones that were looked at in the CRM, and that nobody had touched.
        median_minutes: working ones, from a request to the first touch; None: none was touched.
        worst_form, worst_step: where most customers left, by the names of form and step; empty: nowhere.
        lost, reached: so many left there, of so many.
        topic: what was asked most often without an answer; empty: nothing.
        unanswered: how often.
    """

    first: date
    last: date
    is_week: bool = False
    opened: int
    sent: int
    delivered: int
    touched: int
    waiting: int = 0
    untouched: int = 0
    median_minutes: int | None = None
    worst_form: str = ""
    worst_step: str = ""
    lost: int = 0
    reached: int = 0
    topic: str = ""
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class UpdatesStopped:
    """A messenger does not bring what customers write there, or did not for a while. `is_back`: it does again."""

    messenger: str
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class AlertsLeftOut:
    """So many other alerts were not kept, because too many were waiting."""

    count: int


Alert: TypeAlias = (
    LeadsNotDelivered
    | LeftOut
    | CrmAway
    | CrmClosed
    | ContactToErase
    | ContactMayExist
    | AmendmentsStranded
    | DealsMiscounted
    | CustomerNotUnderstood
    | ClassifierClosed
    | AiBudgetSpent
    | NewLead
    | LeadUntouched
    | NotHandedOver
    | UpdatesStopped
    | Digest
    | AlertsLeftOut
)


class Alerts(Protocol):
    """Messages for the people who run the bot."""

    async def tell(self, alert: Alert) -> None:
        """Keep it until it was said; if it can't be kept, say it now. Never raises: the caller goes on."""
        ...


class AlertBell(Bell, Protocol):
    """Rung when an alert was kept, so that saying it need not wait for the clock."""
