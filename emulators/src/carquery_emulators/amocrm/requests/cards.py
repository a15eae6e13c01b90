"""What contacts and leads have in common: who, when, custom fields, tags, links, search."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from carquery_emulators.amocrm.account.rows import Contact, Entity, Lead
from carquery_emulators.amocrm.account.world import ACCOUNT_ID, World
from carquery_emulators.amocrm.faults import Faults, Search
from carquery_emulators.amocrm.requests.call import ApiCall
from carquery_emulators.amocrm.requests.field_values import read_values, values_to_json
from carquery_emulators.amocrm.requests.items import Item
from carquery_emulators.kit.json_types import Json

_NO_DIGIT = re.compile(r"[^0-9]")

CardT = TypeVar("CardT", Contact, Lead)


def read_card(item: Item, entity: Entity, standing: Contact | Lead | None) -> Json:
    """The attributes that the item sets; `standing` is what it changes, None if it makes something new."""
    changes: Json = {
        "name": item.text("name"),
        "responsible_user_id": item.user("responsible_user_id"),
        "created_by": item.user("created_by", is_robot_welcome=True),
        "updated_by": item.user("updated_by", is_robot_welcome=True),
        "created_at": item.number("created_at"),
        "updated_at": item.number("updated_at"),
        "tags": _tags(item, entity, () if standing is None else standing.tags),
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    values = read_values(item, entity)
    if values is not None:
        kept = {} if standing is None else standing.fields
        changes["fields"] = {field: filled for field, filled in {**kept, **values}.items() if filled}
    if standing is not None:
        changes.setdefault("updated_at", item.world.now())
        changes.setdefault("updated_by", item.user_id)
    return changes


def new_card(item: Item, changes: Mapping[str, Any]) -> Json:
    """The attributes of something new."""
    now = item.world.now()
    usual: Json = {
        "id": item.world.new_id(),
        "name": "",
        "responsible_user_id": item.user_id,
        "created_by": item.user_id,
        "updated_by": item.user_id,
        "created_at": now,
        "updated_at": now,
        "made_at": item.world.exact_now(),
    }
    return {**usual, **changes}


def make_tags(world: World, card: Contact | Lead, entity: Entity) -> None:
    """A tag that is named for the first time comes into being."""
    for name in card.tags:
        world.tag(name, entity)


def card_to_json(world: World, card: Contact | Lead, entity: Entity, origin: str) -> Json:
    """What both kinds show."""
    tags = [world.tag(name, entity) for name in card.tags]
    return {
        "id": card.id,
        "name": card.name,
        "responsible_user_id": card.responsible_user_id,
        "group_id": 0,
        "created_by": card.created_by,
        "updated_by": card.updated_by,
        "created_at": card.created_at,
        "updated_at": card.updated_at,
        "closest_task_at": _closest_task_at(world, card.id),
        "is_deleted": False,
        "custom_fields_values": values_to_json(world, entity, card.fields),
        "account_id": ACCOUNT_ID,
        "_links": links(origin, entity, card.id),
        "_embedded": {"tags": [{"id": tag.id, "name": tag.name, "color": None} for tag in tags], "companies": []},
    }


def links(origin: str, entity: Entity, entity_id: int) -> Json:
    return {"self": {"href": f"{origin}/api/v4/{entity}/{entity_id}"}}


def searched(call: ApiCall, cards: Iterable[CardT], world: World, faults: Faults) -> list[CardT]:
    """Those that the search index finds for `query`: in the name or in a field. What is too new is not in it yet."""
    query = (call.asked("query") or "").strip().casefold()
    if not query:
        return list(cards)
    newest = world.exact_now() - faults.search_lag
    return [card for card in cards if card.made_at <= newest and _is_in(query, card, faults.search)]


def _is_in(query: str, card: Contact | Lead, search: Search) -> bool:
    values = [str(value.value) for values in card.fields.values() for value in values]
    if search == "digits" and (digits := _NO_DIGIT.sub("", query)):
        return any(digits in _NO_DIGIT.sub("", value) for value in values)
    return query in card.name.casefold() or any(query in value.casefold() for value in values)


def _closest_task_at(world: World, entity_id: int) -> int | None:
    due = (task.complete_till for task in world.tasks.values() if task.entity_id == entity_id and not task.is_completed)
    return min(due, default=None)


def _tags(item: Item, entity: Entity, standing: tuple[str, ...]) -> tuple[str, ...] | None:
    replaced = item.embedded("tags")
    added = item.objects(item.body.get("tags_to_add"), "tags_to_add")
    removed = item.objects(item.body.get("tags_to_delete"), "tags_to_delete")
    if replaced is None and added is None and removed is None:
        return None
    names = standing if replaced is None else _names(item, entity, replaced, "_embedded.tags")
    names += _names(item, entity, added or (), "tags_to_add")
    gone = _names(item, entity, removed or (), "tags_to_delete")
    return tuple(name for name in dict.fromkeys(names) if name not in gone)


def _names(item: Item, entity: Entity, tags: Iterable[Mapping[str, Any]], path: str) -> tuple[str, ...]:
    names = []
    for place, tag in enumerate(tags):
        if tag.get("id") is not None:
            known = item.world.tags.get(tag["id"]) if isinstance(tag["id"], int) else None
            if known is None or known.entity != entity:
                item.not_a_choice(f"{path}.{place}.id")
            else:
                names.append(known.name)
        elif not isinstance(tag.get("name"), str) or not tag["name"]:
            item.wrong_type(f"{path}.{place}.name", "string")
        else:
            names.append(tag["name"])
    return tuple(names)
