"""The weights that ship with the project, and a dealership's own."""

from pathlib import Path
from typing import Final

from carquery.adapters.rules.learned.data import hash_of_data
from carquery.adapters.rules.learned.weights import Learned, UnreadableWeights, from_bytes

WEIGHTS: Final = Path(__file__).parents[1] / "data" / "intents.weights"
"""What `carquery ai train` makes of the messages beside it."""


def read_weights(file: Path = WEIGHTS) -> Learned:
    """What was learned. Raises UnreadableWeights: damaged, not there, or of another version."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableWeights((error.strerror or str(error)).lower()) from error
    return from_bytes(content)


def is_of_this_data(learned: Learned) -> bool:
    """Whether it was learned from the messages that ship with this version."""
    return learned.data == hash_of_data()
