"""How a text is read, without a customer or a dialog: for whoever wants to know what the bot makes of it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from carquery.domain.answers import Accepted, Given, SharedContact, Typed, WantsTyping
from carquery.domain.contact import Phone
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.shared_steps import PHONE
from carquery.domain.manager_phones import is_number_of
from carquery.domain.masking import mask
from carquery.domain.refusals import AnswerRefused
from carquery.domain.source import read_deep_link
from carquery.domain.steps import Step
from carquery.domain.typed_commands import read_yes_or_no
from carquery.domain.typed_phones import likeliest_phone
from carquery.domain.unsure import Unsure
from carquery.domain.values import dataclass, replace

Shown: TypeAlias = str | bool | Mapping[str, str | None]


class CantRead(ValueError):
    """What was asked for makes no sense: an unknown field, or one that lacks what it compares with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRead:
    """What came of one text.

    Attributes:
        value: the answer as the summary shows it; yes or no, or a deep link's parts, where the field is one of these.
        readings: what is offered to choose from, as shown, where the text is ambiguous.
        refused: the sentence that the customer reads instead.
        asks: the question that follows where the text asks to type an answer («Другое»).
    """

    value: Shown | None = None
    readings: tuple[str, ...] = ()
    refused: str | None = None
    asks: str | None = None


_Reader: TypeAlias = Callable[[str], AnswerRead]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnswer:
    """Read a text as a step would, or as what else customers and managers write is read.

    Attributes:
        on: today, where the customer is.
        ours: the number that a manager's phone field is compared with.
    """

    on: date
    ours: str | None = None

    def __call__(self, field: str, text: str) -> AnswerRead:
        """Read `text` as an answer to `field`: a step's name, or a form's and a step's («sell.price»).

        Raises:
            CantRead: there is no such field, or it needs `ours`; the message says what there is.
        """
        try:
            return self._reader(field)(text)
        except AnswerRefused as refused:
            return AnswerRead(refused=refused.hint)

    def comparing(self, ours: str | None) -> "ReadAnswer":
        """The same, with another number of ours, if there is one."""
        return self if ours is None else replace(self, ours=ours)

    def _reader(self, field: str) -> _Reader:
        match field:
            case "mask":
                return lambda text: AnswerRead(value=mask(text).text)
            case "yes_no":
                return lambda text: AnswerRead(value=read_yes_or_no(text))
            case "deep_link":
                return _deep_link
            case "crm_phone":
                return self._crm_phone
            case "contact_card":
                return lambda number: self._taken(PHONE, SharedContact(number, own=True))
            case _ if field in STEPS:
                return lambda text: self._taken(STEPS[field], Typed(text))
            case _:
                raise CantRead(f"no field {field!r}; expected: {', '.join(FIELDS)}, or sell.price and the like")

    def _taken(self, step: Step, given: Given) -> AnswerRead:
        match step.kind.take(given, on=self.on):
            case Accepted(value):
                return AnswerRead(value=value.shown)
            case WantsTyping():
                return AnswerRead(asks=step.typing_prompt)
            case Unsure(readings):
                return AnswerRead(readings=tuple(reading.shown for reading in readings))

    def _crm_phone(self, written: str) -> AnswerRead:
        if self.ours is None:
            raise CantRead("crm_phone needs ours, the number to compare with, such as +79161234567")
        ours = _stored(self.ours) or likeliest_phone(self.ours)
        if ours is None:
            raise CantRead(f"ours: {self.ours!r} is no phone number; expected: such as +79161234567")
        return AnswerRead(value=is_number_of(ours, written))


def _stored(e164: str) -> Phone | None:
    """A number as leads keep it, which may be one that is never read."""
    try:
        return Phone(e164)
    except ValueError:
        return None


def _deep_link(payload: str) -> AnswerRead:
    link = read_deep_link(payload)
    if link.service is None and link.source is None:
        return AnswerRead()
    return AnswerRead(value={"form": link.service, "source": link.source})


def _steps() -> Mapping[str, Step]:
    """By name, and by form and name; of a name that several forms have, the first form's."""
    steps: dict[str, Step] = {}
    for form in FORMS.values():
        for step in form.steps:
            steps[f"{form.service}.{step.name}"] = step
            steps.setdefault(step.name, step)
    return steps


STEPS = _steps()
FIELDS = (*(name for name in STEPS if "." not in name), "contact_card", "crm_phone", "deep_link", "mask", "yes_no")
"""What can be read, by its short name."""
