"""A Telegram update as an item of the inflow."""

from carquery.adapters.messenger.inflow import Item
from carquery.adapters.telegram.channel import customer_of_user
from carquery.adapters.telegram.updates.reading import Arrived, album_of, customer_of
from carquery.domain.ids import InputId


def item_of(arrived: Arrived, raw: bytes) -> Item[Arrived]:
    """Whose it is, what it is called, and the album it is a part of."""
    sender = customer_of(arrived)
    return Item(
        arrived,
        InputId(str(arrived.update_id)),
        None if sender is None else customer_of_user(sender),
        raw,
        album=album_of(arrived),
    )
