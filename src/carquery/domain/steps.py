"""A form's steps: what is asked, and how an answer is read.

A `Step` is data. How its answer is read is its `kind`, one of the few classes below; each takes what was given and
returns an `Outcome` or raises `AnswerRefused`. Nothing outside this module asks which kind a step has.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import ClassVar, Protocol, TypeAlias

from carquery.domain.answers import (
    Accepted,
    Given,
    Option,
    Outcome,
    Picked,
    SharedContact,
    Typed,
    Value,
    WantsTyping,
)
from carquery.domain.car import read_year
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_commands import read_yes_or_no
from carquery.domain.typed_phones import read_contact_number, read_phone
from carquery.domain.unsure import Unsure
from carquery.domain.values import dataclass

UNEXPECTED = "Пожалуйста, используйте текст или кнопки"
PHOTOS_EXPECTED = "Пришлите фотографии или воспользуйтесь кнопками под сообщением"
_NOT_OWN = "Похоже, это чужой контакт. Нажмите «Поделиться номером» или напишите свой номер, например +7 916 123-45-67"

Reader: TypeAlias = Callable[[str], Value | Unsure[Value]]


class Kind(Protocol):
    """How the answer to a step is given and read."""

    @property
    def asks_contact(self) -> bool:
        """Whether the messenger's own «share my number» button belongs to the question."""
        ...

    def options(self, on: date) -> tuple[Option, ...]:
        """The ready answers, in the order of their buttons. `on`: the day the dialog was opened."""
        ...

    def take(self, given: Given, *, on: date) -> Outcome:
        """Read what was given. `on`: the day the dialog was opened.

        Raises:
            AnswerRefused: not an answer to this step.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question of a form.

    Attributes:
        name: stands for it in storage and buttons, and nowhere else: ASCII, at most 20 characters, unique in its form.
        means: what others make of the answer; `None` if it is shown to people as it is, and that is all.
        title: what the answer is called in the summary and in the CRM's note.
        prompt: the question.
        example: an answer to show with the question, where one helps.
        optional: «Пропустить» is offered.
        personal: asks for personal data: consent comes first, where the dealership asks for it.
        takes_captions: what is written under a photo may be its answer. Not where any words would be one.
        takes_any_words: nearly any words would be an answer, so that what is none must be told from it.
        says_more: whether a typed answer holds words beside its value; they are kept as an aside.
        typing_prompt: the question once the customer has chosen to type an answer that is not among the options.
    """

    name: str
    title: str
    prompt: str
    kind: Kind
    means: Meaning | None = None
    example: str = ""
    optional: bool = False
    personal: bool = False
    takes_captions: bool = True
    takes_any_words: bool = False
    says_more: Callable[[str], bool] | None = None
    typing_prompt: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.kind, ByPhotos) != (self.means is Meaning.PHOTOS):
            raise ValueError(f"step {self.name}: what is asked by photos means Meaning.PHOTOS, and nothing else does")

    @property
    def for_undecided(self) -> Option | None:
        """The choice of those who don't know or don't mind, if there is one."""
        if not isinstance(self.kind, ByChoice):
            return None
        return next((choice for choice in self.kind.choices if choice.code == self.kind.undecided), None)

    @property
    def for_own_words(self) -> Option | None:
        """The choice that asks for a typed answer, if there is one: «Другое»."""
        return self.kind.own if isinstance(self.kind, ByChoice) else None

    def read(self, typed: str, *, on: date) -> Value | None:
        """The value that a text is beyond doubt, if it is one; `on`: the day the dialog was opened."""
        try:
            outcome = self.kind.take(Typed(typed), on=on)
        except AnswerRefused:
            return None
        return outcome.value if isinstance(outcome, Accepted) else None


@dataclass(frozen=True, slots=True)
class ByText:
    """Typed in the customer's own words; `read` makes a value of them, or several readings to choose from."""

    read: Reader
    asks_contact: ClassVar[bool] = False

    def options(self, on: date) -> tuple[Option, ...]:
        return ()

    def take(self, given: Given, *, on: date) -> Outcome:
        match given:
            case Typed(text):
                return _outcome(self.read(text))
            case _:
                raise AnswerRefused(UNEXPECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByChoice:
    """Chosen from buttons; with `read`, also typed.

    Attributes:
        own: the button that asks for a typed answer («Другое»); such an answer may also be typed at once.
        undecided: the code of the choice for those who don't know or don't mind; every refusal names its button.
        of_the_car: it is what the wanted car is like; what is said so of another car says nothing of it.
    """

    choices: tuple[Option, ...]
    read: Reader | None = None
    own: Option | None = None
    undecided: str = ""
    of_the_car: bool = False
    asks_contact: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.undecided and all(choice.code != self.undecided for choice in self.choices):
            raise ValueError(f"no choice {self.undecided!r}")

    def options(self, on: date) -> tuple[Option, ...]:
        return self.choices if self.own is None else (*self.choices, self.own)

    def take(self, given: Given, *, on: date) -> Outcome:
        chosen = _chosen(given, self.options(on))
        if chosen is not None:
            return WantsTyping() if chosen == self.own else Accepted(chosen)
        match given:
            case Typed(text) if self.read is not None:
                return self._typed(self.read, text)
            case Typed():
                raise AnswerRefused(
                    f"Выберите вариант кнопкой, например «{self.choices[0].shown}»{self._or_undecided or ''}"
                )
            case _:
                raise AnswerRefused(UNEXPECTED)

    def _typed(self, read: Reader, text: str) -> Outcome:
        try:
            return _outcome(read(text))
        except AnswerRefused as refused:
            way_out = self._or_undecided or ", или выберите вариант кнопкой"
            raise AnswerRefused(f"{refused.hint}{way_out}") from refused

    @property
    def _or_undecided(self) -> str | None:
        """The end of a hint that names the button of the undecided, if there is one."""
        shown = next((choice.shown for choice in self.choices if choice.code == self.undecided), None)
        return None if shown is None else f", или нажмите «{shown}»"


@dataclass(frozen=True, slots=True)
class ByYear:
    """A model year: buttons for the ten latest, «Раньше», or typed. `is_least`: an older one is not wanted."""

    is_least: bool = False

    asks_contact: ClassVar[bool] = False
    earlier: ClassVar[Option] = Option("earlier", "Раньше")
    offered: ClassVar[int] = 10

    def options(self, on: date) -> tuple[Option, ...]:
        return self._options(on.year)

    @classmethod
    @lru_cache(maxsize=8)
    def _options(cls, latest: int) -> tuple[Option, ...]:
        years = (str(latest - ago) for ago in range(cls.offered))
        return (*(Option(year, year) for year in years), cls.earlier)

    def take(self, given: Given, *, on: date) -> Outcome:
        chosen = _chosen(given, self.options(on))
        if chosen == self.earlier:
            return WantsTyping()
        match given:
            case Typed(text):
                return _outcome(read_year(text, on=on))
            case Picked(code) if chosen is not None:
                return _outcome(read_year(code, on=on))
            case _:
                raise AnswerRefused(UNEXPECTED)


@dataclass(frozen=True, slots=True)
class ByPhone:
    """A phone number: the customer's own contact card, or typed."""

    asks_contact: ClassVar[bool] = True

    def options(self, on: date) -> tuple[Option, ...]:
        return ()

    def take(self, given: Given, *, on: date) -> Outcome:
        match given:
            case SharedContact(number, own=True):
                return Accepted(read_contact_number(number))
            case SharedContact():
                raise AnswerRefused(_NOT_OWN)
            case Typed(text):
                return _outcome(read_phone(text))
            case _:
                raise AnswerRefused(UNEXPECTED)


@dataclass(frozen=True, slots=True)
class ByPhotos:
    """Photos, which a dialog gathers wherever they come; here until the customer says that these are all."""

    asks_contact: ClassVar[bool] = False

    def options(self, on: date) -> tuple[Option, ...]:
        return ()

    def take(self, given: Given, *, on: date) -> Outcome:
        match given:
            case Typed(text) if _describes(text):
                raise AnswerRefused(PHOTOS_EXPECTED, aside=text)
            case _:
                raise AnswerRefused(PHOTOS_EXPECTED)


def _describes(text: str) -> bool:
    """Whether a text tells something of the car; «нет» and «потом» only say that there is no photo."""
    words = [word for word in text.split() if any(sign.isalnum() for sign in word)]
    return len(words) > 1 and read_yes_or_no(text) is None


def _outcome(read: Value | Unsure[Value]) -> Outcome:
    return read if isinstance(read, Unsure) else Accepted(read)


def _chosen(given: Given, options: tuple[Option, ...]) -> Option | None:
    """The option that was pressed, or typed as its button reads."""
    match given:
        case Picked(code):
            return next((option for option in options if option.code == code), None)
        case Typed(text):
            return next((option for option in options if _plain(option.shown) == _plain(text)), None)
        case _:
            return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
