"""Misfortunes on order: the next calls of a method go wrong in a chosen way."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

How: TypeAlias = Literal[
    "401", "429", "500", "502 html", "blocked", "no rights", "bad markup", "drop", "refuse", "delay", "hang"
]
"""
- `401`, `429` (with `retry_after`), `500`, `502 html` (a proxy's page), `blocked` (403), `no rights` and `bad markup`
  (400): answered instead of acting
- `refuse`: the connection is cut before the effect; `drop`: after it
- `delay`: `seconds` pass before the effect; `hang`: between the effect and the answer
"""
ANY_METHOD = "*"
DOWNLOAD = "download"
"""The name under which downloading a file (`/file/bot…`) can be made to fail."""


@dataclass(slots=True)
class Fault:
    method: str
    how: How
    left: int | None
    """How many calls it still hits; None: all."""
    retry_after: int = 1
    seconds: float = 1.0


class Faults:
    """Faults in the order in which they were asked for; the first one that fits a call is used up by it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.times_cleared = 0

    def add(self, method: str, how: str, *, times: int | None = 1, retry_after: int = 1, seconds: float = 1.0) -> Fault:
        """Raises ValueError: `how` is not one of `How`."""
        for known in get_args(How):
            if how == known:
                fault = Fault(method, known, times, retry_after, seconds)
                self._faults.append(fault)
                return fault
        raise ValueError(f"how={how!r} is unknown; choose from {', '.join(get_args(How))}")

    def clear(self) -> None:
        self._faults.clear()
        self.times_cleared += 1

    def take(self, method: str) -> Fault | None:
        for fault in self._faults:
            if fault.method.lower() in {method.lower(), ANY_METHOD}:
                if fault.left is not None:
                    fault.left -= 1
                    if fault.left <= 0:
                        self._faults.remove(fault)
                return fault
        return None
