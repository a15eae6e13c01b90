"""`carquery config check`."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from carquery.adapters.checks import State
from carquery.entrypoints.checks.before_start import examine
from carquery.entrypoints.checks.showing import findings_table, json_of
from carquery.entrypoints.commands.running import FAILED, run, stop
from carquery.entrypoints.commands.waiting import waiting_for
from carquery.entrypoints.settings.effective import Effective, effective
from carquery.entrypoints.settings.reading import WrongSettings, look_at_settings
from carquery.entrypoints.settings.settings import BotSettings
from carquery.entrypoints.uncut import uncut


def check_command(*, only_problems: bool, as_json: bool) -> None:
    """Show every setting, try everything it leads to; exit code 1 if something is wrong.

    Args:
        only_problems: what is right, or is only noted, is tried all the same, and not shown.
    """
    try:
        read = look_at_settings(BotSettings)
    except WrongSettings as wrong:
        stop(str(wrong), code=FAILED)
    variables = list(effective(read.settings, wrong=read.wrong))
    with waiting_for("Trying everything that the settings lead to"):
        findings = run(examine(read))
    wrong_ones = [finding for finding in findings if finding.state is State.WRONG]
    if only_problems:
        variables, findings = [one for one in variables if one.is_wrong], wrong_ones
    if as_json:
        body = {"settings": [asdict(one) for one in variables], "findings": [json_of(one) for one in findings]}
        typer.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        if not only_problems:
            console = Console()
            console.print(_settings_table(variables))
            console.print(findings_table(findings, title="Tried"))
        for finding in wrong_ones:  # once more, where it is seen: last, and also when the tables go into a file
            typer.echo(f"{finding.what}: {finding.says}{f'; {finding.remedy}' if finding.remedy else ''}", err=True)
        if only_problems and not wrong_ones:
            typer.echo("Nothing is wrong.", err=True)
    if wrong_ones:
        raise typer.Exit(FAILED)


def _settings_table(variables: Sequence[Effective]) -> Table:
    table = uncut(Table("Variable", "Value", "From", title="Settings", title_justify="left"), "Variable", "From")
    for one in variables:
        value = "[red]wrong[/]" if one.is_wrong else escape(one.value) or "[dim]–[/]"
        table.add_row(one.name, value, one.origin)
    return table
