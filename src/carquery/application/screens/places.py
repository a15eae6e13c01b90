"""Where customers can go."""

from enum import StrEnum
from typing import TypeAlias

from carquery.domain.forms.form import Service


class Place(StrEnum):
    """Where a customer can go besides the forms."""

    MENU = "menu"
    QUESTION = "question"


Destination: TypeAlias = Place | Service
