"""amoCRM: the connection (authorisation, turns, where in the account leads go), and delivery over it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

from dishka import AsyncContainer, Provider, Scope, provide
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.access import Access, LongLivedAccess, OAuthAccess
from carquery.adapters.amocrm.amendments import AmoCrmAmendments
from carquery.adapters.amocrm.checks import account_as_chosen, authorised
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig, FieldName
from carquery.adapters.amocrm.crm import LIMITS, AmoCrm
from carquery.adapters.amocrm.deal_states import DealStates
from carquery.adapters.amocrm.deals import Deals
from carquery.adapters.amocrm.hand_overs import AmoCrmHandOvers
from carquery.adapters.amocrm.history import AmoCrmHistory
from carquery.adapters.amocrm.oauth import Integration, OAuth
from carquery.adapters.amocrm.ports import CrmGate, CrmTokens
from carquery.adapters.amocrm.transport import Http, ObserveRequest, open_http, unobserved
from carquery.adapters.amocrm.turns import SPACING, Turns
from carquery.adapters.amocrm.users import Users
from carquery.adapters.checks import Check, Finding, State
from carquery.adapters.sql.crm_gate import SqlCrmGate
from carquery.adapters.sql.crm_tokens import SqlCrmTokens
from carquery.adapters.sql.schema import Tables, tables
from carquery.adapters.sql.seal import Seal
from carquery.application.ports.crm import Crm, CrmLimits
from carquery.application.ports.crm_amendments import CrmAmendments
from carquery.application.ports.crm_deals import CrmDeals
from carquery.application.ports.crm_hand_overs import CrmHandOvers
from carquery.application.ports.crm_history import CrmHistory
from carquery.application.ports.crm_people import CrmPeople
from carquery.application.ports.deal_counts import DealCounts
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.entrypoints.checks.kinds import WORKER_ALONE, BeforeStart, WhileRunning
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.providers.crm_words import HANGS_ON
from carquery.entrypoints.settings.amocrm import AmoCrmSettings


class AmoCrmConnectionProvider(Provider):
    """Nothing is connected before the first call."""

    scope = Scope.APP

    @provide
    async def http(self, observe: ObserveRequest) -> AsyncIterator[Http]:
        async with open_http(observe) as http:
            yield http

    @provide
    def gate(self, engine: AsyncEngine, clock: Clock) -> CrmGate:
        return SqlCrmGate(engine, clock, spacing=SPACING)

    @provide
    def turns(self, gate: CrmGate) -> Turns:
        return Turns(gate)

    @provide
    def client(self, http: Http, access: Access, turns: Turns) -> AmoCrmClient:
        return AmoCrmClient(http, access, turns)

    @provide
    def seal(self, settings: AmoCrmSettings) -> Seal:
        return Seal(settings.secret_keys)

    @provide
    def tokens(self, engine: AsyncEngine, clock: Clock, seal: Seal) -> CrmTokens:
        return SqlCrmTokens(engine, clock, seal)

    @provide
    def access(self, settings: AmoCrmSettings, tokens: CrmTokens, turns: Turns, clock: Clock, http: Http) -> Access:
        if settings.amocrm_long_lived_token is not None:
            return LongLivedAccess(settings.amocrm_base_url, settings.amocrm_long_lived_token.get_secret_value())
        oauth = OAuth(http, integration(settings), turns, clock)
        return OAuthAccess(tokens, oauth, clock, configured_url=settings.amocrm_base_url)

    @provide
    def config(self, settings: AmoCrmSettings) -> AmoCrmConfig:
        chosen = {name: getattr(settings, f"amocrm_field_{name.lower()}") for name in FieldName}
        return AmoCrmConfig(
            pipeline_id=settings.amocrm_pipeline_id,
            status_id=settings.amocrm_status_id,
            responsible_user_id=settings.amocrm_responsible_user_id,
            fields={name: number for name, number in chosen.items() if number is not None},
            task_after=timedelta(minutes=settings.amocrm_task_minutes),
        )


class AmoCrmProvider(Provider):
    """Delivery, over the connection."""

    scope = Scope.APP

    crm = provide(AmoCrm, provides=Crm)

    @provide
    def limits(self) -> CrmLimits:
        return LIMITS

    deals = provide(Deals, provides=DealCounts)
    people = provide(Users, provides=CrmPeople)
    hand_overs = provide(AmoCrmHandOvers, provides=CrmHandOvers)
    amendments = provide(AmoCrmAmendments, provides=CrmAmendments)

    @provide
    def history(self, client: AmoCrmClient, clock: Clock) -> CrmHistory:
        return AmoCrmHistory(client, clock)

    deal_states = provide(DealStates, provides=CrmDeals)

    @provide
    def requests(self, metrics: Metrics) -> ObserveRequest:
        return metrics.crm_requested

    @provide
    def account_before_start(self, container: AsyncContainer) -> BeforeStart:
        async def examine() -> AsyncIterator[Finding]:
            if await tables(await container.get(AsyncEngine)) not in {Tables.CURRENT, Tables.NEWER}:
                yield Finding("amoCRM", "not tried: the database's tables come first", State.NOTE)
                return
            client, config = await container.get(AmoCrmClient), await container.get(AmoCrmConfig)
            told = (await container.get(ToldOfDealership))()
            async for finding in account_as_chosen(client, config, told.routing, told.staff):
                yield finding

        return BeforeStart(Check("amoCRM", examine, "carquery amocrm check"), HANGS_ON)

    @provide
    def crm_lets_us_in(self, access: Access, gate: CrmGate) -> WhileRunning:
        check = Check("amocrm", partial(authorised, access, gate), "carquery amocrm check")
        return WhileRunning(check=check, needed_by=WORKER_ALONE)


class UnobservedProvider(Provider):
    """For commands, whose counts nobody would see."""

    scope = Scope.APP

    @provide
    def requests(self) -> ObserveRequest:
        return unobserved


def integration(settings: AmoCrmSettings) -> Integration:
    """What the settings say of it. Raises ValueError: nothing; who needs it has looked before."""
    secret = settings.amocrm_client_secret
    if settings.amocrm_client_id is None or secret is None or settings.amocrm_redirect_uri is None:
        raise ValueError("AMOCRM_CLIENT_ID, AMOCRM_CLIENT_SECRET and AMOCRM_REDIRECT_URI are not set")
    return Integration(settings.amocrm_client_id, secret.get_secret_value(), settings.amocrm_redirect_uri)
