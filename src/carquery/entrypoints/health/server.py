"""`/health`, `/ready` and `/metrics`, for orchestrators, load balancers and Prometheus."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from errno import errorcode
from functools import partial
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web

from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.environment import Clock
from carquery.application.ports.first_touches import FirstTouches
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.takes import Takes
from carquery.entrypoints.checks.showing import json_of
from carquery.entrypoints.health.checkup import LIMIT_SECONDS, Checkup, Dependency
from carquery.entrypoints.health.metrics import CONTENT_TYPE, Metrics
from carquery.entrypoints.health.remembered_figures import RememberedFigures
from carquery.entrypoints.report_page.routes import ReportPage

log = structlog.get_logger(__name__)

PORT_AGAIN_SECONDS: Final = 5.0
REMEDY: Final = "HEALTH_CHECK_HOST, HEALTH_CHECK_PORT: an address of this machine, a port that nothing else uses"


class HealthServer:
    """Answers while the process works. Customers are served even if the port is not to be had."""

    def __init__(
        self,
        checkup: Checkup,
        metrics: Metrics,
        figures: RememberedFigures,
        outbox: AlertOutbox,
        touches: FirstTouches,
        takes: Takes,
        report: ReportPage,
        clock: Clock,
        *,
        host: str,
        port: int,
    ) -> None:
        self._checkup = checkup
        self._metrics = metrics
        self._figures = figures
        self._outbox = outbox
        self._touches = touches
        self._takes = takes
        self._report = report
        self._clock = clock
        self._host = host
        self._port = port

    @asynccontextmanager
    async def answering(self, stop: asyncio.Event) -> AsyncIterator[None]:
        """Answer as long as the block takes; from `stop` on, this process is not ready any more.

        A port that is taken, perhaps by the process that this one replaces, is tried again every 5 seconds; the log
        has one line of it.
        """
        app = web.Application()
        app.router.add_get("/health", self._health)
        app.router.add_get("/ready", partial(self._ready, stop))
        app.router.add_get("/metrics", self._exposed)
        app.router.add_get("/report", self._report.show)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        listening = asyncio.create_task(self._listen(runner))
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.wait([listening])
            await runner.cleanup()
            await self._report.close()

    async def _listen(self, runner: web.AppRunner) -> None:
        is_told = False
        while True:
            try:
                await web.TCPSite(runner, self._host, self._port).start()
            except OSError as refused:
                if not is_told:
                    reason = errorcode.get(refused.errno or 0, type(refused).__name__)
                    log.warning("health_port_refused", port=self._port, reason=reason, remedy=REMEDY)
                    is_told = True
                await asyncio.sleep(PORT_AGAIN_SECONDS)
            else:
                log.info("health_listening", port=runner.addresses[0][1])
                return

    async def _health(self, _: web.Request) -> web.Response:
        """That the loop turns: a process that hangs can't say even this."""
        return web.json_response({"status": "ok"})

    async def _ready(self, stop: asyncio.Event, _: web.Request) -> web.Response:
        dependencies = await self._checkup.dependencies()
        status = "stopping" if stop.is_set() else _status(dependencies)
        body = {"status": status, "checks": {one.name: _shown(one) for one in dependencies}}
        is_ready = status in {"ok", "degraded"}
        return web.json_response(body, status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE)

    async def _exposed(self, _: web.Request) -> web.Response:
        dependencies = await self._checkup.dependencies()
        self._metrics.show_dependencies({one.name: one.is_well for one in dependencies})
        await self._show_leads()
        await self._show_alerts()
        await self._show_staff()
        return web.Response(body=self._metrics.exposed(), headers={"Content-Type": CONTENT_TYPE})

    async def _show_leads(self) -> None:
        try:
            undelivered, delivered = await self._figures.undelivered(), await self._figures.delivered()
        except StoreUnavailable:
            self._metrics.show_leads(None, oldest_seconds=0)
            return
        if undelivered is None:
            self._metrics.show_leads(None, oldest_seconds=0)
            return
        figures, oldest_seconds = undelivered.value, self._seconds_since(undelivered.value.oldest_waiting)
        if delivered is None:
            self._metrics.show_leads(figures, oldest_seconds=oldest_seconds, counted_seconds=None)
            return
        figures = figures.with_delivered(delivered.value)
        self._metrics.show_leads(figures, oldest_seconds=oldest_seconds, counted_seconds=delivered.age_seconds)

    async def _show_alerts(self) -> None:
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                figures = await self._outbox.figures()
        except (StoreUnavailable, TimeoutError):
            self._metrics.show_alerts(None, oldest_seconds=0)
            return
        self._metrics.show_alerts(figures.waiting, oldest_seconds=self._seconds_since(figures.oldest))

    async def _show_staff(self) -> None:
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                untouched, takes = await self._touches.untouched(), await self._takes.figures()
        except (StoreUnavailable, TimeoutError):
            self._metrics.show_staff(untouched=None, takes=None)
            return
        self._metrics.show_staff(untouched=untouched, takes=takes.waiting)

    def _seconds_since(self, moment: datetime | None) -> float:
        return 0.0 if moment is None else max((self._clock.now() - moment).total_seconds(), 0.0)


def _status(dependencies: Sequence[Dependency]) -> str:
    if any(one.is_fatal for one in dependencies):
        return "failed"
    return "ok" if all(one.is_well for one in dependencies) else "degraded"


def _shown(one: Dependency) -> dict[str, object]:
    return json_of(one.finding) | {"ok": one.is_well, "needed": one.is_needed}
