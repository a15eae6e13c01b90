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

from tests import warm_processes
from tests.e2e.delivery.worker_delivery import WorkerDelivery, a_worker_delivery
from tests.e2e.webhooks import SECRET
from tests.patience import eventually
from tests.ports import free_port
from tests.warm_processes import WarmProcess

ROOT = Path(__file__).parents[3]
QUICK_BOT = Path(__file__).with_name("quick_bot.py")
WEBHOOK_URL = "https://bot.dealer.example/telegram"


@dataclass(slots=True)
class Replica:
    """One place behind the load balancer; the process there comes and goes."""

    environment: Mapping[str, str]
    port: int = field(default_factory=free_port)
    health_port: int = field(default_factory=free_port)
    process: WarmProcess | None = None

    async def start(self) -> None:
        """Start a process here, and wait until it is ready."""
        ports = {"WEBHOOK_PORT": str(self.port), "HEALTH_CHECK_PORT": str(self.health_port)}
        self.process = await warm_processes.start(QUICK_BOT, env={**self.environment, **ports}, cwd="/", stdout=DEVNULL)
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
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    return f"""
        daemon off; pid {folder}/nginx.pid; worker_processes 1;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; client_body_temp_path {folder}/body; {temporary}
            upstream replicas {{ {servers} keepalive 16; }}
            server {{
                listen 127.0.0.1:{port};
                location / {{ proxy_pass http://replicas; {rules} }}
            }}
        }}
    """


@dataclass(frozen=True, slots=True)
class ReplicatedBot:
    """Replicas over a dealership's database, whose workers deliver what they take."""

    delivery: WorkerDelivery
    replicas: tuple[Replica, ...]


@asynccontextmanager
async def a_replicated_bot(
    number: int, postgres_url: str, redis_url: str, folder: Path, **settings: str
) -> AsyncIterator[ReplicatedBot]:
    port = free_port()
    address = f"http://127.0.0.1:{port}/telegram"
    async with a_worker_delivery(postgres_url, webhook_deliver_to=address, delay_scale=0.05) as delivery:
        environment = webhook_environment(delivery.environment | {"REDIS_URL": redis_url} | settings)
        async with replicas(number, environment) as places, load_balancer(places, port, folder):
            yield ReplicatedBot(delivery, tuple(places))
