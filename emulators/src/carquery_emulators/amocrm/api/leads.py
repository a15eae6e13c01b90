"""`/api/v4/leads` and `/api/v4/leads/complex`."""

from collections.abc import Sequence
from typing import Final

from carquery_emulators.amocrm.account.rows import Lead
from carquery_emulators.amocrm.account.world import World
from carquery_emulators.amocrm.api.contacts import read_new_contact
from carquery_emulators.amocrm.api.lead_items import ENTITY, read_lead_change, read_new_lead
from carquery_emulators.amocrm.faults import Faults
from carquery_emulators.amocrm.requests.answers import hal, nothing
from carquery_emulators.amocrm.requests.batches import Batches, Commit
from carquery_emulators.amocrm.requests.call import ApiCall, Route
from carquery_emulators.amocrm.requests.cards import card_to_json, links, searched
from carquery_emulators.amocrm.requests.items import Item
from carquery_emulators.amocrm.requests.lists import asked_with, filtered, ordered, page
from carquery_emulators.kit.answers import Answer
from carquery_emulators.kit.json_types import Json

MOST_COMPLEX: Final = 50
"""Leads in one request. Source: API v4, adding complex leads. What more of them are answered is a guess: 422."""


class Leads:
    """`filter[…]` is ignored, as in an account without the filter package; with it, of them `id` counts. There are no
    companies."""

    def __init__(self, world: World, batches: Batches, faults: Faults) -> None:
        self._world = world
        self._batches = batches
        self._faults = faults

    def routes(self) -> Sequence[Route]:
        return (
            Route("GET", "/api/v4/leads", self._list),
            Route("GET", "/api/v4/leads/{id}", self._get),
            Route("POST", "/api/v4/leads", self._create),
            Route("POST", "/api/v4/leads/complex", self._create_complex),
            Route("PATCH", "/api/v4/leads", self._update),
            Route("PATCH", "/api/v4/leads/{id}", self._update_one),
        )

    def _list(self, call: ApiCall) -> Answer:
        found = searched(call, self._world.leads.values(), self._world, self._faults)
        if self._world.has_filters:
            found = filtered(call, found, {"id": "id"})
        rows = ordered(call, found, by=("created_at", "updated_at", "id"))
        return page(call, ENTITY, rows, lambda lead: self._to_json(lead, call))

    def _get(self, call: ApiCall) -> Answer:
        lead = self._world.leads.get(call.number("id"))
        return nothing() if lead is None else hal(self._to_json(lead, call))

    def _create(self, call: ApiCall) -> Answer:
        return self._batches.create(call, ENTITY, lambda item: read_new_lead(item, call.origin))

    def _update(self, call: ApiCall) -> Answer:
        return self._batches.update(call, ENTITY, lambda item: read_lead_change(item, call.origin))

    def _update_one(self, call: ApiCall) -> Answer:
        return self._batches.update_one(call, ENTITY, lambda item: read_lead_change(item, call.origin))

    def _create_complex(self, call: ApiCall) -> Answer:
        """Duplicate control is off, so nothing is ever merged. The answer is a bare array."""
        made = self._batches.run(call, lambda item: _read_complex(item, call.origin), at_most=MOST_COMPLEX)
        return hal([line | {"request_id": [item.request_id], "merged": False} for item, line in made])

    def _to_json(self, lead: Lead, call: ApiCall) -> Json:
        body = card_to_json(self._world, lead, ENTITY, call.origin)
        body |= {
            "price": lead.price,
            "status_id": lead.status_id,
            "pipeline_id": lead.pipeline_id,
            "loss_reason_id": lead.loss_reason_id,
            "closed_at": lead.closed_at,
            "score": None,
            "labor_cost": None,
            "is_price_computed": False,
        }
        if "contacts" in asked_with(call):
            body["_embedded"]["contacts"] = [
                {"id": contact, "is_main": place == 0, "_links": links(call.origin, "contacts", contact)}
                for place, contact in enumerate(lead.contacts)
            ]
        return body


def _read_complex(item: Item, origin: str) -> Commit:
    """A lead with at most one contact, which is made too unless it has an id."""
    given = item.embedded("contacts") or ()
    if len(given) > 1:
        item.too_many("_embedded.contacts", 1)
    if not given or given[0].get("id") is not None:
        lead = read_new_lead(item, origin)
        known = given[0]["id"] if given else None
        return lambda: {"id": lead()["id"], "contact_id": known, "company_id": None}
    inner = Item(given[0], 0, item.world, item.user_id)
    contact = read_new_contact(inner, origin)
    item.errors += [error | {"path": f"_embedded.contacts.0.{error['path']}"} for error in inner.errors]
    made: list[int] = []
    lead = read_new_lead(item, origin, contacts=made)

    def commit() -> Json:
        made.append(contact()["id"])
        return {"id": lead()["id"], "contact_id": made[0], "company_id": None}

    return commit
