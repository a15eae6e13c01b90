"""How many tokens a text has."""

import math
from collections.abc import Callable
from typing import Final, TypeAlias

CountTokens: TypeAlias = Callable[[str], int]

_LATIN_PER_TOKEN: Final = 4
_OTHER_PER_TOKEN: Final = 2


def estimated(text: str) -> int:
    """A plausible count, rather too high: a token is about four Latin characters, or two of any other script.

    Real models count by a vocabulary of some megabytes, which lies on a server: emulators never leave the machine.
    """
    latin = sum(character.isascii() for character in text)
    return math.ceil(latin / _LATIN_PER_TOKEN + (len(text) - latin) / _OTHER_PER_TOKEN)
