"""Leads for operators: tables on a terminal, JSON for machines."""

from collections.abc import Iterable
from datetime import datetime

from rich.markup import escape
from rich.table import Table

from carquery.adapters.telegram.channel import MESSENGER
from carquery.application.wording import CrmInWords
from carquery.domain.answers import Option, Photos, Value
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import Phone
from carquery.domain.effects import NOTHING_TO_MAKE, Effect
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import HistoryEntry
from carquery.domain.money import Rubles
from carquery.domain.moscow import MOSCOW
from carquery.entrypoints.providers.crm_words import REASONS
from carquery.entrypoints.uncut import uncut

COLOURS = {
    LeadStatus.PENDING: "yellow",
    LeadStatus.DELIVERING: "cyan",
    LeadStatus.DELIVERED: "green",
    LeadStatus.FAILED: "red",
    LeadStatus.DEAD: "bold red",
}


def as_dict(lead: Lead, crm: CrmInWords) -> dict[str, object]:
    """A lead as JSON shows it: times in ISO 8601 (UTC), sums in rubles, the phone as E.164.

    `answers` are by step name, numbers as numbers; `lines` are the same in people's words.
    """
    return {
        "reference": lead.reference,
        "id": lead.id,
        "service": lead.service,
        "status": lead.status,
        "name": None if lead.name is None else lead.name.name,
        "phone": None if lead.phone is None else lead.phone.e164,
        "extension": None if lead.given_phone is None else lead.given_phone.extension or None,
        "customer": None if lead.customer is None else str(lead.customer),
        "handle": None if lead.handle is None else lead.handle.shown,
        "telegram": name_in_telegram(lead),
        "price": None if lead.price is None else lead.price.amount,
        "source": lead.source,
        "responsible": lead.responsible,
        "consent": lead.consent,
        "answers": {step: _plain(value) for step, value in lead.answers.items()},
        "lines": [{"title": title, "text": text} for title, text in lead.lines],
        "conversation": list(lead.conversation),
        "photos": len(lead.photos),
        "files": [file.name for file in lead.files],
        "attempts": lead.attempts,
        "failure": None if lead.failure is None else REASONS.english(lead.failure),
        "crm": {effect.value: crm_id for effect, crm_id in lead.made.items()},
        "deal_url": page_of_deal(lead, crm),
        "unknown_outcome": None
        if lead.intent is None
        else {"effect": lead.intent.effect, "at": lead.intent.at.isoformat()},
        "left_out": [REASONS.english(reason) for reason in lead.left_out],
        "joined_to": None if lead.joined_to is None else lead.joined_to.shown,
        "earlier": None if lead.earlier is None else lead.earlier.shown,
        "trade_in": list(lead.trade_in),
        "created_at": lead.created_at.isoformat(),
        "delivered_at": _iso(lead.delivered_at),
        "next_attempt_at": _iso(lead.next_attempt_at),
        "erased_at": _iso(lead.erased_at),
    }


def page_of_deal(lead: Lead, crm: CrmInWords) -> str | None:
    """Where its deal is looked at; `None`: there is none yet."""
    return crm.page_of(lead.made.get(Effect.LEAD, NOTHING_TO_MAKE))


def _plain(value: Value) -> str | int:
    match value:
        case Rubles(number) | Kilometers(number) | ModelYear(number):
            return number
        case Option(code=code):
            return code
        case Phone(e164=number):
            return number
        case Photos(files=files):
            return len(files)
        case _:
            return value.shown


def name_in_telegram(lead: Lead) -> str | None:
    """What people look for in Telegram; None: erased, or a customer of another messenger."""
    handle = lead.handle
    return handle.name if handle is not None and handle.messenger == MESSENGER else None


def entry_as_dict(entry: HistoryEntry) -> dict[str, object]:
    """One line of a lead's history as JSON shows it."""
    return {"at": entry.at.isoformat(), "what": entry.what, "effect": entry.effect, "words": words_of(entry)}


def words_of(entry: HistoryEntry) -> str:
    """Why it happened."""
    return "" if entry.why is None else REASONS.english(entry.why)


def history_table(history: Iterable[HistoryEntry]) -> Table:
    """What happened to a lead, oldest first."""
    table = uncut(Table("When", "What", "Effect", "Words", title="History", title_justify="left"), "When", "What")
    for entry in history:
        table.add_row(in_moscow(entry.at, seconds=True), entry.what, entry.effect or "", escape(words_of(entry)))
    return table


def coloured(status: LeadStatus) -> str:
    """The status in its colour, as rich's markup."""
    return f"[{COLOURS[status]}]{status}[/]"


def in_moscow(moment: datetime, *, seconds: bool = False) -> str:
    """Date and time of day where the dealership is."""
    return moment.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M:%S" if seconds else "%d.%m.%Y %H:%M")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
