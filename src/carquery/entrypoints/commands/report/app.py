"""The command line of `carquery report`. Each command imports what it needs only when it runs."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV, for spreadsheets.")]
Png = Annotated[Path | None, typer.Option(help="Draw a picture into that file; needs carquery[report].")]
Svg = Annotated[Path | None, typer.Option(help="Draw a picture made of lines into that file.")]
Since = Annotated[str, typer.Option(help="Whole days, today among them, such as 30d; or the first one.")]


@app.command("funnel")
def report_funnel(
    since: Since = "7d",
    by: Annotated[str | None, typer.Option(help="form, source, day or channel; if not said, by step.")] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    png: Png = None,
    svg: Svg = None,
) -> None:
    """Show where customers drop out, step by step."""
    from carquery.entrypoints.commands.report.funnel import funnel_command
    from carquery.entrypoints.commands.report.writing import Wanted

    funnel_command(since=since, by=by, wanted=Wanted(json=as_json, csv=as_csv, png=png, svg=svg))


@app.command("sources")
def report_sources(
    since: Since = "7d", as_json: AsJson = False, as_csv: AsCsv = False, png: Png = None, svg: Svg = None
) -> None:
    """Show what each source of customers brings."""
    from carquery.entrypoints.commands.report.funnel import sources_command
    from carquery.entrypoints.commands.report.writing import Wanted

    sources_command(since=since, wanted=Wanted(json=as_json, csv=as_csv, png=png, svg=svg))


@app.command("topics")
def report_topics(
    since: Since = "7d", as_json: AsJson = False, as_csv: AsCsv = False, png: Png = None, svg: Svg = None
) -> None:
    """Show what customers ask, unanswered first."""
    from carquery.entrypoints.commands.report.topics import topics_command
    from carquery.entrypoints.commands.report.writing import Wanted

    topics_command(since=since, wanted=Wanted(json=as_json, csv=as_csv, png=png, svg=svg))


@app.command("speed")
def report_speed(
    since: Annotated[str, typer.Option(help="How far back, such as 12h; whole days, such as 7d; or a date.")] = "7d",
    by: Annotated[str | None, typer.Option(help="service, source or hour; all three if it is not said.")] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    png: Png = None,
    svg: Svg = None,
) -> None:
    """Show how fast customers are answered. From a request to the first touch in the CRM, in working minutes."""
    from carquery.entrypoints.commands.report.speed import speed_command
    from carquery.entrypoints.commands.report.writing import Wanted

    speed_command(since=since, by=by, wanted=Wanted(json=as_json, csv=as_csv, png=png, svg=svg))


@app.command("ai")
def report_ai(
    since: Since = "7d",
    days: Annotated[int | None, typer.Option(help="The same as a number.", min=1, max=3650, metavar="DAYS")] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    png: Png = None,
    svg: Svg = None,
) -> None:
    """Show how free messages were understood. What was offered and accepted, who answered, what it cost."""
    from carquery.entrypoints.commands.ai.eval_and_report import report_command
    from carquery.entrypoints.commands.report.writing import Wanted

    report_command(
        since=since if days is None else f"{days}d", wanted=Wanted(json=as_json, csv=as_csv, png=png, svg=svg)
    )
