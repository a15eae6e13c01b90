"""An answer as it came."""

from collections.abc import Sequence
from dataclasses import field

from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Whatever answered. `head`: names and values of its headers, in order, as they stood there."""

    status: int
    body: bytes
    head: Sequence[tuple[bytes, bytes]] = field(default=(), compare=False, repr=False)
