"""The answers of a form, as a message shows them all."""

from carquery.application.marked_text import LONGEST_MESSAGE, Marked, bold, clip, fit, joined

CLIPPED = 600
"""UTF-16 units that an answer may take where all of them together are too long for one message."""


def all_answers(answered: tuple[tuple[str, str], ...]) -> Marked:
    """In full; the long ones cut, if a message has no room for them."""
    room = LONGEST_MESSAGE - 500
    if not fit((text for line in answered for text in line), room):
        answered = tuple((title, clip(answer, CLIPPED)) for title, answer in answered)
    return joined("\n", (f"{title}: " + bold(answer) for title, answer in answered))
