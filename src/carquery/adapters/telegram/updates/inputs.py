"""Who sent an update."""

from collections.abc import Sequence

from aiogram.types import User

from carquery.application.conversation.reception import Arrival
from carquery.domain.contact import PersonName
from carquery.domain.ids import CustomerId, InputId
from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_names import read_name


def arrival_of(sender: User, update_id: int, along: Sequence[int] = ()) -> Arrival:
    """Who sent an update; `along`: the ids of those that came as one with it."""
    return Arrival(
        CustomerId(sender.id),
        InputId(update_id),
        profile_name=_profile_name(sender.first_name),
        username=sender.username,
        along=tuple(InputId(other) for other in along),
    )


def _profile_name(first_name: str) -> PersonName | None:
    try:
        return read_name(first_name)
    except AnswerRefused:  # «❤️», «<3»: a profile may be called anything
        return None
