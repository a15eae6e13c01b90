"""A lead's route as JSON: what is not said of it is not there."""

from typing import Any

from carquery.adapters.stored.answer_json import Json
from carquery.domain.dealership.routing import Route
from carquery.domain.ids import CrmPipelineId, CrmStatusId, CrmUserId


def route_to_json(route: Route) -> Json:
    """An object; empty: nothing is said."""
    said: Json = {
        "pipeline": route.pipeline,
        "status": route.status,
        "responsible": list(route.responsible) or None,
        "task_minutes": route.task_minutes,
        "tags": list(route.tags) or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def route_from_json(said: dict[str, Any]) -> Route:
    """The route that was stored; what a newer version says besides is not read."""
    return Route(
        pipeline=None if "pipeline" not in said else CrmPipelineId(said["pipeline"]),
        status=None if "status" not in said else CrmStatusId(said["status"]),
        responsible=tuple(map(CrmUserId, said.get("responsible", ()))),
        task_minutes=said.get("task_minutes"),
        tags=tuple(said.get("tags", ())),
    )
