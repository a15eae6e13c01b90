"""Misfortunes on order."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from carquery_emulators.kit.faults import Countdown, FaultQueue, one_of
from carquery_emulators.kit.json_types import Json
from carquery_emulators.openai.models import MODELS, Model

How: TypeAlias = Literal[
    "slow",
    "drip",
    "huge",
    "refuse",
    "drop",
    "429",
    "429 retry-after",
    "429 quota",
    "500",
    "502 html",
    "401",
    "403 country",
    "broken json",
    "breaks schema",
    "low confidence",
    "refusal",
    "endless",
    "empty",
    "content filter",
]
"""
- `slow`: the model has worked, `seconds` pass before its answer; `drip`: the answer's body takes `seconds` to arrive;
  `huge`: it is padded to 2 MB
- `refuse`: the connection is cut before the model works; `drop`: after it, when the tokens are spent
- `429 retry-after`: with the headers, which say `seconds`; `429 quota`: the account is empty
- `endless`: the answer never closes its JSON and is cut at the limit of the output; `content filter`: it is cut halfway
- the other named ones are answers of status 200, too, in which the model says something unusable
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """`model` None: whichever is asked."""

    how: How
    countdown: Countdown
    seconds: float
    model: Model | None

    def fits(self, model: Model) -> bool:
        return self.model in (None, model)

    def to_json(self) -> Json:
        name = None if self.model is None else self.model.name
        return {"how": self.how, "times": self.countdown.times, "seconds": self.seconds, "model": name}


class Faults(FaultQueue[Fault]):
    """Faults in the order in which they were asked for; the first one that fits a request is used up by it.

    Only requests that are right in themselves meet them: a wrong one is always told what is wrong with it.
    """

    def add(
        self, how: str, *, times: int | None = 1, skip: int = 0, seconds: float = 1.0, model: str | None = None
    ) -> Fault:
        """Let the next requests go wrong.

        Args:
            times: how many; None: all, until `clear`.
            skip: how many go well before.
            model: only those that ask this one.

        Raises:
            ValueError: `how` is not one of `How`, there is no such model, or a number is out of range.
        """
        asked = None if model is None else MODELS[one_of(tuple(MODELS), model, name="model")]
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"seconds={seconds} must be 0 or more")
        known: How = one_of(get_args(How), how, name="how")
        return self.put(Fault(known, Countdown(times, skip), seconds, asked))

    def take(self, model: Model) -> Fault | None:
        """The fault that a request to this model meets."""
        return self.first(lambda fault: fault.fits(model))
