"""Messages to the admin chat: one try each, and what it means if one fails."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog
from msgspec import UNSET

from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.failures import (
    BadRequest,
    BotApiFailure,
    ChatMigrated,
    Forbidden,
    NotFound,
    TooManyRequests,
    Unauthorized,
    in_words,
)
from carquery.adapters.telegram.api.keyboards import InlineKeyboardMarkup
from carquery.adapters.telegram.api.methods import SendMessage
from carquery.adapters.telegram.rendering.html import html_of
from carquery.adapters.telegram.staff.admin_chat import REMEDY, AdminChat
from carquery.adapters.telegram.staff.staff_presses import keyboard_of
from carquery.application.ports.alert_outbox import AlertRefused, ChatAway, ChatBusy, ChatRefuses, NotSaid
from carquery.application.ports.alerts import Alert
from carquery.application.ports.environment import Clock
from carquery.application.staff.announcement_texts import buttons_of
from carquery.application.staff.texts import StaffTexts

log = structlog.get_logger(__name__)

CALL_SECONDS: Final = 10
WHOLE_SECONDS: Final = 20.0
"""Of an answer that comes drop by drop; less than the lease of a turn."""

_ABOUT_THE_MESSAGE: Final = ("parse entities", "message is too long", "text must be", "message text is empty")
"""Any other «Bad Request» is about the chat: none such, no right to write, a closed topic, deactivated …"""


class TelegramStaffChat:
    """Writes to the admin chat, which it follows when it moves."""

    def __init__(self, api: BotApi, admin_chat: AdminChat, texts: StaffTexts, clock: Clock) -> None:
        self._api = api
        self._admin_chat = admin_chat
        self._texts = texts
        self._clock = clock

    async def say(self, alert: Alert, *, since: datetime | None = None, times: int = 1) -> None:
        del times  # every message names what it sums up
        text = html_of(self._texts.alert(alert, since=since, now=self._clock.now()))
        keyboard = keyboard_of(buttons_of(alert, self._texts.crm))
        moved = await self._say(text, keyboard)
        if moved is not None:
            await self._admin_chat.moved(*moved)
            if await self._say(text, keyboard) is not None:
                raise ChatRefuses("the group moved twice")

    async def _say(self, text: str, keyboard: InlineKeyboardMarkup | None) -> tuple[int, int] | None:
        """Returns the chat's move, if that is why it was not said. Raises NotSaid."""
        chat = self._admin_chat.id
        if chat is None:
            raise ChatRefuses("ADMIN_CHAT_ID is not set")
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                message = SendMessage(chat_id=chat, text=text, reply_markup=UNSET if keyboard is None else keyboard)
                await self._api(message, seconds=CALL_SECONDS)
        except ChatMigrated as moved:
            return chat, moved.migrate_to_chat_id
        except TooManyRequests as flood:
            raise ChatBusy(timedelta(seconds=flood.retry_after)) from flood
        except BadRequest as refusal:
            says = refusal.description
            is_about_the_message = any(words in says for words in _ABOUT_THE_MESSAGE)
            raise (AlertRefused if is_about_the_message else ChatRefuses)(f"Telegram: {says}") from refusal
        except (Forbidden, Unauthorized, NotFound) as refusal:
            raise ChatRefuses(f"Telegram: {refusal.description}") from refusal
        except BotApiFailure as failure:
            raise ChatAway(f"Telegram: {in_words(failure)[0]}") from failure
        except Exception as failure:  # whatever else happens on the way: it is not to be had now
            raise ChatAway(f"Telegram: {type(failure).__name__}") from failure
        return None


class SaidAtOnce:
    """Alerts that are said now or never; where there is no admin chat, never."""

    def __init__(self, chat: TelegramStaffChat, admin_chat: AdminChat) -> None:
        self._chat = chat
        self._admin_chat = admin_chat

    async def tell(self, alert: Alert) -> None:
        """Tell, if the chat can be reached; never fails."""
        if self._admin_chat.id is None:
            return
        try:
            await self._chat.say(alert)
        except NotSaid as failure:
            # What the alert is about goes on all the same, an erasure for example.
            log.warning("alert_not_told", kind=type(alert).__name__, cause=str(failure), remedy=REMEDY)
