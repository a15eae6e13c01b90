"""The command line of `carquery report`. Each command imports what it needs only when it runs."""

from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


@app.command("speed")
def report_speed(
    since: Annotated[str, typer.Option(help="How far back, such as 12h or 7d.")] = "7d",
    by: Annotated[str | None, typer.Option(help="service, source or hour; all three if it is not said.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show how fast customers are answered. From a request to the first touch in the CRM, in working minutes."""
    from carquery.entrypoints.commands.report.speed import speed_command

    speed_command(since=since, by=by, as_json=as_json)


@app.command("ai")
def report_ai(
    days: Annotated[int, typer.Option(help="How many days back.", min=1, max=3650, metavar="DAYS")] = 7,
    as_json: AsJson = False,
) -> None:
    """Show how free messages were understood. What was offered and accepted, who answered, what it cost."""
    from carquery.entrypoints.commands.ai.eval_and_report import report_command

    report_command(days=days, as_json=as_json)
