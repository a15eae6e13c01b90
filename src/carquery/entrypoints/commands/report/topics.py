"""`carquery report topics`: what customers ask, those without an answer first."""

from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.tallies import Days
from carquery.application.reports.funnel import AskedTopic
from carquery.application.reports.read_reports import ReadReports
from carquery.entrypoints.commands.report.period import days_since, told_of
from carquery.entrypoints.commands.report.report import FigureColumn, Line, Report, Section
from carquery.entrypoints.commands.report.stored import dealership_or_exit, with_reports
from carquery.entrypoints.commands.report.writing import Wanted, write
from carquery.entrypoints.commands.running import settings_or_exit
from carquery.entrypoints.settings.settings import Settings


def topics_command(*, since: str, wanted: Wanted) -> None:
    """Print what was asked, and how often the dealership's file had no answer."""
    settings = settings_or_exit(Settings)
    zone = dealership_or_exit(settings).zone
    days = days_since(since, now=SystemClock().now(), zone=zone)

    async def read(reports: ReadReports) -> Report:
        return _of_topics(days, await reports.topics(days))

    write(with_reports(settings, read), wanted, head={"since": days.first.isoformat(), "until": days.last.isoformat()})


def _of_topics(days: Days, topics: tuple[AskedTopic, ...]) -> Report:
    lines = tuple(Line(one.topic, {"asked": one.asked, "unanswered": one.unanswered}) for one in topics)
    is_todo = any(one.unanswered for one in topics)
    notes = ("write answers to these into dealership.toml, under [faq]",) if is_todo else ()
    return Report(
        name="topics",
        title=f"Topics, {told_of(days)}",
        label="topic",
        columns=(FigureColumn("unanswered", "Unanswered"), FigureColumn("asked", "Asked")),
        sections=(Section("Topic", lines, notes),),
        bar="asked",
        nothing="Nobody has asked anything in that time.",
    )
