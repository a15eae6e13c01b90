"""What can be learned about the account: itself, its pipelines, its users, its audit feed."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from carquery_emulators.amocrm.account.rows import Event, Pipeline, Status, User
from carquery_emulators.amocrm.account.world import ACCOUNT_ID, World
from carquery_emulators.amocrm.api.tasks import TYPES
from carquery_emulators.amocrm.faults import Faults
from carquery_emulators.amocrm.requests.answers import hal, problem
from carquery_emulators.amocrm.requests.call import ApiCall, Route
from carquery_emulators.amocrm.requests.lists import asked_with, filtered, ordered, page
from carquery_emulators.kit.answers import Answer, Refused
from carquery_emulators.kit.json_types import Json

MOST_EVENTS = 100
"""On a page. Source: amocrm.ru, events; Kommo's pages say 250."""

MOST_EVENT_ENTITIES = 10
"""In one filter. What more of them are answered is a guess: 400."""

_EVENT_FILTERS = {
    "id": "id",
    "type": "type",
    "entity": "entity_type",
    "entity_id": "entity_id",
    "created_by": "created_by",
    "created_at": "created_at",
}


class AccountApi:
    """`drive_url`: the drive's address for whoever came to the account by that one."""

    def __init__(
        self, world: World, faults: Faults, *, name: str, subdomain: str, drive_url: Callable[[str], str]
    ) -> None:
        self._world = world
        self._faults = faults
        self._name = name
        self._subdomain = subdomain
        self._drive_url = drive_url

    def routes(self) -> Sequence[Route]:
        return (
            Route("GET", "/api/v4/account", self._account),
            Route("GET", "/api/v4/leads/pipelines", self._pipelines),
            Route("GET", "/api/v4/leads/pipelines/{id}", self._pipeline),
            Route("GET", "/api/v4/leads/pipelines/{id}/statuses", self._statuses),
            Route("GET", "/api/v4/users", self._users),
            Route("GET", "/api/v4/users/{id}", self._user),
            Route("GET", "/api/v4/events", self._events),
        )

    def _account(self, call: ApiCall) -> Answer:
        body: Json = {
            "id": ACCOUNT_ID,
            "name": self._name,
            "subdomain": self._subdomain,
            "current_user_id": call.user_id,
            "country": "RU",
            "currency": "RUB",
            "currency_symbol": "₽",
            "created_at": 0,
            "created_by": 0,
            "updated_at": 0,
            "updated_by": 0,
            "customers_mode": "disabled",
            "is_unsorted_on": True,
            "is_loss_reason_enabled": True,
            "is_helpbot_enabled": False,
            "is_technical_account": False,
            "contact_name_display_order": 1,
            "_links": {"self": {"href": f"{call.origin}/api/v4/account"}},
        }
        more: Json = {
            "drive_url": self._drive_url(call.origin),
            "is_api_filter_enabled": self._world.has_filters,
            "amojo_id": "00000000-0000-4000-8000-000000000001",
            "uuid": "00000000-0000-4000-8000-000000000002",
            "version": 15,
        }
        embedded: Json = {
            "task_types": [
                {"id": type_id, "name": name, "code": None, "color": None, "icon_id": None}
                for type_id, name in TYPES.items()
            ],
            "users_groups": [{"id": 0, "name": "Отдел продаж", "uuid": None}],
            "datetime_settings": {"timezone": "Europe/Moscow", "timezone_offset": "+03:00"},
        }
        wanted = asked_with(call)
        body |= {name: value for name, value in more.items() if name in wanted}
        body["_embedded"] = {name: value for name, value in embedded.items() if name in wanted}
        return hal(body)

    def _pipelines(self, call: ApiCall) -> Answer:
        rows = [_pipeline_to_json(pipeline, call.origin) for pipeline in self._world.pipelines.values()]
        links = {"self": {"href": f"{call.origin}{call.path}"}}
        return hal({"_total_items": len(rows), "_links": links, "_embedded": {"pipelines": rows}})

    def _pipeline(self, call: ApiCall) -> Answer:
        return hal(_pipeline_to_json(self._asked_pipeline(call), call.origin))

    def _statuses(self, call: ApiCall) -> Answer:
        pipeline = self._asked_pipeline(call)
        rows = [_status_to_json(status, pipeline) for status in pipeline.statuses]
        return hal({"_total_items": len(rows), "_embedded": {"statuses": rows}})

    def _asked_pipeline(self, call: ApiCall) -> Pipeline:
        """Source: amocrm-api-php, issue 92 – unlike other things, a pipeline that is missing is 404."""
        pipeline = self._world.pipelines.get(call.number("id"))
        if pipeline is None:
            raise Refused(problem(HTTPStatus.NOT_FOUND, "Pipeline not found"))
        return pipeline

    def _users(self, call: ApiCall) -> Answer:
        rows = ordered(call, self._world.users.values(), by=("id",))
        return page(call, "users", rows, lambda user: _user_to_json(user, call.origin), _total_items=len(rows))

    def _user(self, call: ApiCall) -> Answer:
        user = self._world.users.get(call.number("id"))
        if user is None:
            return problem(HTTPStatus.NOT_FOUND, "User not found")
        return hal(_user_to_json(user, call.origin))

    def _events(self, call: ApiCall) -> Answer:
        _check_entities(call)
        newest = self._world.exact_now() - self._faults.events_lag
        shown = [] if self._faults.events_silent else [one for one in self._world.events if one.made_at <= newest]
        found = filtered(call, shown, _EVENT_FILTERS)
        rows = ordered(call, found, by=("created_at",), is_newest_first=True)
        if self._faults.events_mixed:
            rows.sort(key=lambda event: event.id[::-1])
        return page(call, "events", rows, lambda event: _event_to_json(event, call.origin), most=MOST_EVENTS)


def _check_entities(call: ApiCall) -> None:
    """Source: Kommo's pages, events – ids need exactly one kind of entity, and are ten at most."""
    given = [value for key, value in call.query if key.startswith("filter[entity_id]")]
    ids = [one for value in given for one in value.split(",")]
    kinds = [one for key, value in call.query if key.startswith("filter[entity]") for one in value.split(",")]
    if ids and len(kinds) != 1:
        raise Refused(problem(HTTPStatus.BAD_REQUEST, "filter[entity_id] needs one filter[entity]"))
    if len(ids) > MOST_EVENT_ENTITIES:
        raise Refused(problem(HTTPStatus.BAD_REQUEST, f"Limit {MOST_EVENT_ENTITIES} entities"))


def _pipeline_to_json(pipeline: Pipeline, origin: str) -> Json:
    return {
        "id": pipeline.id,
        "name": pipeline.name,
        "sort": 1,
        "is_main": pipeline.is_main,
        "is_unsorted_on": True,
        "is_archive": pipeline.is_archive,
        "account_id": ACCOUNT_ID,
        "_links": {"self": {"href": f"{origin}/api/v4/leads/pipelines/{pipeline.id}"}},
        "_embedded": {"statuses": [_status_to_json(status, pipeline) for status in pipeline.statuses]},
    }


def _status_to_json(status: Status, pipeline: Pipeline) -> Json:
    return {
        "id": status.id,
        "name": status.name,
        "sort": status.sort,
        "is_editable": status.is_ordinary,
        "pipeline_id": pipeline.id,
        "color": "#c1c1c1",
        "type": status.type,
        "account_id": ACCOUNT_ID,
    }


def _user_to_json(user: User, origin: str) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "lang": "ru",
        "rights": {"is_admin": user.is_admin, "is_free": False, "is_active": user.is_active},
        "_links": {"self": {"href": f"{origin}/api/v4/users/{user.id}"}},
    }


def _event_to_json(event: Event, origin: str) -> Json:
    return {
        "id": event.id,
        "type": event.type,
        "entity_id": event.entity_id,
        "entity_type": event.entity_type,
        "created_by": event.created_by,
        "created_at": event.created_at,
        "value_after": list(event.after),
        "value_before": list(event.before),
        "account_id": ACCOUNT_ID,
        "_links": {"self": {"href": f"{origin}/api/v4/events/{event.id}"}},
    }
