"""`carquery config check`: everything the bot needs is tried once, and what is wrong is said with what to do."""

import asyncio
from typing import Final

from carquery.adapters.checks import Check, Finding, State
from carquery.application.ports.environment import Clock
from carquery.entrypoints.checks.examining import examined
from carquery.entrypoints.checks.kinds import BeforeStart
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.processes.reading_only import leaving_nothing
from carquery.entrypoints.settings.reading import SettingsRead
from carquery.entrypoints.settings.settings import BotSettings

SECONDS: Final = 15.0
"""For each thing that is tried."""


async def examine(read: SettingsRead[BotSettings]) -> list[Finding]:
    """Try everything that the settings lead to, and leave nothing behind; what takes longer than SECONDS is wrong too.

    What is wrong with the settings themselves comes first, and nothing is tried that hangs on it.
    """
    complaints = [
        Finding(complaint.variables, complaint.what, State.WRONG, complaint.remedy) for complaint in read.complaints
    ]
    container = make_bot_container(read.settings, *leaving_nothing(read.settings))
    try:
        clock: Clock = await container.get(Clock)
        found = await asyncio.gather(
            *(
                examined(one.check, clock, seconds=SECONDS, unforeseen=_unforeseen)
                for one in await container.get(list[BeforeStart])
                if not any(name.startswith(one.hangs_on) for name in read.wrong)
            )
        )
    finally:
        await container.close()
    return [*complaints, *(finding for findings in found for finding in findings)]


def _unforeseen(check: Check, failure: Exception) -> Finding:
    says = f"could not be tried: {type(failure).__name__}"
    return Finding(check.name, says, State.WRONG, "carquery bot says more when it starts")
