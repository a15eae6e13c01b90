"""`carquery amocrm …`: setting up the connection, and finding out what is wrong with it."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import typer
from dishka import AsyncContainer, Provider, Scope, provide
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.account import account, examine_account
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import FIELD_TITLES, AmoCrmConfig, FieldName
from carquery.adapters.amocrm.custom_fields import FieldDefinition, create_fields, entity_of, standing_fields
from carquery.adapters.amocrm.oauth import OAuth
from carquery.adapters.amocrm.ports import CrmGate, CrmTokens, GateClosed, Turn
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import in_english
from carquery.adapters.amocrm.transport import Http
from carquery.adapters.amocrm.turns import SPACING, Turns
from carquery.adapters.checks import Finding, State
from carquery.adapters.dealership_file.file import DealershipFile
from carquery.adapters.sql.crm_gate import SqlCrmGate
from carquery.adapters.sql.schema import SchemaOutdated
from carquery.application.ports.crm import Closure, CrmFailure
from carquery.application.ports.environment import Clock
from carquery.domain.moscow import MOSCOW
from carquery.domain.reason import Reason
from carquery.entrypoints.checks.examining import measured
from carquery.entrypoints.checks.showing import findings_table, json_of
from carquery.entrypoints.commands.running import FAILED, USAGE, InWords, run, settings_or_exit, stop, stopping_on
from carquery.entrypoints.commands.waiting import waiting_for
from carquery.entrypoints.container import make_crm_container
from carquery.entrypoints.processes.reading_only import leaving_nothing
from carquery.entrypoints.processes.running import prepare_database
from carquery.entrypoints.providers.amocrm import integration
from carquery.entrypoints.providers.no_crm import NoCrm
from carquery.entrypoints.settings.crm import CrmChoice
from carquery.entrypoints.settings.reading import WrongSettings, read_settings
from carquery.entrypoints.settings.settings import Settings

T = TypeVar("T")


class GateForRepairs:
    """Takes turns with everybody, but goes in though the gate is closed: whoever repairs the connection must."""

    def __init__(self, gate: SqlCrmGate) -> None:
        self._gate = gate

    async def take_turn(self, *, ahead: int = 0) -> Turn:
        try:
            return await self._gate.take_turn(ahead=ahead)
        except GateClosed:
            return Turn(is_ours=True, next_in=timedelta())

    async def pause(self, time: timedelta) -> None:
        await self._gate.pause(time)

    async def close(self, reason: Reason, *, shortest: timedelta, longest: timedelta) -> None:
        await self._gate.close(reason, shortest=shortest, longest=longest)

    async def open(self) -> None:
        await self._gate.open()

    async def closure(self) -> Closure | None:
        return None


class GateForRepairsProvider(Provider):
    scope = Scope.APP

    @provide(override=True)
    def gate(self, engine: AsyncEngine, clock: Clock) -> CrmGate:
        return GateForRepairs(SqlCrmGate(engine, clock, spacing=SPACING))


def login_command(*, code: str, domain: str | None) -> None:
    """Exchange a one-time code, and store what it gives."""
    settings = settings_for(domain)
    if settings.amocrm_client_id is None:
        stop(
            "AMOCRM_CLIENT_ID, AMOCRM_CLIENT_SECRET, AMOCRM_REDIRECT_URI: missing; a login needs all three", code=USAGE
        )

    async def logging_in(container: AsyncContainer) -> tuple[str, str, datetime]:
        http, turns = await container.get(Http), await container.get(Turns)
        oauth = OAuth(http, integration(settings), turns, await container.get(Clock))
        grant = await oauth.exchange(code.strip(), base_url=settings.amocrm_base_url)
        tokens: CrmTokens = await container.get(CrmTokens)
        await tokens.store(grant)
        await (await container.get(CrmGate)).open()
        # A long-lived token would go before the grant that was just stored.
        known = await account(await container.get(AmoCrmClient))
        return known.name, grant.base_url, grant.expires_at

    name, address, expires_at = with_amocrm(settings, logging_in, stores=True)
    typer.echo(f"Logged in to {name} ({address}).")
    typer.echo(
        f"The token lasts until {expires_at.astimezone(MOSCOW):%d.%m.%Y %H:%M} (Moscow) and is renewed by itself."
    )
    if not settings.secret_keys:
        typer.echo("SECRET_KEY is not set: the tokens are stored in the open.", err=True)
    if settings.amocrm_long_lived_token is not None:
        typer.echo("AMOCRM_LONG_LIVED_TOKEN is set and goes before this login: unset it.", err=True)
    typer.echo("Next: carquery amocrm check")


def check_command(*, as_json: bool) -> None:
    """Look at everything that the settings name; exit code 1 if something is wrong."""
    settings = settings_for(None)

    async def checking(container: AsyncContainer) -> Sequence[Finding]:
        client, config = await container.get(AmoCrmClient), await container.get(AmoCrmConfig)
        told = DealershipFile(settings.dealership_file)()
        examining = examine_account(client, config, told.routing, told.staff)
        return [finding async for finding in measured(examining, await container.get(Clock))]

    findings = with_amocrm(settings, checking)
    if as_json:
        typer.echo(json.dumps([json_of(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        Console().print(findings_table(findings, title="amoCRM"))
    if any(finding.state is State.WRONG for finding in findings):
        raise typer.Exit(FAILED)


def fields_command(*, create: bool, as_json: bool) -> None:
    """Show the custom fields that CarQuery can fill; with `create`, make those that are missing."""
    settings = settings_for(None)

    async def looking(container: AsyncContainer) -> Mapping[FieldName, FieldDefinition]:
        client, config = await container.get(AmoCrmClient), await container.get(AmoCrmConfig)
        return await (create_fields if create else standing_fields)(client, config)

    standing = with_amocrm(settings, looking)
    if as_json:
        known = {f"AMOCRM_FIELD_{name}": field.id for name, field in standing.items()}
        typer.echo(json.dumps(known, ensure_ascii=False, indent=2))
        return
    for name, field in standing.items():
        typer.echo(f"AMOCRM_FIELD_{name}={field.id}")
    missing = [name for name in FieldName if name not in standing]
    for name in missing:
        typer.echo(f"# AMOCRM_FIELD_{name}: no field «{FIELD_TITLES[name]}» of {entity_of(name)} yet", err=True)
    if missing:
        typer.echo("Make them with: carquery amocrm fields --create", err=True)


def settings_for(domain: str | None) -> Settings:
    """The settings, with another address if one was given; without amoCRM in them, the command ends."""
    if domain is None:
        settings = settings_or_exit(Settings)
    else:
        try:
            settings = read_settings(Settings, amocrm_base_url=domain)
        except WrongSettings as wrong:
            stop(str(wrong), code=USAGE)
    if settings.crm is CrmChoice.NONE:
        stop(str(NoCrm()), code=USAGE)
    if settings.crm is CrmChoice.MEMORY:
        stop("AMOCRM_MOCK_MODE is on: there is no amoCRM; unset it", code=USAGE)
    return settings


def with_amocrm(settings: Settings, work: Callable[[AsyncContainer], Awaitable[T]], *, stores: bool = False) -> T:
    """`stores`: make the database if it is not there yet; the others only look."""

    async def working() -> T:
        overrides = () if stores else leaving_nothing(settings)
        container = make_crm_container(settings, GateForRepairsProvider(), *overrides)
        try:
            await prepare_database(await container.get(AsyncEngine), only_looks=True)
            return await work(container)
        finally:
            await container.close()

    in_words: InWords = {
        CrmFailure: lambda failure: f"amoCRM: {in_english(failure.reason)}",
        Refusal: lambda refusal: in_english(refusal.reason),
    }
    with stopping_on(SchemaOutdated, in_words=in_words), waiting_for("Asking amoCRM"):
        return run(working())
