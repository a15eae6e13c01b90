"""What a form is."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from typing import TypeVar

from carquery.domain.answers import Value
from carquery.domain.contact import Phone
from carquery.domain.forms.wish import Wish
from carquery.domain.meaning import Meaning
from carquery.domain.steps import Step
from carquery.domain.values import dataclass
from carquery.domain.words import Words

T = TypeVar("T")


class Service(StrEnum):
    """What the dealership does for a customer; each has one form."""

    SELL = "sell"
    BUY = "buy"
    FIND = "find"
    CHECK = "check"
    LEGAL = "legal"
    CALLBACK = "callback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A service and the questions asked for it, in their order.

    Attributes:
        title: what the lead is called, for the customer and in the CRM.
        button: how the menu offers it.
        wish: what somebody wants who needs it.
    """

    service: Service
    title: str
    button: str
    wish: Wish
    steps: tuple[Step, ...]
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)
    _meant: Mapping[Meaning, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"form {self.service}: step names must be there and differ: {names}")
        meant = [(step.means, step) for step in self.steps if step.means is not None]
        if len(dict(meant)) != len(meant):
            raise ValueError(f"form {self.service}: no two steps may mean the same: {[means for means, _ in meant]}")
        object.__setattr__(self, "_places", {name: place for place, name in enumerate(names)})
        object.__setattr__(self, "_meant", dict(meant))

    def step(self, name: str) -> Step:
        """The step of that name. Raises KeyError: this form has none."""
        return self.steps[self._places[name]]

    def number(self, name: str) -> int:
        """The step's place, from 1. Raises KeyError: this form has none."""
        return self._places[name] + 1

    def lines(self, answers: Mapping[str, Value], *, with_said: bool = False) -> tuple[tuple[str, str], ...]:
        """Title and text of each answered step, in the form's order, and what was said beside an answer.

        Args:
            with_said: also how the customer put what everybody calls otherwise.
        """
        answered = [step for step in self.steps if step.name in answers]
        return tuple(line for step in answered for line in _lines(step, answers[step.name], with_said=with_said))

    def step_for(self, meaning: Meaning) -> Step | None:
        """The step that asks for it; None: this form doesn't."""
        return self._meant.get(meaning)

    def said(self, answers: Mapping[str, Value], meaning: Meaning) -> Value | None:
        """Of answers by step name, the one that means it."""
        step = self.step_for(meaning)
        return None if step is None else answers.get(step.name)

    def by_step(self, known: Mapping[Meaning, T]) -> dict[str, T]:
        """By step name, what this form asks for of what is known by meaning."""
        return {step.name: known[means] for means, step in self._meant.items() if means in known}


def _lines(step: Step, answer: Value, *, with_said: bool) -> Iterator[tuple[str, str]]:
    yield step.title, answer.shown
    match answer:
        case Phone(remark=remark) if remark:
            yield f"{step.title}, примечание", remark
        case Words(said=said) if said and with_said:
            yield f"{step.title}, словами клиента", said
