"""`carquery leads list` and `show`."""

import json
import sys
from collections.abc import Callable

import typer
from dishka import AsyncContainer
from rich.console import Console

from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.leads import Leads
from carquery.domain.lead import Lead
from carquery.domain.lead_history import HistoryEntry
from carquery.entrypoints.commands.leads.amendments_shown import amendments_table
from carquery.entrypoints.commands.leads.choice import Choice
from carquery.entrypoints.commands.leads.dossier import Dossier, Dossiers
from carquery.entrypoints.commands.leads.dossier_shown import card, dossier_as_dict
from carquery.entrypoints.commands.leads.json_array import JsonArray
from carquery.entrypoints.commands.leads.listing import TerminalList, fields
from carquery.entrypoints.commands.leads.reading import every, with_store
from carquery.entrypoints.commands.leads.tables import as_dict, entry_as_dict, history_table
from carquery.entrypoints.commands.leads.whom import reference_or_exit
from carquery.entrypoints.commands.running import FAILED, settings_or_exit, stop
from carquery.entrypoints.providers.crm_words import crm_in_words
from carquery.entrypoints.settings.settings import Settings


def list_command(choice: Choice, *, limit: int, as_json: bool) -> None:
    """Print the latest leads while they are read; stderr says if there are none, or more."""
    chosen = choice.as_chosen(now=SystemClock().now())
    settings = settings_or_exit(Settings)
    document = JsonArray(sys.stdout) if as_json else None
    crm = crm_in_words(settings)
    write = _rows() if document is None else lambda lead: document.write(as_dict(lead, crm))

    async def print_them(container: AsyncContainer) -> int:
        count = 0
        async for lead in every(await container.get(Leads), chosen, most=limit + 1):
            count += 1
            if count <= limit:
                write(lead)
        return count

    count = with_store(settings, print_them)
    if document is not None:
        document.end()
    elif count == 0:
        typer.echo("No leads.", err=True)
    if count > limit:
        typer.echo(
            f"There are more than {limit}: raise --limit, or choose among them (carquery leads list -h).", err=True
        )


def _rows() -> Callable[[Lead], None]:
    """Prints a lead: in columns on a terminal, with tabs between its fields in a pipe or a file."""
    console = Console(highlight=False)
    if not console.is_terminal:
        return lambda lead: typer.echo("\t".join(fields(lead)))
    table = TerminalList(console.width, now=SystemClock().now())
    heads = iter([table.head()])

    def write(lead: Lead) -> None:
        for line in (*heads, table.line(lead)):
            console.print(line, no_wrap=True, crop=False)

    return write


def show_command(typed: str, *, as_json: bool) -> None:
    """Print one lead, and what happened to it."""
    reference = reference_or_exit(typed)
    settings = settings_or_exit(Settings)
    crm = crm_in_words(settings)

    async def read(container: AsyncContainer) -> tuple[Dossier, tuple[HistoryEntry, ...]] | None:
        dossiers = await Dossiers.of(container)
        lead = await dossiers.leads.find(reference)
        if lead is None:
            return None
        [dossier] = await dossiers.about([lead])
        return dossier, await dossiers.leads.history(lead.id)

    found = with_store(settings, read)
    if found is None:
        stop(f"{reference}: there is no such lead", code=FAILED)
    dossier, history = found
    if as_json:
        shown = {**dossier_as_dict(dossier, crm), "history": [entry_as_dict(entry) for entry in history]}
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    console = Console()
    console.print(card(dossier, crm))
    if dossier.amendments:
        console.print(amendments_table(dossier.lead, dossier.amendments))
    if history:
        console.print(history_table(history))
