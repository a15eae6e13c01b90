"""`carquery leads doubt`."""

import sys

import typer
from dishka import AsyncContainer

from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.leads_maintenance import LeadsMaintenance
from carquery.entrypoints.commands.leads.reading import with_store
from carquery.entrypoints.commands.running import USAGE, settings_or_exit, stop
from carquery.entrypoints.providers.crm_words import crm_in_words
from carquery.entrypoints.settings.settings import Settings


def doubt_command(*, yes: bool) -> None:
    """Put all undelivered leads in doubt, after asking."""
    settings = settings_or_exit(Settings)
    if not yes and not sys.stdin.isatty():
        stop("There is nobody to ask: give --yes to put them in doubt.", code=USAGE)
    question = "Was the database restored, and do no bot and no worker run? Each lead then waits some three minutes."
    if not yes and not typer.confirm(question, default=False, err=True):
        raise typer.Abort

    async def doubting(container: AsyncContainer) -> int:
        restored: LeadsMaintenance = await container.get(LeadsMaintenance)
        return await restored.put_in_doubt(at=SystemClock().now())

    count = with_store(settings, doubting, changes=True)
    typer.echo(f"{count} leads are looked for in {crm_in_words(settings).name} before anything of them is made.")
