"""A built-in classifier that understands what it was told to, for tests of whoever asks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from carquery.application.ports.classifier import Classified
from carquery.domain.understanding import OTHER, Entities, Understanding


@dataclass(slots=True)
class MemoryInterpreter:
    """Knows some texts, and the cars that others name by these words; of anything else it says nothing.

    Attributes:
        told: by text, what it says.
        cars: by a word in lower case, make and model.
        asked: the texts of which it was asked what they want, in order.
    """

    told: dict[str, Understanding] = field(default_factory=dict)
    cars: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: {"camry": ("Toyota", "Camry"), "камри": ("Toyota", "Camry"), "vesta": ("Lada", "Vesta")}
    )

    asked: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return "rules"

    def dearest(self, message: str) -> Decimal:
        return Decimal(0)

    async def classify(self, message: str) -> Classified:
        return Classified(self.understand(message))

    def understand(self, message: str) -> Understanding:
        self.asked.append(message)
        return self._said(message)

    def mentions(self, message: str) -> Entities:
        return self._said(message).mentioned

    def _said(self, message: str) -> Understanding:
        if message in self.told:
            return self.told[message]
        for word in message.casefold().split():
            if word in self.cars:
                brand, model = self.cars[word]
                return Understanding(OTHER, 0.0, mentioned=Entities(brand=brand, model=model))
        return Understanding(OTHER, 0.0)
