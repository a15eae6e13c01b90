"""Where customers can go."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from carquery.domain.forms.form import Service
from carquery.domain.ids import Reference


class Place(StrEnum):
    """Where a customer can go besides the forms."""

    MENU = "menu"
    QUESTION = "question"


Destination: TypeAlias = Place | Service

Onward: TypeAlias = Destination | Reference
"""Where «Да» leads, when a dialog is to be left: also to a sent lead that is to be corrected."""


def read_destination(written: str) -> Destination | None:
    """Where a button, or a yes, leads; None: nowhere we know."""
    return _DESTINATIONS.get(written)


_DESTINATIONS: Final[Mapping[str, Destination]] = {**{place: place for place in Place}, **{one: one for one in Service}}
