"""How the interpreter serves a process that runs for long: its event loop, its garbage collector."""

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

SETTLED_SECONDS: Final = 10.0
"""After so long everything is imported and connected that lives as long as the process."""

COLLECT_EVERY: Final = 20_000
"""New objects that may be parts of a cycle; Python's usual 700 is a few updates, in which next to none are. With it and
with `settle`, collecting took under 1 % of the bot's CPU time rather than 9 %, in the same memory."""

T = TypeVar("T")


def run_for_long(work: Coroutine[Any, Any, T]) -> T:
    """Run a process, on uvloop where it runs (not on Windows): an update costs a fifth less CPU time there."""
    gc.set_threshold(COLLECT_EVERY)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.get_loop().call_later(SETTLED_SECONDS, settle)
        return runner.run(work)


def settle() -> None:
    """Spare the collector what stays anyway: modules, classes, connections. It would look at all of it each time."""
    gc.collect()
    gc.freeze()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop  # commands that end at once do without it

    return uvloop.new_event_loop
