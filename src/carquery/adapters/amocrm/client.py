"""Calls to amoCRM's API: in turn, authorised, within 10 seconds, and with a definite meaning when they fail."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from carquery.adapters.amocrm.access import Access, Authorisation, Bearer
from carquery.adapters.amocrm.hosts import may_have_bearer
from carquery.adapters.amocrm.problems import FRONTS_OWN, Refusal, is_amocrm_s_own, refusal_in
from carquery.adapters.amocrm.reasons import AmoReason, in_english
from carquery.adapters.amocrm.transport import MOST_AT_ONCE, Answer, AnswerLost, Http, NotSent, Parts, in_json
from carquery.adapters.amocrm.turns import UNAUTHORISED, Turns, is_no_account
from carquery.adapters.outage import Outage
from carquery.application.ports.crm import (
    CrmAmbiguous,
    CrmBusy,
    CrmFailure,
    CrmLeaseTooShort,
    CrmShutOut,
    CrmUnauthorised,
    Permit,
)
from carquery.domain.reason import Reason

MOST_PAUSES: Final = 3
REPEATABLE: Final = frozenset({"GET", "PATCH", "PUT"})
"""PATCH and PUT carry absolute values here: done twice is done once."""

REMEDY: Final = "leads wait, and are delivered when it is back; carquery amocrm check says what is wrong now"

_PASSING: Final = FRONTS_OWN - {HTTPStatus.CONFLICT}
"""What was not done in time may be done in time when it is asked again."""


_NOTHING: Final = Parts()


class LookFirst(CrmAmbiguous):
    """A server in front of amoCRM answered instead of it, and is done with the request: a look tells at once whether
    amoCRM did it, and what does not stand there then may be made."""


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    permit: Permit | None = None
    parts: Parts = _NOTHING

    @property
    def is_at_home(self) -> bool:
        """Whether it goes to the account's own address."""
        return self.url.startswith("/")

    @property
    def kind(self) -> str:
        """What an outage may strike alone."""
        if not self.is_at_home:
            return "files"
        return "reading" if self.method == "GET" else "writing"

    def lacks_scope(self, answer: Answer) -> bool:
        """Whether the drive says, in plain text, that the integration was not given the right to files.

        The account never says it so: there, such an answer comes from a server in front of it.
        """
        is_refusal = answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
        return is_refusal and answer.is_plain_text and not self.is_at_home

    def is_in_doubt_after(self, answer: Answer) -> bool:
        """Whether something may have been made although the answer is no success."""
        if self.method in REPEATABLE or not HTTPStatus.MULTIPLE_CHOICES <= answer.status < 500:
            return False
        is_drive_s_own = answer.is_plain_text and not self.is_at_home
        return answer.status in FRONTS_OWN or not (is_drive_s_own or is_amocrm_s_own(answer))

    def lost(self, reason: Reason) -> CrmFailure:
        """What it means that no (usable) answer came."""
        return CrmBusy(reason) if self.method in REPEATABLE else CrmAmbiguous(reason)


class AmoCrmClient:
    """Every method raises CrmFailure, Refusal (amoCRM will not do it) and StoreUnavailable.

    Paths are relative to the account's address. A whole URL, such as the drive's, gets our bearer only if it is
    amoCRM's own. That amoCRM is away is said once in the log, and once that it is back.
    """

    def __init__(self, http: Http, access: Access, turns: Turns, *, deadline: float | None = None) -> None:
        self._http = http
        self._access = access
        self._turns = turns
        self._deadline = deadline
        self._at_once = asyncio.Semaphore(MOST_AT_ONCE)
        self._outage = Outage("amocrm")

    async def authorisation(self) -> Authorisation:
        """What we are let in with. Calls nobody."""
        return await self._access.authorisation()

    async def read(self, path: str, *, params: Mapping[str, str] | None = None) -> object:
        """GET; `None` if there is nothing (HTTP 204)."""
        return await self._call(_Request("GET", path, parts=Parts(params=params or {})))

    async def write(self, method: str, path: str, body: object, *, permit: Permit | None) -> object:
        """Send JSON. None: done, with nothing to say."""
        return await self._call(_Request(method, path, permit, in_json(body)))

    async def upload(self, url: str, content: bytes, content_type: str, *, permit: Permit | None) -> object:
        """POST one part of a file."""
        parts = Parts(headers={"Content-Type": content_type}, body=content)
        return await self._call(_Request("POST", url, permit, parts))

    async def _call(self, request: _Request) -> object:
        with self._watched(request.kind):
            return await self._answered(request)

    @contextmanager
    def _watched(self, kind: str) -> Iterator[None]:
        """Keep account of whether amoCRM is away; that it refuses one thing, or asks for a pause, is an answer."""
        try:
            yield
        except CrmLeaseTooShort:
            raise
        except CrmFailure as failure:
            if not (isinstance(failure, CrmBusy) and failure.retry_after is not None):
                self._outage.failed(in_english(failure.reason), REMEDY, of=kind)
            raise
        except Refusal:
            self._outage.worked(of=kind)
            raise
        else:
            self._outage.worked(of=kind)

    async def _answered(self, request: _Request) -> object:
        is_renewed, pauses = False, 0
        while True:
            bearer = await self._bearer()
            answer = await self._sent(request, bearer)
            if request.is_at_home and is_no_account(answer) and await self._access.moved(bearer):
                if request.method in REPEATABLE:
                    continue
                raise LookFirst(AmoReason.MOVED(status=answer.status))
            if request.is_in_doubt_after(answer):
                raise await self._in_doubt(answer, bearer)
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS:  # it was not done
                pauses += 1
                if await self._turns.pause(answer) and pauses > MOST_PAUSES:
                    raise CrmBusy(AmoReason.TOO_MANY_AGAIN())
            elif answer.status == HTTPStatus.UNAUTHORIZED and not request.lacks_scope(answer):  # nor was this
                await self._renew(bearer, is_renewed=is_renewed)
                is_renewed = True
            else:
                return await self._meaning(answer, request)

    async def _in_doubt(self, answer: Answer, bearer: Bearer) -> CrmFailure:
        """What it means that something else than amoCRM refused to make something: perhaps it had passed it on."""
        reason = AmoReason.FRONT_ANSWERED(status=answer.status)
        try:
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                await self._turns.pause(answer)
                return LookFirst(reason)
            if answer.status == HTTPStatus.UNAUTHORIZED:
                await self._renew(bearer, is_renewed=False)
                return LookFirst(reason)
        except CrmUnauthorised as gone:
            return CrmUnauthorised(gone.reason, is_perhaps_done=True)
        except CrmFailure as failure:
            return CrmAmbiguous(failure.reason)
        away = await self._turns.turned_away(answer, no_account=self._access.no_account)
        return CrmAmbiguous(reason) if away is None else CrmShutOut(away.reason, is_perhaps_done=True)

    async def _bearer(self) -> Bearer:
        try:
            return await self._access.bearer()
        except CrmUnauthorised as gone:
            await self._turns.shut(gone, UNAUTHORISED)
            raise

    async def _renew(self, bearer: Bearer, *, is_renewed: bool) -> None:
        if is_renewed:
            raise await self._turns.shut(CrmUnauthorised(self._access.lost()), UNAUTHORISED)
        try:
            await self._access.renew(bearer)
        except CrmUnauthorised as gone:
            await self._turns.shut(gone, UNAUTHORISED)
            raise

    async def _sent(self, request: _Request, bearer: Bearer) -> Answer:
        url = request.url
        if url.startswith("/"):
            url = bearer.base_url + url
        elif not may_have_bearer(url, bearer.base_url):
            raise Refusal(0, "", reason=AmoReason.STRANGE_ADDRESS(host=urlsplit(url).hostname))
        headers = {"Authorization": f"Bearer {bearer.token}", **request.parts.headers}
        async with self._at_once:
            await self._turns.take_turn()
            if request.permit is not None:
                request.permit.check()
            try:
                parts = replace(request.parts, headers=headers)
                return await self._http.send(request.method, url, parts, deadline=self._deadline)
            except NotSent as failure:
                raise CrmBusy(failure.reason) from failure
            except AnswerLost as failure:
                raise request.lost(failure.reason) from failure

    async def _meaning(self, answer: Answer, request: _Request) -> object:
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in _PASSING:
            raise request.lost(AmoReason.HTTP_STATUS(status=answer.status))
        if request.lacks_scope(answer):
            raise refusal_in(answer)
        failure = await self._turns.turned_away(answer, no_account=self._access.no_account)
        if failure is not None:
            raise failure
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise refusal_in(answer)
        body = answer.json_or_none()
        if answer.content and body is None:
            raise request.lost(AmoReason.NO_JSON(status=answer.status))
        await self._turns.answered()
        return body
