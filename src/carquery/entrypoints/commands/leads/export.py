"""`carquery leads export`."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TextIO

import typer
from dishka import AsyncContainer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from carquery.adapters.system.clock import SystemClock
from carquery.entrypoints.commands.leads.choice import Choice
from carquery.entrypoints.commands.leads.dossier import Dossiers
from carquery.entrypoints.commands.leads.export_formats import FORMATS
from carquery.entrypoints.commands.leads.reading import with_store
from carquery.entrypoints.commands.running import FAILED, USAGE, settings_or_exit, stop
from carquery.entrypoints.providers.crm_words import crm_in_words
from carquery.entrypoints.settings.settings import Settings


def export_command(choice: Choice, *, format_name: str, output: Path | None, force: bool) -> None:
    """Write the chosen leads, newest first; a file is complete or not there."""
    if format_name not in FORMATS:
        stop(f"--format: «{format_name}» is none; expected: {', '.join(FORMATS)}", code=USAGE)
    chosen = choice.as_chosen(now=SystemClock().now())
    if output is not None and output.exists() and not force:
        stop(f"--output: {output} is there already; --force overwrites it", code=USAGE)
    settings = settings_or_exit(Settings)

    async def write(container: AsyncContainer, text: TextIO) -> int:
        document = FORMATS[format_name](text, crm_in_words(settings))
        written = 0
        with _counted(shown=not text.isatty()) as count:
            async for dossier in (await Dossiers.of(container)).every(chosen):
                document.write(dossier)
                written += 1
                count(written)
        document.end()
        return written

    if output is None:
        with _standard_output() as text:
            with_store(settings, lambda container: write(container, text))
        return
    try:
        with _file(output) as text:
            written = with_store(settings, lambda container: write(container, text))
    except OSError as error:
        stop(f"--output: {output}: {error.strerror or error}", code=FAILED)
    typer.echo(f"Leads written to {output}: {written}.", err=True)


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    """UTF-8 whatever the terminal's locale is, and line ends as they are written."""
    text = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()  # flushed, and stdout stays open


@contextmanager
def _file(path: Path) -> Iterator[TextIO]:
    """A file that takes its name when it is complete; before and after, only its owner may read it."""
    with NamedTemporaryFile(  # mode 0600: names and phones stand in it
        "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as text:
        unfinished = Path(text.name)
        try:
            yield text.file  # type: ignore[misc]  # the wrapper's own file
            text.flush()
            os.fsync(text.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink()
            raise


@contextmanager
def _counted(*, shown: bool) -> Iterator[Callable[[int], None]]:
    """How far it is, on a terminal."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} leads"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal)) as progress:
        task = progress.add_task("", total=None)
        yield lambda written: progress.update(task, completed=written)
