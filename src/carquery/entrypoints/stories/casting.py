"""Who acts in stories, in whatever messenger."""

from typing import Final

FIRST_NAME: Final = "Саша"
_FIRST_PHONE: Final = 79160000001


def phone_of(number: int) -> str:
    """Everybody has one of their own."""
    return f"+{_FIRST_PHONE + number}"
