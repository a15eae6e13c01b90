"""`carquery report funnel` and `report sources`: how many come how far."""

from collections.abc import Iterator
from typing import Final

from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.tallies import By, Days
from carquery.application.reports.funnel import FormFunnel, Stages, share_of
from carquery.application.reports.read_reports import ReadReports
from carquery.entrypoints.commands.report.period import days_since, told_of
from carquery.entrypoints.commands.report.report import Figure, FigureColumn, Line, Report, Section, Unit
from carquery.entrypoints.commands.report.stored import dealership_or_exit, with_reports
from carquery.entrypoints.commands.report.writing import Wanted, write
from carquery.entrypoints.commands.running import USAGE, settings_or_exit, stop
from carquery.entrypoints.settings.settings import Settings

NOTHING: Final = "Nobody has opened a form in that time."

_OF_FORMS: Final = (
    FigureColumn("count", "Forms"),
    FigureColumn("share", "%", Unit.SHARE),
    FigureColumn("median_seconds", "Median", Unit.SECONDS),
    FigureColumn("refused", "Refused"),
    FigureColumn("refused_share", "%", Unit.SHARE),
)
_OF_STAGES: Final = (
    FigureColumn("opened", "Opened"),
    FigureColumn("summary", "Summary"),
    FigureColumn("sent", "Sent"),
    FigureColumn("sent_share", "%", Unit.SHARE),
    FigureColumn("delivered", "In CRM"),
    FigureColumn("touched", "Touched"),
)
_OF_OFFERS: Final = ("offered", "accepted", "declined")


def funnel_command(*, since: str, by: str | None, wanted: Wanted) -> None:
    """Print each form's way from its opening to the first touch; or how many came how far, told apart by `by`."""
    if by is not None and by not in list(By):
        stop(f"--by: «{by}» is none; expected: {', '.join(By)}", code=USAGE)
    chosen = None if by is None else By(by)
    settings = settings_or_exit(Settings)
    dealership = dealership_or_exit(settings)
    days = days_since(since, now=SystemClock().now(), zone=dealership.zone)

    async def read(reports: ReadReports) -> Report:
        if chosen is None:
            return _of_forms(days, await reports.forms(days, dealership))
        return of_stages("funnel", days, chosen, await reports.stages(days, dealership, by=chosen))

    report = with_reports(settings, read)
    head = {"since": days.first.isoformat(), "until": days.last.isoformat(), "by": by}
    write(report, wanted, head=head)


def sources_command(*, since: str, wanted: Wanted) -> None:
    """Print where customers come from, those that bring most requests first."""
    settings = settings_or_exit(Settings)
    dealership = dealership_or_exit(settings)
    days = days_since(since, now=SystemClock().now(), zone=dealership.zone)

    async def read(reports: ReadReports) -> Report:
        told = await reports.stages(days, dealership, by=By.SOURCE)
        best_first = sorted(told, key=lambda one: (-one.outcome.sent, -one.opened, one.key))
        return of_stages("sources", days, By.SOURCE, tuple(best_first))

    write(with_reports(settings, read), wanted, head={"since": days.first.isoformat(), "until": days.last.isoformat()})


def of_stages(name: str, days: Days, by: By, told: tuple[Stages, ...]) -> Report:
    """A line for each key; offers are told to programs alone."""
    return Report(
        name=name,
        title=f"{name.capitalize()}, {told_of(days)}",
        label=by.value,
        columns=_OF_STAGES,
        sections=(Section(by.value.capitalize(), tuple(map(_stages_line, told))),),
        bar="sent",
        share="sent_share",
        nothing=NOTHING,
    )


def _stages_line(stages: Stages) -> Line:
    outcome = stages.outcome
    figures: dict[str, Figure] = {
        "opened": stages.opened,
        "summary": stages.summary,
        "sent": outcome.sent,
        "sent_share": _share(outcome.sent, stages.opened),
        "delivered": outcome.delivered,
        "touched": outcome.touched,
    }
    return Line(stages.key, figures, {name: getattr(stages, name) for name in _OF_OFFERS})


def _of_forms(days: Days, funnels: tuple[FormFunnel, ...]) -> Report:
    return Report(
        name="funnel",
        title=f"Funnel, {told_of(days)}",
        section="form",
        label="stage",
        columns=_OF_FORMS,
        sections=tuple(Section(one.service.value, tuple(_lines(one)), tuple(_notes(one))) for one in funnels),
        bar="count",
        share="share",
        nothing=NOTHING,
    )


def _lines(funnel: FormFunnel) -> Iterator[Line]:
    def line(stage: str, count: int, **figures: Figure) -> Line:
        shapes = next((dict(place.shapes) for place in funnel.steps if place.step == stage), {})
        known: dict[str, Figure] = {"count": count, "share": _share(count, funnel.opened)}
        return Line(stage, known | figures, {"shapes": shapes})

    yield line("opened", funnel.opened)
    for place in funnel.steps:
        yield line(
            place.step,
            place.reached,
            median_seconds=None if place.median_seconds is None else round(place.median_seconds, 1),
            refused=place.refused,
            refused_share=round(place.refused_share, 4),
        )
    outcome = funnel.outcome
    for stage, count in (("sent", outcome.sent), ("delivered", outcome.delivered), ("touched", outcome.touched)):
        yield line(stage, count)


def _notes(funnel: FormFunnel) -> Iterator[str]:
    if funnel.offered:
        answers = f"accepted {funnel.accepted}, declined {funnel.declined}"
        yield f"offered upon a free message: {funnel.offered}, {answers}"
    for place in funnel.steps:
        if place.shapes:
            yield f"refused at {place.step}: " + ", ".join(f"«{shape}» {times}" for shape, times in place.shapes)


def _share(part: int, whole: int) -> float | None:
    share = share_of(part, whole)
    return None if share is None else round(share, 4)
