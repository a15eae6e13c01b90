"""What may be said of a lead: price, stage, contacts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from carquery_emulators.amocrm.account.rows import INCOMING, LOST, WON, Lead, Pipeline
from carquery_emulators.amocrm.account.world import World
from carquery_emulators.amocrm.requests.batches import Commit
from carquery_emulators.amocrm.requests.cards import links, make_tags, new_card, read_card
from carquery_emulators.amocrm.requests.items import Item, is_number
from carquery_emulators.kit.json_types import Json

ENTITY: Final = "leads"


def read_new_lead(item: Item, origin: str, *, contacts: Sequence[int] | None = None) -> Commit:
    """A lead that is to be made. `contacts`: those that will be there by then; None takes those that the item names."""
    changes = read_card(item, ENTITY, None) | _read_details(item) | _read_stage(item, None)
    named = _read_contacts(item) if contacts is None else contacts
    if item.embedded("companies"):
        item.not_a_choice("_embedded.companies.0.id")  # there are none in this account

    def commit() -> Json:
        lead = Lead(contacts=tuple(named), **new_card(item, {"price": 0, **changes}))
        store_new_lead(item.world, lead if lead.name else replace(lead, name=f"Сделка #{lead.id}"))
        return {"id": lead.id, "_links": links(origin, ENTITY, lead.id)}

    return commit


def store_new_lead(world: World, lead: Lead) -> None:
    world.leads[lead.id] = lead
    make_tags(world, lead, ENTITY)
    world.happened("lead_added", ENTITY, lead.id, lead.created_by)
    world.changed(ENTITY)


def read_lead_change(item: Item, origin: str) -> Commit:
    """A lead that is to be changed."""
    world = item.world
    lead_id = item.number("id", is_needed=True)
    lead = None if lead_id is None else world.leads.get(lead_id)
    if lead_id is not None and lead is None:
        item.not_a_choice("id")
    changes = read_card(item, ENTITY, lead) | _read_details(item) | _read_stage(item, lead)

    def commit() -> Json:
        changed = replace(world.leads[lead_id or 0], **changes)
        make_tags(world, changed, ENTITY)
        world.change_lead(changed, item.user_id)
        return {"id": changed.id, "updated_at": changed.updated_at, "_links": links(origin, ENTITY, changed.id)}

    return commit


def _read_details(item: Item) -> Json:
    details: Json = {}
    if item.has("price"):
        if is_number(item.body["price"]):
            details["price"] = item.body["price"]
        else:
            item.wrong_type("price", "int")
    return details


def _read_stage(item: Item, standing: Lead | None) -> Json:
    """Pipeline and stage. Won and lost are stages of every pipeline, so they need one to be named."""
    pipeline_id, status_id = item.number("pipeline_id"), item.number("status_id")
    if pipeline_id is None and status_id is None:
        stage = {} if standing else _stage_in(item.world.main_pipeline(), None)
    elif pipeline_id is not None:
        stage = _read_stage_in(item, pipeline_id, status_id)
    else:
        stage = _read_lone_stage(item, status_id or 0, standing)
    reason = item.number("loss_reason_id")
    if reason is not None and stage.get("status_id", standing and standing.status_id) != LOST:
        item.not_a_choice("loss_reason_id")
    elif reason is not None:
        stage["loss_reason_id"] = reason
    if stage:
        is_closed = stage.get("status_id") in {WON, LOST}
        stage["closed_at"] = (item.number("closed_at") or item.world.now()) if is_closed else None
    return stage


def _read_stage_in(item: Item, pipeline_id: int, status_id: int | None) -> Json:
    pipeline = item.world.pipelines.get(pipeline_id)
    if pipeline is None:
        item.not_a_choice("pipeline_id")
        if status_id is not None and not _is_anywhere(item.world, status_id):
            item.not_a_choice("status_id")
        return {}
    if status_id is not None and not _takes(pipeline, status_id):
        item.not_a_choice("status_id")
        return {}
    return _stage_in(pipeline, status_id)


def _read_lone_stage(item: Item, status_id: int, standing: Lead | None) -> Json:
    if standing is not None and status_id in {WON, LOST}:
        return {"status_id": status_id}
    pipelines = () if status_id in {WON, LOST} else item.world.pipelines.values()
    pipeline = next((pipeline for pipeline in pipelines if _takes(pipeline, status_id)), None)
    if pipeline is None:
        item.not_a_choice("status_id")
        return {}
    return _stage_in(pipeline, status_id)


def _stage_in(pipeline: Pipeline, status_id: int | None) -> Json:
    return {"pipeline_id": pipeline.id, "status_id": pipeline.first_stage.id if status_id is None else status_id}


def _takes(pipeline: Pipeline, status_id: int) -> bool:
    status = pipeline.status(status_id)
    return status is not None and status.type != INCOMING


def _is_anywhere(world: World, status_id: int) -> bool:
    return any(pipeline.status(status_id) for pipeline in world.pipelines.values())


def _read_contacts(item: Item) -> tuple[int, ...]:
    """The main one first: the one that says so, else the first."""
    given = item.embedded("contacts") or ()
    for place, contact in enumerate(given):
        if not item.is_known(contact.get("id"), item.world.contacts):
            item.not_a_choice(f"_embedded.contacts.{place}.id")
    return tuple(contact["id"] for contact in sorted(given, key=_is_secondary) if "id" in contact)


def _is_secondary(contact: Mapping[str, Any]) -> bool:
    return contact.get("is_main") is not True
