"""Valid values to start from; a test names only what matters to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.conversation.reception import Arrival
from carquery.application.ports.ai_journal import CallOutcome, JournalEntry
from carquery.application.screens import FreeAnswer, Menu, naming_services
from carquery.domain.amendment import Amendment, AmendmentKind
from carquery.domain.answers import Option, Photos, Value
from carquery.domain.attachments import Attachments, SentFile
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.consent import ConsentTerms
from carquery.domain.contact import Handle, PersonName, Phone
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.week import read_week
from carquery.domain.dialog import Dialog
from carquery.domain.forms.catalogue import FORMS, ON_THE_MENU
from carquery.domain.forms.form import Service
from carquery.domain.ids import (
    AmendmentId,
    Channel,
    CustomerId,
    DialogId,
    FileId,
    InputId,
    LeadId,
    MessageId,
    MessageToken,
    Reference,
)
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.money import Rubles
from carquery.domain.moscow import MOSCOW
from carquery.domain.reason import Reason
from carquery.domain.vin import Vin
from carquery.domain.visit import STRANGER, Visit
from carquery.domain.words import Words
from tests.domain.answers_by_step import answered_well

ANNA = customer_of_user(7_000_000_001)
BORIS = customer_of_user(7_000_000_002)
NAMESAKE = CustomerId(Channel("max"), ANNA.number)
"""Somebody else, with Anna's number in another channel."""
ANNA_S_HANDLE = Handle("Telegram", "@anna_k")
NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

GREETING = naming_services(Menu.GREETING, ON_THE_MENU)
ASKED_FREELY = naming_services(FreeAnswer.ASK, ON_THE_MENU)

TERMS = ConsentTerms("1", "Согласие «ё» <b>&", "https://example.org/policy?a=1&b=2")

EVERY_KIND_OF_ANSWER: dict[str, Value] = {
    "car_brand": Words("Toyota Camry <b>&\n«Ёж» 🚗"),
    "year": ModelYear(2018),
    "mileage": Kilometers(120_000),
    "price": Rubles(1_200_000),
    "budget": Option("to1m", "до 1 млн ₽", Rubles(1_000_000)),
    "photos": Photos((FileId("photo-1"), FileId("photo-2"))),
    "vin": Vin("XTA210990Y1234567"),
    "description": Words("д" * 2000),
    "name": PersonName("Анна"),
    "phone": Phone("+79161234567"),
}

NOTHING_ATTACHED = Attachments()
EVERY_ATTACHMENT = Attachments(
    photos=(FileId("photo-3"),), files=(SentFile(FileId("file-1"), "«ПТС» <ё> 🚗.pdf", "application/pdf"),)
)


def business_hours(written: str = "пн-пт 9:00-20:00; сб-вс 10:00-18:00") -> BusinessHours:
    """By Moscow's clock; at `NOW`, a Monday, it is 12:30 there."""
    return BusinessHours(written, read_week(written), MOSCOW)


def a_dialog(*, step: str | None = None, service: Service = Service.SELL, number: int = 1, **details: Any) -> Dialog:
    """A dialog at that step with all steps before it answered; without one, at its first step."""
    dialog = Dialog.open(FORMS[service], dialog_id=DialogId(f"{number:013}"), on=TODAY, **details)
    while step is not None and dialog.at != step:
        dialog = _answered(dialog)
    return dialog


def a_reviewed_dialog(*, service: Service = Service.CALLBACK, number: int = 1, **details: Any) -> Dialog:
    """A dialog at its summary."""
    dialog = a_dialog(service=service, number=number, **details)
    while not dialog.is_at_summary:
        dialog = _answered(dialog)
    return dialog


def _answered(dialog: Dialog) -> Dialog:
    assert dialog.at is not None, "past the last step"
    answered = answered_well(dialog)
    return answered.keep() if answered.at == dialog.at else answered


def a_lead(number: int = 1, **changes: Any) -> Lead:
    """A lead that is due; `number` tells its id and reference from another's."""
    customer: CustomerId | None = changes.get("customer", ANNA)
    lead = Lead.of(
        a_reviewed_dialog(service=Service.SELL, number=number),
        customer=ANNA,
        reference=Reference(f"CQ-{number:06}"),
        at=NOW,
        handle=None if customer is None else Handle("Telegram", f"id {customer.number}"),
    )
    return replace(lead, **({"id": LeadId(f"{number:013}")} | changes))


def a_phone(number: int) -> Phone:
    """`number` tells it from another."""
    return Phone(f"+7916{number:07}")


def someone(number: int, phone: Phone | None = None, **changes: Any) -> Lead:
    """A lead of a person with that phone, or with one of their own."""
    lead = a_lead(number, **changes)
    return replace(lead, answers={**lead.answers, "phone": phone or a_phone(number)})


def a_full_lead(number: int = 1, *, attachments: Attachments = NOTHING_ATTACHED, **answers: Any) -> Lead:
    """A lead with every kind of answer, which needs every effect; `answers` go before the usual ones."""
    return a_lead(number, answers=EVERY_KIND_OF_ANSWER | answers, attachments=attachments)


def a_lead_with_files(number: int = 1, *, customer: CustomerId = ANNA, **answers: Any) -> Lead:
    """A full lead with one photo and one file."""
    attachments = Attachments(files=(a_file(),))
    lead = a_full_lead(number, attachments=attachments, **{"photos": Photos((FileId("front"),))} | answers)
    return replace(lead, customer=customer)


def a_pending_lead(number: int = 1, *, now: datetime = NOW, age: timedelta = timedelta(), **changes: Any) -> Lead:
    """A full lead that was received that long ago, and is due; each customer has a phone of their own."""
    received = now - age
    pending: dict[str, Any] = {
        "answers": EVERY_KIND_OF_ANSWER | {"phone": a_phone(number)},
        "created_at": received,
        "next_attempt_at": received,
    }
    return a_lead(number, **pending | changes)


def a_failed_lead(number: int = 1, *, now: datetime = NOW, **changes: Any) -> Lead:
    """One that was tried and waits for its next attempt."""
    failed: dict[str, Any] = {
        "status": LeadStatus.FAILED,
        "attempts": 3,
        "failure": Reason("pipeline 7 is gone"),
        "next_attempt_at": now + HOUR,
    }
    return a_pending_lead(number, now=now, **failed | changes)


def a_dead_lead(number: int = 1, **changes: Any) -> Lead:
    """One that waits for a person."""
    return a_failed_lead(number, **{"status": LeadStatus.DEAD, "next_attempt_at": None} | changes)


def a_delivered_lead(number: int = 1, *, now: datetime = NOW, **changes: Any) -> Lead:
    """One that stands in the CRM."""
    delivered: dict[str, Any] = {
        "status": LeadStatus.DELIVERED,
        "next_attempt_at": None,
        "delivered_at": now - 2 * HOUR,
    }
    return a_pending_lead(number, now=now, **delivered | changes)


def a_correction(lead: Lead, *, number: int = 90, at: datetime = NOW, **after: Any) -> Amendment:
    """The customer has other answers to these steps now; `number` tells it from another."""
    steps = {step: value for step, value in lead.answers.items() if step in after}
    return Amendment(
        id=AmendmentId(f"{number:013}"),
        lead=lead.id,
        kind=AmendmentKind.CORRECTION,
        asked_at=at,
        before=steps,
        after=after,
        next_attempt_at=at,
    )


class Always:
    """A permit that does not end."""

    def check(self) -> None:
        pass


PERMIT = Always()


def a_file(name: str = "ПТС.pdf", content_type: str = "application/pdf") -> SentFile:
    """A file that a customer sent."""
    return SentFile(FileId(f"file-{name}"), name, content_type)


def a_visit(customer: CustomerId = ANNA, **changes: Any) -> Visit:
    """A visit that nothing has happened in."""
    return replace(Visit.begin(customer, STRANGER, at=NOW), **changes)


def an_arrival(number: int = 1, customer: CustomerId = ANNA, *, message: MessageToken | None = None) -> Arrival:
    """A customer's input; `number` tells it from another. `message`: the customer's, if it is or edits one."""
    return Arrival(customer, InputId(str(number)), message=message)


def message_number(number: int) -> MessageId:
    return MessageId(f"{number:013}")


FIRST_MESSAGE = message_number(1)


def a_call(message: MessageId = FIRST_MESSAGE, **details: Any) -> JournalEntry:
    """A classifier's first call for a message, which was answered; nothing was offered."""
    usual: dict[str, Any] = {
        "place": 1,
        "at": NOW,
        "model": "gpt-4o-mini",
        "outcome": CallOutcome.ANSWERED,
        "latency": 0.5,
        "text": "продам камри",
        "intent": Service.SELL,
        "confidence": 0.9,
    }
    return JournalEntry(message=message, **usual | details)
