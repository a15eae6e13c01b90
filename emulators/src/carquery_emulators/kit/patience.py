"""How long whoever plays against an emulator waits for the other side, if not told how long.

One figure for the process: how long things take is a matter of the machine, not of one emulator. Whoever drives
emulators on a busy machine sets it.
"""

import inspect
import textwrap
from collections.abc import Callable

_patience = {"seconds": 5.0}


class NothingHappened(AssertionError):
    """What was waited for did not happen in time; the message says what it was, and what stands there instead."""

    def __init__(self, awaited: str, *, seconds: float, instead: str) -> None:
        super().__init__(f"waited {seconds:.3g} s in vain for: {awaited}\n{instead}".rstrip())


def patience() -> float:
    """Seconds."""
    return _patience["seconds"]


def set_patience(seconds: float) -> None:
    """For all waits that begin from now on."""
    _patience["seconds"] = seconds


def words_of(condition: Callable[..., object]) -> str:
    """A condition in the words of whoever wrote it: its docstring, or its source."""
    if condition.__doc__:
        return condition.__doc__.partition("\n")[0]
    try:
        return textwrap.dedent(inspect.getsource(condition)).strip()
    except (OSError, TypeError):
        return getattr(condition, "__qualname__", repr(condition))
