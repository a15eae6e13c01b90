"""How people say who they are."""

from typing import Final

INTRODUCED_BY: Final = (
    r"меня ?зовут|зовут меня|меня звать|звать меня|зовут|зовите меня|зови меня|называйте меня|мо[её] имя|вас беспокоит"
    r"|my name is|name is|menya zovut"
)
"""What only a name follows, as a regular expression for text in any case."""
