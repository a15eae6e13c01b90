"""The way of a request: limits, holds, misfortunes, and at last the effect."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from aiohttp import web

from carquery_emulators.amocrm.faults import Fault, Faults, When
from carquery_emulators.amocrm.journal import HostJournal
from carquery_emulators.amocrm.limits import Limits
from carquery_emulators.amocrm.requests.answers import (
    broken,
    front_page,
    in_utf8,
    payment_required,
    scope_missing,
    too_many,
    unauthorized,
)
from carquery_emulators.amocrm.requests.call import Act, ApiCall, Host
from carquery_emulators.kit.answers import Answer, ConnectionCut, cut, send

_LOGIN_PAGE = b"<!DOCTYPE html><html><body>\xd0\x92\xd1\x85\xd0\xbe\xd0\xb4</body></html>"


class Work:
    """What is under way, and effects that are still to come."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._late: set[asyncio.Task[None]] = set()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        self._count += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            if self._count == 0:
                self._idle.set()

    def later(self, act: Callable[[], object], *, seconds: float) -> None:
        """Do it after a while."""

        async def wait() -> None:
            with self.under_way():
                await asyncio.sleep(seconds)
                act()

        task = asyncio.create_task(wait())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def done(self) -> None:
        """Wait until nothing is under way and nothing is to come."""
        while self._count or self._late:
            await asyncio.gather(*self._late)
            await self._idle.wait()

    async def drop(self) -> None:
        """What was to come later never will."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)


class HostApp:
    """All requests to one host. `act` does what is asked, at once and whole."""

    def __init__(
        self, host: Host, act: Act, *, faults: Faults, limits: Limits, journal: HostJournal, work: Work
    ) -> None:
        self._host = host
        self._act = act
        self._faults = faults
        self._limits = limits
        self._journal = journal
        self._work = work

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """For aiohttp."""
        entry = self._journal.open(self._host, request.method, request.path, request.query_string)
        status: int | None = None
        with self._work.under_way():
            try:
                answer = await self._answer(await self._arrived(request))
                status = int(answer.status)
                return await send(request, answer)
            except ConnectionCut:
                return cut(request)
            finally:
                self._journal.close(entry, status)

    async def _arrived(self, request: web.Request) -> ApiCall:
        return ApiCall(
            host=self._host,
            origin=str(request.url.origin()),
            method=request.method,
            path=request.path,
            query=list(request.query.items()),
            headers=request.headers,
            body=await request.read(),
        )

    async def _answer(self, call: ApiCall) -> Answer:
        if self._faults.slow:
            await asyncio.sleep(self._faults.slow)
        refusal = self._limits.refusal()
        if refusal is not None:
            return refusal
        await self._hold("before", call)
        fault = self._faults.take(call)
        answer = self._act(call) if fault is None else await self._unlucky(call, fault)
        await self._hold("after", call)
        return answer

    async def _hold(self, when: When, call: ApiCall) -> None:
        hold = self._faults.take_hold(when, call)
        if hold is not None and not await hold.hold():
            raise ConnectionCut

    async def _unlucky(self, call: ApiCall, fault: Fault) -> Answer:
        match fault.how:
            case "refuse":
                raise ConnectionCut
            case "drop":
                self._act(call)
                raise ConnectionCut
            case "late":
                self._work.later(lambda: self._act(call), seconds=fault.seconds)
                raise ConnectionCut
            case "delay":
                await asyncio.sleep(fault.seconds)
                return self._act(call)
            case "hang":
                answer = self._act(call)
                await asyncio.sleep(fault.seconds)
                return answer
            case "500 after" | "502 after" | "504 after":
                self._act(call)
                return broken(int(fault.how.removesuffix(" after")))
            case "empty 200":
                self._act(call)
                return Answer(HTTPStatus.OK, b"{}", "application/json")
            case "front" | "front after":
                if fault.how == "front after":
                    self._act(call)
                return _of_front(fault)
            case _:
                return _instead(fault, self._host)


def _instead(fault: Fault, host: Host) -> Answer:
    """What is answered instead of acting."""
    match fault.how:
        case "429":
            return too_many(retry_after=fault.retry_after)
        case "429 header":
            return too_many(retry_after=1 if fault.retry_after is None else fault.retry_after, in_header=True)
        case "403 html":
            return front_page(HTTPStatus.FORBIDDEN)
        case "403 scope":
            return scope_missing(host)
        case "402":
            return payment_required()
        case "401":
            return unauthorized()
        case "html 200":
            return Answer(HTTPStatus.OK, _LOGIN_PAGE, in_utf8("text/html"))
        case "404 html":
            return front_page(HTTPStatus.NOT_FOUND)
        case "redirect":
            return front_page(HTTPStatus.FOUND, {"Location": "/login"})  # on loopback, should anybody follow
        case _:
            return broken(int(fault.how))


def _of_front(fault: Fault) -> Answer:
    said = fault.front
    if said.body is None:
        return front_page(said.status, said.headers)
    return Answer(said.status, said.body.encode(), in_utf8(said.content_type), said.headers)
