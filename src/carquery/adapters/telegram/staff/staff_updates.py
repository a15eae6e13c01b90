"""The staff chat's messages: commands that are meant for us, and the news that it moved."""

import re
from dataclasses import dataclass, field
from typing import Final

import structlog

from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.failures import BotApiFailure
from carquery.adapters.telegram.api.methods import GetMe
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.admin_commands import AdminCommands
from carquery.adapters.telegram.staff.staff_presses import StaffPresses
from carquery.adapters.telegram.updates.wire import CallbackQuery, MyChatMember, TelegramMessage
from carquery.application.staff.texts import STAFF_COMMANDS, StaffCommand

log = structlog.get_logger(__name__)

_COMMAND: Final = re.compile(
    rf"\s*/({'|'.join(STAFF_COMMANDS)})(?:@(\S+))?(?:\s+(.*))?", re.ASCII | re.IGNORECASE | re.DOTALL
)
"""`/retry CQ-7K3M9X`, `/leads@the_bot`: where several bots are in a group, Telegram names the one that is meant."""
_GONE: Final = ("left", "kicked")
"""What a bot is in a chat that it was taken out of. Source: Bot API, ChatMemberLeft, ChatMemberBanned."""


@dataclass(slots=True)
class StaffUpdates:
    """Takes what is the staff's; whatever else is said in their group is left in silence."""

    api: BotApi
    commands: AdminCommands
    presses: StaffPresses
    admin_chat: AdminChat
    _username: str | None = field(default=None, init=False)

    async def take(self, message: TelegramMessage) -> bool:
        """Handle a message, if it is theirs. False: a customer's, who may also be the only one in the staff chat."""
        if self.admin_chat.id is None:
            return False
        if message.migrate_to_chat_id or message.migrate_from_chat_id:  # the group became a supergroup: said in both
            old = message.migrate_from_chat_id or message.chat.id
            await self.admin_chat.moved(old, message.migrate_to_chat_id or message.chat.id)
            return True
        if not self.admin_chat.is_it(message.chat.id):
            return False
        command = _COMMAND.fullmatch(message.text or message.caption or "")
        if command is None or not await self._is_us(command[2]):
            return False
        await self.commands.take(message.chat.id, StaffCommand(command[1].lower()), command[3] or "")
        return True

    async def pressed(self, query: CallbackQuery) -> bool:
        """Handle a press, if it is on a button of theirs."""
        return self.admin_chat.id is not None and await self.presses.take(query)

    def joined(self, member: MyChatMember) -> None:
        """What the bot may do in a group has changed: whoever looks for its id to set `ADMIN_CHAT_ID` reads it here."""
        if self.admin_chat.id is None and member.new_chat_member.status not in _GONE:
            log.info(
                "group_joined", admin_chat=member.chat.id, remedy=f"ADMIN_CHAT_ID={member.chat.id}: the staff's chat"
            )

    async def _is_us(self, addressee: str | None) -> bool:
        """Whether a command with that name behind it is ours; without one it is everybody's."""
        if addressee is None:
            return True
        if self._username is None:
            try:
                self._username = (await self.api(GetMe())).username
            except BotApiFailure:
                return True  # nobody can be answered now anyway
        return self._username is None or addressee.lower() == self._username.lower()
