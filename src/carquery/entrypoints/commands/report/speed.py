"""`carquery report speed`: how long customers wait for the first touch."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import typer
from dishka import AsyncContainer

from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.first_touches import Answered, FirstTouches
from carquery.application.reports.speed import Speed, SpeedBy, speed_of, speeds
from carquery.entrypoints.commands.leads.reading import with_store
from carquery.entrypoints.commands.report.period import moment_since
from carquery.entrypoints.commands.report.report import FigureColumn, Line, Report, Section, Unit
from carquery.entrypoints.commands.report.stored import dealership_or_exit
from carquery.entrypoints.commands.report.writing import Wanted, write
from carquery.entrypoints.commands.running import USAGE, settings_or_exit, stop
from carquery.entrypoints.settings.settings import Settings


def speed_command(*, since: str, by: str | None, wanted: Wanted) -> None:
    """Print median and nine tenths of the times, of all requests and by what they are told apart by."""
    if by is not None and by not in list(SpeedBy):
        stop(f"--by: «{by}» is none; expected: {', '.join(SpeedBy)}", code=USAGE)
    settings = settings_or_exit(Settings)
    dealership = dealership_or_exit(settings)
    hours = dealership.hours
    from_then_on = moment_since(since, now=SystemClock().now(), zone=dealership.zone)

    async def read(container: AsyncContainer) -> Sequence[Answered]:
        touches: FirstTouches = await container.get(FirstTouches)
        return await touches.answered(since=from_then_on)

    answered = with_store(settings, read)
    chosen = tuple(SpeedBy) if by is None else (SpeedBy(by),)
    groups = {each.value: speeds(answered, hours, each) for each in chosen}
    figures = {"since": from_then_on.isoformat(), "all": _as_dict(speed_of(answered, hours))}
    told = {each: {key: _as_dict(one) for key, one in group.items()} for each, group in groups.items()}
    report = _report(from_then_on, {"whole": {"all": speed_of(answered, hours)}, **groups} if answered else {})
    write(report, wanted, head={}, as_json={**figures, **told})
    if answered and hours is None and not (wanted.json or wanted.csv):
        typer.echo("The dealership's file tells no hours: nights count as well.", err=True)


def _report(since: datetime, groups: Mapping[str, Mapping[str, Speed]]) -> Report:
    return Report(
        name="speed",
        title=f"Speed since {since:%Y-%m-%d}: working minutes to the first touch",
        section="by",
        label="key",
        columns=(
            FigureColumn("leads", "Requests"),
            FigureColumn("touched", "Touched"),
            FigureColumn("median_minutes", "Median, min", Unit.MINUTES),
            FigureColumn("p90_minutes", "90 %, min", Unit.MINUTES),
        ),
        sections=tuple(
            Section(by, tuple(Line(key, _as_dict(one)) for key, one in group.items())) for by, group in groups.items()
        ),
        bar="median_minutes",
        nothing="No request of that time has been watched in the CRM.",
    )


def _as_dict(speed: Speed) -> dict[str, int | float | None]:
    return {
        "leads": speed.leads,
        "touched": speed.touched,
        "median_minutes": _minutes(speed.median),
        "p90_minutes": _minutes(speed.p90),
    }


def _minutes(time: timedelta | None) -> float | None:
    return None if time is None else round(time.total_seconds() / 60, 1)
