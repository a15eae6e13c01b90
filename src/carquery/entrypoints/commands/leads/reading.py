"""Reading the stored leads, also while the bot runs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, TypeVar

import typer
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.schema import SchemaOutdated, Tables, usable
from carquery.adapters.sql.sqlite_file import must_be_there
from carquery.application.ports.leads import Chosen, Leads, LeadUnreadable
from carquery.domain.lead import Lead
from carquery.entrypoints.commands.running import run, stopping_on
from carquery.entrypoints.container import make_store_container
from carquery.entrypoints.settings.settings import Settings

T = TypeVar("T")

PAGE: Final = 500
"""Leads in memory at a time, when all are read."""
FIRST_PAGE: Final = 60
"""More than a screen shows."""


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


async def every(leads: Leads, chosen: Chosen, *, most: int | None = None) -> AsyncIterator[Lead]:
    """The chosen leads, newest first; `None`: all. Those that come in meanwhile are not among them."""
    async for page in pages(leads, chosen, most=most):
        for lead in page:
            yield lead


async def pages(leads: Leads, chosen: Chosen, *, most: int | None = None) -> AsyncIterator[tuple[Lead, ...]]:
    """The same, as many at a time as are read together; few at first, so that something is soon seen."""
    last, size, left = None, FIRST_PAGE, most
    while left is None or left > 0:
        page = await leads.newest(limit=size if left is None else min(size, left), chosen=chosen, before=last)
        if not page:
            return
        yield page
        last, size = page[-1], PAGE
        left = None if left is None else left - len(page)
