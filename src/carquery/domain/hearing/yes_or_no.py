"""Yes and no to what was asked last."""

from carquery.domain.hearing.phrase import Phrase
from carquery.domain.typed_commands import read_leading, read_yes_or_no


def agrees(typed: str, *, few_words: int) -> bool | None:
    """The yes or no that a text is, or, in no more words than these and no figures, begins with; `None`: neither."""
    said = read_yes_or_no(typed)
    if said is not None:
        return said
    phrase = Phrase.of(typed)
    return read_leading(typed) if len(phrase.words) <= few_words and not phrase.has_figures else None
