"""Who sent an update."""

from collections.abc import Sequence

from carquery.adapters.telegram.channel import Shown, customer_of_user, handle_of_user
from carquery.adapters.telegram.updates.wire import TelegramUser
from carquery.application.conversation.reception import Arrival
from carquery.domain.ids import InputId


def arrival_of(
    sender: TelegramUser, update_id: int, along: Sequence[int] = (), *, message_id: int | None = None
) -> Arrival:
    """Who sent an update.

    Args:
        along: the ids of those that came as one with it.
        message_id: the message that the sender wrote or edited.
    """
    return Arrival(
        customer_of_user(sender.id),
        InputId(str(update_id)),
        profile_name=sender.first_name,
        handle=handle_of_user(sender.id, sender.username),
        along=tuple(InputId(str(other)) for other in along),
        message=None if message_id is None else Shown(message_id).token,
    )
