"""The command line of `carquery ai`. Each command imports what it needs only when it runs."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


@app.command("eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled messages, a JSON object a line.")],
    classifier: Annotated[str, typer.Option(help="rules, openai (OPENAI_MODEL alone) or chain.")] = "rules",
    as_json: AsJson = False,
) -> None:
    """Measure how often a classifier is right. Models cost money."""
    from carquery.entrypoints.commands.ai.eval_and_report import eval_command

    eval_command(file, classifier=classifier, as_json=as_json)
