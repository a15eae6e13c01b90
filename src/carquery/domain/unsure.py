"""An answer that can be read in more than one way."""

from typing import Generic, TypeVar

from carquery.domain.values import dataclass

V_co = TypeVar("V_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Unsure(Generic[V_co]):
    """What was typed is ambiguous: the readings to offer as buttons, likeliest first; at least one."""

    readings: tuple[V_co, ...]
