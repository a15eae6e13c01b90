"""Valid values to start from; a test names only what matters to it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.conversation.reception import Arrival
from carquery.domain.answers import Option, Photos, Value
from carquery.domain.attachments import Attachments, SentFile
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import Handle, PersonName, Phone
from carquery.domain.dialog import Dialog
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import Channel, CustomerId, DialogId, FileId, InputId, LeadId, Reference
from carquery.domain.lead import Lead
from carquery.domain.money import Rubles
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

EVERY_ATTACHMENT = Attachments(
    photos=(FileId("photo-3"),), files=(SentFile(FileId("file-1"), "«ПТС» <ё> 🚗.pdf", "application/pdf"),)
)


def a_dialog(*, step: str | None = None, service: Service = Service.SELL, number: int = 1, **details: Any) -> Dialog:
    """A dialog at that step with all steps before it answered; without one, at its first step."""
    dialog = Dialog.open(FORMS[service], dialog_id=DialogId(f"{number:013}"), on=date(2026, 6, 15), **details)
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


def someone(number: int, phone: Phone | None = None, **changes: Any) -> Lead:
    """A lead of a person with that phone, or with one of their own."""
    lead = a_lead(number, **changes)
    return replace(lead, answers={**lead.answers, "phone": phone or Phone(f"+7916{number:07}")})


class Always:
    """A permit that does not end."""

    def check(self) -> None:
        pass


def a_file(name: str = "ПТС.pdf", content_type: str = "application/pdf") -> SentFile:
    """A file that a customer sent."""
    return SentFile(FileId(f"file-{name}"), name, content_type)


def a_visit(customer: CustomerId = ANNA, **changes: Any) -> Visit:
    """A visit that nothing has happened in."""
    return replace(Visit.begin(customer, STRANGER, at=NOW), **changes)


def an_arrival(number: int = 1, customer: CustomerId = ANNA) -> Arrival:
    """A customer's input; `number` tells it from another."""
    return Arrival(customer, InputId(str(number)))
