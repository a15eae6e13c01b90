"""The models that can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Model:
    """One model. Lengths are tokens; `snapshot` is the name an answer carries. Source: OpenAI's pages of the models.

    Attributes:
        reasons: it thinks before it answers, takes an effort and no temperature.
    """

    name: str
    snapshot: str
    context_window: int
    max_output: int
    reasons: bool = False


_KNOWN = (
    Model("gpt-4o-mini", "gpt-4o-mini-2024-07-18", 128_000, 16_384),
    Model("gpt-4o", "gpt-4o-2024-08-06", 128_000, 16_384),
    Model("gpt-4.1", "gpt-4.1-2025-04-14", 1_047_576, 32_768),
    Model("gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", 1_047_576, 32_768),
    Model("gpt-4.1-nano", "gpt-4.1-nano-2025-04-14", 1_047_576, 32_768),
    Model("gpt-5", "gpt-5-2025-08-07", 400_000, 128_000, reasons=True),
    Model("gpt-5-mini", "gpt-5-mini-2025-08-07", 400_000, 128_000, reasons=True),
    Model("gpt-5-nano", "gpt-5-nano-2025-08-07", 400_000, 128_000, reasons=True),
)
MODELS: Mapping[str, Model] = {name: model for model in _KNOWN for name in (model.name, model.snapshot)}
"""By the names they answer to: the alias and the dated snapshot."""
