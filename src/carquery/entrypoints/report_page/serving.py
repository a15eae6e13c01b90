"""The report's page, from a container."""

from dishka import AsyncContainer

from carquery.application.conversation.navigator import Messengers
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.application.ports.first_touches import FirstTouches
from carquery.application.ports.outcomes import Outcomes
from carquery.application.ports.tallies import Tallies
from carquery.application.reports.read_reports import ReadReports
from carquery.entrypoints.report_page.figures import ReportFigures
from carquery.entrypoints.report_page.routes import ReportPage


async def report_page(container: AsyncContainer, *, kept_seconds: float, refresh_seconds: int) -> ReportPage:
    """To be closed when nobody is served any more."""
    dealership = await container.get(ToldOfDealership)
    reports = ReadReports(
        tallies=await container.get(Tallies),
        outcomes=await container.get(Outcomes),
        touches=await container.get(FirstTouches),
    )
    figures = ReportFigures(reports, dealership, await container.get(Clock), kept_seconds=kept_seconds)
    return ReportPage(figures, dealership, await container.get(Messengers), refresh_seconds=refresh_seconds)
