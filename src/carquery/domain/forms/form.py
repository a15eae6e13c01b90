"""What a form is."""

from dataclasses import dataclass
from enum import StrEnum

from carquery.domain.steps import Step


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
        wish: what somebody who needs it wants, after «вы хотите».
    """

    service: Service
    title: str
    button: str
    wish: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"form {self.service}: step names must be there and differ: {names}")

    def step(self, name: str) -> Step:
        """The step of that name. Raises KeyError: this form has none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def number(self, name: str) -> int:
        """The step's place, from 1. Raises KeyError: this form has none."""
        return self.steps.index(self.step(name)) + 1
