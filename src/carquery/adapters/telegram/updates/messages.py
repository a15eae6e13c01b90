"""Messages: commands, answers, and whatever else customers send."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from aiogram.types import Message

from carquery.adapters.telegram.updates.contents import content_of
from carquery.adapters.telegram.updates.use_cases import UseCases
from carquery.application.conversation.reception import Arrival, Reply
from carquery.application.screens import Help, Place, Privacy
from carquery.application.slash_commands import SlashCommand, Slashed, read_slashed
from carquery.domain.answers import Unexpected
from carquery.domain.attachments import Parcel
from carquery.domain.source import read_deep_link


@dataclass(frozen=True, slots=True)
class Messages:
    """What each message does."""

    use_cases: UseCases

    async def __call__(self, arrival: Arrival, message: Message, album: Sequence[Message]) -> Reply | None:
        """Return what to show; None: a service message, nothing to react to. Raises StoreUnavailable."""
        if message.text is not None:
            slashed = read_slashed(message.text)
            if slashed is None:
                return await self.use_cases.take_message(arrival, message.text)
            return await self._command(arrival, slashed)
        content = content_of(message, album)
        match content:
            case None:
                return None
            case Parcel():
                return await self.use_cases.take_message.enclosed(arrival, content)
            case _:
                return await self.use_cases.collect_lead_step(arrival, content)

    async def edited(self, arrival: Arrival, message: Message) -> Reply | None:
        """Return what to show; None: not the words were changed. Raises StoreUnavailable."""
        if message.caption:
            return await self.use_cases.take_message.words_edited(arrival, message.caption)
        if message.text is None or read_slashed(message.text) is not None:
            return None
        return await self.use_cases.take_message.edited(arrival, message.text)

    async def _command(self, arrival: Arrival, slashed: Slashed) -> Reply:
        cases = self.use_cases
        match slashed.command:
            case SlashCommand.START:
                link = read_deep_link(slashed.argument)
                return await cases.go_to(arrival, link.service or Place.MENU, source=link.source)
            case SlashCommand.MENU:
                return await cases.go_to(arrival, Place.MENU)
            case SlashCommand.CANCEL:
                return await cases.leave_dialog.ask(arrival)
            case SlashCommand.HELP:
                return await cases.reception.show(arrival, Help())
            case SlashCommand.PRIVACY:
                return await cases.reception.show(arrival, Privacy(cases.policy_url))
            case None:
                return await cases.collect_lead_step(arrival, Unexpected())
            case _:
                assert_never(slashed.command)
