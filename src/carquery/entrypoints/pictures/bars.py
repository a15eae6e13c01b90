"""Bars beside one another's names: what a report looks like, whatever it is drawn in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

WIDTH: Final = 720
"""Pixels; a picture made of lines is as wide as its place."""

_MARGIN: Final = 24
_LINE: Final = 26
_TEXT: Final = 14
_TITLE: Final = 17
_LABELS: Final = 180
_VALUES: Final = 150
_GLYPH: Final = 0.58
"""Of a letter's height its width, more or less."""


class Tone(StrEnum):
    """What a colour is for; which it is, the drawing decides."""

    INK = "ink"
    FAINT = "faint"
    BAR = "bar"
    TRACK = "track"


@dataclass(frozen=True, slots=True)
class Bar:
    """One line. `value`: its length, beside the others' of its chart; `shown`: what stands at its end."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a title."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class Label:
    """A text on a line; `y`: of its base."""

    x: float
    y: float
    text: str
    size: int
    tone: Tone


Shape: TypeAlias = Box | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on paper."""

    title: str
    width: int
    height: int
    shapes: tuple[Shape, ...]


def drawn(title: str, charts: Iterable[Chart]) -> Drawing:
    """The charts, one under the other."""
    shapes: list[Shape] = [Label(_MARGIN, _MARGIN + _TITLE, title, _TITLE, Tone.INK)]
    y = _MARGIN + _TITLE + 12
    for chart in charts:
        y += 28
        shapes.append(Label(_MARGIN, y, _cut(chart.title, WIDTH - 2 * _MARGIN), _TEXT, Tone.FAINT))
        y += 10
        longest = max((bar.value for bar in chart.bars), default=0)
        for bar in chart.bars:
            shapes += _line(bar, y, longest)
            y += _LINE
    return Drawing(title, WIDTH, y + _MARGIN, tuple(shapes))


def _line(bar: Bar, y: float, longest: float) -> tuple[Shape, ...]:
    left, whole = _MARGIN + _LABELS, WIDTH - 2 * _MARGIN - _LABELS - _VALUES
    length = whole * bar.value / longest if longest else 0
    base = y + _LINE / 2 + _TEXT / 3
    return (
        Label(_MARGIN, base, _cut(bar.label, _LABELS - 8), _TEXT, Tone.INK),
        Box(left, y + 5, whole, _LINE - 10, Tone.TRACK),
        Box(left, y + 5, max(length, 2 if bar.value else 0), _LINE - 10, Tone.BAR),
        Label(left + whole + 10, base, _cut(bar.shown, _VALUES - 10), _TEXT, Tone.FAINT),
    )


def _cut(text: str, width: float) -> str:
    most = int(width / (_TEXT * _GLYPH))
    return text if len(text) <= most else f"{text[: most - 1]}…"
