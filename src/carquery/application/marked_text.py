"""Text with marks that every messenger shows in its own way."""

from collections.abc import Iterable
from enum import StrEnum, auto

from carquery.domain.ids import CustomerId
from carquery.domain.values import dataclass

LONGEST_MESSAGE = 4000
"""UTF-16 units that a message may have: none of the messengers we know takes fewer, or counts more for a character."""


class Mark(StrEnum):
    """How a run of text stands out."""

    NONE = auto()
    BOLD = auto()
    ITALIC = auto()
    CODE = auto()
    """To be typed as it stands; a touch copies it where the messenger can."""
    QUOTE = auto()


@dataclass(frozen=True, slots=True)
class Run:
    """Some text with one mark. `customer`: whom it names; a messenger that can, leads to them from here."""

    text: str
    mark: Mark = Mark.NONE
    customer: CustomerId | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """Runs of text, one after another. A `str` may be added on either side: it has no mark."""

    runs: tuple[Run, ...] = ()

    def __add__(self, other: "Marked | str") -> "Marked":
        return Marked((*self.runs, *_runs(other)))

    def __radd__(self, other: str) -> "Marked":
        return Marked((*_runs(other), *self.runs))

    @property
    def plain(self) -> str:
        """The text without its marks."""
        return "".join(run.text for run in self.runs)

    @property
    def units(self) -> int:
        """Its length in UTF-16 units."""
        return units(self.plain)


def plain(text: str) -> Marked:
    """Text as it is, whoever wrote it."""
    return Marked(_runs(text))


def bold(text: str) -> Marked:
    return Marked((Run(text, Mark.BOLD),))


def italic(text: str) -> Marked:
    return Marked((Run(text, Mark.ITALIC),))


def code(text: str) -> Marked:
    return Marked((Run(text, Mark.CODE),))


def quote(text: str) -> Marked:
    return Marked((Run(text, Mark.QUOTE),))


def naming(customer: CustomerId, text: str) -> Marked:
    """Words that stand for a customer."""
    return Marked((Run(text, customer=customer),))


def joined(separator: str, parts: Iterable[Marked | str]) -> Marked:
    """The parts with the separator between them."""
    runs: list[Run] = []
    for place, part in enumerate(parts):
        if place:
            runs.append(Run(separator))
        runs += _runs(part)
    return Marked(tuple(runs))


def units(text: str) -> int:
    """The text's length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit(texts: Iterable[str], limit: int) -> bool:
    """Whether they have no more than that together, in UTF-16 units."""
    together = "".join(texts)
    return 2 * len(together) <= limit or units(together) <= limit


def clip(text: str, limit: int) -> str:
    """The text, or as much of its beginning as fits the limit with «…» behind it; `limit` in UTF-16 units."""
    if 2 * len(text) <= limit or units(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip() + "…"


def _runs(text: Marked | str) -> tuple[Run, ...]:
    if isinstance(text, Marked):
        return text.runs
    return (Run(text),) if text else ()
