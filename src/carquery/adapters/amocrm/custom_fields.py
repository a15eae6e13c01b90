"""The account's custom fields, and making those that CarQuery can fill."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import FIELD_TITLES, AmoCrmConfig, FieldName
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.wire import UnreadableAnswer, has_next, rows_as
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy

_NUMBERS: Final = frozenset({FieldName.YEAR, FieldName.MILEAGE, FieldName.PRICE})
_KINDS_OF_NUMBERS: Final = frozenset({"numeric", "monetary"})
_TEXTS: Final = frozenset({"text", "textarea"})


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A custom field. `code`: what the integration that made it calls it."""

    id: int
    name: str = ""
    type: str = ""
    code: str | None = None


def entity_of(name: FieldName) -> str:
    """Whose field it is: contacts or leads."""
    return "contacts" if name is FieldName.TELEGRAM else "leads"


def code_of(name: FieldName) -> str:
    """By it, a field that CarQuery made is known again."""
    return f"CARQUERY_{name}"


def accepts(name: FieldName, kind: str) -> bool:
    """Whether a field of that type takes what we write."""
    return kind in (_KINDS_OF_NUMBERS if name in _NUMBERS else _TEXTS)


async def fields_of(client: AmoCrmClient, entity: str) -> Mapping[int, FieldDefinition]:
    """All fields of leads or contacts, by number. Raises CrmFailure, Refusal."""
    fields: dict[int, FieldDefinition] = {}
    page = 1
    while True:
        path = f"/api/v4/{entity}/custom_fields"
        body = await client.read(path, params={"page": str(page), "limit": "50"})
        try:
            rows = rows_as(FieldDefinition, body, "custom_fields")
        except UnreadableAnswer as unreadable:
            raise CrmBusy(AmoReason.ODD_ANSWER(path=path, found=unreadable)) from unreadable
        fields |= {row.id: row for row in rows}
        if not has_next(body):
            return fields
        page += 1


async def standing_fields(client: AmoCrmClient, config: AmoCrmConfig) -> Mapping[FieldName, FieldDefinition]:
    """The fields that the settings name, or that CarQuery made before. Raises CrmFailure, Refusal."""
    by_entity = {entity: await fields_of(client, entity) for entity in ("leads", "contacts")}
    standing: dict[FieldName, FieldDefinition] = {}
    for name in FieldName:
        fields = by_entity[entity_of(name)]
        ours = next((field for field in fields.values() if field.code == code_of(name)), None)
        found = fields.get(config.fields.get(name, 0), ours)
        if found is not None:
            standing[name] = found
    return standing


async def create_fields(client: AmoCrmClient, config: AmoCrmConfig) -> Mapping[FieldName, FieldDefinition]:
    """Make those that are missing; all fields are returned. Done twice, it makes nothing twice.

    Raises:
        CrmFailure, Refusal.
    """
    fields = dict(await standing_fields(client, config))
    for name in FieldName:
        if name in fields:
            continue
        kind = "numeric" if name in _NUMBERS else "text"
        wanted = {"name": FIELD_TITLES[name], "type": kind, "code": code_of(name), "request_id": name.value}
        path = f"/api/v4/{entity_of(name)}/custom_fields"
        answer = await client.write("POST", path, [wanted], permit=None)
        try:
            (fields[name],) = rows_as(FieldDefinition, answer, "custom_fields")
        except (UnreadableAnswer, ValueError) as unreadable:
            raise CrmAmbiguous(AmoReason.ODD_ANSWER(path=path, found=unreadable)) from unreadable
    return fields
