"""What is known of customers, in SQL."""

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.lead_rows import lead_from_row, lead_to_row
from carquery.adapters.sql.tables import consents, customers, leads
from carquery.application.ports.environment import Clock
from carquery.domain.consent import Consent
from carquery.domain.contact import PersonName, Phone
from carquery.domain.ids import CustomerId
from carquery.domain.lead import CrmId, Effect
from carquery.domain.visit import Acquaintance


class SqlCustomers:
    """A row for each customer who has sent a lead, and one for each consent."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def acquaintance(self, customer: CustomerId) -> Acquaintance:
        consent = select(consents).where(consents.c.customer == customer).order_by(consents.c.given_at.desc()).limit(1)
        async with translated(), self._engine.connect() as connection:
            known = (await connection.execute(select(customers).where(customers.c.id == customer))).one_or_none()
            given = (await connection.execute(consent)).one_or_none()
        return Acquaintance(
            name=None if known is None or known.name is None else PersonName(known.name),
            phone=None if known is None or known.phone is None else Phone(known.phone),
            consent=None if given is None else Consent(given.given_at, given.version, given.fingerprint),
        )

    async def consent(self, customer: CustomerId, consent: Consent) -> None:
        row = insert_into(self._engine, consents).values(
            customer=customer,
            fingerprint=consent.fingerprint,
            version=consent.version,
            given_at=consent.given_at,
        )
        async with translated(), self._engine.begin() as connection:
            await connection.execute(row.on_conflict_do_nothing(index_elements=["customer", "fingerprint"]))

    async def erase(self, customer: CustomerId) -> tuple[CrmId, ...]:
        theirs = select(leads).where(leads.c.customer == customer).with_for_update()
        contacts: set[CrmId] = set()
        async with translated(), self._engine.begin() as connection:
            for row in (await connection.execute(theirs)).mappings().all():
                lead = lead_from_row(row)
                contacts |= {lead.made[Effect.CONTACT]} if Effect.CONTACT in lead.made else set()
                values = lead_to_row(lead.erased(at=self._clock.now())) | {"lease": None, "lease_until": None}
                await connection.execute(update(leads).where(leads.c.id == lead.id).values(values))
            await connection.execute(delete(consents).where(consents.c.customer == customer))
            await connection.execute(delete(customers).where(customers.c.id == customer))
        return tuple(sorted(contacts))
