"""An interpreter that understands what it was told to, for tests of whoever asks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from carquery.domain.understanding import OTHER, Entities, Understanding


@dataclass(slots=True)
class MemoryInterpreter:
    """Knows some texts, and the cars that others name by these words; of anything else it says nothing.

    Attributes:
        told: by text, what it says.
        cars: by a word in lower case, make and model.
    """

    told: dict[str, Understanding] = field(default_factory=dict)
    cars: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: {"camry": ("Toyota", "Camry"), "камри": ("Toyota", "Camry"), "vesta": ("Lada", "Vesta")}
    )

    def understand(self, message: str) -> Understanding:
        if message in self.told:
            return self.told[message]
        for word in message.casefold().split():
            if word in self.cars:
                brand, model = self.cars[word]
                return Understanding(OTHER, 0.0, mentioned=Entities(brand=brand, model=model))
        return Understanding(OTHER, 0.0)
