"""`carquery ai label`: messages of which a classifier was unsure are shown, and labelled by a key each."""

import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click
import typer
from dishka import AsyncContainer

from carquery.adapters.rules.classifier import RulesClassifier
from carquery.adapters.rules.learned.labelled import Labelled, UnreadableMessages, read_labelled
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.ai_journal import AiJournal, JournalEntry
from carquery.domain.understanding import INTENTS, OTHER, Intent, Understanding
from carquery.entrypoints.commands.leads.reading import with_store
from carquery.entrypoints.commands.running import USAGE, settings_or_exit, stop
from carquery.entrypoints.settings.settings import Settings

_MOST: Final = 500
_AS_GUESSED: Final = ("\r", "\n")
_SKIP: Final = " "
_LEAVE: Final = ("q", "й", "\x03", "\x04", "")


def label_command(file: Path, *, days: int, below: float) -> None:
    """Show the journal's doubtful messages, and append what they are to a file for `carquery ai train --add`."""
    known = {message.text for message in _read(file)}
    since = SystemClock().now() - timedelta(days=days)
    settings = settings_or_exit(Settings)
    doubtful = [call for call in with_store(settings, _unsure(since, below)) if call.text not in known]
    if not doubtful:
        typer.echo(f"No message of the last {days} days that was doubtful and has no label yet.")
        return
    typer.echo(f"{_keys_in_words()}; Enter: as guessed; space: skip; q: leave.")
    classifier = RulesClassifier(SystemClock(), settings.weights)
    labelled = 0
    with file.open("a", encoding="utf-8") as lines:
        for message in _labelled(doubtful, classifier.understand, _key):
            lines.write(_as_line(message))
            lines.flush()
            labelled += 1
    typer.echo(f"{labelled} labelled in {file}. carquery ai train --add {file} --out FILE learns them.")


def _unsure(since: datetime, below: float) -> Callable[[AsyncContainer], Awaitable[list[JournalEntry]]]:
    async def read(container: AsyncContainer) -> list[JournalEntry]:
        journal: AiJournal = await container.get(AiJournal)
        return await journal.unsure(since=since, below=below, most=_MOST)

    return read


def _labelled(
    calls: Sequence[JournalEntry], understand: Callable[[str], Understanding], key: Callable[[], str]
) -> Iterator[Labelled]:
    keys = keys_of_intents()
    for number, call in enumerate(calls, start=1):
        text = call.text or ""
        guess = understand(text)
        typer.echo(f"\n{number}/{len(calls)}  {text}\n  {_guess_in_words(guess)} ", nl=False)
        pressed = key()
        while pressed not in keys and pressed not in (*_AS_GUESSED, _SKIP, *_LEAVE):
            pressed = key()
        if pressed in _LEAVE:
            typer.echo()
            return
        intent = guess.intent if pressed in _AS_GUESSED else keys.get(pressed)
        typer.echo("skipped" if intent is None else intent.value)
        if intent is not None:
            yield Labelled(text, intent, tags=(guess.topic,) if intent is OTHER and guess.topic else ())


def keys_of_intents() -> dict[str, Intent]:
    """A key for each intent: its first letter that is free."""
    keys: dict[str, Intent] = {}
    for intent in INTENTS:
        keys[next(letter for letter in intent.value if letter not in keys and letter not in _LEAVE)] = intent
    return keys


def _keys_in_words() -> str:
    return ", ".join(f"{key}: {intent.value}" for key, intent in keys_of_intents().items())


def _guess_in_words(guess: Understanding) -> str:
    about = f" ({guess.topic})" if guess.intent is OTHER and guess.topic else ""
    return f"{guess.intent.value}{about} {guess.confidence:.0%}?"


def _key() -> str:
    return click.getchar() if sys.stdin.isatty() else sys.stdin.read(1)


def _as_line(message: Labelled) -> str:
    body = {"text": message.text, "intent": message.intent.value, "tags": list(message.tags)}
    return f"{json.dumps(body, ensure_ascii=False)}\n"


def _read(file: Path) -> Sequence[Labelled]:
    if not file.exists() or not file.stat().st_size:
        return ()
    try:
        return read_labelled(file)
    except UnreadableMessages as unreadable:
        stop(f"{file}: {unreadable}", code=USAGE)
