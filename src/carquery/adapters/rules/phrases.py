"""Forms that the model has yet to learn: told by what their wish says that customers say."""

from collections.abc import Collection, Sequence

from carquery.adapters.rules.text import Token, stem, words_of
from carquery.domain.forms.catalogue import ON_THE_MENU
from carquery.domain.forms.form import Service

SURE = 0.9


class Phrases:
    """The phrases of some services, each word in all its forms."""

    def __init__(self, services: Collection[Service]) -> None:
        self._phrases = [
            (form.service, [stem(word) for word in words_of(phrase)])
            for form in ON_THE_MENU
            if form.service in services
            for phrase in form.wish.said
        ]

    def said_in(self, tokens: Sequence[Token]) -> Service | None:
        """Whose phrase stands in the message; `None`: nobody's."""
        if not self._phrases:
            return None
        stems = [stem(token.text) for token in tokens]
        return next((service for service, phrase in self._phrases if _contains(stems, phrase)), None)


def _contains(stems: Sequence[str], phrase: Sequence[str]) -> bool:
    return any(stems[start : start + len(phrase)] == phrase for start in range(len(stems) - len(phrase) + 1))
