"""How long a messenger wants to be left alone, as far as that is believed."""

from typing import Final

LONGEST: Final = 24 * 3600
"""Seconds. Limits against floods last up to about a day. More is nonsense, such as milliseconds or a date, and a bot
that obeyed it would be silent for years; after a day it is asked again, and says so again if it meant it."""


def believed(seconds: int) -> int:
    """Of so many that it has said: at least one, and no more than a day."""
    return min(max(seconds, 1), LONGEST)
