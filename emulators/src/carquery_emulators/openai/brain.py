"""What the models say."""

from collections.abc import Callable
from typing import TypeAlias

from carquery_emulators.kit.json_types import Json

Brain: TypeAlias = Callable[[str, str], Json | str]
"""Model and message to what the model says.

A JSON object is held to the request's schema, as constrained decoding does: what is missing becomes null or empty, what
the schema does not know is left out; a value of a wrong type is the brain's mistake and answered with 500, in words. A
string is said as it is, whatever the schema.
"""


def nothing_to_say(_model: str, _message: str) -> Json:
    """What the schema asks for, and nothing in it: the first choice, the empty text, zero, null where it may be."""
    return {}


def always(said: Json | str) -> Brain:
    """A brain that says one and the same, whatever it is asked."""
    return lambda _model, _message: said
