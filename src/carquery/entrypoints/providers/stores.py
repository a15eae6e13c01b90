"""What is kept in the database that DATABASE_URL names."""

from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

from dishka import AsyncContainer, Provider, Scope, alias, provide
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.ports import KnownContacts
from carquery.adapters.checks import Check, Finding
from carquery.adapters.sql import checks as database
from carquery.adapters.sql.ai_budget import SqlAiBudget
from carquery.adapters.sql.ai_journal import SqlAiJournal
from carquery.adapters.sql.alert_outbox import SqlAlertOutbox
from carquery.adapters.sql.amendments import SqlAmendments
from carquery.adapters.sql.chores import SqlChores
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.drafts import SqlDrafts
from carquery.adapters.sql.due_work import DueWork
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.first_touches import SqlFirstTouches
from carquery.adapters.sql.lead_listener import LeadListener
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.outcomes import SqlOutcomes
from carquery.adapters.sql.reminders import SqlReminders
from carquery.adapters.sql.schema import is_current
from carquery.adapters.sql.takes import SqlTakes
from carquery.adapters.sql.tallies import SqlTallies
from carquery.application.ports.ai_budget import AiBudget
from carquery.application.ports.ai_journal import AiJournal
from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.amendments import Amendments
from carquery.application.ports.chores import Chores
from carquery.application.ports.customers import Customers
from carquery.application.ports.drafts import Drafts
from carquery.application.ports.environment import Clock
from carquery.application.ports.first_touches import FirstTouches
from carquery.application.ports.leads import Leads
from carquery.application.ports.leads_maintenance import LeadsMaintenance
from carquery.application.ports.outcomes import Outcomes
from carquery.application.ports.owed_replies import USUAL_TIMES, OwedTimes
from carquery.application.ports.reminders import Reminders
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.takes import Takes
from carquery.application.ports.tallies import Tallies
from carquery.application.reports.read_reports import ReadReports
from carquery.entrypoints.checks.kinds import NEITHER, BeforeStart, WhileRunning, on
from carquery.entrypoints.checks.waiting import CRM, STAFF, alerts_not_read, alerts_not_said, leads_on_their_way
from carquery.entrypoints.health.remembered_figures import RememberedFigures
from carquery.entrypoints.settings.stores import StoreSettings


class StoreProvider(Provider):
    """Connections live as long as the container."""

    scope = Scope.APP

    sql_leads = provide(SqlLeads)
    leads = alias(source=SqlLeads, provides=Leads)
    leads_maintenance = alias(source=SqlLeads, provides=LeadsMaintenance)
    known_contacts = alias(source=SqlLeads, provides=KnownContacts)
    alert_outbox = provide(SqlAlertOutbox, provides=AlertOutbox)
    journal = provide(SqlAiJournal, provides=AiJournal)
    budget = provide(SqlAiBudget, provides=AiBudget)
    drafts = provide(SqlDrafts, provides=Drafts)
    reminders = provide(SqlReminders, provides=Reminders)
    listener = provide(LeadListener)
    chores = provide(SqlChores, provides=Chores)
    due_work = provide(DueWork)
    takes = provide(SqlTakes, provides=Takes)
    first_touches = provide(SqlFirstTouches, provides=FirstTouches)
    amendments = provide(SqlAmendments, provides=Amendments)
    tallies = provide(SqlTallies, provides=Tallies)
    outcomes = provide(SqlOutcomes, provides=Outcomes)
    reports = provide(ReadReports)
    sql_customers = provide(SqlCustomers)
    customers = alias(source=SqlCustomers, provides=Customers)

    @provide
    async def engine(self, settings: StoreSettings) -> AsyncIterator[AsyncEngine]:
        async with open_engine(settings.database_url.get_secret_value()) as engine:
            yield engine

    @provide
    def owed_times(self) -> OwedTimes:
        return USUAL_TIMES

    @provide
    def database_before_start(self, settings: StoreSettings, container: AsyncContainer) -> BeforeStart:
        url = settings.database_url.get_secret_value()
        examine = on(container, AsyncEngine, partial(database.tables_before_start, database_url=url))
        return BeforeStart(Check("database", examine, database.ADDRESS), hangs_on=("database_",))

    @provide
    def alerts_before_start(self, container: AsyncContainer) -> BeforeStart:
        async def examine() -> AsyncIterator[Finding]:
            with suppress(StoreUnavailable):  # which is said of the database itself
                if await is_current(await container.get(AsyncEngine)):
                    async for finding in alerts_not_read(await container.get(AlertOutbox)):
                        yield finding

        return BeforeStart(Check("alerts", examine), hangs_on=("database_",))

    @provide
    def database_answers(self, engine: AsyncEngine) -> WhileRunning:
        return WhileRunning(check=Check("database", partial(database.answering, engine), database.ADDRESS))

    @provide
    def tables_are_usable(self, engine: AsyncEngine) -> WhileRunning:
        return WhileRunning(check=Check("migrations", partial(database.tables_in_use, engine)))

    @provide
    async def figures(self, counts: LeadsMaintenance, clock: Clock) -> AsyncIterator[RememberedFigures]:
        figures = RememberedFigures(counts, clock)
        yield figures
        await figures.close()

    @provide
    def leads_get_away(self, counts: RememberedFigures, clock: Clock) -> WhileRunning:
        examine = partial(leads_on_their_way, counts, clock)
        return WhileRunning(check=Check("outbox", examine, CRM), needed_by=NEITHER)

    @provide
    def alerts_are_said(self, outbox: AlertOutbox, clock: Clock) -> WhileRunning:
        examine = partial(alerts_not_said, outbox, clock)
        return WhileRunning(check=Check("alerts", examine, STAFF), needed_by=NEITHER)
