"""The connection to amoCRM: authorisation, turns, and where in the account leads go."""

from collections.abc import AsyncIterator
from datetime import timedelta

from dishka import Provider, Scope, provide
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.access import Access, LongLivedAccess, OAuthAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig, FieldName
from carquery.adapters.amocrm.oauth import Integration, OAuth
from carquery.adapters.amocrm.ports import CrmGate, CrmTokens
from carquery.adapters.amocrm.transport import Http, ObserveRequest, open_http
from carquery.adapters.amocrm.turns import SPACING, Turns
from carquery.adapters.sql.crm_gate import SqlCrmGate
from carquery.adapters.sql.crm_tokens import SqlCrmTokens
from carquery.adapters.sql.seal import Seal
from carquery.application.ports.environment import Clock
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


def integration(settings: AmoCrmSettings) -> Integration:
    """What the settings say of it. Raises ValueError: nothing; who needs it has looked before."""
    secret = settings.amocrm_client_secret
    if settings.amocrm_client_id is None or secret is None or settings.amocrm_redirect_uri is None:
        raise ValueError("AMOCRM_CLIENT_ID, AMOCRM_CLIENT_SECRET and AMOCRM_REDIRECT_URI are not set")
    return Integration(settings.amocrm_client_id, secret.get_secret_value(), settings.amocrm_redirect_uri)
