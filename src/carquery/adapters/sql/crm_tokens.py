"""The grant, in SQL: one row, and in it the right to renew it."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.ports import CrmGrant, Renewal, RenewalLost
from carquery.adapters.sql.dialects import database_now, insert_into
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.seal import Seal
from carquery.adapters.sql.tables import THE_ROW, crm_tokens
from carquery.application.ports.environment import Clock


@repeating
class SqlCrmTokens:
    """The right to renew is a lease, so that no transaction stays open while the CRM is asked."""

    def __init__(self, engine: AsyncEngine, clock: Clock, seal: Seal) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = clock
        self._seal = seal

    async def load(self) -> CrmGrant | None:
        async with translated(), self._reading.connect() as connection:
            row = (await connection.execute(select(crm_tokens))).one_or_none()
        if row is None:
            return None
        return CrmGrant(
            base_url=row.base_url,
            access_token=self._seal.open(row.access_token),
            refresh_token=self._seal.open(row.refresh_token),
            expires_at=row.expires_at,
            configured_url=row.configured_url,
        )

    async def store(self, grant: CrmGrant) -> None:
        values = self._values(grant)
        row = insert_into(self._engine, crm_tokens).values(id=THE_ROW, **values)
        async with translated(), self._engine.begin() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))

    async def begin_renewal(self, grant: CrmGrant, *, at_most: timedelta) -> Renewal | None:
        renewal = Renewal(secrets.token_hex(16))
        now = database_now(self._engine, self._clock)
        take = (
            update(crm_tokens)
            .where(
                crm_tokens.c.fingerprint == _fingerprint(grant),
                or_(crm_tokens.c.renewal_until.is_(None), crm_tokens.c.renewal_until <= now),
            )
            .values(renewal=renewal, renewal_until=database_now(self._engine, self._clock, later=at_most))
            .returning(crm_tokens.c.id)
        )
        async with translated(), self._engine.begin() as connection:
            is_ours = (await connection.execute(take)).scalar() is not None
        return renewal if is_ours else None

    async def renewed(self, renewal: Renewal, grant: CrmGrant) -> None:
        replace = update(crm_tokens).where(crm_tokens.c.renewal == renewal).values(self._values(grant))
        async with translated(), self._engine.begin() as connection:
            if (await connection.execute(replace.returning(crm_tokens.c.id))).scalar() is None:
                raise RenewalLost

    async def call_off(self, renewal: Renewal) -> None:
        give_back = update(crm_tokens).where(crm_tokens.c.renewal == renewal)
        async with translated(), self._engine.begin() as connection:
            await connection.execute(give_back.values(renewal=None, renewal_until=None))

    def _values(self, grant: CrmGrant) -> dict[str, Any]:
        return {
            "base_url": grant.base_url,
            "access_token": self._seal.close(grant.access_token),
            "refresh_token": self._seal.close(grant.refresh_token),
            "fingerprint": _fingerprint(grant),
            "expires_at": grant.expires_at,
            "configured_url": grant.configured_url,
            "renewal": None,
            "renewal_until": None,
        }


def _fingerprint(grant: CrmGrant) -> str:
    """Tells one grant from another, and nothing of its tokens: they hold too much chance to be guessed from it."""
    return sha256(f"{grant.base_url}\n{grant.access_token}\n{grant.refresh_token}".encode()).hexdigest()
