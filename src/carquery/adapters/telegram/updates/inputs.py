"""Who sent an update, and the commands in texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.types import User

from carquery.application.conversation.reception import Arrival
from carquery.domain.contact import PersonName
from carquery.domain.ids import CustomerId, InputId
from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_names import read_name

_COMMAND = re.compile(r"/(?P<name>[a-z0-9_]{1,32})(@\w+)?(\s+(?P<argument>.*))?", re.ASCII | re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class BotCommand:
    """A `/command` with what followed it."""

    name: str
    argument: str


def arrival_of(sender: User, update_id: int, along: Sequence[int] = ()) -> Arrival:
    """Who sent an update; `along`: the ids of those that came as one with it."""
    return Arrival(
        CustomerId(sender.id),
        InputId(update_id),
        profile_name=_profile_name(sender.first_name),
        username=sender.username,
        along=tuple(InputId(other) for other in along),
    )


def read_bot_command(text: str) -> BotCommand | None:
    """The command that a text begins with; None: it is an ordinary text."""
    found = _COMMAND.fullmatch(text)
    return None if found is None else BotCommand(found["name"].casefold(), (found["argument"] or "").strip())


def _profile_name(first_name: str) -> PersonName | None:
    try:
        return read_name(first_name)
    except AnswerRefused:  # «❤️», «<3»: a profile may be called anything
        return None
