"""Where a report goes: a terminal, JSON, CSV, or a picture in a file."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from carquery.entrypoints.commands.leads.export_formats import BOM, SEPARATOR, harmless
from carquery.entrypoints.commands.report.report import Report, Section
from carquery.entrypoints.commands.running import FAILED, USAGE, stop
from carquery.entrypoints.pictures.bars import Drawing, drawn

NARROWEST: Final = 40
"""Columns of a terminal that a table fits into, unless its figures alone take more."""
LONGEST_BAR: Final = 32
SHORTEST_BAR: Final = 6
SHORTEST_LABEL: Final = 4
GAP: Final = 2
"""Columns between two columns."""
NO_PILLOW: Final = "--png: it needs Pillow; run: pip install 'carquery[report]' (--svg needs nothing)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How it is wanted; if nothing is said, as tables on the terminal."""

    json: bool = False
    csv: bool = False
    png: Path | None = None
    svg: Path | None = None

    def __post_init__(self) -> None:
        if self.json and self.csv:
            stop("--json, --csv: one of them", code=USAGE)

    @property
    def is_picture(self) -> bool:
        return self.png is not None or self.svg is not None


def write(
    report: Report,
    wanted: Wanted,
    *,
    head: Mapping[str, Any],
    as_json: Mapping[str, Any] | None = None,
    tables: Callable[[Console], None] | None = None,
) -> None:
    """Write it where it is wanted; what can't be written ends the command.

    Args:
        head: what JSON says before the lines.
        as_json: the whole document instead, where a report had one of its own.
        tables: its own tables instead of those of its sections.
    """
    if wanted.is_picture:
        _draw(drawn(report.title, report.charts()), wanted)
    if wanted.json:
        document = {**head, "rows": list(report.rows())} if as_json is None else as_json
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif wanted.csv:
        _write_csv(report)
    elif not wanted.is_picture:
        _print(report, tables)


def _write_csv(report: Report) -> None:
    rows = list(report.rows())
    named = [report.section] if report.section else []
    told = [
        key for row in rows[:1] for key in row if key not in {report.label, *named, *(c.key for c in report.columns)}
    ]
    keys = [*named, report.label, *(column.key for column in report.columns), *told]
    text = io.StringIO()
    text.write(BOM)
    lines = csv.writer(text, delimiter=SEPARATOR, lineterminator="\n")
    lines.writerow(keys)
    lines.writerows([harmless(_cell(row.get(key))) for key in keys] for row in rows)
    typer.echo(text.getvalue().encode(), nl=False)  # whatever the terminal's encoding is


def _cell(value: object) -> object:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {times}" for name, times in value.items())
    if isinstance(value, float):  # a Russian Excel takes «16.4» for the 16th of April
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    return value


def _draw(drawing: Drawing, wanted: Wanted) -> None:
    if wanted.svg is not None:
        from carquery.entrypoints.pictures.svg import as_svg

        _save(as_svg(drawing).encode(), wanted.svg, "--svg")
    if wanted.png is not None:
        try:
            from carquery.entrypoints.pictures.png import as_png
        except ModuleNotFoundError:
            stop(NO_PILLOW, code=FAILED)
        _save(as_png(drawing), wanted.png, "--png")


def _save(picture: bytes, file: Path, option: str) -> None:
    try:
        file.expanduser().write_bytes(picture)
    except (OSError, ValueError, RuntimeError) as refused:  # the last: of a `~user` who is none
        reason = refused.strerror if isinstance(refused, OSError) else "no such name"
        stop(f"{option}: {file} can't be written: {reason}", code=FAILED)
    typer.echo(f"{file} written", err=True)


def _print(report: Report, tables: Callable[[Console], None] | None) -> None:
    if report.is_empty:
        typer.echo(report.nothing)
        return
    console = Console()
    needed = NARROWEST
    if tables is None:
        needed = max(needed, *(SHORTEST_LABEL + _figures_width(report, section) for section in report.sections))
    if console.width < needed:
        stop(f"The terminal has {console.width} columns; tables need {needed}: --json and --csv fit", code=FAILED)
    if tables is not None:
        tables(console)
        return
    console.print(report.title, style="bold", highlight=False)
    for section in report.sections:
        _print_section(report, section, console)


def _print_section(report: Report, section: Section, console: Console) -> None:
    cells = _cells(report, section)
    labels = [line.label or "-" for line in section.lines]
    named = max(map(len, (section.title, *labels)))
    taken = named + _figures_width(report, section)
    bar_width = min(console.width - taken - GAP, LONGEST_BAR)
    has_bar = bar_width >= SHORTEST_BAR
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0))
    table.add_column(escape(section.title), overflow="fold", min_width=named if has_bar else None)
    if has_bar:
        table.add_column("", no_wrap=True, style="green", min_width=bar_width)
    for column in report.columns:
        table.add_column(column.title, justify="right", no_wrap=True)
    longest = max((float(line.figures.get(report.bar) or 0) for line in section.lines), default=0)
    for label, line, row in zip(labels, section.lines, cells, strict=True):
        value = float(line.figures.get(report.bar) or 0)
        drawn_bar = (_bar(value / longest if longest else 0, bar_width, console.encoding),)
        table.add_row(escape(label), *(drawn_bar if has_bar else ()), *row)
    console.print()
    console.print(table)
    for note in section.notes:
        console.print(f"  {note}", style="dim", markup=False, highlight=False)


def _cells(report: Report, section: Section) -> list[list[str]]:
    return [[column.shown(line.figures.get(column.key)) for column in report.columns] for line in section.lines]


def _figures_width(report: Report, section: Section) -> int:
    cells = _cells(report, section)
    return sum(
        max(map(len, (column.title, *(row[place] for row in cells)))) + GAP
        for place, column in enumerate(report.columns)
    )


def _bar(share: float, width: int, encoding: str) -> str:
    """Eighths of a sign, where there are such signs."""
    if not encoding.lower().startswith("utf"):
        return "#" * round(share * width)
    whole, eighths = divmod(round(share * width * 8), 8)
    return "█" * whole + (chr(0x2590 - eighths) if eighths else "")
