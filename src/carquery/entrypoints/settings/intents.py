"""What the built-in classifier has learned."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from carquery.adapters.rules.learned.shipped import WEIGHTS, read_weights
from carquery.adapters.rules.learned.weights import UnreadableWeights
from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.variables.complaints import Complaint


class IntentSettings(SettingsPart):
    """Where its weights are."""

    intent_weights: Path | None = Field(
        default=None, description="a file that `carquery ai train --out` wrote, or nothing: the weights that ship"
    )

    @property
    def weights(self) -> Path:
        """The file in use."""
        return self.intent_weights or WEIGHTS

    def contradictions(self) -> Iterator[Complaint]:
        yield from super().contradictions()
        try:
            read_weights(self.weights)
        except UnreadableWeights as unreadable:
            expected = "what `carquery ai train --out` of this version wrote"
            yield Complaint(("intent_weights",), f"{self.weights}: {unreadable}", expected)
