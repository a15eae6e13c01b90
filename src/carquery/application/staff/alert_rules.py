"""What alerts are about, how often people want to hear of it, and how two of one cause become one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, TypeVar, assert_never

from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    AlertsLeftOut,
    AmendmentsStranded,
    ClassifierClosed,
    ContactMayExist,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    DealsMiscounted,
    Digest,
    LeadsNotDelivered,
    LeadUntouched,
    LeftOut,
    NewLead,
    NotHandedOver,
    UpdatesStopped,
)
from carquery.domain.ids import CustomerId, Reference
from carquery.domain.reason import Reason

QUIET: Final = timedelta(minutes=15)
QUIET_ABOUT_FIELDS: Final = timedelta(days=1)
"""A field that is gone costs no lead, and every lead meets it."""
QUIET_ABOUT_CLASSIFIERS: Final = timedelta(hours=1)
"""As long as a closed one is left alone."""
QUIET_ABOUT_THE_BUDGET: Final = timedelta(hours=12)
"""Customers are answered all the same, and the next day has a new one."""

QUIET_ABOUT_DAYS: Final = timedelta(days=8)
"""Any process may tell of them, however often: they are said once."""
DIGESTS_KEPT: Final = timedelta(days=1)

CONVERSATIONS_KEPT: Final = timedelta(days=3)
"""Over a weekend; later nobody would call that customer any more, and what they wrote is theirs."""

MOST_CONTACTS: Final = 50
"""In one message, which people tick off."""
MOST_REFERENCES: Final = 1_000
"""Kept of one cause; a message names some, and says that there are more."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """How an alert is treated.

    Attributes:
        cause: what it is about; waiting alerts of one cause become one. It is kept for the quiet time, longer than the
            alert: nothing personal stands in it.
        quiet: for so long after it was said nobody hears of that cause again.
        is_state: it says how things are, not what happened to whom: while people have just been told it is no news,
            and if it lasts, it will be told again.
        expires_after: when nobody needs it any more.
        customer: whose personal data it holds; it goes when theirs go.
        is_owed: somebody was promised that people will be told: kept at any cost.
        happens_once: there is no other of its cause, ever.
        not_before: nobody is to hear of it before; None: at once.
        waits: it is for people at work, and nothing gets worse meanwhile: it is not said while the dealership is
            closed. What keeps leads from being delivered, and a customer who complains, do not wait.
    """

    cause: str
    quiet: timedelta = timedelta()
    is_state: bool = False
    expires_after: timedelta | None = None
    customer: CustomerId | None = None
    is_owed: bool = False
    happens_once: bool = False
    not_before: datetime | None = None
    waits: bool = False


def rule_of(alert: Alert) -> AlertRule:  # noqa: C901 - one case for each alert
    """How that alert is treated."""
    match alert:
        case LeadsNotDelivered(reason=reason, dead=dead):
            return AlertRule(cause=f"{'dead' if dead else 'refused'}: {_fingerprint(reason)}")
        case LeftOut(what=what):
            return AlertRule(cause=f"left out: {_fingerprint(what)}", quiet=QUIET_ABOUT_FIELDS, waits=True)
        case CrmAway():
            return AlertRule(cause="away", quiet=QUIET, is_state=True)
        case CrmClosed(reason):
            return AlertRule(cause=f"closed: {_fingerprint(reason)}", quiet=QUIET, is_state=True)
        case ContactMayExist(phone_ends, at):
            return AlertRule(cause=f"may exist: {phone_ends} {at.isoformat()}", is_owed=True, waits=True)
        case AmendmentsStranded(reason=reason, dead=dead):
            return AlertRule(
                cause=f"{'amendments dead' if dead else 'amended'}: {_fingerprint(reason)}", waits=not dead
            )
        case DealsMiscounted():
            return AlertRule(cause="deals miscounted", waits=True)
        case ContactToErase():
            return AlertRule(cause="to erase", is_owed=True, waits=True)
        case CustomerNotUnderstood(customer, is_upset=is_upset, reference=reference):
            why = "not understood" if reference is None else f"of {reference}"
            cause = f"{'upset' if is_upset else why}: {customer}"
            waits = not is_upset
            return AlertRule(cause=cause, expires_after=CONVERSATIONS_KEPT, customer=customer, waits=waits)
        case ClassifierClosed(name):
            return AlertRule(
                cause=f"classifier closed: {name}", quiet=QUIET_ABOUT_CLASSIFIERS, is_state=True, waits=True
            )
        case AiBudgetSpent():
            return AlertRule(cause="AI budget spent", quiet=QUIET_ABOUT_THE_BUDGET, is_state=True, waits=True)
        case NewLead():
            cause = f"new lead {alert.reference}"
            return AlertRule(cause=cause, is_owed=True, happens_once=True, not_before=alert.not_before, waits=True)
        case LeadUntouched():
            return AlertRule(cause=f"untouched {alert.reference}", is_owed=True, happens_once=True, waits=True)
        case NotHandedOver(reference):
            return AlertRule(cause=f"not handed over {reference}", waits=True)
        case UpdatesStopped(messenger, is_back):
            cause = f"updates {'back' if is_back else 'stopped'}: {messenger}"
            return AlertRule(cause=cause, quiet=QUIET, is_state=not is_back)
        case Digest():
            cause = f"{'week' if alert.is_week else 'days'} from {alert.first} to {alert.last}"
            return AlertRule(cause=cause, quiet=QUIET_ABOUT_DAYS, is_state=True, expires_after=DIGESTS_KEPT, waits=True)
        case AlertsLeftOut():
            return AlertRule(cause="alerts left out", is_owed=True, waits=True)
        case _:
            assert_never(alert)


def joined(waiting: Alert, newer: Alert) -> Alert | None:
    """One alert that says both, of one cause; `None` if it would be too long, the newer one waits for itself."""
    match waiting, newer:
        case LeadsNotDelivered(references), LeadsNotDelivered(more):
            return replace(waiting, references=_together(references, more))
        case LeftOut(references), LeftOut(more):
            return replace(waiting, references=_together(references, more))
        case CrmAway(references), CrmAway(more):
            return replace(newer, references=_together(references, more))
        case AmendmentsStranded(references), AmendmentsStranded(more):
            return replace(waiting, references=_together(references, more))
        case ContactToErase(contacts), ContactToErase(others):
            both = _each_once(contacts, others)
            return ContactToErase(both) if len(both) <= MOST_CONTACTS else None
        case DealsMiscounted(missing, doubled), DealsMiscounted(others_missing, others_doubled):
            return DealsMiscounted(_together(missing, others_missing), _together(doubled, others_doubled))
        case AlertsLeftOut(count), AlertsLeftOut(others_left_out):
            return AlertsLeftOut(count + others_left_out)
        case _:
            return newer


def without(alert: Alert, erased: Collection[Reference]) -> Alert | None:
    """The alert without leads that were erased; `None` if it was about no other ones."""
    match alert:
        case LeadsNotDelivered(references) | LeftOut(references) | CrmAway(references) | AmendmentsStranded(references):
            left = tuple(reference for reference in references if reference not in erased)
            return replace(alert, references=left) if left else None
        case NewLead() | LeadUntouched() | NotHandedOver():
            return None if alert.reference in erased else alert
        case DealsMiscounted(missing, doubled):
            kept = DealsMiscounted(*(tuple(one for one in some if one not in erased) for some in (missing, doubled)))
            return kept if kept.missing or kept.doubled else None
        case _:
            return alert


def _fingerprint(reason: Reason) -> str:
    """Tells reasons apart, which may quote what a customer sent, such as the name of a file."""
    return sha256(str(reason).encode("utf-8", "replace")).hexdigest()[:32]


def _together(references: Sequence[Reference], more: Sequence[Reference]) -> tuple[Reference, ...]:
    return _each_once(references, more)[:MOST_REFERENCES]


def _each_once(some: Sequence[Item], others: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys((*some, *others)))
