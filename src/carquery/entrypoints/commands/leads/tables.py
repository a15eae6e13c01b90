"""Leads for operators: tables on a terminal, JSON for machines."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.markup import escape
from rich.table import Table

from carquery.adapters.telegram.channel import MESSENGER
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import HistoryEntry
from carquery.domain.moscow import MOSCOW
from carquery.entrypoints.providers.crm_words import REASONS

COLOURS = {
    LeadStatus.PENDING: "yellow",
    LeadStatus.DELIVERING: "cyan",
    LeadStatus.DELIVERED: "green",
    LeadStatus.FAILED: "red",
    LeadStatus.DEAD: "bold red",
}


def as_dict(lead: Lead) -> dict[str, object]:
    """A lead as JSON shows it: times in ISO 8601 (UTC), sums in rubles, the phone as E.164."""
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
        "answers": dict(lead.lines),
        "conversation": list(lead.conversation),
        "photos": len(lead.photos),
        "files": [file.name for file in lead.files],
        "attempts": lead.attempts,
        "failure": None if lead.failure is None else REASONS.english(lead.failure),
        "crm": {effect.value: crm_id for effect, crm_id in lead.made.items()},
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


def leads_table(leads: Sequence[Lead]) -> Table:
    """One line each."""
    table = Table("Reference", "Received", "Service", "Status", "Name", "Phone", "Source", title=f"Leads: {len(leads)}")
    for lead in leads:
        table.add_row(
            lead.reference,
            in_moscow(lead.created_at),
            lead.service,
            coloured(lead.status),
            escape(lead.name.shown) if lead.name else "–",
            lead.given_phone.shown if lead.given_phone else "–",
            escape(lead.source or "–"),
        )
    return table


def card(lead: Lead) -> Table:
    """All there is of one lead."""
    shown = Table(title=f"{lead.reference} · {lead.title}", show_header=False, title_justify="left")
    rows = [("Status", coloured(lead.status)), ("Received", in_moscow(lead.created_at))]
    rows += [(title, escape(answer)) for title, answer in lead.lines]
    rows += [("Wrote before", escape(sentence)) for sentence in lead.conversation]
    rows += [] if lead.handle is None else [(lead.handle.messenger, escape(lead.handle.name))]
    optional = {
        "Customer": None if lead.customer is None else str(lead.customer),
        "Source": lead.source,
        "Responsible": None if lead.responsible is None else f"user no. {lead.responsible}",
        "Consent": lead.consent,
        "Delivered": None if lead.delivered_at is None else in_moscow(lead.delivered_at),
        "Next attempt": None if lead.next_attempt_at is None else in_moscow(lead.next_attempt_at),
        "Attempts": str(lead.attempts) if lead.attempts else None,
        "Failure": None if lead.failure is None else REASONS.english(lead.failure),
        "Outcome unknown": None if lead.intent is None else f"{lead.intent.effect}, {in_moscow(lead.intent.at)}",
        "Joined to": None if lead.joined_to is None else lead.joined_to.shown,
        "Earlier": lead.earlier.shown if lead.earlier and not lead.joined_to else None,
        "Trade-in with": ", ".join(lead.trade_in),
        "Erased": None if lead.erased_at is None else in_moscow(lead.erased_at),
        "Id": lead.id,
    }
    rows += [(title, escape(value)) for title, value in optional.items() if value]
    rows += [(f"In the CRM: {effect}", str(crm_id) if crm_id else "not needed") for effect, crm_id in lead.made.items()]
    rows += [("Left out", escape(REASONS.english(reason))) for reason in lead.left_out]
    for title, value in rows:
        shown.add_row(title, value)
    return shown


def history_table(history: Iterable[HistoryEntry]) -> Table:
    """What happened to a lead, oldest first."""
    table = Table("When", "What", "Effect", "Words", title="History", title_justify="left")
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
