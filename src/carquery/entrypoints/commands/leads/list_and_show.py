"""`carquery leads list` and `show`."""

import json

import typer
from dishka import AsyncContainer
from rich.console import Console

from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.amendments import Amendments
from carquery.application.ports.leads import Leads
from carquery.domain.amendment import Amendment
from carquery.domain.lead import Lead
from carquery.domain.lead_history import HistoryEntry
from carquery.entrypoints.commands.leads.amendments_shown import amendments_as_list, amendments_table
from carquery.entrypoints.commands.leads.choice import Choice
from carquery.entrypoints.commands.leads.reading import with_leads, with_store
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

    async def read(container: AsyncContainer) -> tuple[Lead, tuple[HistoryEntry, ...], tuple[Amendment, ...]] | None:
        leads = await container.get(Leads)
        lead = await leads.find(reference)
        if lead is None:
            return None
        amendments = await (await container.get(Amendments)).of([lead.id])
        return lead, await leads.history(lead.id), amendments.get(lead.id, ())

    found = with_store(settings_or_exit(Settings), read)
    if found is None:
        stop(f"{reference}: there is no such lead", code=FAILED)
    lead, history, amendments = found
    if as_json:
        happened = [entry_as_dict(entry) for entry in history]
        changed = amendments_as_list(lead, amendments)
        shown = {**as_dict(lead), "amendments": changed, "history": happened}
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    console = Console()
    console.print(card(lead))
    if amendments:
        console.print(amendments_table(lead, amendments))
    if history:
        console.print(history_table(history))
