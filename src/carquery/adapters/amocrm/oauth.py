"""The token endpoint: one-time codes and refresh tokens for tokens."""

import base64
import json
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from carquery.adapters.amocrm.hosts import may_have_bearer
from carquery.adapters.amocrm.ports import CrmGrant
from carquery.adapters.amocrm.problems import refusal_in
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.transport import Answer, AnswerLost, Http, NotSent, Parts, in_json
from carquery.adapters.amocrm.turns import Turns
from carquery.adapters.amocrm.wire import UnreadableAnswer, read_as
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy, CrmUnauthorised
from carquery.application.ports.environment import Clock
from carquery.domain.reason import Reason

_HINTS: Final = {
    "Authorization code has expired": AmoReason.CODE_EXPIRED,
    "Authorization code has been revoked": AmoReason.CODE_USED,
    "Cannot decrypt the authorization code": AmoReason.CODE_CUT,
    "Check the `client_id` parameter": AmoReason.CHECK_CLIENT_ID,
    "Check the `client_secret` parameter": AmoReason.CHECK_SECRET,
    "Redirect URI is not associated with client": AmoReason.CHECK_REDIRECT,
    "Invalid account": AmoReason.OTHER_ACCOUNT,
    "Token has been revoked": AmoReason.REFRESH_SPENT,
    "Token has expired": AmoReason.REFRESH_EXPIRED,
    "Token is not linked to client": AmoReason.REFRESH_FOREIGN,
}
"""Source: hints seen by users of the official client (issues of amocrm-api-php) and of other integrations."""
TURN_WITHIN: Final = timedelta(seconds=5)
"""Whoever renews holds the right to do so for a limited time, and must not spend it in a long pause."""


@dataclass(frozen=True, slots=True)
class _TokensRow:
    access_token: str
    refresh_token: str
    expires_in: int = 86_400


@dataclass(frozen=True, slots=True)
class _DomainRow:
    domain: str


@dataclass(frozen=True, slots=True)
class Integration:
    """What the integration was made with; the redirect address must match to the letter."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


class OAuth:
    """Both grants of OAuth 2, as amoCRM has them."""

    def __init__(self, http: Http, integration: Integration, turns: Turns, clock: Clock) -> None:
        self._http = http
        self._integration = integration
        self._turns = turns
        self._clock = clock

    async def exchange(self, code: str, *, base_url: str) -> CrmGrant:
        """Tokens for a one-time code. Raises CrmUnauthorised with what to do, CrmFailure."""
        answer = await self._ask(base_url, {"grant_type": "authorization_code", "code": code})
        if answer.status != HTTPStatus.OK:
            raise await self._turns.turned_away(answer) or CrmUnauthorised(_reason(answer))
        return self._grant(answer, base_url, base_url)

    async def refresh(self, grant: CrmGrant) -> CrmGrant:
        """The next pair; the one that is given is spent.

        Raises:
            CrmUnauthorised: it is good for nothing any more.
            CrmAmbiguous: it may be spent, and the next pair did not arrive.
            CrmFailure: it was not used.
        """
        asked = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        base_url, answer = grant.base_url, await self._ask(grant.base_url, asked)
        if answer.status == HTTPStatus.UNAUTHORIZED or is_elsewhere(answer):
            moved_to = await self.current_address(grant)
            if moved_to not in {None, base_url}:
                base_url, answer = moved_to or base_url, await self._ask(moved_to or base_url, asked)
        if answer.status != HTTPStatus.OK:
            raise CrmUnauthorised(AmoReason.NOT_RENEWED(_reason(answer)))
        return self._grant(answer, base_url, grant.configured_url)

    async def _ask(self, base_url: str, grant: dict[str, str]) -> Answer:
        integration = self._integration
        body = {
            "client_id": integration.client_id,
            "client_secret": integration.client_secret,
            "redirect_uri": integration.redirect_uri,
            **grant,
        }
        await self._turns.take_turn(within=TURN_WITHIN)
        try:
            answer = await self._http.send("POST", f"{base_url}/oauth2/access_token", in_json(body))
        except NotSent as failure:
            raise CrmBusy(failure.reason) from failure
        except AnswerLost as failure:
            raise CrmAmbiguous(failure.reason) from failure
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise CrmAmbiguous(AmoReason.HTTP_STATUS(status=answer.status))
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS and await self._turns.pause(answer):
            raise CrmBusy(AmoReason.TOO_MANY())
        # A wrong host answers a page; that may be an account that has moved.
        if not is_elsewhere(answer) and (away := await self._turns.turned_away(answer)) is not None:
            raise away
        return answer

    async def current_address(self, grant: CrmGrant) -> str | None:
        """Where the account is now: its subdomain may have been changed. `None` if nobody says. Raises CrmFailure.

        Source: the official PHP client does the same when a refresh answers 401 or 404.
        """
        scheme = urlsplit(grant.base_url).scheme
        host = claims_of(grant.access_token).get("api_domain")
        url = f"{scheme}://{host}/oauth2/account/current/subdomain"
        if not isinstance(host, str) or not may_have_bearer(url, grant.base_url):
            return None
        await self._turns.take_turn(within=TURN_WITHIN)
        try:
            answer = await self._http.send("GET", url, Parts(headers={"X-Refresh-Token": grant.refresh_token}))
        except (NotSent, AnswerLost) as failure:
            raise CrmBusy(failure.reason) from failure
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise CrmBusy(AmoReason.WHERE_IS_IT(status=answer.status))
        try:
            address = f"{scheme}://{read_as(_DomainRow, answer.json_or_none()).domain}"
        except UnreadableAnswer:
            return None
        return address if may_have_bearer(address, grant.base_url) else None

    def _grant(self, answer: Answer, base_url: str, configured_url: str | None) -> CrmGrant:
        try:
            tokens = read_as(_TokensRow, answer.json_or_none())
        except UnreadableAnswer as unreadable:
            raise CrmAmbiguous(AmoReason.NO_TOKENS(found=unreadable)) from unreadable
        expires_at = self._clock.now() + timedelta(seconds=tokens.expires_in)
        return CrmGrant(base_url, tokens.access_token, tokens.refresh_token, expires_at, configured_url)


def is_elsewhere(answer: Answer) -> bool:
    """Whether no account lives there any more: it may have another address by now."""
    is_redirect = HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST
    return is_redirect or answer.status == HTTPStatus.NOT_FOUND


def _reason(answer: Answer) -> Reason:
    body = answer.json_or_none()
    hint = body.get("hint") if isinstance(body, dict) else None
    known = _HINTS.get(str(hint)) if hint else None
    if known is None and hint is None and answer.status == HTTPStatus.UNAUTHORIZED:
        known = AmoReason.CHECK_INTEGRATION
    return refusal_in(answer).reason if known is None else known()


def claims_of(token: str) -> dict[str, Any]:
    """What a JWT says of itself; nothing if it is none. Its signature is amoCRM's business."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
