"""`carquery read`: how answers are read, one from the command line or a file of them."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from carquery.adapters.system.clock import SystemClock
from carquery.application.conversation.read_answer import AnswerRead, CantRead, ReadAnswer
from carquery.domain.moscow import moscow_day
from carquery.entrypoints.commands.running import USAGE, stop

_EXPECTED = 'expected: {"field": "price", "input": "1,2 млн"}'


@dataclass(frozen=True, slots=True)
class TextToRead:
    """One text to read. `ours`: what a manager's phone field is compared with, if it differs from line to line."""

    field: str
    text: str
    ours: str | None = None


def read_command(
    field: str | None, words: Iterable[str], *, file: Path | None, on: str | None, ours: str | None, as_json: bool
) -> None:
    """Print what came of each text, in the order of the texts; ends with 2 if one of them could not be tried."""
    reader = ReadAnswer(on=_day(on), ours=ours)
    text = " ".join(words)
    if (file is None) == (field is None):
        stop("expected: a field and a text, such as: carquery read price 1,2 млн; or --file", code=USAGE)
    lines = [(0, TextToRead(field, text))] if field is not None else _lines(file or Path("-"))
    table = Table("Field", "Input", "Value", "Readings", "Refused")
    broken = False
    for number, line in lines:
        try:
            if isinstance(line, CantRead):
                raise line
            read = reader.comparing(line.ours)(line.field, line.text)
        except CantRead as unreadable:
            broken = True
            typer.echo(f"line {number}: {unreadable}" if number else str(unreadable), err=True)
            continue
        if as_json:
            typer.echo(_as_json(line, read))
        else:
            table.add_row(*_cells(line, read))
    if table.row_count:
        Console().print(table)
    if broken:
        raise typer.Exit(USAGE)


def _day(on: str | None) -> date:
    if on is None:
        return moscow_day(SystemClock().now())
    try:
        return date.fromisoformat(on)
    except ValueError:
        stop(f"--on: {on!r} is no day; expected: such as 2026-11-28", code=USAGE)


def _lines(file: Path) -> Iterator[tuple[int, TextToRead | CantRead]]:
    """Each line with its number, from 1; one that can't be used as the reason why. Blank ones are passed over."""
    try:
        with sys.stdin.buffer if str(file) == "-" else file.open("rb") as opened:
            for number, line in enumerate(opened, 1):
                if line.strip():
                    yield number, _line(line)
    except OSError as error:
        stop(f"--file: {file}: {error.strerror or error}", code=USAGE)


def _line(written: bytes) -> TextToRead | CantRead:
    try:
        body: Any = json.loads(written.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return CantRead(f"no JSON; {_EXPECTED}")
    match body:
        case {"field": str(field), "input": str(text), "ours": str(ours)}:
            return TextToRead(field, text, ours)
        case {"field": str(), "input": str(), "ours": _}:
            return CantRead("ours is no text; expected: such as +79161234567")
        case {"field": str(field), "input": str(text)}:
            return TextToRead(field, text)
        case _:
            return CantRead(f"no field and input that are texts; {_EXPECTED}")


def _as_json(line: TextToRead, read: AnswerRead) -> str:
    body = {
        "field": line.field,
        "input": line.text,
        "value": read.value,
        "readings": read.readings,
        "refused": read.refused,
    }
    written = json.dumps(body, ensure_ascii=False)
    # A lone surrogate, which JSON may hold, can't be printed but as an escape.
    return written if written.encode(errors="replace") == written.encode(errors="ignore") else json.dumps(body)


def _cells(line: TextToRead, read: AnswerRead) -> Iterator[str]:
    match read.value:
        case None:
            value = "–" if read.asks is None else f"asks: {read.asks}"
        case bool(answer):
            value = "yes" if answer else "no"
        case str(shown):
            value = shown
        case parts:
            value = ", ".join(f"{name} {part}" for name, part in parts.items() if part is not None)
    cells = (line.field, line.text, value, " | ".join(read.readings), read.refused or "")
    return (escape(cell.encode(errors="replace").decode()) for cell in cells)
