"""`/api/v4/contacts`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from carquery_emulators.amocrm.account.rows import Contact
from carquery_emulators.amocrm.account.world import World
from carquery_emulators.amocrm.faults import Faults
from carquery_emulators.amocrm.requests.answers import hal, nothing
from carquery_emulators.amocrm.requests.batches import Batches, Commit
from carquery_emulators.amocrm.requests.call import ApiCall, Route
from carquery_emulators.amocrm.requests.cards import card_to_json, links, make_tags, new_card, read_card, searched
from carquery_emulators.amocrm.requests.items import Item
from carquery_emulators.amocrm.requests.lists import asked_with, ordered, page
from carquery_emulators.kit.answers import Answer
from carquery_emulators.kit.json_types import Json

ENTITY: Final = "contacts"


class Contacts:
    """`filter[…]` is ignored, as in an account without the filter package."""

    def __init__(self, world: World, batches: Batches, faults: Faults) -> None:
        self._world = world
        self._batches = batches
        self._faults = faults

    def routes(self) -> Sequence[Route]:
        return (
            Route("GET", "/api/v4/contacts", self._list),
            Route("GET", "/api/v4/contacts/{id}", self._get),
            Route("POST", "/api/v4/contacts", self._create),
            Route("PATCH", "/api/v4/contacts", self._update),
            Route("PATCH", "/api/v4/contacts/{id}", self._update_one),
        )

    def _list(self, call: ApiCall) -> Answer:
        found = searched(call, self._world.contacts.values(), self._world, self._faults)
        rows = ordered(call, found, by=("updated_at", "id"))
        return page(call, ENTITY, rows, lambda contact: self._to_json(contact, call))

    def _get(self, call: ApiCall) -> Answer:
        contact = self._world.contacts.get(call.number("id"))
        return nothing() if contact is None else hal(self._to_json(contact, call))

    def _create(self, call: ApiCall) -> Answer:
        def read(item: Item) -> Commit:
            return read_new_contact(item, call.origin)

        return self._batches.create(call, ENTITY, read)

    def _update(self, call: ApiCall) -> Answer:
        return self._batches.update(call, ENTITY, lambda item: self._read_change(item, call.origin))

    def _update_one(self, call: ApiCall) -> Answer:
        return self._batches.update_one(call, ENTITY, lambda item: self._read_change(item, call.origin))

    def _read_change(self, item: Item, origin: str) -> Commit:
        contact_id = item.number("id", is_needed=True)
        contact = None if contact_id is None else self._world.contacts.get(contact_id)
        if contact_id is not None and contact is None:
            item.not_a_choice("id")
        changes = read_card(item, ENTITY, contact) | _read_names(item)

        def commit() -> Json:
            changed = replace(self._world.contacts[contact_id or 0], **changes)
            self._world.contacts[changed.id] = changed
            make_tags(self._world, changed, ENTITY)
            self._world.changed(ENTITY)
            return {
                "id": changed.id,
                "name": changed.name,
                "updated_at": changed.updated_at,
                "_links": links(origin, ENTITY, changed.id),
            }

        return commit

    def _to_json(self, contact: Contact, call: ApiCall) -> Json:
        body = card_to_json(self._world, contact, ENTITY, call.origin)
        body |= {"first_name": contact.first_name, "last_name": contact.last_name, "is_unsorted": False}
        if "leads" in asked_with(call):
            body["_embedded"]["leads"] = [
                {"id": lead.id, "_links": links(call.origin, "leads", lead.id)}
                for lead in self._world.leads.values()
                if contact.id in lead.contacts
            ]
        return body


def read_new_contact(item: Item, origin: str) -> Commit:
    """A contact that is to be made; nothing about it is mandatory."""
    changes = read_card(item, ENTITY, None) | _read_names(item)

    def commit() -> Json:
        world = item.world
        contact = Contact(phone_field=world.phone_field, **new_card(item, changes))
        if not contact.name:
            contact = replace(contact, name=f"{contact.first_name} {contact.last_name}".strip())
        world.contacts[contact.id] = contact
        make_tags(world, contact, ENTITY)
        world.happened("contact_added", ENTITY, contact.id, contact.created_by)
        world.changed(ENTITY)
        return {
            "id": contact.id,
            "is_deleted": False,
            "is_unsorted": False,
            "_links": links(origin, ENTITY, contact.id),
        }

    return commit


def _read_names(item: Item) -> Json:
    names = {name: item.text(name) for name in ("first_name", "last_name")}
    return {name: text for name, text in names.items() if text is not None}
