"""The report's page, from a container."""

from dishka import AsyncContainer

from carquery.application.conversation.navigator import Messengers
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.application.reports.read_reports import ReadReports
from carquery.entrypoints.report_page.figures import ReportFigures
from carquery.entrypoints.report_page.routes import ReportPage


async def report_page(container: AsyncContainer, *, kept_seconds: float, refresh_seconds: int) -> ReportPage:
    """To be closed when nobody is served any more."""
    dealership = await container.get(ToldOfDealership)
    reports, clock = await container.get(ReadReports), await container.get(Clock)
    figures = ReportFigures(reports, dealership, clock, kept_seconds=kept_seconds)
    return ReportPage(figures, dealership, await container.get(Messengers), refresh_seconds=refresh_seconds)
