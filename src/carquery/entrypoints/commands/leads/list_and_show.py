"""`carquery leads list` and `show`."""

import json

import typer
from rich.console import Console

from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.leads import Leads
from carquery.domain.lead import Lead
from carquery.domain.lead_history import HistoryEntry
from carquery.entrypoints.commands.leads.choice import Choice
from carquery.entrypoints.commands.leads.reading import with_leads
from carquery.entrypoints.commands.leads.tables import as_dict, card, entry_as_dict, history_table, leads_table
from carquery.entrypoints.commands.leads.whom import reference_or_exit
from carquery.entrypoints.commands.running import FAILED, settings_or_exit, stop
from carquery.entrypoints.settings.settings import Settings


def list_command(choice: Choice, *, limit: int, as_json: bool) -> None:
    """Print the latest leads."""
    chosen = choice.as_chosen(now=SystemClock().now())
    found = with_leads(settings_or_exit(Settings), lambda leads: leads.newest(limit=limit, chosen=chosen))
    if as_json:
        typer.echo(json.dumps([as_dict(lead) for lead in found], ensure_ascii=False, indent=2))
    elif not found:
        typer.echo("No leads.")
    else:
        Console().print(leads_table(found))


def show_command(typed: str, *, as_json: bool) -> None:
    """Print one lead, and what happened to it."""
    reference = reference_or_exit(typed)

    async def read(leads: Leads) -> tuple[Lead, tuple[HistoryEntry, ...]] | None:
        lead = await leads.find(reference)
        return None if lead is None else (lead, await leads.history(lead.id))

    found = with_leads(settings_or_exit(Settings), read)
    if found is None:
        stop(f"{reference}: there is no such lead", code=FAILED)
    lead, history = found
    if as_json:
        happened = [entry_as_dict(entry) for entry in history]
        typer.echo(json.dumps({**as_dict(lead), "history": happened}, ensure_ascii=False, indent=2))
        return
    console = Console()
    console.print(card(lead))
    if history:
        console.print(history_table(history))
