"""Requests with many items: an array, all or nothing, one line of the answer for each."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias

from carquery_emulators.amocrm.account.world import World
from carquery_emulators.amocrm.faults import Faults
from carquery_emulators.amocrm.requests.answers import broken, hal, problem
from carquery_emulators.amocrm.requests.call import ApiCall
from carquery_emulators.amocrm.requests.items import Item
from carquery_emulators.kit.answers import Answer, Refused
from carquery_emulators.kit.json_types import Json

MOST_ITEMS = 250
"""In one request. Source: API v4, limits."""

Commit: TypeAlias = Callable[[], Json]
"""Does what an item asks for, and returns its line of the answer."""

Read: TypeAlias = Callable[[Item], Commit]
"""Reads an item. What it returns may be called only if the item had no errors."""


class Batches:
    """Every item is read before anything is done.

    Nobody promises that a refused request leaves nothing behind: with `faults.partial_batches` its good items are done
    although the answer is 400.
    """

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults

    def create(self, call: ApiCall, embedded: str, read: Read) -> Answer:
        """Make an array of things; each line of the answer has its item's `request_id`."""
        made = [line | {"request_id": item.request_id} for item, line in self.run(call, read)]
        return _listed(call, embedded, made)

    def update(self, call: ApiCall, embedded: str, read: Read) -> Answer:
        """Change an array of things."""
        return _listed(call, embedded, [line for _, line in self.run(call, read)])

    def update_one(self, call: ApiCall, embedded: str, read: Read) -> Answer:
        """Change the thing whose `id` is in the path."""
        body = call.json()
        if not isinstance(body, dict):
            raise Refused(problem(HTTPStatus.BAD_REQUEST, "Invalid request body"))
        item = self._item({**body, "id": call.number("id")}, 0, call)
        return _listed(call, embedded, [line for _, line in self._done([(item, read(item))])])

    def run(self, call: ApiCall, read: Read, *, at_most: int = MOST_ITEMS) -> list[tuple[Item, Json]]:
        """Each item of an array and its line. Raises Refused."""
        body = call.json()
        if not isinstance(body, list) or not all(isinstance(one, dict) for one in body):
            raise Refused(problem(HTTPStatus.BAD_REQUEST, "Invalid request body"))
        if not body:
            raise Refused(problem(HTTPStatus.BAD_REQUEST, "Request data can not be empty"))
        if len(body) > at_most:
            raise Refused(problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"Limit {at_most} per page"))
        items = [self._item(one, place, call) for place, one in enumerate(body)]
        return self._done([(item, read(item)) for item in items])

    def refuse_poisoned(self, body: Mapping[str, Any]) -> None:
        """For a request that is one object. Raises Refused: it holds something that somebody poisoned."""
        how = self._faults.poison_in(json.dumps(body, ensure_ascii=False))
        if how is not None:
            raise Refused(broken(int(how)) if how.isdigit() else _plain_refusal())

    def _item(self, body: Mapping[str, Any], place: int, call: ApiCall) -> Item:
        return Item(body, place, self._world, call.user_id)

    def _done(self, read: list[tuple[Item, Commit]]) -> list[tuple[Item, Json]]:
        refusal = self._refusal([item for item, _ in read])
        if refusal is None:
            return [(item, commit()) for item, commit in read]
        if refusal.status == HTTPStatus.BAD_REQUEST and self._faults.partial_batches:
            for item, commit in read:
                if not item.errors and not item.is_orphan and self._poison(item) is None:
                    commit()
        raise Refused(refusal)

    def _refusal(self, items: list[Item]) -> Answer | None:
        poisons = [self._poison(item) for item in items]
        for how in poisons:
            if how is not None and how.isdigit():
                return broken(int(how))
        if "400 plain" in poisons:
            return _plain_refusal()
        for item, how in zip(items, poisons, strict=True):
            if how == "400 validation":
                item.not_a_choice("name")
        if any(item.errors for item in items):
            errors = [item.to_problem() for item in items if item.errors]
            return problem(HTTPStatus.BAD_REQUEST, "Request validation failed", {"validation-errors": errors})
        if any(item.is_orphan for item in items):
            return _orphans(sum(item.is_orphan for item in items))
        return None

    def _poison(self, item: Item) -> str | None:
        return self._faults.poison_in(json.dumps(item.body, ensure_ascii=False))


def _listed(call: ApiCall, embedded: str, lines: list[Json]) -> Answer:
    return hal({"_links": {"self": {"href": f"{call.origin}{call.path}"}}, "_embedded": {embedded: lines}})


def _plain_refusal() -> Answer:
    """Source: amocrm-api-php, issue 33 – a refusal that does not say which item, nor why."""
    words = "Код ошибки 244. В случае повторного возникновения ошибки, обращайтесь в нашу техническую поддержку"
    return problem(HTTPStatus.BAD_REQUEST, words)


def _orphans(number: int) -> Answer:
    """Source: amocrm-api-php, issue 52, where a call's record found no entity; for notes and tasks it is a guess."""
    error = {
        "title": "Entity not found",
        "type": "https://httpstatus.es/404",
        "status": int(HTTPStatus.NOT_FOUND),
        "detail": "Entity not found",
    }
    return hal({"_total_items": 0, "errors": [error] * number}, HTTPStatus.BAD_REQUEST)
