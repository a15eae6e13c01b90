"""What a customer can give to a step, and what a step can make of it."""

from dataclasses import field
from typing import TypeAlias

from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import PersonName, Phone
from carquery.domain.ids import FileId
from carquery.domain.money import Rubles
from carquery.domain.unsure import Unsure
from carquery.domain.values import dataclass
from carquery.domain.vin import Vin
from carquery.domain.words import Words


@dataclass(frozen=True, slots=True)
class Option:
    """One of a step's ready answers: a button, and the answer it gives.

    Attributes:
        code: what stands for it in buttons and storage: ASCII, at most 16 characters, unique in its step.
        shown: the button's text; also what the summary and the manager read.
        worth: the sum it stands for, if any: a range's upper end («до 1 млн ₽»), or the lower end of an open one.
        also: other words for it at its own question: a regular expression for text in lower case with «е» for «ё».
        said: likewise, words that say it beyond doubt wherever they stand: «под такси».
    """

    code: str
    shown: str
    worth: Rubles | None = None
    also: str = field(default="", compare=False, repr=False)
    said: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Photos:
    """Photos of one car, in the order they came; at least one."""

    files: tuple[FileId, ...]

    def __post_init__(self) -> None:
        if not self.files:
            raise ValueError("no photo at all is no answer")

    @property
    def shown(self) -> str:
        return f"{len(self.files)} фото"


Value: TypeAlias = Words | Option | Rubles | Kilometers | ModelYear | Vin | PersonName | Phone | Photos
"""An answer as it is kept. Each has `shown`: how people read it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A text message."""

    text: str


@dataclass(frozen=True, slots=True)
class Picked:
    """A press on one of the step's options."""

    code: str


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A contact card.

    Attributes:
        own: the messenger vouches that the number is the sender's.
        name: as it stands on the card, which may be anything.
    """

    number: str
    own: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Unexpected:
    """Anything a form has no use for: a sticker, a poll, a location."""


Given: TypeAlias = Typed | Picked | SharedContact | Unexpected


@dataclass(frozen=True, slots=True)
class Accepted:
    """The step is answered; the dialog goes on."""

    value: Value


@dataclass(frozen=True, slots=True)
class WantsTyping:
    """The customer wants to type an answer that is not among the options."""


Outcome: TypeAlias = Accepted | WantsTyping | Unsure[Value]
