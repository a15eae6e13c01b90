"""Misfortunes on order."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

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


@dataclass(slots=True)
class Fault:
    """`left`: how many requests it still hits, None means all; `model` None: whichever is asked."""

    how: How
    left: int | None
    seconds: float
    model: Model | None

    def fits(self, model: Model) -> bool:
        return self.model in (None, model)

    def to_json(self) -> Json:
        name = None if self.model is None else self.model.name
        return {"how": self.how, "times": self.left, "seconds": self.seconds, "model": name}


class Faults:
    """Faults in the order in which they were asked for; the first one that fits a request is used up by it.

    Only requests that are right in themselves meet them: a wrong one is always told what is wrong with it.
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    @property
    def ordered(self) -> tuple[Fault, ...]:
        """Those that are still to come."""
        return tuple(self._faults)

    def add(self, how: str, *, times: int | None = 1, seconds: float = 1.0, model: str | None = None) -> Fault:
        """Let the next requests go wrong. `times` None: all, until `clear`; `model`: only those that ask this one.

        Raises:
            ValueError: `how` is not one of `How`, there is no such model, or a number is out of range.
        """
        if model is not None and model not in MODELS:
            raise ValueError(f"model={model!r} is unknown; choose from {', '.join(MODELS)}")
        if times is not None and times < 1:
            raise ValueError(f"times={times} must be at least 1, or None for all")
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"seconds={seconds} must be 0 or more")
        for known in get_args(How):
            if how == known:
                fault = Fault(known, times, seconds, None if model is None else MODELS[model])
                self._faults.append(fault)
                return fault
        raise ValueError(f"how={how!r} is unknown; choose from {', '.join(get_args(How))}")

    def clear(self) -> None:
        """Forget all of them; what is under way goes on as it began."""
        self._faults.clear()

    def take(self, model: Model) -> Fault | None:
        """The fault that a request to this model meets."""
        fault = next((fault for fault in self._faults if fault.fits(model)), None)
        if fault is not None and fault.left is not None:
            fault.left -= 1
            if fault.left == 0:
                self._faults.remove(fault)
        return fault
