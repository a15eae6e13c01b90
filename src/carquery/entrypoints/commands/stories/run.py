"""`carquery stories run`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import typer

from carquery.adapters.dealership_file.file import DealershipFile
from carquery.adapters.dealership_file.reading import WrongFile
from carquery.domain.dealership.dealership import Dealership
from carquery.entrypoints.commands.running import FAILED, USAGE, run, stop
from carquery.entrypoints.commands.stories.app import ChannelChoice
from carquery.entrypoints.commands.waiting import waiting_for
from carquery.entrypoints.logs.configure import configure_logs
from carquery.entrypoints.settings.dealership import DealershipSettings
from carquery.entrypoints.settings.reading import WrongSettings, read_settings
from carquery.entrypoints.stories.reading import Mistake, read_stories
from carquery.entrypoints.stories.story import Story

NO_EMULATORS = (
    "carquery stories run needs the emulators, which servers do without; expected, in CarQuery's folder: "
    "make play, or pip install ./emulators"
)


def run_command(files: Sequence[Path], *, dealership: Path | None, channel: ChannelChoice, as_json: bool) -> None:
    """Play the stories of those files. Exit code 0: all ended as told; 1: some did not; 2: a file has mistakes."""
    if find_spec("carquery_emulators") is None:
        stop(NO_EMULATORS, code=USAGE)
    found = read_stories(*files, dealership=_told(dealership))
    for mistake in found.mistakes:
        typer.echo(str(mistake), err=True)
    results = [*_played(found.stories, dealership, channel), *_unplayable(found.mistakes)]
    if as_json or results:
        typer.echo(_as_json(results) if as_json else _in_lines(results))
    if found.mistakes:
        raise typer.Exit(USAGE)
    if not all(result.passed for result in results):
        raise typer.Exit(FAILED)


@dataclass(frozen=True, slots=True)
class Result:
    """A story by its id, and a line for each thing that is not as expected."""

    id: str
    differed: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.differed


def _told(file: Path | None) -> Dealership:
    """What that dealership tells; `None`: the one that the bot serves."""
    try:
        return DealershipFile(read_settings(DealershipSettings).dealership_file if file is None else file)()
    except WrongSettings as wrong:
        stop(str(wrong), code=USAGE)
    except WrongFile as wrong:
        stop("\n".join(f"--dealership: {file}: {mistake}" for mistake in wrong.mistakes), code=USAGE)


def _played(stories: Sequence[Story], dealership: Path | None, channel: ChannelChoice) -> list[Result]:
    if not stories:
        return []
    # Imported here: without the emulators there is nothing to import.
    from carquery.entrypoints.stories.messengers import emulated
    from carquery.entrypoints.stories.running import play_stories

    configure_logs(level="ERROR", as_json=False)
    try:
        with waiting_for(f"Playing {len(stories)} stories"):
            differed = run(play_stories(stories, emulated(channel), dealership=dealership))
    except WrongSettings as wrong:
        stop(str(wrong), code=USAGE)
    return [Result(story.id, lines) for story, lines in zip(stories, differed, strict=True)]


def _unplayable(mistakes: Sequence[Mistake]) -> list[Result]:
    """Stories with mistakes, by their ids."""
    named = dict.fromkeys(mistake.story for mistake in mistakes if mistake.story)
    return [Result(story, tuple(str(mistake) for mistake in mistakes if mistake.story == story)) for story in named]


def _as_json(results: Sequence[Result]) -> str:
    rows = [{"id": result.id, "passed": result.passed, "differed": result.differed} for result in results]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _in_lines(results: Sequence[Result]) -> str:
    failed = [result for result in results if not result.passed]
    lines = [f"{result.id}\n" + "".join(f"  {line}\n" for line in result.differed) for result in failed]
    return "".join([*lines, f"{len(results) - len(failed)} of {len(results)} stories end as told"])
