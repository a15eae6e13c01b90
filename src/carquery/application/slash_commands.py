"""The commands that customers type or pick from the messenger's list, such as `/menu`: this table is all there are."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from carquery.domain.values import dataclass

_SLASHED: Final = re.compile(
    r"/(?P<name>[a-z0-9_]{1,32})(@\w+)?(\s+(?P<argument>.*))?", re.ASCII | re.IGNORECASE | re.DOTALL
)


class SlashCommand(StrEnum):
    """What follows the slash."""

    START = "start"
    MENU = "menu"
    CANCEL = "cancel"
    STATUS = "status"
    HELP = "help"
    PRIVACY = "privacy"


DESCRIPTIONS: Final[Mapping[SlashCommand, str]] = {
    SlashCommand.START: "Начать",
    SlashCommand.MENU: "Меню",
    SlashCommand.CANCEL: "Выйти из заявки",
    SlashCommand.STATUS: "Мои заявки",
    SlashCommand.HELP: "Что умеет бот",
    SlashCommand.PRIVACY: "Ваши данные",
}
"""As the messenger lists them, and, but for the first, the help."""


@dataclass(frozen=True, slots=True)
class Slashed:
    """A `/command` with what followed it. `command`: None: we know none of that name."""

    command: SlashCommand | None
    argument: str = ""


def read_slashed(text: str) -> Slashed | None:
    """The command that a text begins with, whatever bot it names (`/menu@some_bot`); None: an ordinary text."""
    found = _SLASHED.fullmatch(text)
    if found is None:
        return None
    name = found["name"].casefold()
    command = SlashCommand(name) if name in list(SlashCommand) else None
    return Slashed(command, (found["argument"] or "").strip())
