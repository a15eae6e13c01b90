"""The commands of the admin chat, such as `/leads`. Elsewhere they are no commands, or the customers' own."""

import structlog

from carquery.adapters.messenger.chats import MessageGone, NotReached
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.methods import SendMessage
from carquery.adapters.telegram.rendering.html import html_of
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.answer_staff import AnswerStaff
from carquery.application.staff.texts import AWAY, StaffCommand
from carquery.domain.values import dataclass

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AdminCommands:
    """Answers commands in the chat that they came from."""

    answer: AnswerStaff
    calls: Calls

    async def take(self, chat: int, command: StaffCommand, argument: str) -> None:
        """A command in the admin chat. `argument`: what stood behind it."""
        log.info("admin_command", kind=command.value)
        try:
            text = await self.answer(command, argument)
        except StoreUnavailable as away:
            log.debug("store_unavailable", cause=str(away))
            text = AWAY
        try:
            await self.calls(SendMessage(chat_id=chat, text=html_of(text)))
        except (NotReached, MessageGone):
            return  # already logged; whoever asked asks again
