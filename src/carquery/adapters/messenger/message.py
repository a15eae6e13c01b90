"""What a screen looks like before any messenger shows it."""

from typing import Final, TypeAlias

from carquery.application.marked_text import Marked, joined, plain
from carquery.application.presses import Press
from carquery.domain.values import dataclass

BETWEEN_PARAGRAPHS: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class PressButton:
    """A button that does something here."""

    label: str
    press: Press


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens a page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ContactButton:
    """A button that gives us the customer's own number."""

    label: str


Button: TypeAlias = PressButton | LinkButton | ContactButton
Rows: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message.

    Attributes:
        paragraphs: the text, at most `LONGEST_MESSAGE` long with the empty lines between them.
        rows: buttons under it. A messenger with less room may break a row. Where one can't put a `ContactButton` and
            others under one message, it lets the others type their labels, which are read as the presses they carry.
        farewell: if a keyboard that asks for the contact is up and must go, the line that takes it down.
        beside: the customer's current screen stays what it is; this one only stands beside it.
        ends_keyboard: such a keyboard may be up that nobody remembers; it is taken down.
        leaves: what the message with the pressed button becomes, if this one is to be new below it.
    """

    paragraphs: tuple[Marked, ...]
    rows: Rows = ()
    farewell: str = "👌"
    beside: bool = False
    ends_keyboard: bool = False
    leaves: "Message | None" = None

    @property
    def text(self) -> Marked:
        return joined(BETWEEN_PARAGRAPHS, self.paragraphs)

    @property
    def asks_contact(self) -> bool:
        for row in self.rows:
            for button in row:
                if isinstance(button, ContactButton):
                    return True
        return False


@dataclass(frozen=True, slots=True)
class Passing:
    """A sentence that changes nothing in the chat: over it, where a button was pressed, else a message.

    `behind`: what the message with the button should show, if it is the customer's current one.
    """

    text: str
    behind: Message | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to show."""


View: TypeAlias = Message | Passing | Nothing


def paragraphs_of(*texts: str) -> tuple[Marked, ...]:
    """Those that say anything."""
    return tuple(plain(text) for text in texts if text)
