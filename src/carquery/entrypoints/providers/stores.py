"""Stores, chosen by DATABASE_URL and REDIS_URL."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, alias, provide
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.ports import KnownContacts
from carquery.adapters.memory.visits import MemoryVisits
from carquery.adapters.redis.connection import open_redis
from carquery.adapters.redis.visits import RedisVisits
from carquery.adapters.sql.ai_budget import SqlAiBudget
from carquery.adapters.sql.ai_journal import SqlAiJournal
from carquery.adapters.sql.alert_outbox import SqlAlertOutbox
from carquery.adapters.sql.chores import SqlChores
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.lead_listener import LeadListener
from carquery.adapters.sql.leads import SqlLeads
from carquery.application.ports.ai_budget import AiBudget
from carquery.application.ports.ai_journal import AiJournal
from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.chores import Chores
from carquery.application.ports.customers import Customers
from carquery.application.ports.environment import Clock
from carquery.application.ports.lead_counts import LeadCounts
from carquery.application.ports.leads import Leads
from carquery.application.ports.restored_leads import RestoredLeads
from carquery.application.ports.retention import Retention
from carquery.application.ports.visits import Visits
from carquery.entrypoints.settings.stores import StoreSettings


class StoreProvider(Provider):
    """Connections live as long as the container."""

    scope = Scope.APP

    sql_leads = provide(SqlLeads)
    leads = alias(source=SqlLeads, provides=Leads)
    lead_counts = alias(source=SqlLeads, provides=LeadCounts)
    restored_leads = alias(source=SqlLeads, provides=RestoredLeads)
    known_contacts = alias(source=SqlLeads, provides=KnownContacts)
    alert_outbox = provide(SqlAlertOutbox, provides=AlertOutbox)
    journal = provide(SqlAiJournal, provides=AiJournal)
    budget = provide(SqlAiBudget, provides=AiBudget)
    listener = provide(LeadListener)
    chores = provide(SqlChores, provides=Chores)
    sql_customers = provide(SqlCustomers)
    customers = alias(source=SqlCustomers, provides=Customers)
    retention = alias(source=SqlCustomers, provides=Retention)

    @provide
    async def engine(self, settings: StoreSettings) -> AsyncIterator[AsyncEngine]:
        async with open_engine(settings.database_url.get_secret_value()) as engine:
            yield engine

    @provide
    async def visits(self, settings: StoreSettings, clock: Clock) -> AsyncIterator[Visits]:
        if settings.redis_url is None:
            yield MemoryVisits(clock, lifetime=settings.dialog_lifetime)
            return
        async with open_redis(settings.redis_url.get_secret_value()) as redis:
            visits = RedisVisits(redis, lifetime=settings.dialog_lifetime)
            await visits.prepare()
            yield visits
