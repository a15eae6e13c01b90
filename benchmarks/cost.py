"""What an update costs each bot: CarQuery twice, and its peers, all walked by the same customers in turn.

Each bot is a process of its own, with a Bot API of its own; while one is walked, the others wait for updates. Counted
is a bot's CPU time, user and system, over whole forms, so that each step is met as often as the others. CarQuery on
servers logs each reply and delivers each lead to amoCRM's emulator meanwhile; no peer does anything of the kind.

Rounds are short and many, every other one the other way round, so that what the machine does beside them strikes all
bots alike. amoCRM takes so few requests that leads of one round are still delivered during the next ones: what a bot
uses between its rounds, and until its last lead stands there, is shared out among them.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final, TypeAlias

from benchmarks.driver.bot_api import BotApi
from benchmarks.driver.customers import Walked, walk
from benchmarks.processes import PEERS, Process, Program, asked_for_updates, carquery, peer, running
from benchmarks.stores import Stores, servers
from carquery_emulators.amocrm import AmoCrmEmulator

BARE: Final = "bare aiogram"
PTB: Final = "python-telegram-bot"

FIRST_CUSTOMER: Final = 1_000_000
LAST_CUSTOMER: Final = 9_999_999
"""Their phones end with these."""

LONGEST_DELIVERY_SECONDS: Final = 180.0

Settle: TypeAlias = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one; `cpu`: seconds."""

    updates: int
    seconds: float
    cpu: float
    calls: int


@dataclass(slots=True)
class Candidate:
    """A bot that runs.

    Attributes:
        settle: waits for what is a part of its work after the last reply, once so many forms were sent.
    """

    name: str
    api: BotApi
    process: Process
    settle: Settle
    forms: int = 0
    put_off: int = 0
    rounds: list[Round] = field(default_factory=list)
    _began: float = 0.0
    _cpu: float = 0.0

    async def warm(self, customers: range) -> None:
        """Whole forms that are not counted."""
        await self._walk(customers)
        await self.settle(self.forms)
        self._began = self.process.cpu_seconds()

    async def measure(self, customers: range) -> None:
        """One round of whole forms."""
        cpu, calls = self.process.cpu_seconds(), self.api.calls_of_customers
        walked = await self._walk(customers)
        cpu, calls = self.process.cpu_seconds() - cpu, self.api.calls_of_customers - calls
        self.rounds.append(Round(walked.updates, walked.seconds, cpu, calls))

    async def finish(self) -> None:
        """Let it end what it has begun."""
        await self.settle(self.forms)
        self._cpu = self.process.cpu_seconds() - self._began

    @property
    def costs(self) -> list[float]:
        """CPU milliseconds of an update, round by round."""
        beside = (self._cpu - sum(one.cpu for one in self.rounds)) / len(self.rounds)
        return [(one.cpu + beside) / one.updates * 1000 for one in self.rounds]

    async def _walk(self, customers: range) -> Walked:
        walked = await walk(self.api, customers)
        self.forms += len(customers)
        self.put_off += walked.put_off
        return walked


async def measured(*, customers: int, rounds: int, peers: bool = True) -> str:
    """A table with a row for each bot; ratios are those of the same round. `peers`: the slow starters too."""
    crowds = (range(first, first + customers) for first in range(FIRST_CUSTOMER, LAST_CUSTOMER, customers))
    async with _candidates(peers=peers) as candidates:
        for candidate in candidates:  # first connections, and code that runs for the first time, are not what is meant
            await candidate.warm(next(crowds)[: max(customers // 10, 2)])
        for number in range(rounds):
            for candidate in candidates[:: -1 if number % 2 else 1]:
                await candidate.measure(next(crowds))
        for candidate in candidates:
            await candidate.finish()
        return _table(candidates, f"{customers} customers at a time, {rounds} rounds")


def _table(candidates: Sequence[Candidate], how: str) -> str:
    floor = next(candidate for candidate in candidates if candidate.name == BARE)
    rows = [f"CPU of an update ({how}; whole sell forms of ten updates):"]
    rows.append(f"{'':28}{'s per 1 000':>12}{'× bare':>8}{'calls':>7}{'per s':>7}{'MB':>6}")
    for one in candidates:
        ratio = median(cost / bare for cost, bare in zip(one.costs, floor.costs, strict=True))
        rows.append(
            f"{one.name:28}{median(one.costs):12.2f}{ratio:8.2f}"
            f"{median(one_round.calls / one_round.updates for one_round in one.rounds):7.2f}"
            f"{median(one_round.updates / one_round.seconds for one_round in one.rounds):7.0f}"
            f"{one.process.megabytes():6.0f}"
            + (f"  {one.put_off} replies put off: is this machine overloaded?" if one.put_off else "")
        )
    if not PEERS.exists():
        rows.append(f"{PTB:28} is not installed: make bench")
    return "\n".join(rows)


@asynccontextmanager
async def _candidates(*, peers: bool) -> AsyncIterator[Sequence[Candidate]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with AsyncExitStack() as opened, servers() as stores, AmoCrmEmulator() as amocrm:
            candidates = []

            async def start(make: Callable[[BotApi], Program], settle: Settle = _at_once) -> None:
                api = await opened.enter_async_context(BotApi())
                program = make(api)
                process = await opened.enter_async_context(running(program, folder))
                await asked_for_updates(api)
                candidates.append(Candidate(program.name, api, process, settle))

            await start(lambda api: peer(api, BARE, "bare_aiogram"))
            await start(lambda api: _on_servers(api, folder, stores, amocrm), partial(_delivered, amocrm))
            await start(lambda api: carquery(api, folder, name="CarQuery, embedded default"))
            if not peers:
                yield candidates
                return
            redis = stores.redis_url.replace("/0", "/1")
            await start(lambda api: peer(api, "aiogram FSM, Redis", "aiogram_fsm", REDIS_URL=redis))
            if PEERS.exists():
                await start(lambda api: peer(api, PTB, "python_telegram_bot", python=str(PEERS)))
            yield candidates


def _on_servers(api: BotApi, folder: Path, stores: Stores, amocrm: AmoCrmEmulator) -> Program:
    account = {"AMOCRM_BASE_URL": amocrm.base_url, "AMOCRM_LONG_LIVED_TOKEN": amocrm.long_lived_token()}
    return carquery(api, folder, name="CarQuery, all on", **stores.settings, **account)


async def _at_once(forms: int) -> None:
    """Nothing is left to do."""


async def _delivered(amocrm: AmoCrmEmulator, forms: int) -> None:
    """Each deal has its task, which is made last, and that was noted."""
    async with asyncio.timeout(LONGEST_DELIVERY_SECONDS):
        while len(amocrm.world.tasks) < forms:  # noqa: ASYNC110  # another process makes them
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
