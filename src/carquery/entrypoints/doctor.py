"""`carquery config check`: everything the bot needs is tried once, and what is wrong is said with what to do."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from aiogram.enums import ChatAction
from aiogram.exceptions import AiogramError, TelegramMigrateToChat, TelegramUnauthorizedError
from aiogram.types import WebhookInfo
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.account import check as check_amocrm
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.redis.connection import RedisRefused
from carquery.adapters.redis.connection import connect as connect_redis
from carquery.adapters.redis.keeping import KEEPS_ALL, look_at_keeping
from carquery.adapters.sql.schema import Tables, tables
from carquery.adapters.sql.sqlite_file import NoDatabaseYet, must_be_there
from carquery.adapters.telegram.api.transport import in_words
from carquery.adapters.telegram.updates.connection import connect as connect_telegram
from carquery.application.ports.alert_outbox import AlertFigures, AlertOutbox
from carquery.application.ports.crm import CrmFailure
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.container import make_crm_container
from carquery.entrypoints.processes.reading_only import leaving_nothing
from carquery.entrypoints.processes.running import prepare_database
from carquery.entrypoints.providers.crm import NO_CRM
from carquery.entrypoints.settings.amocrm import CrmChoice
from carquery.entrypoints.settings.reading import SettingsRead
from carquery.entrypoints.settings.settings import BotSettings

SECONDS: Final = 15.0
"""For each thing that is tried."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried. `is_ok`: None: it works, but somebody should know. `remedy`: what to do."""

    what: str
    says: str
    is_ok: bool | None = True
    remedy: str = ""


Trial: TypeAlias = Callable[[BotSettings, AsyncContainer], Awaitable[Sequence[Finding]]]


async def examine(read: SettingsRead[BotSettings]) -> list[Finding]:
    """Try everything that the settings lead to, and leave nothing behind; what takes longer than SECONDS is wrong too.

    What is wrong with the settings themselves comes first, and nothing is tried that hangs on it.
    """
    complaints = [
        Finding(complaint.variables, complaint.what, is_ok=False, remedy=complaint.remedy)
        for complaint in read.complaints
    ]
    trials: dict[str, tuple[Trial, tuple[str, ...]]] = {
        "database": (_database, ("database_",)),
        "Redis": (_redis, ("redis_",)),
        "Telegram": (_telegram, ("telegram_", "admin_", "bot_", "webhook_")),
        "amoCRM": (_amocrm, ("amocrm_", "database_", "secret_")),
        "OpenAI": (_openai, ("openai_",)),
    }
    settings = leaving_nothing(read.settings)
    container = make_crm_container(settings)
    try:
        if settings is not read.settings:
            await prepare_database(await container.get(AsyncEngine))
        found = await asyncio.gather(
            *(
                _tried(what, trial(read.settings, container))
                for what, (trial, variables) in trials.items()
                if not any(name.startswith(variables) for name in read.wrong)
            )
        )
    finally:
        await container.close()
    return [*complaints, *(finding for findings in found for finding in findings)]


async def _tried(what: str, trial: Awaitable[Sequence[Finding]]) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(SECONDS):
            return await trial
    except TimeoutError:
        return [Finding(what, f"no answer within {SECONDS:.0f} s", is_ok=False, remedy="is the address right?")]
    except Exception as failure:  # noqa: BLE001  # one thing that can't be tried hides nothing of the others
        says = f"could not be tried: {type(failure).__name__}"
        return [Finding(what, says, is_ok=False, remedy="carquery bot says more when it starts")]


async def _database(settings: BotSettings, container: AsyncContainer) -> Sequence[Finding]:
    engine = await container.get(AsyncEngine)
    is_file = engine.dialect.name == "sqlite"
    try:
        must_be_there(settings.database_url.get_secret_value())
        found = await tables(engine)
    except NoDatabaseYet as missing:
        return [Finding("database", str(missing), is_ok=None)]
    except StoreUnavailable as away:
        return [Finding("database", str(away).removeprefix("database: "), is_ok=False, remedy="DATABASE_URL")]
    match found:
        case Tables.CURRENT:
            current = Finding("database", f"{engine.dialect.name}, tables of this version")
            return [current, *_alerts(await (await container.get(AlertOutbox)).figures())]
        case Tables.NEWER:
            says = f"{engine.dialect.name}, tables of a newer version, which this one can run beside"
            return [Finding("database", says, is_ok=None, remedy="upgrade CarQuery soon")]
        case Tables.TOO_NEW:
            return [
                Finding("database", "tables of a newer version", is_ok=False, remedy="run that version of CarQuery")
            ]
        case Tables.OLDER:
            remedy = "carquery bot brings them up to date, or carquery db upgrade" if is_file else "carquery db upgrade"
            says = "none of its tables yet, or those of an older version"
            return [Finding("database", says, is_ok=None if is_file else False, remedy=remedy)]


def _alerts(figures: AlertFigures) -> Sequence[Finding]:
    """What nobody has read yet, by the names of its kinds."""
    if figures.oldest is None:
        return []
    kinds = ", ".join(f"{kind} ({count})" if count > 1 else kind for kind, count in sorted(figures.kinds.items()))
    because = f" because {figures.because}" if figures.because else ""
    what = "1 alert waits" if figures.waiting == 1 else f"{figures.waiting} alerts wait"
    says = f"{what} since {figures.oldest:%Y-%m-%d %H:%M} UTC{because}: {kinds}"
    remedy = "ADMIN_CHAT_ID: is the bot in that chat, and may it write there? Does a bot or worker run?"
    return [Finding("alerts", says, is_ok=None, remedy=remedy)]


async def _redis(settings: BotSettings, _container: AsyncContainer) -> Sequence[Finding]:
    if settings.redis_url is None:
        return [Finding("Redis", "none: open dialogs live in the process, and end with it", is_ok=None)]
    try:
        async with connect_redis(settings.redis_url.get_secret_value()) as redis:
            keeping = await look_at_keeping(redis)
    except RedisRefused as refused:
        return [Finding("Redis", str(refused), is_ok=False, remedy="REDIS_URL")]
    if troubles := keeping.troubles():
        # What it throws away is lost while everything is up; what ends with a restart is somebody's choice.
        is_ok = None if keeping.policy in {None, KEEPS_ALL} else False
        return [Finding("Redis", "answers, and may forget what it is given", is_ok, remedy="; ".join(troubles))]
    if keeping.policy is None or keeping.survives is None:
        return [Finding("Redis", "answers; whether it keeps what it is given, it does not say", is_ok=None)]
    return [Finding("Redis", "answers, and keeps what it is given")]


async def _telegram(settings: BotSettings, _container: AsyncContainer) -> Sequence[Finding]:
    token = settings.telegram_bot_token.get_secret_value()
    async with connect_telegram(token, api_base=settings.telegram_api_base, proxy=settings.telegram_proxy) as bot:
        try:
            me = await bot.get_me()
            findings = [Finding("Telegram", f"@{me.username}"), *_webhook(await bot.get_webhook_info(), settings)]
            if settings.admin_chat_id is None:
                findings.append(Finding("admin chat", "none: nobody is told of trouble", None, "ADMIN_CHAT_ID"))
            else:
                # The least that needs the right to write there, and leaves nothing behind.
                await bot.send_chat_action(settings.admin_chat_id, ChatAction.TYPING)
                findings.append(Finding("admin chat", "the bot can write there"))
        except TelegramMigrateToChat as moved:
            says = "the group became a supergroup, which the bot follows"
            return [*findings, Finding("admin chat", says, None, f"ADMIN_CHAT_ID={moved.migrate_to_chat_id}")]
        except TelegramUnauthorizedError:
            remedy = "TELEGRAM_BOT_TOKEN: the token that @BotFather gave"
            return [Finding("Telegram", "the token is refused", is_ok=False, remedy=remedy)]
        except AiogramError as failure:
            says, remedy = in_words(failure)
            remedy = remedy or "ADMIN_CHAT_ID: is the bot in that chat, and may it write there?"
            return [Finding("Telegram", says, is_ok=False, remedy=remedy)]
    return findings


def _webhook(info: WebhookInfo, settings: BotSettings) -> Sequence[Finding]:
    """Where updates go, if that is not what the settings say, or if they don't arrive."""
    if settings.bot_mode == "polling" and info.url:
        remedy = "BOT_MODE=webhook, or carquery bot --delete-webhook"
        return [Finding("webhook", f"one is set, so nobody can poll: {info.url}", is_ok=False, remedy=remedy)]
    if settings.bot_mode == "polling":
        return []
    if info.url != settings.webhook_url:
        return [Finding("webhook", "not set yet: the bot does it when it starts", is_ok=None)]
    if info.last_error_message is not None:
        remedy = "does WEBHOOK_URL lead to a running bot, with a valid certificate?"
        says = f"{info.pending_update_count} updates wait; the last error: {info.last_error_message}"
        return [Finding("webhook", says, is_ok=None, remedy=remedy)]
    return [Finding("webhook", f"set; {info.pending_update_count} updates wait")]


async def _amocrm(settings: BotSettings, container: AsyncContainer) -> Sequence[Finding]:
    if settings.crm is CrmChoice.MEMORY:
        return [Finding("amoCRM", "the in-memory one", None, "AMOCRM_MOCK_MODE: unset it for real leads")]
    if settings.crm is CrmChoice.NONE:
        return [Finding("amoCRM", "not set up: leads are stored, and nobody gets them", is_ok=False, remedy=NO_CRM)]
    try:
        if await tables(await container.get(AsyncEngine)) not in {Tables.CURRENT, Tables.NEWER}:
            return [Finding("amoCRM", "not tried: the database's tables come first", is_ok=None)]
        findings = await check_amocrm(await container.get(AmoCrmClient), await container.get(AmoCrmConfig))
    except (CrmFailure, StoreUnavailable) as failure:
        return [Finding("amoCRM", str(failure), is_ok=False, remedy="carquery amocrm check")]
    except Refusal as refusal:
        return [Finding("amoCRM", refusal.words, is_ok=False, remedy="carquery amocrm check")]
    return [Finding(f"amoCRM: {one.what}", one.says, one.is_ok, one.remedy) for one in findings]


async def _openai(settings: BotSettings, _container: AsyncContainer) -> Sequence[Finding]:
    if settings.openai_api_key is None:
        return [Finding("OpenAI", "no key: the built-in rules read free text")]
    from openai import OpenAIError

    from carquery.adapters.openai.client import open_client

    findings = []
    key = settings.openai_api_key.get_secret_value()
    async with open_client(api_key=key, base_url=settings.openai_base_url, timeout_seconds=SECONDS) as client:
        for model in settings.models:
            try:
                await client.models.retrieve(model)
            except OpenAIError as failure:
                remedy = "OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL, OPENAI_FALLBACK_MODEL"
                findings.append(Finding(f"OpenAI: {model}", type(failure).__name__, is_ok=False, remedy=remedy))
            else:
                findings.append(Finding(f"OpenAI: {model}", "answers"))
    return findings
