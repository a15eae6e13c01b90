"""The command line of `carquery stories`. Each command imports what it needs only when it runs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


class ChannelChoice(StrEnum):
    """Messengers that stories can be played in."""

    TELEGRAM = "telegram"
    MAX = "max"


@app.callback()
def group() -> None:
    """Conversations, played against the bot. Each says what must come of it."""


@app.command()
def run(
    files: Annotated[list[Path], typer.Argument(help="Files of stories, as docs/stories.md describes them.")],
    dealership: Annotated[
        Path | None, typer.Option(help="The dealership that they are told to; default: DEALERSHIP_FILE.")
    ] = None,
    channel: Annotated[ChannelChoice, typer.Option(help="The messenger to play in.")] = ChannelChoice.TELEGRAM,
    as_json: AsJson = False,
) -> None:
    """Play stories, and say what differs. The real bot plays many at once, on an emulator."""
    from carquery.entrypoints.commands.stories.run import run_command

    run_command(files, dealership=dealership, channel=channel, as_json=as_json)
