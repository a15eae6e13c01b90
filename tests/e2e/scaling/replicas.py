"""Several replicas of the bot behind nginx, over one PostgreSQL and one Redis; each is a process."""

import asyncio
import os
import re
import shutil
import signal
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from carquery_emulators.max import MaxCustomer, MaxEmulator
from carquery_emulators.telegram import Customer
from tests import warm_processes
from tests.e2e.delivery.worker_delivery import WorkerDelivery, a_worker_delivery
from tests.e2e.webhooks import SECRET
from tests.patience import eventually
from tests.ports import free_port
from tests.warm_processes import WarmProcess

ROOT = Path(__file__).parents[3]
QUICK_BOT = Path(__file__).with_name("quick_bot.py")
WEBHOOK_URL = "https://bot.dealer.example/telegram"
MAX_WEBHOOK_URL = "https://bot.dealer.example/max"


@dataclass(slots=True)
class Replica:
    """One place behind the load balancer; the process there comes and goes."""

    environment: Mapping[str, str]
    port: int = field(default_factory=free_port)
    max_port: int = field(default_factory=free_port)
    health_port: int = field(default_factory=free_port)
    process: WarmProcess | None = None

    async def start(self) -> None:
        """Start a process here, and wait until it is ready."""
        ports = {"WEBHOOK_PORT": self.port, "MAX_WEBHOOK_PORT": self.max_port, "HEALTH_CHECK_PORT": self.health_port}
        environment = {**self.environment, **{name: str(port) for name, port in ports.items()}}
        self.process = await warm_processes.start(QUICK_BOT, env=environment, cwd="/", stdout=DEVNULL)
        async with aiohttp.ClientSession() as http:
            await eventually(lambda: self._is_ready(http), instead=lambda: f"{self.process}")

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """SIGKILL."""
        await self._end(signal.SIGKILL)

    async def _end(self, how: signal.Signals) -> int:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await self.process.wait()

    async def _is_ready(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(f"http://127.0.0.1:{self.health_port}/ready") as answer:
                return answer.status == 200
        except aiohttp.ClientConnectorError:
            return False


@asynccontextmanager
async def replicas(number: int, environment: Mapping[str, str]) -> AsyncIterator[Sequence[Replica]]:
    """So many, ready; killed on leaving if they still run."""
    places = [Replica(environment) for _ in range(number)]
    try:
        await asyncio.gather(*(place.start() for place in places))
        yield places
    finally:
        for place in places:
            if place.process is not None:
                await place.kill()


def max_environment(max_: MaxEmulator) -> dict[str, str]:
    """What a replica needs besides that, to be in MAX as well."""
    return {
        "MAX_BOT_TOKEN": max_.token,
        "MAX_API_BASE": max_.base_url,
        "MAX_WEBHOOK_URL": MAX_WEBHOOK_URL,
        "MAX_WEBHOOK_SECRET": SECRET,
    }


def webhook_environment(stores: Mapping[str, str]) -> dict[str, str]:
    """What a replica needs besides its ports."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "BOT_MODE": "webhook",
        "WEBHOOK_URL": WEBHOOK_URL,
        "WEBHOOK_SECRET": SECRET,
        "LOG_LEVEL": "ERROR",
        **stores,
    }


@asynccontextmanager
async def load_balancer(places: Sequence[Replica], port: int, folder: Path) -> AsyncIterator[None]:
    """nginx in front of the replicas, with the rules of deploy/nginx.conf."""
    (folder / "nginx.conf").write_text(_configuration(places, port, folder), "utf-8")
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert program is not None, "nginx is not installed: make installs it with the other test programs"
    arguments = ("-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log"))
    process = await asyncio.create_subprocess_exec(program, *arguments, stdout=DEVNULL, stderr=DEVNULL)
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _configuration(places: Sequence[Replica], port: int, folder: Path) -> str:
    """Ours, but without TLS, and with addresses instead of a name."""
    deployed = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    rules = "\n".join(re.findall(r"^\s*(proxy_(?!pass |temp_path)[^;]+;)", deployed, re.MULTILINE))
    assert "proxy_next_upstream " in rules
    servers = " ".join(f"server 127.0.0.1:{place.port} max_fails=0;" for place in places)
    in_max = " ".join(f"server 127.0.0.1:{place.max_port} max_fails=0;" for place in places)
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    return f"""
        daemon off; pid {folder}/nginx.pid; worker_processes 1;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; client_body_temp_path {folder}/body; {temporary}
            upstream replicas {{ {servers} keepalive 16; }}
            upstream replicas_in_max {{ {in_max} keepalive 16; }}
            server {{
                listen 127.0.0.1:{port};
                location / {{ proxy_pass http://replicas; {rules} }}
                location /max {{ proxy_pass http://replicas_in_max; {rules} }}
            }}
        }}
    """


@dataclass(frozen=True, slots=True)
class ReplicatedBot:
    """Replicas over a dealership's database, whose workers deliver what they take.

    Attributes:
        max: a second messenger, whose webhooks that fail are repeated soon; the replicas know of it if they are told.
    """

    delivery: WorkerDelivery
    replicas: tuple[Replica, ...]
    max: MaxEmulator

    def customer(self, number: int) -> Customer | MaxCustomer:
        """Somebody; every other one is in MAX."""
        return (self.max.customer if number % 2 else self.delivery.telegram.customer)(8_000 + number, "<3")


@asynccontextmanager
async def a_replicated_bot(
    number: int, postgres_url: str, redis_url: str, folder: Path, *, is_in_max: bool = False, **settings: str
) -> AsyncIterator[ReplicatedBot]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with (
        a_worker_delivery(postgres_url, webhook_deliver_to=f"{address}/telegram", delay_scale=0.05) as delivery,
        MaxEmulator(webhook_deliver_to=f"{address}/max", delay_scale=0.002) as max_,
    ):
        stores = delivery.environment | {"REDIS_URL": redis_url} | settings
        environment = webhook_environment(stores) | (max_environment(max_) if is_in_max else {})
        async with replicas(number, environment) as places, load_balancer(places, port, folder):
            yield ReplicatedBot(delivery, tuple(places), max_)
