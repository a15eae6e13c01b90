"""By the end of a phone's number people find its leads."""

from string import digits
from typing import Final

FEWEST_DIGITS: Final = 4
"""Fewer would find strangers."""
MOST_DIGITS: Final = 10
"""A number without what is dialled before it."""


def read_phone_end(typed: str) -> str | None:
    """The digits that a number must end with, for `Chosen.phone_ends`; `None`: too few of them were typed.

    Whoever types the whole number begins it as they dial it: with 8, where the world begins with +7.
    """
    ends = "".join(sign for sign in typed if sign in digits)
    return None if len(ends) < FEWEST_DIGITS else ends[-MOST_DIGITS:]
