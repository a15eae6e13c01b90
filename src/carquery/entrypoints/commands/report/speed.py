"""`carquery report speed`: how long customers wait for the first touch."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

import typer
from dishka import AsyncContainer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from carquery.adapters.dealership_file.file import DealershipFile
from carquery.adapters.dealership_file.reading import WrongFile
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.first_touches import Answered, FirstTouches
from carquery.application.staff.speed import Speed, SpeedBy, speed_of, speeds
from carquery.entrypoints.commands.leads.choice import moment
from carquery.entrypoints.commands.leads.reading import with_store
from carquery.entrypoints.commands.running import USAGE, settings_or_exit, stop, stopping_on
from carquery.entrypoints.settings.settings import Settings


def speed_command(*, since: str, by: str | None, as_json: bool) -> None:
    """Print median and nine tenths of the times, of all requests and by what they are told apart by."""
    if by is not None and by not in list(SpeedBy):
        stop(f"--by: «{by}» is none; expected: {', '.join(SpeedBy)}", code=USAGE)
    settings = settings_or_exit(Settings)
    with stopping_on(WrongFile):
        hours = DealershipFile(settings.dealership_file)().hours
    from_then_on = moment("--since", since, SystemClock().now())

    async def read(container: AsyncContainer) -> Sequence[Answered]:
        touches: FirstTouches = await container.get(FirstTouches)
        return await touches.answered(since=from_then_on)

    answered = with_store(settings, read)
    chosen = tuple(SpeedBy) if by is None else (SpeedBy(by),)
    groups = {each: speeds(answered, hours, each) for each in chosen}
    if as_json:
        figures = {"since": from_then_on.isoformat(), "all": _as_dict(speed_of(answered, hours))}
        told = {each.value: {key: _as_dict(one) for key, one in group.items()} for each, group in groups.items()}
        typer.echo(json.dumps({**figures, **told}, ensure_ascii=False, indent=2))
        return
    if not answered:
        typer.echo("No request of that time has been watched in the CRM.")
        return
    console = Console()
    console.print(_table("", {"all": speed_of(answered, hours)}))
    for each, group in groups.items():
        console.print(_table(each.value, group))
    if hours is None:
        typer.echo("The dealership's file tells no hours: nights count as well.", err=True)


def _table(title: str, group: Mapping[str, Speed]) -> Table:
    table = Table(title, "Requests", "Touched", "Median, min", "90 %, min")
    for key, one in group.items():
        table.add_row(escape(key), str(one.leads), str(one.touched), _shown(one.median), _shown(one.p90))
    return table


def _shown(time: timedelta | None) -> str:
    return "–" if time is None else f"{time.total_seconds() / 60:.0f}"


def _as_dict(speed: Speed) -> dict[str, int | float | None]:
    return {
        "leads": speed.leads,
        "touched": speed.touched,
        "median_minutes": _minutes(speed.median),
        "p90_minutes": _minutes(speed.p90),
    }


def _minutes(time: timedelta | None) -> float | None:
    return None if time is None else round(time.total_seconds() / 60, 1)
