"""Making a check: within a time limit, with the time it took, and never failing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from carquery.adapters.checks import Check, Finding, State, Unwell
from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable


async def measured(findings: AsyncIterator[Finding], clock: Clock) -> AsyncIterator[Finding]:
    """Each finding with the time since the one before it. Raises as what finds them."""
    began = clock.monotonic()
    async for finding in findings:
        yield replace(finding, latency_ms=_since(began, clock))
        began = clock.monotonic()


async def examined(
    check: Check, clock: Clock, *, seconds: float, unforeseen: Callable[[Check, Exception], Finding]
) -> tuple[Finding, ...]:
    """What the check finds; what it could not look at any more is wrong.

    Args:
        seconds: how long it may take.
        unforeseen: what to say of an error that nobody has foreseen; its text may hold secrets.
    """
    found: list[Finding] = []
    began = clock.monotonic()
    try:
        async with asyncio.timeout(seconds):
            async for finding in measured(check.examine(), clock):
                found.append(finding)
                began = clock.monotonic()
        return tuple(found)
    except TimeoutError:
        last = Finding(check.name, f"no answer within {seconds:g} s", State.WRONG, check.remedy)
    except Unwell as unwell:
        last = Finding(check.name, str(unwell), State.WRONG, unwell.remedy or check.remedy)
    except StoreUnavailable as away:
        last = Finding(check.name, str(away), State.WRONG, check.remedy)
    except Exception as failure:  # noqa: BLE001  # one thing that can't be looked at hides nothing of the others
        last = unforeseen(check, failure)
    return (*found, replace(last, latency_ms=_since(began, clock)))


def _since(began: float, clock: Clock) -> float:
    return round((clock.monotonic() - began) * 1000, 1)
