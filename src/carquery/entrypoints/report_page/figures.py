"""The figures that the page shows, each read when it is asked for, and not again within seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.application.ports.tallies import By, Days
from carquery.application.reports.funnel import AskedTopic, FormFunnel, Stages
from carquery.application.reports.read_reports import ReadReports
from carquery.application.reports.speed import Speed
from carquery.entrypoints.health.remembered import Known, Remembered

PERIODS: Final = (1, 7, 30, 90)
"""Days that can be looked at, today among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigures:
    """All that stands on the page."""

    days: Days
    forms: tuple[FormFunnel, ...]
    by_day: tuple[Stages, ...]
    by_source: tuple[Stages, ...]
    by_channel: tuple[Stages, ...]
    topics: tuple[AskedTopic, ...]
    speed: Speed


class ReportFigures:
    """Those of each period."""

    def __init__(
        self, reports: ReadReports, dealership: ToldOfDealership, clock: Clock, *, kept_seconds: float
    ) -> None:
        self._reports = reports
        self._dealership = dealership
        self._clock = clock
        self._of: Mapping[int, Remembered[PageFigures]] = {
            period: Remembered(partial(self._read, period), clock, kept_seconds=kept_seconds) for period in PERIODS
        }

    async def of(self, period: int) -> Known[PageFigures] | None:
        """Of so many days; None: they are being read for the first time. Raises StoreUnavailable."""
        return await self._of[period].latest()

    async def close(self) -> None:
        """Read no more."""
        for remembered in self._of.values():
            await remembered.close()

    async def _read(self, period: int) -> PageFigures:
        dealership, reports = self._dealership(), self._reports
        days = Days.ending(self._clock.now().astimezone(dealership.zone).date(), count=period)
        return PageFigures(
            days=days,
            forms=await reports.forms(days, dealership),
            by_day=await reports.stages(days, dealership, by=By.DAY),
            by_source=await reports.stages(days, dealership, by=By.SOURCE),
            by_channel=await reports.stages(days, dealership, by=By.CHANNEL),
            topics=await reports.topics(days),
            speed=await reports.speed(days, dealership),
        )
