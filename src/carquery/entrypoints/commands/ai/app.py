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


@app.command("train")
def train(
    *,
    add: Annotated[
        list[Path] | None,
        typer.Option("--add", help="Your own labelled messages, a file of JSON lines; repeatable.", metavar="FILE"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; by default, over what ships.")] = None,
    as_json: AsJson = False,
) -> None:
    """Learn from labelled messages. Prints how good that is on messages not seen."""
    from carquery.entrypoints.commands.ai.train import train_command

    train_command(add=add or (), out=out, as_json=as_json)


@app.command("label")
def label(
    file: Annotated[Path, typer.Argument(help="Where labelled messages are appended, for `ai train --add`.")],
    days: Annotated[
        int, typer.Option(help="How many days back; texts are kept for 30.", min=1, max=3650, metavar="DAYS")
    ] = 30,
    below: Annotated[
        float, typer.Option(help="A confidence below which a message is doubtful.", min=0, max=1, metavar="SHARE")
    ] = 0.8,
) -> None:
    """Label messages that were unclear. The classifiers were unsure of them; they are masked, and each takes a key."""
    from carquery.entrypoints.commands.ai.label import label_command

    label_command(file, days=days, below=below)
