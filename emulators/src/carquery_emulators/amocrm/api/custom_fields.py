"""`/api/v4/leads/custom_fields` and `/api/v4/contacts/custom_fields`."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from math import ceil

from carquery_emulators.amocrm.account.rows import CustomField, Entity
from carquery_emulators.amocrm.account.world import ACCOUNT_ID, World
from carquery_emulators.amocrm.requests.answers import hal, problem
from carquery_emulators.amocrm.requests.batches import Batches, Commit
from carquery_emulators.amocrm.requests.call import ApiCall, Route
from carquery_emulators.amocrm.requests.field_values import FIELD_TYPES
from carquery_emulators.amocrm.requests.items import Item
from carquery_emulators.amocrm.requests.lists import ordered, page
from carquery_emulators.kit.answers import Answer
from carquery_emulators.kit.json_types import Json

MOST_PER_PAGE = 50
"""Source: amocrm.ru, custom fields; Kommo's pages say 250, so a client has to follow `next`."""


class CustomFields:
    """The definitions of one entity's custom fields."""

    def __init__(self, world: World, batches: Batches, entity: Entity) -> None:
        self._world = world
        self._batches = batches
        self._entity: Entity = entity

    def routes(self) -> Sequence[Route]:
        path = f"/api/v4/{self._entity}/custom_fields"
        return (
            Route("GET", path, self._list),
            Route("GET", f"{path}/{{id}}", self._get),
            Route("POST", path, self._create),
        )

    def _list(self, call: ApiCall) -> Answer:
        rows = ordered(call, self._world.fields(self._entity).values(), by=("sort", "id"))
        asked = call.asked("limit")
        limit = min(int(asked), MOST_PER_PAGE) if asked is not None and asked.isdigit() else MOST_PER_PAGE
        # More than a page may hold is asked for by many clients: they get as much as there may be.
        kept = [(key, value) for key, value in call.query if key != "limit"]
        limited = replace(call, query=[*kept, ("limit", str(limit))])
        pages = ceil(len(rows) / limit) if limit else 0
        return page(
            limited,
            "custom_fields",
            rows,
            lambda field: _to_json(field, call.origin),
            _total_items=len(rows),
            _page_count=pages,
        )

    def _get(self, call: ApiCall) -> Answer:
        field = self._world.fields(self._entity).get(call.number("id"))
        return problem(HTTPStatus.NOT_FOUND, "Field not found") if field is None else hal(_to_json(field, call.origin))

    def _create(self, call: ApiCall) -> Answer:
        made = self._batches.run(call, lambda item: self._read_new(item, call.origin))
        lines = [line | {"request_id": item.request_id} for item, line in made]
        body = {"_total_items": len(lines), "_embedded": {"custom_fields": lines}}
        return hal(body, HTTPStatus.CREATED)

    def _read_new(self, item: Item, origin: str) -> Commit:
        name, kind = item.text("name", is_needed=True), item.text("type", is_needed=True)
        if kind is not None and kind not in FIELD_TYPES:
            item.not_a_choice("type")
        code = item.text("code")
        if code is not None and any(code == field.code for field in self._world.fields(self._entity).values()):
            item.not_a_choice("code")
        options = item.objects(item.body.get("enums"), "enums") or ()
        texts = [str(option.get("value", "")) for option in options]

        def commit() -> Json:
            made = self._world.add_field(self._entity, name or "", kind or "", code, texts)
            return _to_json(self._world.fields(self._entity)[made], origin)

        return commit


def _to_json(field: CustomField, origin: str) -> Json:
    enums = [
        {"id": enum.id, "value": enum.value, "sort": place * 10, "code": enum.code}
        for place, enum in enumerate(field.enums)
    ]
    return {
        "id": field.id,
        "name": field.name,
        "type": field.type,
        "account_id": ACCOUNT_ID,
        "code": field.code,
        "sort": field.sort,
        "is_api_only": False,
        "is_deletable": field.code not in {"PHONE", "EMAIL"},
        "is_predefined": field.code in {"PHONE", "EMAIL"},
        "enums": enums or None,
        "group_id": None,
        "required_statuses": [],
        "entity_type": field.entity,
        "_links": {"self": {"href": f"{origin}/api/v4/{field.entity}/custom_fields/{field.id}"}},
    }
