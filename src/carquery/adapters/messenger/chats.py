"""The chats of one messenger: what its adapter does there, so that replies can be shown the same way in each."""

from typing import NewType, Protocol

from carquery.adapters.messenger.message import Message
from carquery.domain.ids import CustomerId, MessageToken

PressId = NewType("PressId", str)
"""What the messenger calls one press that waits to be answered."""


class MessageGone(Exception):
    """The message to change is not there any more, or can't be changed; send a new one."""


class NotReached(Exception):
    """The customer could not be reached: the messenger is away, answers nonsense, or will not be asked. Already logged.

    Attributes:
        again_in: not before so many seconds.
        is_perhaps_done: nobody knows whether what was asked for last was done; else it was not.
    """

    def __init__(self, *, again_in: float = 0.0, is_perhaps_done: bool = False) -> None:
        super().__init__()
        self.again_in = again_in
        self.is_perhaps_done = is_perhaps_done


class Gone(NotReached):
    """The customer will not be reached any more: has blocked us, or is not there."""


class EditPressed(Protocol):
    """Makes the message with a pressed button this one, lets the button rest, and shows the sentence, if there is one.

    All in one call. Raises MessageGone: nothing of it was done.
    """

    async def __call__(
        self, customer: CustomerId, shown: MessageToken, message: Message, *, press: PressId, sentence: str = ""
    ) -> None: ...


class Chats(Protocol):
    """One customer's calls come one after another, or at once where they don't depend on each other.

    Every call may raise NotReached. What is done twice leaves the chat as done once, but for `send` and `say`.
    """

    @property
    def edit_pressed(self) -> EditPressed | None:
        """The messenger's one call for both; None: there is none, so that it takes `edit` and `answer_press`."""
        ...

    def stands_apart(self, shown: MessageToken) -> bool:
        """Whether that message put up a keyboard of its own, so that it becomes no other and has no buttons to take."""
        ...

    def must_be_new(self, message: Message) -> bool:
        """Whether no message that stands in the chat can become this one."""
        ...

    async def send(self, customer: CustomerId, message: Message, *, after: MessageToken | None) -> MessageToken | None:
        """Write a new message. A keyboard that is up comes down first, unless the message is to stand beside it.

        Args:
            after: where the screen before it stands; None: unknown.

        Returns:
            Where it stands; None: unknown.
        """
        ...

    async def edit(self, customer: CustomerId, shown: MessageToken, message: Message) -> None:
        """Make a message that stands in the chat this one. Raises MessageGone: nothing was shown."""
        ...

    async def take_buttons(self, customer: CustomerId, shown: MessageToken) -> None:
        """Take the buttons from a message, if it still has any."""
        ...

    async def say(self, customer: CustomerId, sentence: str) -> None:
        """Write a sentence that is no screen."""
        ...

    async def answer_press(self, press: PressId, sentence: str = "") -> None:
        """Let the button rest, and show the sentence over the chat, if there is one."""
        ...
