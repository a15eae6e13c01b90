"""`carquery ai train`: learn what messages want from labelled ones, and say how good that is on others."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer
from rich.console import Console

from carquery.adapters.rules.learned.data import hash_of_data, message_files
from carquery.adapters.rules.learned.labelled import Labelled, UnreadableMessages, read_labelled
from carquery.adapters.rules.learned.learning import learn
from carquery.adapters.rules.learned.messages import merged, wishes
from carquery.adapters.rules.learned.shipped import WEIGHTS
from carquery.adapters.rules.learned.weights import Learned, to_bytes
from carquery.entrypoints.commands.ai.training_tables import lesson_as_dict, lesson_tables
from carquery.entrypoints.commands.running import USAGE, stop
from carquery.entrypoints.commands.waiting import waiting_for

_MESSAGES_SHOWN: Final = 20
APART: Final = ("mixed", "no_cues", "off_topic")
"""Files that are judged by a model that has learned from none of them, nor from others of who wrote them."""


def train_command(*, add: Sequence[Path], out: Path | None, as_json: bool) -> None:
    """Learn from the shipped messages and those of `add`; print figures, write the weights to `out`."""
    shipped = {file.stem: _read(file) for file in message_files()}
    added = [_read(file) for file in add]
    messages = merged([wishes(), *shipped.values(), *added])
    with waiting_for(f"Learning from {len(messages)} messages"):
        lesson = learn(messages, {name: shipped[name] for name in APART})
    learned = Learned(hash_of_data(), sum(map(len, added)), lesson.intents, lesson.topics)
    target = out or WEIGHTS
    try:
        target.write_bytes(to_bytes(learned))
    except OSError as error:
        stop(f"--out {target}: {(error.strerror or str(error)).lower()}", code=USAGE)
    if as_json:
        typer.echo(json.dumps(lesson_as_dict(lesson, messages), ensure_ascii=False, indent=2))
        return
    console = Console()
    for table in lesson_tables(lesson, messages, shown=_MESSAGES_SHOWN):
        console.print(table)
    console.print(f"Written to {target} ({target.stat().st_size:,} bytes).".replace(",", " "))


def _read(file: Path) -> list[Labelled]:
    try:
        return read_labelled(file)
    except UnreadableMessages as unreadable:
        stop(f"{file}: {unreadable}", code=USAGE)
