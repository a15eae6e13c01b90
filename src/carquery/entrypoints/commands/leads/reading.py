"""Reading the stored leads, also while the bot runs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, TypeVar

import typer
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.schema import SchemaOutdated, Tables, usable
from carquery.adapters.sql.sqlite_file import must_be_there
from carquery.application.ports.amendments import Amendments
from carquery.application.ports.leads import Chosen, Leads, LeadUnreadable
from carquery.domain.amendment import Amendment
from carquery.domain.lead import Lead
from carquery.entrypoints.commands.running import run, stopping_on
from carquery.entrypoints.container import make_store_container
from carquery.entrypoints.settings.settings import Settings

T = TypeVar("T")

PAGE: Final = 500
"""Leads in memory at a time, when all are read."""


def with_leads(settings: Settings, read: Callable[[Leads], Awaitable[T]]) -> T:
    """Read from the stored leads; a database that can't be read ends the command."""

    async def reading(container: AsyncContainer) -> T:
        return await read(await container.get(Leads))

    return with_store(settings, reading)


def with_store(settings: Settings, work: Callable[[AsyncContainer], Awaitable[T]], *, changes: bool = False) -> T:
    """Work on the stores; a database that can't be used ends the command, and none is made.

    Args:
        changes: beside newer tables nothing is changed: what they have more would be missed.
    """

    async def working() -> T:
        must_be_there(settings.database_url.get_secret_value())
        container = make_store_container(settings)
        try:
            if await usable(await container.get(AsyncEngine), newer_too=not changes) is Tables.NEWER:
                typer.echo("The tables are a newer version's: what only that one stores is not shown.", err=True)
            return await work(container)
        finally:
            await container.close()

    with stopping_on(SchemaOutdated, LeadUnreadable):
        return run(working())


async def every(leads: Leads, chosen: Chosen) -> AsyncIterator[Lead]:
    """All of the chosen leads, newest first. Those that come in meanwhile are not among them."""
    async for page in _pages(leads, chosen):
        for lead in page:
            yield lead


async def every_with_amendments(
    leads: Leads, amendments: Amendments, chosen: Chosen
) -> AsyncIterator[tuple[Lead, tuple[Amendment, ...]]]:
    """The same, and what their customers changed of each."""
    async for page in _pages(leads, chosen):
        changed = await amendments.of([lead.id for lead in page])
        for lead in page:
            yield lead, changed.get(lead.id, ())


async def _pages(leads: Leads, chosen: Chosen) -> AsyncIterator[tuple[Lead, ...]]:
    page = await leads.newest(limit=PAGE, chosen=chosen)
    while page:
        yield page
        page = await leads.newest(limit=PAGE, chosen=chosen, before=page[-1])
