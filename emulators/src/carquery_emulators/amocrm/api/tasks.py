"""`/api/v4/tasks`."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Final

from carquery_emulators.amocrm.account.rows import Task
from carquery_emulators.amocrm.account.world import ACCOUNT_ID, World
from carquery_emulators.amocrm.requests.answers import hal, nothing
from carquery_emulators.amocrm.requests.batches import Batches, Commit
from carquery_emulators.amocrm.requests.call import ApiCall, Route
from carquery_emulators.amocrm.requests.items import Item
from carquery_emulators.amocrm.requests.lists import filtered, ordered, page
from carquery_emulators.kit.answers import Answer
from carquery_emulators.kit.json_types import Json

TYPES: Final = {1: "Связаться", 2: "Встреча"}
"""Kinds of tasks that every account has."""

_ENTITIES: Final = ("leads", "contacts", "companies", "customers")
_FILTERS: Final = {
    "id": "id",
    "responsible_user_id": "responsible_user_id",
    "is_completed": "is_completed",
    "task_type": "task_type_id",
    "entity_type": "entity_type",
    "entity_id": "entity_id",
    "updated_at": "updated_at",
}


class Tasks:
    """Tasks for users, with or without something they are about; filters work here in every account."""

    def __init__(self, world: World, batches: Batches) -> None:
        self._world = world
        self._batches = batches

    def routes(self) -> Sequence[Route]:
        return (
            Route("GET", "/api/v4/tasks", self._list),
            Route("GET", "/api/v4/tasks/{id}", self._get),
            Route("POST", "/api/v4/tasks", self._create),
            Route("PATCH", "/api/v4/tasks", self._update),
            Route("PATCH", "/api/v4/tasks/{id}", self._update_one),
        )

    def _list(self, call: ApiCall) -> Answer:
        found = filtered(call, self._world.tasks.values(), _FILTERS)
        rows = ordered(call, found, by=("created_at", "complete_till", "id"))
        return page(call, "tasks", rows, lambda task: _to_json(task, call.origin))

    def _get(self, call: ApiCall) -> Answer:
        task = self._world.tasks.get(call.number("id"))
        return nothing() if task is None else hal(_to_json(task, call.origin))

    def _create(self, call: ApiCall) -> Answer:
        return self._batches.create(call, "tasks", lambda item: self._read_new(item, call.origin))

    def _update(self, call: ApiCall) -> Answer:
        return self._batches.update(call, "tasks", lambda item: self._read_change(item, call.origin))

    def _update_one(self, call: ApiCall) -> Answer:
        return self._batches.update_one(call, "tasks", lambda item: self._read_change(item, call.origin))

    def _read_change(self, item: Item, origin: str) -> Commit:
        task_id = item.number("id", is_needed=True)
        if task_id is not None and task_id not in self._world.tasks:
            item.not_a_choice("id")
        read: Json = {
            "text": item.text("text"),
            "complete_till": item.number("complete_till"),
            "task_type_id": _task_type(item),
            "responsible_user_id": item.user("responsible_user_id"),
            "result": _result(item),
            "is_completed": _flag(item, "is_completed"),
        }
        given = {name: value for name, value in read.items() if value is not None}

        def commit() -> Json:
            world = self._world
            was = world.tasks[task_id or 0]
            task = replace(was, updated_by=item.user_id, updated_at=world.now(), **given)
            world.tasks[task.id] = task
            if task.is_completed and not was.is_completed and task.entity_type == "leads" and task.entity_id:
                world.happened("task_completed", "leads", task.entity_id, item.user_id)
            world.changed("tasks")
            return {"id": task.id, "updated_at": task.updated_at, "_links": _links(task, origin)}

        return commit

    def _read_new(self, item: Item, origin: str) -> Commit:
        now = self._world.now()
        read: Json = {
            "text": item.text("text", is_needed=True),
            "complete_till": item.number("complete_till", is_needed=True),
            "entity_id": item.number("entity_id"),
            "entity_type": self._entity_type(item),
            "task_type_id": _task_type(item),
            "responsible_user_id": item.user("responsible_user_id"),
            "created_by": item.user("created_by", is_robot_welcome=True),
            "created_at": item.number("created_at"),
            "duration": item.number("duration"),
            "result": _result(item),
            "is_completed": _flag(item, "is_completed"),
        }
        given = {name: value for name, value in read.items() if value is not None}
        usual: Json = {
            "task_type_id": 1,
            "responsible_user_id": item.user_id,
            "created_by": item.user_id,
            "updated_by": item.user_id,
            "created_at": now,
            "updated_at": now,
        }

        def commit() -> Json:
            task = Task(**{**usual, **given, "id": self._world.new_id()})
            self._world.tasks[task.id] = task
            if task.entity_type == "leads" and task.entity_id:
                self._world.happened("task_added", "leads", task.entity_id, item.user_id)
            self._world.changed("tasks")
            return {"id": task.id, "_links": _links(task, origin)}

        return commit

    def _entity_type(self, item: Item) -> str | None:
        entity_type = item.text("entity_type", is_needed=item.has("entity_id"))
        if entity_type is not None and entity_type not in _ENTITIES:
            item.not_a_choice("entity_type")
        elif entity_type is not None:
            tables: Mapping[str, Container[int]] = {"leads": self._world.leads, "contacts": self._world.contacts}
            item.is_orphan = not item.is_known(item.body.get("entity_id"), tables.get(entity_type, ()))
        return entity_type


def _task_type(item: Item) -> int | None:
    task_type = item.number("task_type_id")
    if task_type is not None and task_type not in TYPES:
        item.not_a_choice("task_type_id")
    return task_type


def _flag(item: Item, name: str) -> bool | None:
    given = item.body.get(name)
    if given is not None and not isinstance(given, bool):
        item.wrong_type(name, "bool")
        return None
    return given


def _result(item: Item) -> str | None:
    given = item.body.get("result")
    if not given:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        item.wrong_type("result", "array")
        return None
    return str(given["text"])


def _links(task: Task, origin: str) -> Json:
    return {"self": {"href": f"{origin}/api/v4/tasks/{task.id}"}}


def _to_json(task: Task, origin: str) -> Json:
    return {
        "id": task.id,
        "created_by": task.created_by,
        "updated_by": task.updated_by,
        "created_at": task.created_at,
        "updated_at": task.updated_at,
        "responsible_user_id": task.responsible_user_id,
        "group_id": 0,
        "entity_id": task.entity_id,
        "entity_type": task.entity_type,
        "duration": task.duration,
        "is_completed": task.is_completed,
        "task_type_id": task.task_type_id,
        "text": task.text,
        "result": [] if task.result is None else {"text": task.result},
        "complete_till": task.complete_till,
        "account_id": ACCOUNT_ID,
        "_links": _links(task, origin),
    }
