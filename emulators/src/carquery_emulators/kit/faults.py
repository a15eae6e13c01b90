"""Misfortunes on order: which of the requests that a fault fits it hits, and how long it stays."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


@dataclass(slots=True)
class Countdown:
    """Of the requests that a fault fits, `skip` go well first; then `times` are hit, or all if it is None.

    `every`: of those behind `skip` only each so-manieth counts, and is hit.

    Raises:
        ValueError: `times`, `skip` or `every` is out of range.
    """

    times: int | None = 1
    skip: int = 0
    every: int = 1
    _passed: int = 0

    def __post_init__(self) -> None:
        if self.times is not None and self.times < 1:
            raise ValueError(f"times={self.times} must be at least 1, or None for all")
        if self.skip < 0:
            raise ValueError(f"skip={self.skip} must be 0 or more")
        if self.every < 1:
            raise ValueError(f"every={self.every} must be at least 1")

    @property
    def is_over(self) -> bool:
        return self.times == 0

    def hits(self) -> bool:
        """Count one request that fits. Returns whether it is hit."""
        if self.skip:
            self.skip -= 1
            return False
        self._passed = (self._passed + 1) % self.every
        if self._passed:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Counted(Protocol):
    """A fault, as far as the queue knows it."""

    @property
    def countdown(self) -> Countdown: ...


AnyFault = TypeVar("AnyFault", bound=Counted)
Choice = TypeVar("Choice")


class FaultQueue(Generic[AnyFault]):
    """Faults in the order in which they were asked for; the first one that hits a request is used up by it.

    Attributes:
        times_cleared: whoever is held up by one goes on when it grows.
    """

    def __init__(self) -> None:
        self._faults: list[AnyFault] = []
        self.times_cleared = 0

    @property
    def ordered(self) -> tuple[AnyFault, ...]:
        """Those that are still to come."""
        return tuple(self._faults)

    def put(self, fault: AnyFault) -> AnyFault:
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all of them; what is under way goes on as it began."""
        self._faults.clear()
        self.times_cleared += 1

    def first(self, fits: Callable[[AnyFault], bool]) -> AnyFault | None:
        """The fault that a request meets, and counts for."""
        for fault in self._faults:
            if fits(fault) and fault.countdown.hits():
                if fault.countdown.is_over:
                    self._faults.remove(fault)
                return fault
        return None


def one_of(known: tuple[Choice, ...], given: str, *, name: str) -> Choice:
    """The known choice that is given by its name. Raises ValueError: there is no such choice."""
    for choice in known:
        if choice == given:
            return choice
    raise ValueError(f"{name}={given!r} is unknown; choose from {', '.join(map(str, known))}")
