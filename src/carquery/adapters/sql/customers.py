"""What is known of customers, in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.lead_rows import lead_from_row, lead_to_row
from carquery.adapters.sql.tables import consents, customers, lead_history, leads
from carquery.application.ports.environment import Clock
from carquery.domain.consent import Consent
from carquery.domain.contact import PersonName, Phone
from carquery.domain.ids import CustomerId
from carquery.domain.lead import CrmId, Effect, Lead, LeadStatus
from carquery.domain.visit import Acquaintance


class SqlCustomers:
    """A row for each customer who has sent a lead, and one for each consent."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._clock = clock

    async def acquaintance(self, customer: CustomerId) -> Acquaintance:
        async with translated(), self._reading.connect() as connection:
            known = (await connection.execute(select(customers).where(customers.c.id == customer))).one_or_none()
            consent = await _latest_consent(connection, customer)
        return Acquaintance(
            name=None if known is None or known.name is None else PersonName(known.name),
            phone=None if known is None or known.phone is None else Phone(known.phone),
            consent=consent,
        )

    async def consent(self, customer: CustomerId, consent: Consent) -> None:
        row = insert_into(self._engine, consents).values(
            customer=customer,
            given_at=consent.given_at,
            version=consent.version,
            fingerprint=consent.fingerprint,
        )
        async with translated(), self._engine.begin() as connection:
            latest = await _latest_consent(connection, customer)
            if latest is None or latest.fingerprint != consent.fingerprint:
                await connection.execute(row.on_conflict_do_nothing(index_elements=["customer", "given_at"]))

    async def crm_contacts(self, customer: CustomerId) -> tuple[CrmId, ...]:
        async with translated(), self._reading.connect() as connection:
            return _contacts(await _leads_of(connection, select(leads).where(leads.c.customer == customer)))

    async def erase(self, customer: CustomerId) -> tuple[CrmId, ...]:
        async with translated(), self._engine.begin() as connection:
            theirs = await _leads_of(connection, select(leads).where(leads.c.customer == customer).with_for_update())
            await self._erase(connection, theirs)
            await connection.execute(delete(consents).where(consents.c.customer == customer))
            await connection.execute(delete(customers).where(customers.c.id == customer))
        return _contacts(theirs)

    async def forget(self, *, delivered_before: datetime, at_most: int) -> int:
        """As `Retention` promises."""
        delivered = and_(leads.c.status == LeadStatus.DELIVERED.value, leads.c.delivered_at < delivered_before)
        old = select(leads).where(delivered, leads.c.erased_at.is_(None)).order_by(leads.c.delivered_at, leads.c.id)
        async with translated(), self._engine.begin() as connection:
            # Another process that forgets at the same time takes the next ones.
            forgotten = await _leads_of(connection, old.limit(at_most).with_for_update(skip_locked=True))
            await self._erase(connection, forgotten)
            theirs = {lead.customer for lead in forgotten if lead.customer is not None}
            has_another = exists().where(leads.c.customer == customers.c.id)
            gone = delete(customers).where(customers.c.id.in_(theirs), ~has_another)
            await connection.execute(gone)
        return len(forgotten)

    async def _erase(self, connection: AsyncConnection, theirs: Sequence[Lead]) -> None:
        for lead in theirs:
            values = lead_to_row(lead.erased(at=self._clock.now())) | {"lease": None, "lease_until": None}
            await connection.execute(update(leads).where(leads.c.id == lead.id).values(values))
            theirs_history = update(lead_history).where(lead_history.c.lead == lead.id)
            await connection.execute(theirs_history.values(words=""))  # they may quote what the customer said


async def _latest_consent(connection: AsyncConnection, customer: CustomerId) -> Consent | None:
    latest = select(consents).where(consents.c.customer == customer).order_by(consents.c.given_at.desc()).limit(1)
    given = (await connection.execute(latest)).one_or_none()
    return None if given is None else Consent(given.given_at, given.version, given.fingerprint)


async def _leads_of(connection: AsyncConnection, query: Select[Any]) -> tuple[Lead, ...]:
    return tuple(lead_from_row(row) for row in (await connection.execute(query)).mappings())


def _contacts(theirs: tuple[Lead, ...]) -> tuple[CrmId, ...]:
    return tuple(sorted({lead.made[Effect.CONTACT] for lead in theirs if Effect.CONTACT in lead.made}))
