"""Whether the account has everything that the settings and the dealership name."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus

from carquery.adapters.amocrm.access import Authorisation
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.custom_fields import accepts, entity_of, fields_of
from carquery.adapters.amocrm.places import examine_places
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AmoReason, in_english
from carquery.adapters.amocrm.wire import UnreadableAnswer, read_as
from carquery.adapters.checks import Finding, State
from carquery.application.ports.crm import CrmBusy
from carquery.domain.dealership.routing import Routing
from carquery.domain.dealership.staff import UNNAMED, Staff
from carquery.domain.moscow import MOSCOW

NO_FILE = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """The account, and who we are in it."""

    id: int
    name: str = ""
    subdomain: str = ""
    current_user_id: int = 0
    drive_url: str | None = None


async def account(client: AmoCrmClient) -> AccountRow:
    """Who we are. Raises CrmFailure, Refusal."""
    try:
        return read_as(AccountRow, await client.read("/api/v4/account", params={"with": "drive_url"}))
    except UnreadableAnswer as unreadable:
        raise CrmBusy(AmoReason.ODD_ANSWER(path="/api/v4/account", found=unreadable)) from unreadable


async def examine_account(
    client: AmoCrmClient, config: AmoCrmConfig, routing: Routing, staff: Staff = UNNAMED
) -> AsyncIterator[Finding]:
    """Look at everything. Raises CrmFailure: nobody can look just now; Refusal: nor may we."""
    ours = await account(client)
    yield Finding("account", f"{ours.name} ({ours.subdomain}), user {ours.current_user_id}")
    yield _token(await client.authorisation())
    async for finding in examine_places(client, config, routing, staff):
        yield finding
    async for finding in _fields(client, config):
        yield finding
    yield await _drive(client, ours)


def _token(authorisation: Authorisation) -> Finding:
    if authorisation.expires_at is None:
        return Finding("token", "long-lived; it does not say until when", State.UNKNOWN)
    until = f"until {authorisation.expires_at.astimezone(MOSCOW):%d.%m.%Y %H:%M} (Moscow)"
    return Finding("token", f"{until}, renewed by itself" if authorisation.is_renewed else f"long-lived, {until}")


async def _fields(client: AmoCrmClient, config: AmoCrmConfig) -> AsyncIterator[Finding]:
    by_entity = {entity: await fields_of(client, entity) for entity in {entity_of(name) for name in config.fields}}
    for name, field_id in config.fields.items():
        variable, entity = f"AMOCRM_FIELD_{name}", entity_of(name)
        row = by_entity[entity].get(field_id)
        remedy = f"run: carquery amocrm fields --create, or unset {variable}"
        if row is None:
            yield Finding(variable, f"{field_id}: {entity} have no such field", State.WRONG, remedy)
        elif not accepts(name, row.type):
            yield Finding(variable, f"{row.name} is of type {row.type}", State.WRONG, remedy)
        else:
            yield Finding(variable, f"{row.name} ({field_id})")


async def _drive(client: AmoCrmClient, ours: AccountRow) -> Finding:
    remedy = "let the integration access files, or photos stay in Telegram (the note says so)"
    if ours.drive_url is None:
        return Finding("files", "the account names no drive", State.UNKNOWN, remedy)
    try:
        # Whether such a file exists does not matter: without the right to files, it is refused with 401 or 403.
        await client.read(f"{ours.drive_url}/v1.0/files/{NO_FILE}")
    except Refusal as refusal:
        if refusal.status != HTTPStatus.NOT_FOUND:
            return Finding(
                "files", in_english(refusal.reason), State.WRONG if refusal.is_scope else State.UNKNOWN, remedy
            )
    return Finding("files", "photos can be attached")
