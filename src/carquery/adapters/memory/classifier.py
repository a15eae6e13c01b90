"""A classifier that answers what it was told to, for tests of whoever asks it."""

import asyncio
from collections import deque
from decimal import Decimal

from carquery.application.ports.classifier import Classified, ClassifierFailed
from carquery.domain.understanding import OTHER, Understanding


class MemoryClassifier:
    """Gives its answers one after another, the last of them again and again.

    Attributes:
        asked: the messages it was given, in order.
    """

    def __init__(
        self,
        name: str,
        *answers: Classified | ClassifierFailed,
        dearest: Decimal = Decimal(0),
    ) -> None:
        self._name = name
        self._answers = deque(answers or (Classified(Understanding(OTHER, 0.0)),))
        self._dearest = dearest
        self._hangs = False
        self.asked: list[str] = []

    @property
    def name(self) -> str:
        return self._name

    def hang(self) -> None:
        """Answer no more."""
        self._hangs = True

    def dearest(self, message: str) -> Decimal:
        return self._dearest

    async def classify(self, message: str) -> Classified:
        self.asked.append(message)
        if self._hangs:
            await asyncio.Event().wait()
        answer = self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, ClassifierFailed):
            raise answer
        return answer
