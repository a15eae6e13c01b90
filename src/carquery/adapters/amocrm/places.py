"""Whether the pipelines, stages and users stand in the account that the settings and the dealership name."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.listing import rows_of
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import in_english
from carquery.adapters.amocrm.users import UserRow, all_users
from carquery.adapters.checks import Finding, State
from carquery.domain.dealership.routing import DEFAULT, Route, Routing
from carquery.domain.dealership.staff import Staff

INCOMING = 1
"""The type of the stage «incoming leads», into which nothing can be put through the API."""
CLOSED_STAGES = frozenset({142, 143})
"""Won and lost, in every pipeline."""


@dataclass(frozen=True, slots=True)
class _StatusRow:
    id: int
    name: str = ""
    type: int = 0


@dataclass(frozen=True, slots=True)
class _StatusesRow:
    statuses: list[_StatusRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _PipelineRow:
    id: int
    name: str = ""
    is_main: bool = False
    is_archive: bool = False
    _embedded: _StatusesRow = field(default_factory=_StatusesRow)

    @property
    def statuses(self) -> list[_StatusRow]:
        return self._embedded.statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """Numbers that stand somewhere, and what they are called there.

    Attributes:
        where: before what each finding is about.
        keys: of pipeline, stage and users, as the remedy names them.
    """

    pipeline: int | None
    status: int | None
    people: tuple[int, ...]
    where: str = ""
    keys: tuple[str, str, str] = ("AMOCRM_PIPELINE_ID", "AMOCRM_STATUS_ID", "AMOCRM_RESPONSIBLE_USER_ID")


async def examine_places(
    client: AmoCrmClient, config: AmoCrmConfig, routing: Routing, staff: Staff
) -> AsyncIterator[Finding]:
    """Look at each. Raises CrmFailure; Refusal: we may not even look at pipelines."""
    pipelines = await rows_of(client, _PipelineRow, "/api/v4/leads/pipelines", "pipelines", {})
    usual = () if config.responsible_user_id is None else (config.responsible_user_id,)
    settings = _Named(pipeline=config.pipeline_id, status=config.status_id, people=usual)
    routes = (*_routes(routing, config), *_members(staff))
    for named in (settings, *routes):
        if named is settings or named.pipeline is not None or named.status is not None:
            for finding in _place(pipelines, named):
                yield finding
    if any(named.people for named in (settings, *routes)):
        users, refused = await _users(client)
        for named in (settings, *routes):
            for person in named.people:
                yield _person(users, person, named, refused)


def _routes(routing: Routing, config: AmoCrmConfig) -> Iterator[_Named]:
    """What each route says, its stage with the pipeline that it is meant of."""
    for (service, source), route in routing.all:
        meant = routing.default if service is None else routing.of(service, source)
        yield _Named(
            pipeline=_pipeline_of(route, meant, config),
            status=route.status,
            people=route.responsible,
            where=f"[routing.{service or DEFAULT}] " + ("" if source is None else f"{source}: "),
            keys=("pipeline", "status", "responsible"),
        )


def _members(staff: Staff) -> Iterator[_Named]:
    """Who each member of the staff chat is said to be."""
    for member, user in staff.crm_users.items():
        where = f"[staff] {member}: "
        yield _Named(pipeline=None, status=None, people=(user,), where=where, keys=("", "", f"crm_users.{member}"))


def _pipeline_of(route: Route, meant: Route, config: AmoCrmConfig) -> int | None:
    if route.pipeline is not None or route.status is None:
        return route.pipeline
    return config.pipeline_id if meant.pipeline is None else meant.pipeline


def _place(pipelines: Sequence[_PipelineRow], named: _Named) -> Iterator[Finding]:
    chosen, what = _chosen(pipelines, named), f"{named.where}pipeline"
    known = ", ".join(f"{pipeline.id} {pipeline.name}" for pipeline in pipelines if not pipeline.is_archive)
    if chosen is None:
        yield Finding(what, f"{named.pipeline}: there is none", State.WRONG, f"set {named.keys[0]} to one of: {known}")
        return
    if chosen.is_archive:
        remedy = f"restore it, or set {named.keys[0]} to one of: {known}"
        yield Finding(what, f"{chosen.name} is archived", State.WRONG, remedy)
    else:
        yield Finding(what, f"{chosen.name} ({chosen.id})")
    yield _stage(chosen, named)


def _chosen(pipelines: Iterable[_PipelineRow], named: _Named) -> _PipelineRow | None:
    if named.pipeline is not None:
        return next((pipeline for pipeline in pipelines if pipeline.id == named.pipeline), None)
    if named.status is not None and named.status not in CLOSED_STAGES:
        of_status = (one for one in pipelines if any(status.id == named.status for status in one.statuses))
        if (found := next(of_status, None)) is not None:
            return found
    return next((pipeline for pipeline in pipelines if pipeline.is_main), None)


def _stage(pipeline: _PipelineRow, named: _Named) -> Finding:
    usable = [status for status in pipeline.statuses if status.type != INCOMING and status.id not in CLOSED_STAGES]
    remedy = f"set {named.keys[1]} to one of: {', '.join(f'{status.id} {status.name}' for status in usable)}"
    what = f"{named.where}stage"
    if named.status is None:
        return Finding(what, "the pipeline's first one")
    chosen = next((status for status in pipeline.statuses if status.id == named.status), None)
    if chosen is None:
        return Finding(what, f"{named.status}: {pipeline.name} has no such stage", State.WRONG, remedy)
    if chosen.type == INCOMING:
        return Finding(what, f"{chosen.name}: amoCRM lets nobody put leads there", State.WRONG, remedy)
    if named.status in CLOSED_STAGES:
        return Finding(what, f"{chosen.name}: leads there are closed", State.WRONG, remedy)
    return Finding(what, f"{chosen.name} ({chosen.id})")


async def _users(client: AmoCrmClient) -> tuple[Sequence[UserRow], Refusal | None]:
    """And why we may not look at them."""
    try:
        return [row async for row in all_users(client)], None
    except Refusal as refusal:
        return (), refusal


def _person(users: Iterable[UserRow], person: int, named: _Named, refused: Refusal | None) -> Finding:
    what = f"{named.where}responsible user"
    if refused is not None:
        return Finding(what, f"{person}: can't be verified ({in_english(refused.reason)})", State.UNKNOWN)
    active = ", ".join(f"{user.id} {user.name}" for user in users if user.rights.is_active)
    remedy = f"set {named.keys[2]} to one of: {active}"
    found = next((user for user in users if user.id == person), None)
    if found is None:
        return Finding(what, f"{person}: there is none", State.WRONG, remedy)
    if not found.rights.is_active:
        return Finding(what, f"{found.name} is not active any more", State.WRONG, remedy)
    return Finding(what, f"{found.name} ({found.id})")
