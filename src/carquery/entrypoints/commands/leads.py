"""`carquery leads …`: tables for people, JSON for machines."""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.schema import SchemaOutdated, is_current
from carquery.application.ports.leads import Leads, StoreUnavailable
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.moscow import MOSCOW
from carquery.domain.reference import read_reference
from carquery.entrypoints.commands.running import FAILED, USAGE, run, settings_or_exit, stop
from carquery.entrypoints.container import make_store_container
from carquery.entrypoints.settings import Settings

T = TypeVar("T")

COLOURS = {
    LeadStatus.PENDING: "yellow",
    LeadStatus.DELIVERING: "cyan",
    LeadStatus.DELIVERED: "green",
    LeadStatus.FAILED: "red",
    LeadStatus.DEAD: "bold red",
}


def list_command(*, status: str | None, limit: int, as_json: bool) -> None:
    """Print the latest leads."""
    if status is not None and status not in list(LeadStatus):
        stop(f"--status: «{status}» is none; expected: {', '.join(LeadStatus)}", code=USAGE)
    found = _read(limit, None if status is None else LeadStatus(status))
    if as_json:
        typer.echo(json.dumps([as_dict(lead) for lead in found], ensure_ascii=False, indent=2))
    elif not found:
        typer.echo("No leads.")
    else:
        Console().print(_table(found))


def show_command(typed: str, *, as_json: bool) -> None:
    """Print one lead."""
    reference = read_reference(typed)
    if reference is None:
        stop(f"«{typed}» is no reference; expected: CQ- and six letters or digits, such as CQ-7K3M9X", code=USAGE)
    lead = _with_leads(lambda leads: leads.find(reference))
    if lead is None:
        stop(f"{reference}: there is no such lead", code=FAILED)
    if as_json:
        typer.echo(json.dumps(as_dict(lead), ensure_ascii=False, indent=2))
    else:
        Console().print(_card(lead))


def as_dict(lead: Lead) -> dict[str, object]:
    """A lead as JSON shows it: times in ISO 8601 (UTC), sums in rubles, the phone as E.164."""
    return {
        "reference": lead.reference,
        "service": lead.service,
        "status": lead.status,
        "name": None if lead.name is None else lead.name.name,
        "phone": None if lead.phone is None else lead.phone.e164,
        "price": None if lead.price is None else lead.price.amount,
        "source": lead.source,
        "answers": dict(lead.lines),
        "conversation": list(lead.conversation),
        "photos": len(lead.photos),
        "attempts": lead.attempts,
        "failure": lead.failure,
        "crm": {effect.value: crm_id for effect, crm_id in lead.made.items()},
        "created_at": lead.created_at.isoformat(),
        "delivered_at": _iso(lead.delivered_at),
        "next_attempt_at": _iso(lead.next_attempt_at),
        "erased_at": _iso(lead.erased_at),
    }


def _read(limit: int, status: LeadStatus | None) -> Sequence[Lead]:
    return _with_leads(lambda leads: leads.newest(limit=limit, status=status))


def _with_leads(read: Callable[[Leads], Awaitable[T]]) -> T:
    """Read from the stored leads, also while the bot runs."""
    settings = settings_or_exit(Settings)

    async def reading() -> T:
        container = make_store_container(settings)
        try:
            if not await is_current(await container.get(AsyncEngine)):
                raise SchemaOutdated
            return await read(await container.get(Leads))
        finally:
            await container.close()

    try:
        return run(reading())
    except SchemaOutdated as outdated:
        stop(str(outdated), code=FAILED)
    except StoreUnavailable as away:
        stop(f"The database can't be read: {away}. Check DATABASE_URL and that it is running.", code=FAILED)


def _table(leads: Sequence[Lead]) -> Table:
    table = Table("Reference", "Received", "Service", "Status", "Name", "Phone", "Source", title=f"Leads: {len(leads)}")
    for lead in leads:
        table.add_row(
            lead.reference,
            _moscow(lead.created_at),
            lead.service,
            _status(lead),
            escape(lead.name.shown) if lead.name else "–",
            lead.phone.shown if lead.phone else "–",
            escape(lead.source or "–"),
        )
    return table


def _card(lead: Lead) -> Table:
    card = Table(title=f"{lead.reference} · {lead.title}", show_header=False, title_justify="left")
    rows = [("Status", _status(lead)), ("Received", _moscow(lead.created_at))]
    rows += [(title, escape(answer)) for title, answer in lead.lines]
    rows += [("Wrote before", escape(sentence)) for sentence in lead.conversation]
    optional = {
        "Source": lead.source,
        "Delivered": None if lead.delivered_at is None else _moscow(lead.delivered_at),
        "Next attempt": None if lead.next_attempt_at is None else _moscow(lead.next_attempt_at),
        "Attempts": str(lead.attempts) if lead.attempts else None,
        "Failure": lead.failure,
        "Erased": None if lead.erased_at is None else _moscow(lead.erased_at),
    }
    rows += [(title, escape(value)) for title, value in optional.items() if value]
    rows += [(f"In the CRM: {effect}", str(crm_id)) for effect, crm_id in lead.made.items()]
    for title, value in rows:
        card.add_row(title, value)
    return card


def _status(lead: Lead) -> str:
    return f"[{COLOURS[lead.status]}]{lead.status}[/]"


def _moscow(moment: datetime) -> str:
    return moment.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
