"""What an update costs the bot, beside a bare aiogram bot that makes the same calls and keeps nothing.

Both are processes of their own and poll the emulator over HTTP; each customer waits for every reply. Counted is the
bot's CPU time, user and system, from its first update to its last, and its memory then.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from carquery_emulators.telegram import Customer, TelegramEmulator

ANSWERS = (
    "Toyota Camry",
    "[2018]",
    "120 тыс",
    "[1–2 млн ₽]",
    "[Пропустить]",
    "Анна",
    "+7 916 123-45-67",
    "[Пропустить]",
    "[✅ Отправить]",
)


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of one bot for so many updates, and its resident memory after them."""

    updates: int
    cpu_seconds: float
    megabytes: float

    @property
    def per_thousand(self) -> float:
        return self.cpu_seconds / self.updates * 1000


async def measured(*, customers: int, rounds: int) -> str:
    """CPU seconds per 1 000 updates of both bots, and their ratio."""
    floor = await _cost([sys.executable, "-m", "benchmarks.bare_bot"], _chatter, customers, rounds)
    ours = await _cost([str(Path(sys.executable).with_name("carquery")), "bot"], _sell, customers, rounds)
    return (
        f"CPU s per 1 000 updates ({ours.updates} updates, {customers} customers): carquery {ours.per_thousand:.2f}, "
        f"bare aiogram bot {floor.per_thousand:.2f}: ratio {ours.per_thousand / floor.per_thousand:.2f}\n"
        f"Resident memory after them: carquery {ours.megabytes:.0f} MB, bare aiogram bot {floor.megabytes:.0f} MB: "
        f"ratio {ours.megabytes / floor.megabytes:.2f}"
    )


async def _sell(customer: Customer) -> int:
    """One sell form; the number of updates it took."""
    await customer.send_text("/start sell")
    await customer.reply(seconds=60)
    for answer in ANSWERS:
        if answer.startswith("["):
            await customer.press(answer[1:-1])
        else:
            await customer.send_text(answer)
        await customer.reply(seconds=60)
    return len(ANSWERS) + 1


async def _chatter(customer: Customer) -> int:
    """As many texts; the bare bot answers each with a message and an edit."""
    for _ in range(len(ANSWERS) + 1):
        await customer.send_text("Toyota Camry")
        await customer.reply(seconds=60)
    return len(ANSWERS) + 1


async def _cost(command: list[str], walk: Callable[[Customer], Awaitable[int]], customers: int, rounds: int) -> Cost:
    async with TelegramEmulator() as telegram, _bot(command, telegram) as pid:
        people = [telegram.customer(7_000 + number, "<3") for number in range(customers)]
        await walk(people[0])  # imports and first connections are not what is measured
        before = _cpu_seconds(pid)
        updates = 0
        for _ in range(rounds):
            updates += sum(await asyncio.gather(*(walk(person) for person in people)))
        return Cost(updates, _cpu_seconds(pid) - before, _resident_megabytes(pid))


@asynccontextmanager
async def _bot(command: list[str], telegram: TelegramEmulator) -> AsyncIterator[int]:
    with tempfile.TemporaryDirectory() as folder:
        env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_BASE": telegram.base_url,
            "AMOCRM_MOCK_MODE": "true",
            "HEALTH_CHECK_PORT": "0",
            "LOG_LEVEL": "WARNING",
        }
        process = await asyncio.create_subprocess_exec(*command, env=env, cwd=folder)
        try:
            yield process.pid
        finally:
            process.kill()
            await process.wait()


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_megabytes(pid: int) -> float:
    rows = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS:")) / 1024
