"""What a report of some days says."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from carquery.application.ports.first_touches import FirstTouches
from carquery.application.ports.outcomes import NOTHING_SENT, Outcome, Outcomes
from carquery.application.ports.tallies import By, Days, Tallies
from carquery.application.reports.funnel import AskedTopic, FormFunnel, Stages, asked_topics, form_funnels, stages
from carquery.application.reports.speed import Speed, speed_of
from carquery.application.reports.tally import impersonal
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.ids import Source
from carquery.domain.values import dataclass

MOST_ANSWERED: Final = 5_000
"""Requests whose waits are compared: reading a hundred thousand would hold up whoever is served beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReports:
    """Reads figures, by the dealership's calendar. Every method may raise `StoreUnavailable`."""

    tallies: Tallies
    outcomes: Outcomes
    touches: FirstTouches

    async def forms(self, days: Days, dealership: Dealership) -> tuple[FormFunnel, ...]:
        """Each form's funnel."""
        return form_funnels(await self.tallies.totals(days), await self._outcomes(days, By.FORM, dealership.zone))

    async def stages(self, days: Days, dealership: Dealership, *, by: By | None = None) -> tuple[Stages, ...]:
        """How many came how far, told apart by that."""
        totals = await self.tallies.totals(days, by=by)
        return stages(totals, await self._outcomes(days, by, dealership.zone))

    async def topics(self, days: Days) -> tuple[AskedTopic, ...]:
        """What customers asked the dealership."""
        return asked_topics(await self.tallies.totals(days))

    async def speed(self, days: Days, dealership: Dealership) -> Speed:
        """How soon somebody touched the requests of those days, the latest of them if they are many."""
        since, until = moments(days, dealership.zone)
        answered = await self.touches.answered(since=since, until=until, at_most=MOST_ANSWERED)
        return speed_of(answered, dealership.hours)

    async def _outcomes(self, days: Days, by: By | None, zone: tzinfo) -> Mapping[str, Outcome]:
        since, until = moments(days, zone)
        outcomes = await self.outcomes.of_sent(since, until, by=by, zone=zone)
        return _impersonal(outcomes) if by is By.SOURCE else outcomes


def _impersonal(outcomes: Mapping[str, Outcome]) -> Mapping[str, Outcome]:
    """Leads keep their links as they are; what was counted of the same links does not."""
    told: dict[str, Outcome] = {}
    for source, outcome in outcomes.items():
        key = impersonal(Source(source))
        told[key] = told.get(key, NOTHING_SENT) + outcome
    return told


def moments(days: Days, zone: tzinfo) -> tuple[datetime, datetime]:
    """When they begin and end by that clock."""
    begins = datetime.combine(days.first, time(), zone)
    ends = datetime.combine(days.last + timedelta(days=1), time(), zone)
    return begins, ends
