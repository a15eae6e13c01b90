"""Whether the account has everything that the settings name."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

from carquery.adapters.amocrm.access import Authorisation
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.custom_fields import accepts, entity_of, fields_of
from carquery.adapters.amocrm.listing import rows_of
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AmoReason, in_english
from carquery.adapters.amocrm.wire import UnreadableAnswer, has_next, read_as, rows_as
from carquery.adapters.checks import Finding, State
from carquery.application.ports.crm import CrmBusy
from carquery.domain.moscow import MOSCOW

INCOMING = 1
"""The type of the stage «incoming leads», into which nothing can be put through the API."""
CLOSED_STAGES = frozenset({142, 143})
"""Won and lost, in every pipeline."""
NO_FILE = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """The account, and who we are in it."""

    id: int
    name: str = ""
    subdomain: str = ""
    current_user_id: int = 0
    drive_url: str | None = None


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


@dataclass(frozen=True, slots=True)
class _RightsRow:
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class _UserRow:
    id: int
    name: str = ""
    rights: _RightsRow = field(default_factory=_RightsRow)


async def account(client: AmoCrmClient) -> AccountRow:
    """Who we are. Raises CrmFailure, Refusal."""
    try:
        return read_as(AccountRow, await client.read("/api/v4/account", params={"with": "drive_url"}))
    except UnreadableAnswer as unreadable:
        raise CrmBusy(AmoReason.ODD_ANSWER(path="/api/v4/account", found=unreadable)) from unreadable


async def examine_account(client: AmoCrmClient, config: AmoCrmConfig) -> AsyncIterator[Finding]:
    """Look at everything. Raises CrmFailure: nobody can look just now; Refusal: nor may we."""
    ours = await account(client)
    yield Finding("account", f"{ours.name} ({ours.subdomain}), user {ours.current_user_id}")
    yield _token(await client.authorisation())
    async for finding in _pipeline(client, config):
        yield finding
    if config.responsible_user_id is not None:
        yield await _responsible(client, config.responsible_user_id)
    async for finding in _fields(client, config):
        yield finding
    yield await _drive(client, ours)


def _token(authorisation: Authorisation) -> Finding:
    if authorisation.expires_at is None:
        return Finding("token", "long-lived; it does not say until when", State.UNKNOWN)
    until = f"until {authorisation.expires_at.astimezone(MOSCOW):%d.%m.%Y %H:%M} (Moscow)"
    return Finding("token", f"{until}, renewed by itself" if authorisation.is_renewed else f"long-lived, {until}")


async def _pipeline(client: AmoCrmClient, config: AmoCrmConfig) -> AsyncIterator[Finding]:
    pipelines = await rows_of(client, _PipelineRow, "/api/v4/leads/pipelines", "pipelines", {})
    chosen = _chosen(pipelines, config)
    known = ", ".join(f"{pipeline.id} {pipeline.name}" for pipeline in pipelines if not pipeline.is_archive)
    if chosen is None:
        yield Finding(
            "pipeline",
            f"{config.pipeline_id}: there is none",
            State.WRONG,
            f"set AMOCRM_PIPELINE_ID to one of: {known}",
        )
        return
    if chosen.is_archive:
        yield Finding(
            "pipeline",
            f"{chosen.name} is archived",
            State.WRONG,
            f"restore it, or set AMOCRM_PIPELINE_ID to one of: {known}",
        )
    else:
        yield Finding("pipeline", f"{chosen.name} ({chosen.id})")
    yield _stage(chosen, config.status_id)


def _chosen(pipelines: Iterable[_PipelineRow], config: AmoCrmConfig) -> _PipelineRow | None:
    if config.pipeline_id is not None:
        return next((pipeline for pipeline in pipelines if pipeline.id == config.pipeline_id), None)
    if config.status_id is not None and config.status_id not in CLOSED_STAGES:
        of_status = (one for one in pipelines if any(status.id == config.status_id for status in one.statuses))
        if (found := next(of_status, None)) is not None:
            return found
    return next((pipeline for pipeline in pipelines if pipeline.is_main), None)


def _stage(pipeline: _PipelineRow, status_id: int | None) -> Finding:
    usable = [status for status in pipeline.statuses if status.type != INCOMING and status.id not in CLOSED_STAGES]
    remedy = f"set AMOCRM_STATUS_ID to one of: {', '.join(f'{status.id} {status.name}' for status in usable)}"
    if status_id is None:
        return Finding("stage", "the pipeline's first one")
    chosen = next((status for status in pipeline.statuses if status.id == status_id), None)
    if chosen is None:
        return Finding("stage", f"{status_id}: {pipeline.name} has no such stage", State.WRONG, remedy)
    if chosen.type == INCOMING:
        return Finding("stage", f"{chosen.name}: amoCRM lets nobody put leads there", State.WRONG, remedy)
    if status_id in CLOSED_STAGES:
        return Finding("stage", f"{chosen.name}: leads there are closed", State.WRONG, remedy)
    return Finding("stage", f"{chosen.name} ({chosen.id})")


async def _responsible(client: AmoCrmClient, user_id: int) -> Finding:
    try:
        users = [row async for row in _all_users(client)]
    except Refusal as refusal:
        return Finding(
            "responsible user", f"{user_id}: can't be verified ({in_english(refusal.reason)})", State.UNKNOWN
        )
    active = ", ".join(f"{user.id} {user.name}" for user in users if user.rights.is_active)
    remedy = f"set AMOCRM_RESPONSIBLE_USER_ID to one of: {active}"
    found = next((user for user in users if user.id == user_id), None)
    if found is None:
        return Finding("responsible user", f"{user_id}: there is none", State.WRONG, remedy)
    if not found.rights.is_active:
        return Finding("responsible user", f"{found.name} is not active any more", State.WRONG, remedy)
    return Finding("responsible user", f"{found.name} ({found.id})")


async def _all_users(client: AmoCrmClient) -> AsyncIterator[_UserRow]:
    """Only administrators may look: others are refused (HTTP 403)."""
    page = 1
    while True:
        body = await client.read("/api/v4/users", params={"page": str(page), "limit": "250"})
        try:
            for row in rows_as(_UserRow, body, "users"):
                yield row
        except UnreadableAnswer as unreadable:
            raise CrmBusy(AmoReason.ODD_ANSWER(path="/api/v4/users", found=unreadable)) from unreadable
        if not has_next(body):
            return
        page += 1


async def _fields(client: AmoCrmClient, config: AmoCrmConfig) -> AsyncIterator[Finding]:
    by_entity = {entity: await fields_of(client, entity) for entity in {entity_of(name) for name in config.fields}}
    for name, field_id in config.fields.items():
        variable, entity = f"AMOCRM_FIELD_{name}", entity_of(name)
        row = by_entity[entity].get(field_id)
        remedy = f"run: carquery amocrm fields --create, or unset {variable}"
        if row is None:
            yield Finding(variable, f"{field_id}: {entity} have no such field", State.WRONG, remedy)
        elif not accepts(name, row.type):
            yield Finding(variable, f"{row.name} is of type {row.type}", State.WRONG, remedy)
        else:
            yield Finding(variable, f"{row.name} ({field_id})")


async def _drive(client: AmoCrmClient, ours: AccountRow) -> Finding:
    remedy = "let the integration access files, or photos stay in Telegram (the note says so)"
    if ours.drive_url is None:
        return Finding("files", "the account names no drive", State.UNKNOWN, remedy)
    try:
        # Whether such a file exists does not matter: without the right to files, it is refused with 401 or 403.
        await client.read(f"{ours.drive_url}/v1.0/files/{NO_FILE}")
    except Refusal as refusal:
        if refusal.status != HTTPStatus.NOT_FOUND:
            return Finding(
                "files", in_english(refusal.reason), State.WRONG if refusal.is_scope else State.UNKNOWN, remedy
            )
    return Finding("files", "photos can be attached")
