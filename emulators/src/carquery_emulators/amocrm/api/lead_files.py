"""What is tied to a lead: `/api/v4/leads/{id}/files` and its links with contacts."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from carquery_emulators.amocrm.account.rows import Lead
from carquery_emulators.amocrm.account.world import World
from carquery_emulators.amocrm.requests.answers import hal, nothing, problem
from carquery_emulators.amocrm.requests.batches import Batches, Commit
from carquery_emulators.amocrm.requests.call import ApiCall, Route
from carquery_emulators.amocrm.requests.items import Item
from carquery_emulators.kit.answers import Answer, Refused
from carquery_emulators.kit.json_types import Json


class LeadFiles:
    """Files of the drive on a lead. Attaching adds; what is attached already stays so, once."""

    def __init__(self, world: World, batches: Batches) -> None:
        self._world = world
        self._batches = batches

    def routes(self) -> Sequence[Route]:
        path = "/api/v4/leads/{id}/files"
        return (Route("GET", path, self._list), Route("PUT", path, self._attach), Route("DELETE", path, self._detach))

    def _list(self, call: ApiCall) -> Answer:
        files = self._world.lead_files.get(call.number("id"), [])
        return _shown(call, files) if files else nothing()

    def _attach(self, call: ApiCall) -> Answer:
        lead = _lead(self._world, call)

        def read(item: Item) -> Commit:
            uuid = item.text("file_uuid", is_needed=True)
            if uuid is not None and uuid not in self._world.files:
                item.not_a_choice("file_uuid")
            return lambda: self._attach_one(lead.id, uuid or "")

        self._batches.run(call, read)
        self._world.changed("files")
        return _shown(call, self._world.lead_files[lead.id])

    def _attach_one(self, lead_id: int, uuid: str) -> Json:
        attached = self._world.lead_files.setdefault(lead_id, [])
        if uuid not in attached:
            attached.append(uuid)
        return {}

    def _detach(self, call: ApiCall) -> Answer:
        attached = self._world.lead_files.get(_lead(self._world, call).id, [])

        def read(item: Item) -> Commit:
            uuid = item.text("file_uuid", is_needed=True)
            if uuid is not None and uuid not in attached:
                item.not_a_choice("file_uuid")

            def commit() -> Json:
                attached.remove(uuid or "")
                return {}

            return commit

        self._batches.run(call, read)
        self._world.changed("files")
        return nothing(HTTPStatus.ACCEPTED)


class Links:
    """Which contacts a lead has."""

    def __init__(self, world: World, batches: Batches) -> None:
        self._world = world
        self._batches = batches

    def routes(self) -> Sequence[Route]:
        return (
            Route("GET", "/api/v4/leads/{id}/links", self._list),
            Route("POST", "/api/v4/leads/{id}/link", self._link),
            Route("POST", "/api/v4/leads/link", self._link),
            Route("POST", "/api/v4/leads/{id}/unlink", self._unlink),
        )

    def _list(self, call: ApiCall) -> Answer:
        lead = self._world.leads.get(call.number("id"))
        if lead is None or not lead.contacts:
            return nothing()
        return _linked(call, [_link_to_json(lead, contact) for contact in lead.contacts])

    def _link(self, call: ApiCall) -> Answer:
        def read(item: Item) -> Commit:
            lead_id, contact_id = self._read(item, call)

            def commit() -> Json:
                lead = self._world.leads[lead_id]
                others = tuple(other for other in lead.contacts if other != contact_id)
                linked = (contact_id, *others) if _is_main(item) else (*others, contact_id)
                self._world.leads[lead_id] = replace(lead, contacts=linked)
                return _link_to_json(self._world.leads[lead_id], contact_id)

            return commit

        lines = [line for _, line in self._batches.run(call, read)]
        self._world.changed("leads")
        return _linked(call, lines)

    def _unlink(self, call: ApiCall) -> Answer:
        def read(item: Item) -> Commit:
            lead_id, contact_id = self._read(item, call)

            def commit() -> Json:
                lead = self._world.leads[lead_id]
                left = tuple(other for other in lead.contacts if other != contact_id)
                self._world.leads[lead_id] = replace(lead, contacts=left)
                return {}

            return commit

        self._batches.run(call, read)
        self._world.changed("leads")
        return nothing()

    def _read(self, item: Item, call: ApiCall) -> tuple[int, int]:
        """The lead and the contact that are meant."""
        lead_id = call.number("id") if "id" in call.names else item.number("entity_id", is_needed=True)
        if lead_id is not None and lead_id not in self._world.leads:
            item.is_orphan = True
        if item.text("to_entity_type", is_needed=True) not in {"contacts", None}:
            item.not_a_choice("to_entity_type")
        contact_id = item.number("to_entity_id", is_needed=True)
        if contact_id is not None and contact_id not in self._world.contacts:
            item.not_a_choice("to_entity_id")
        return lead_id or 0, contact_id or 0


def _is_main(item: Item) -> bool:
    metadata: Any = item.body.get("metadata")
    return isinstance(metadata, dict) and metadata.get("is_main") is True


def _link_to_json(lead: Lead, contact_id: int) -> Json:
    return {
        "entity_id": lead.id,
        "entity_type": "leads",
        "to_entity_id": contact_id,
        "to_entity_type": "contacts",
        "metadata": {"main_contact": lead.contacts[0] == contact_id},
    }


def _linked(call: ApiCall, lines: Sequence[Json]) -> Answer:
    links = {"self": {"href": f"{call.origin}{call.path}"}}
    return hal({"_total_items": len(lines), "_links": links, "_embedded": {"links": lines}})


def _lead(world: World, call: ApiCall) -> Lead:
    lead = world.leads.get(call.number("id"))
    if lead is None:
        raise Refused(problem(HTTPStatus.NOT_FOUND, "Lead not found"))
    return lead


def _shown(call: ApiCall, files: Sequence[str]) -> Answer:
    rows = [{"file_uuid": uuid, "id": number} for number, uuid in enumerate(files, start=1)]
    return hal({"_links": {"self": {"href": f"{call.origin}{call.path}"}}, "_embedded": {"files": rows}})
