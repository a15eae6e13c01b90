"""What reports are read from: the stores, and what the dealership's file says of its calendar."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from dishka import AsyncContainer

from carquery.adapters.dealership_file.file import DealershipFile
from carquery.adapters.dealership_file.reading import WrongFile
from carquery.application.reports.read_reports import ReadReports
from carquery.domain.dealership.dealership import Dealership
from carquery.entrypoints.commands.leads.reading import with_store
from carquery.entrypoints.commands.running import stopping_on
from carquery.entrypoints.commands.waiting import waiting_for
from carquery.entrypoints.settings.settings import Settings

T = TypeVar("T")


def dealership_or_exit(settings: Settings) -> Dealership:
    """What its file says; a wrong one ends the command."""
    with stopping_on(WrongFile):
        return DealershipFile(settings.dealership_file)()


def with_reports(settings: Settings, read: Callable[[ReadReports], Awaitable[T]]) -> T:
    """Read from the stores; a database that can't be read ends the command."""

    async def reading(container: AsyncContainer) -> T:
        return await read(await container.get(ReadReports))

    with waiting_for("Counting"):
        return with_store(settings, reading)
