"""With which token amoCRM is called."""

import asyncio
import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import structlog

from carquery.adapters.amocrm.oauth import OAuth, claims_of
from carquery.adapters.amocrm.ports import (
    CrmGrant,
    CrmTokens,
    Renewal,
    RenewalLost,
    TokensUnreadable,
)
from carquery.adapters.amocrm.reasons import AmoReason, in_english
from carquery.adapters.amocrm.turns import Sleep
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy, CrmFailure, CrmUnauthorised
from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable

log = structlog.get_logger(__name__)

RENEWED_BEFORE: Final = timedelta(minutes=5)
RENEWAL_TIME: Final = timedelta(seconds=60)
"""Three calls of 10 s (the account may have moved) with their turns, and storing what they give."""
LOOK_SECONDS: Final = 0.2
TRIES_TO_STORE: Final = 20
TRIED_AGAIN_AFTER: Final = 60.0
"""Seconds, while the old token still lives."""
ASKED_AGAIN_AFTER: Final = 60.0
"""Seconds until somebody is asked again where the account is."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token and the account it belongs to."""

    base_url: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What we are let in with. `expires_at`: of the token that is used now; `None` if it does not say."""

    is_renewed: bool
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Unkept:
    """A new grant that is not stored yet, and the one that was spent for it."""

    spent: CrmGrant
    renewal: Renewal
    fresh: CrmGrant


class Access(Protocol):
    """The authorisation. `lost`: what to say when amoCRM accepts it no more; `no_account`: when nobody lives at
    the account's address."""

    @property
    def lost(self) -> AmoReason: ...

    @property
    def no_account(self) -> AmoReason: ...

    async def bearer(self) -> Bearer:
        """The token to call with. Raises CrmFailure, StoreUnavailable."""
        ...

    async def renew(self, rejected: Bearer) -> None:
        """amoCRM did not accept that one: get another. Raises CrmUnauthorised if there is none, CrmFailure,
        StoreUnavailable."""
        ...

    async def moved(self, from_: Bearer) -> bool:
        """No account lives at that address: find out where it is now, if anybody says. True: call again.

        Raises StoreUnavailable.
        """
        ...

    async def authorisation(self) -> Authorisation:
        """What kind the token is, and how long it lives. Raises CrmUnauthorised, StoreUnavailable."""
        ...


class LongLivedAccess:
    """A token that an administrator made; nothing renews it."""

    lost: Final = AmoReason.TOKEN_REFUSED
    no_account: Final = AmoReason.NO_ACCOUNT_ANY_MORE

    def __init__(self, base_url: str, token: str) -> None:
        self._bearer = Bearer(base_url, token)

    async def bearer(self) -> Bearer:
        return self._bearer

    async def renew(self, rejected: Bearer) -> None:
        del rejected
        raise CrmUnauthorised(self.lost())

    async def moved(self, from_: Bearer) -> bool:
        del from_
        return False

    async def authorisation(self) -> Authorisation:
        return Authorisation(is_renewed=False, expires_at=_moment(claims_of(self._bearer.token).get("exp")))


class OAuthAccess:
    """Tokens from the store, renewed by whichever process comes first; the others take what it got.

    Args:
        configured_url: the account's address in the settings; None: they have none.
    """

    lost: Final = AmoReason.AUTHORISATION_LOST
    no_account: Final = AmoReason.NO_ACCOUNT_TO_LOG_IN

    def __init__(
        self,
        tokens: CrmTokens,
        oauth: OAuth,
        clock: Clock,
        *,
        configured_url: str | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._tokens = tokens
        self._oauth = oauth
        self._clock = clock
        self._sleep = sleep
        self._grant: CrmGrant | None = None
        self._unkept: _Unkept | None = None
        self._renewing = asyncio.Lock()
        self._not_before = 0.0
        self._configured_url = configured_url
        self._where_not_before = -math.inf

    async def bearer(self) -> Bearer:
        await self._keep_what_is_left()
        grant = self._grant or await self._load()
        left = grant.expires_at - self._clock.now()
        is_over = left <= timedelta()
        if is_over or (left < RENEWED_BEFORE and self._clock.monotonic() >= self._not_before):
            grant = await self._renewed(grant, is_over=is_over)
        self._grant = grant
        return Bearer(grant.base_url, grant.access_token)

    async def renew(self, rejected: Bearer) -> None:
        await self._keep_what_is_left()
        grant = await self._load()
        if grant.access_token == rejected.token:
            grant = await self._renewed(grant, is_over=True)
        self._grant = grant

    async def moved(self, from_: Bearer) -> bool:
        async with self._renewing:
            grant = await self._load()
            if grant.base_url == from_.base_url and self._clock.monotonic() >= self._where_not_before:
                self._where_not_before = self._clock.monotonic() + ASKED_AGAIN_AFTER
                grant = await self._followed(grant)
            self._grant = grant
            return grant.base_url != from_.base_url

    async def authorisation(self) -> Authorisation:
        grant = self._grant or await self._load()
        return Authorisation(is_renewed=True, expires_at=grant.expires_at)

    async def _keep_what_is_left(self) -> None:
        if self._unkept is None:
            return
        async with self._renewing:
            if self._unkept is not None:
                self._grant = await self._kept(self._unkept, tries=1)

    async def _followed(self, grant: CrmGrant) -> CrmGrant:
        """The grant with the account's current address; the same one if nobody says which that is."""
        try:
            address = await self._oauth.current_address(grant)
        except CrmFailure as failure:
            log.warning("address_not_known", reason=in_english(failure.reason))
            return grant
        return grant if address in {None, grant.base_url} else await self._at(address or grant.base_url, grant)

    async def _load(self) -> CrmGrant:
        """The stored grant. An address set in the settings since its own was learnt takes precedence, once."""
        grant = await self._stored_grant()
        if self._configured_url in {None, grant.configured_url or grant.base_url}:
            return grant
        return await self._at(self._configured_url or grant.base_url, grant)

    async def _at(self, address: str, grant: CrmGrant) -> CrmGrant:
        """The grant with that address, durably; what is stored, if somebody else is at it."""
        renewal = await self._tokens.begin_renewal(grant, at_most=RENEWAL_TIME)
        if renewal is None:
            return await self._stored_grant()
        moved = replace(grant, base_url=address, configured_url=self._configured_url)
        try:
            await self._tokens.renewed(renewal, moved)
        except RenewalLost:
            return await self._stored_grant()
        log.info("account_followed", address=address)
        return moved

    async def _stored_grant(self) -> CrmGrant:
        try:
            grant = await self._tokens.load()
        except TokensUnreadable as unreadable:
            raise CrmUnauthorised(AmoReason.TOKENS_UNREADABLE(found=unreadable)) from None
        if grant is None:
            raise CrmUnauthorised(AmoReason.NOT_LOGGED_IN())
        return grant

    async def _renewed(self, grant: CrmGrant, *, is_over: bool) -> CrmGrant:
        """The next grant, or the same one if it still lives and can't be renewed just now."""
        give_up_at = self._clock.monotonic() + 2 * RENEWAL_TIME.total_seconds()
        async with self._renewing:
            while True:
                stored = await self._load()
                if stored != grant:
                    return stored
                renewal = await self._tokens.begin_renewal(grant, at_most=RENEWAL_TIME)
                if renewal is not None:
                    return await self._refresh(grant, renewal, is_over=is_over)
                if not is_over:
                    return grant  # somebody else is at it, and this one still lives
                if self._clock.monotonic() > give_up_at:
                    raise CrmBusy(AmoReason.RENEWED_FOR_EVER())
                await self._sleep(LOOK_SECONDS)

    async def _refresh(self, grant: CrmGrant, renewal: Renewal, *, is_over: bool) -> CrmGrant:
        try:
            fresh = await self._oauth.refresh(grant)
        except CrmFailure as failure:
            await self._tokens.call_off(renewal)
            if isinstance(failure, CrmAmbiguous) and is_over:
                raise CrmBusy(failure.reason) from failure  # whatever we wanted it for was not sent
            if is_over:
                raise
            log.warning("tokens_not_renewed", reason=in_english(failure.reason))
            self._not_before = self._clock.monotonic() + TRIED_AGAIN_AFTER
            return grant
        self._unkept = _Unkept(grant, renewal, fresh)
        return await self._kept(self._unkept, tries=TRIES_TO_STORE)

    async def _kept(self, unkept: _Unkept, *, tries: int) -> CrmGrant:
        """Durable before its first use: the old refresh token is spent, and this is the only copy of the new one.

        If it can't be stored, it is not forgotten: the next call tries again.
        """
        for left in reversed(range(tries)):
            try:
                grant = await self._stored(unkept)
            except (StoreUnavailable, CrmBusy):
                if not left:
                    raise
                await self._sleep(LOOK_SECONDS)
            else:
                self._unkept = None
                return grant
        raise ValueError(tries)

    async def _stored(self, unkept: _Unkept) -> CrmGrant:
        try:
            await self._tokens.renewed(unkept.renewal, unkept.fresh)
        except RenewalLost:
            stored = await self._load()
            if stored.refresh_token != unkept.spent.refresh_token:
                log.warning("renewal_lost", remedy="somebody logged in meanwhile; that login is used")
                return stored
            # We took too long, and whoever has the right by now has only the spent token.
            again = await self._tokens.begin_renewal(stored, at_most=RENEWAL_TIME)
            if again is None:
                raise CrmBusy(AmoReason.RENEWED_ELSEWHERE()) from None
            return await self._stored(replace(unkept, renewal=again))
        log.info("tokens_renewed")
        return unkept.fresh


def _moment(seconds: object) -> datetime | None:
    """Unix seconds; `None` if it is not a moment."""
    if not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
