"""Presses in the staff chat: «Взять»."""

import re
from typing import Final

import structlog
from msgspec import UNSET

from carquery.adapters.messenger.chats import MessageGone, NotReached
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.keyboards import InlineKeyboardButton, InlineKeyboardMarkup
from carquery.adapters.telegram.api.methods import AnswerCallbackQuery, EditMessageText
from carquery.adapters.telegram.rendering.html import html_of
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.updates.wire import CallbackQuery, PressedMessage, TelegramUser
from carquery.application.marked_text import clip
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.announcement_texts import DEAL, TAKE, StaffButtons, said_to_taker, taken
from carquery.application.staff.announcing import Announcing
from carquery.application.staff.take_lead import TakeLead, TakenLead
from carquery.application.staff.texts import AWAY
from carquery.application.wording import CrmInWords
from carquery.domain.effects import Effect
from carquery.domain.ids import Reference, StaffId
from carquery.domain.take import StaffMember
from carquery.domain.values import dataclass

log = structlog.get_logger(__name__)

LONGEST_ANSWER: Final = 200
"""Characters. Source: Bot API, answerCallbackQuery."""
LONGEST_NAME: Final = 64

_TAKE: Final = re.compile(r"s:take:(CQ-[0-9A-Z]{6})", re.ASCII)
"""Begins with a letter that no customer's button begins with. Announcements stand in chats for ever."""


def keyboard_of(buttons: StaffButtons) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram has them; None: there are none."""
    row = []
    if buttons.take is not None:
        row.append(InlineKeyboardButton(TAKE, callback_data=f"s:take:{buttons.take}"))
    if buttons.link is not None:
        row.append(InlineKeyboardButton(DEAL, url=buttons.link))
    return InlineKeyboardMarkup((tuple(row),)) if row else None


@dataclass(frozen=True, slots=True)
class StaffPresses:
    """Whoever is in the staff chat may press; elsewhere such a button does nothing."""

    take_lead: TakeLead
    announcing: Announcing
    crm: CrmInWords
    calls: Calls
    admin_chat: AdminChat

    async def take(self, query: CallbackQuery) -> bool:
        """Handle a press, if it is one of the staff's buttons."""
        found = _TAKE.fullmatch(query.data or "")
        if found is None or query.message is None or not self.admin_chat.is_it(query.message.chat.id):
            return False
        reference = Reference(found[1])
        try:
            outcome = await self.take_lead(reference, _member(query.from_user))
        except StoreUnavailable as away:
            log.debug("store_unavailable", cause=str(away))
            await self._answer(query, AWAY.plain)
            return True
        log.info("lead_taking", reference=reference, outcome=outcome.outcome.value)
        await self._answer(query, said_to_taker(reference, outcome, self.crm))
        await self._show(query.message, outcome)
        return True

    async def _answer(self, query: CallbackQuery, text: str) -> None:
        answer = AnswerCallbackQuery(callback_query_id=query.id, text=clip(text, LONGEST_ANSWER), show_alert=True)
        try:
            await self.calls(answer)
        except NotReached:
            return  # already logged; the message says it too

    async def _show(self, message: PressedMessage, outcome: TakenLead) -> None:
        """Let the announcement say who has it; whatever of that fails, the next press mends."""
        if outcome.take is None or outcome.lead is None:
            return
        alert = self.announcing.of(outcome.lead)
        keyboard = keyboard_of(StaffButtons(None, self.crm.page_of(outcome.lead.made[Effect.LEAD])))
        edit = EditMessageText(
            chat_id=message.chat.id,
            message_id=message.message_id,
            text=html_of(taken(alert, outcome.take)),
            reply_markup=UNSET if keyboard is None else keyboard,
        )
        try:
            await self.calls(edit)
        except (NotReached, MessageGone):
            return  # already logged


def _member(user: TelegramUser) -> StaffMember:
    name = user.first_name.strip() or (f"@{user.username}" if user.username else f"id {user.id}")
    return StaffMember(StaffId(str(user.id)), clip(name, LONGEST_NAME))
