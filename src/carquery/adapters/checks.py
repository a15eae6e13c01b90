"""Looking whether something works: one kind of check and one kind of finding, whoever looks.

Each adapter has checks of its own in its `checks.py`; its provider brings them.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class State(Enum):
    """What something is found to be. NOTE: it works, but somebody should know. UNKNOWN: it can't be told."""

    OK = "ok"
    NOTE = "note"
    UNKNOWN = "unknown"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, without secrets and personal data.

    Attributes:
        what: the thing that was looked at.
        says: what was seen there, or what is wrong with it.
        remedy: what to do; empty: nothing.
        latency_ms: how long it took to find out; `None` if nobody looked, it is plain from the settings.
    """

    what: str
    says: str
    state: State = State.OK
    remedy: str = ""
    latency_ms: float | None = None

    @property
    def is_ok(self) -> bool | None:
        """`None` if it is neither right nor wrong."""
        return {State.OK: True, State.WRONG: False}.get(self.state)


class Unwell(Exception):
    """What was looked at does not work; in a few words, without addresses. `remedy`: what to do, if it is known."""

    def __init__(self, says: str, remedy: str = "") -> None:
        super().__init__(says)
        self.remedy = remedy


Examine: TypeAlias = Callable[[], AsyncIterator[Finding]]
"""Says what it finds as soon as it finds it. Raises Unwell, StoreUnavailable: what it was looking at is wrong."""


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at. `remedy`: what to do if it is wrong and the examination knows nothing better."""

    name: str
    examine: Examine
    remedy: str = ""
