"""A report before it is written: lines of figures in sections, the same for a terminal, a spreadsheet and a picture."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from carquery.entrypoints.pictures.bars import Bar, Chart

Figure: TypeAlias = int | float | str | None


class Unit(Enum):
    """What a figure counts."""

    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    MINUTES = "minutes"
    DOLLARS = "dollars"


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """Figures of one kind. `key`: what programs call it."""

    key: str
    title: str
    unit: Unit = Unit.COUNT

    def shown(self, figure: Figure) -> str:
        """As people read it."""
        match figure, self.unit:
            case None, _:
                return "–"
            case float() | int(), Unit.SHARE:
                return f"{figure:.0%}"
            case float() | int(), Unit.SECONDS:
                return f"{figure:.0f} s" if figure < 120 else f"{figure / 60:.0f} min"
            case float() | int(), Unit.MINUTES:
                return f"{figure:.0f}"
            case float() | int(), Unit.DOLLARS:
                return f"${figure:.4f}"
            case _:
                return str(figure)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `told`: what only programs are told beside its figures."""

    label: str
    figures: Mapping[str, Figure]
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong together. `notes`: sentences under them."""

    title: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of it.

    Attributes:
        name: one word.
        title: with the days that it is of.
        section, label: what programs call the sections' titles, and the lines' labels; `section` empty: there is one.
        bar: the column that bars stand for.
        share: the column whose figure is told beside the bar in a picture; None: none.
        nothing: what to say if there are no lines.
    """

    name: str
    title: str
    label: str
    columns: tuple[FigureColumn, ...]
    sections: tuple[Section, ...]
    bar: str
    nothing: str
    section: str = ""
    share: str | None = None

    @property
    def is_empty(self) -> bool:
        return not any(section.lines for section in self.sections)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each line, as programs read it."""
        for section in self.sections:
            for line in section.lines:
                named = {self.section: section.title} if self.section else {}
                figures = {column.key: line.figures.get(column.key) for column in self.columns}
                yield {**named, self.label: line.label, **figures, **line.told}

    def charts(self) -> Iterator[Chart]:
        """A chart for each section."""
        bar = next(column for column in self.columns if column.key == self.bar)
        share = next((column for column in self.columns if column.key == self.share), None)
        for section in self.sections:
            bars = [
                Bar(line.label, float(line.figures.get(self.bar) or 0), self._told(line, bar, share))
                for line in section.lines
            ]
            yield Chart(section.title or bar.title, bars)

    def _told(self, line: Line, bar: FigureColumn, share: FigureColumn | None) -> str:
        shown = bar.shown(line.figures.get(bar.key))
        return shown if share is None else f"{shown}, {share.shown(line.figures.get(share.key))}"
