import asyncio
import gc
import sys

import pytest

from carquery.entrypoints.processes.interpreter import COLLECT_EVERY, run_for_long, settle


@pytest.fixture(autouse=True)
def _as_before() -> object:
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


async def _loop_and_threshold() -> tuple[str, int]:
    return type(asyncio.get_running_loop()).__module__, gc.get_threshold()[0]


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop does not run there")
def test_a_process_runs_on_uvloop_and_seldom_looks_for_cycles() -> None:
    assert run_for_long(_loop_and_threshold()) == ("uvloop", COLLECT_EVERY)


def test_what_stays_anyway_is_not_looked_at_again() -> None:
    settle()

    assert gc.get_freeze_count() > 0
