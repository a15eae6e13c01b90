"""Whether amoCRM lets us in, and has everything that the settings name."""

from collections.abc import AsyncIterator
from dataclasses import replace

from carquery.adapters.amocrm.access import Access
from carquery.adapters.amocrm.account import examine_account
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.ports import CrmGate
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import in_english
from carquery.adapters.checks import Finding, Unwell
from carquery.application.ports.crm import CrmFailure
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.dealership.routing import Routing
from carquery.domain.dealership.staff import Staff


async def account_as_chosen(
    client: AmoCrmClient, config: AmoCrmConfig, routing: Routing, staff: Staff
) -> AsyncIterator[Finding]:
    """Everything in the account, each thing named as amoCRM's."""
    try:
        async for finding in examine_account(client, config, routing, staff):
            yield replace(finding, what=f"amoCRM: {finding.what}")
    except StoreUnavailable as away:
        raise Unwell(str(away)) from away
    except (CrmFailure, Refusal) as failure:
        raise Unwell(in_english(failure.reason)) from failure


async def authorised(access: Access, gate: CrmGate) -> AsyncIterator[Finding]:
    """Whether there is a token and the gate is open; amoCRM itself is not called."""
    closure = await gate.closure()
    if closure is not None:
        raise Unwell(in_english(closure.reason))
    try:
        held = await access.authorisation()
    except CrmFailure as failure:
        raise Unwell(in_english(failure.reason)) from failure
    until = "" if held.expires_at is None else f" until {held.expires_at:%Y-%m-%d %H:%M} UTC"
    yield Finding("amocrm", f"authorised{until}")
