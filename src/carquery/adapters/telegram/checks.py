"""Whether the Bot API knows the bot, brings updates, and takes messages for the admin chat."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, Literal, NoReturn

from carquery.adapters.checks import Finding, State, Unwell
from carquery.adapters.messenger.no_updates import NoUpdates
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.failures import BotApiFailure, ChatMigrated, Unauthorized, in_words
from carquery.adapters.telegram.api.methods import GetMe, GetWebhookInfo, SendChatAction, WebhookInfo
from carquery.adapters.telegram.staff.admin_chat import REMEDY
from carquery.domain.values import dataclass

TOKEN: Final = "TELEGRAM_BOT_TOKEN: the token that @BotFather gave"  # noqa: S105  # what to do about it
ADDRESSES: Final = "TELEGRAM_API_BASE, TELEGRAM_PROXY: is the Bot API reached from this machine?"
UPDATES: Final = "carquery config check says whether a webhook is set"
SECONDS: Final = 2
"""For a look at a Telegram in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeUpdates:
    """What the settings say of Telegram, before anything comes from there. `admin_chat`: None: there is none."""

    mode: Literal["polling", "webhook"]
    webhook_url: str | None
    admin_chat: int | None

    async def examine(self, api: BotApi) -> AsyncIterator[Finding]:
        try:
            me = await api(GetMe())
            yield Finding("Telegram", f"@{me.username}")
            webhook = self._webhook(await api(GetWebhookInfo()))
        except BotApiFailure as failure:
            refuse(failure)
        if webhook is not None:
            yield webhook
        if self.admin_chat is None:
            yield Finding("admin chat", "none: nobody is told of trouble", State.NOTE, "ADMIN_CHAT_ID")
        else:
            yield await _writing_to(api, self.admin_chat)

    def _webhook(self, info: WebhookInfo) -> Finding | None:
        """Where updates go, if that is not what the settings say, or if they don't arrive."""
        if self.mode == "polling":
            if not info.url:
                return None
            remedy = "BOT_MODE=webhook, or carquery bot --delete-webhook"
            return Finding("webhook", f"one is set, so nobody can poll: {info.url}", State.WRONG, remedy)
        if info.url != self.webhook_url:
            return Finding("webhook", "not set yet: the bot does it when it starts", State.NOTE)
        if info.last_error_message is not None:
            remedy = "does WEBHOOK_URL lead to a running bot, with a valid certificate?"
            says = f"{info.pending_update_count} updates wait; the last error: {info.last_error_message}"
            return Finding("webhook", says, State.NOTE, remedy)
        return Finding("webhook", f"set; {info.pending_update_count} updates wait")


async def _writing_to(api: BotApi, chat: int) -> Finding:
    """The least that needs the right to write there, and leaves nothing behind."""
    try:
        await api(SendChatAction(chat_id=chat))
    except ChatMigrated as moved:
        says = "the group became a supergroup, which the bot follows"
        return Finding("admin chat", says, State.NOTE, f"ADMIN_CHAT_ID={moved.migrate_to_chat_id}")
    except BotApiFailure as failure:
        says, remedy = in_words(failure)
        return Finding("admin chat", says, State.WRONG, remedy or REMEDY)
    return Finding("admin chat", "the bot can write there")


async def knowing_us(api: BotApi) -> AsyncIterator[Finding]:
    """Ask it who we are."""
    try:
        await api(GetMe(), seconds=SECONDS)
    except BotApiFailure as failure:  # its text may hold the address, and that the token
        refuse(failure)
    yield Finding("telegram", "answers")


async def updates_coming_in(look: Callable[[], Awaitable[str]]) -> AsyncIterator[Finding]:
    """`look`: the way in's own; raises NoUpdates, BotApiFailure."""
    try:
        yield Finding("updates", await look())
    except NoUpdates as none:
        raise Unwell(str(none)) from none
    except BotApiFailure as failure:
        refuse(failure)


def refuse(failure: BotApiFailure) -> NoReturn:
    """Raises Unwell."""
    if isinstance(failure, Unauthorized):
        raise Unwell("the token is refused", TOKEN) from failure
    says, remedy = in_words(failure)
    raise Unwell(says, remedy) from failure
