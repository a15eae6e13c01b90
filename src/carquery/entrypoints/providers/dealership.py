"""The dealership, as its owner tells of it."""

from collections.abc import AsyncIterator
from typing import Final

from dishka import AnyOf, Provider, Scope, provide

from carquery.adapters.checks import Check, Finding, State
from carquery.adapters.dealership_file.file import DealershipFile
from carquery.application.ports.dealership import ToldOfDealership
from carquery.domain.dealership.dealership import Dealership
from carquery.entrypoints.checks.kinds import BeforeStart
from carquery.entrypoints.settings.dealership import DealershipSettings

HOURS: Final = "[dealership] hours"


class DealershipProvider(Provider):
    """Its file is read when it is first asked for."""

    scope = Scope.APP

    @provide
    def file(self, settings: DealershipSettings) -> AnyOf[DealershipFile, ToldOfDealership]:
        return DealershipFile(settings.dealership_file)

    @provide
    def before_start(self, settings: DealershipSettings) -> BeforeStart:
        async def examine() -> AsyncIterator[Finding]:
            if settings.dealership_file is None:
                yield Finding("dealership", "no file: neutral words", State.NOTE, "copy dealership.example.toml")
                return
            told = DealershipFile(settings.dealership_file)()
            yield Finding("dealership", _told(told))
            if told.follow_up.reminder_after and told.hours is None:
                yield Finding("reminders", "nobody is reminded without hours", State.NOTE, HOURS)

        return BeforeStart(Check("dealership", examine), hangs_on=("dealership_",))


def _told(dealership: Dealership) -> str:
    hours = "no hours" if dealership.hours is None else f"open {dealership.hours.text}"
    answered = sum(dealership.answer_to(topic) is not None for topic in dealership.topics)
    return f"{dealership.name or 'no name'}, {hours}, {len(dealership.services)} services, {answered} topics answered"
