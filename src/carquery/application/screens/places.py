"""Where customers can go."""

from enum import StrEnum
from typing import TypeAlias

from carquery.domain.forms.form import Service


class Place(StrEnum):
    """Where a customer can go besides the forms."""

    MENU = "menu"
    QUESTION = "question"


Destination: TypeAlias = Place | Service


def read_destination(written: str) -> Destination | None:
    """Where a button, or a yes, leads; None: nowhere we know."""
    if written in list(Place):
        return Place(written)
    return Service(written) if written in list(Service) else None
