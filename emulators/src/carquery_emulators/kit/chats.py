"""What can't be read in a chat, or pressed there."""


class NothingWritten(AssertionError):
    """The bot has written nothing yet; the message shows the chat."""


class ButtonNotShown(AssertionError):
    """There is no such button now; the message names those that can be pressed."""
