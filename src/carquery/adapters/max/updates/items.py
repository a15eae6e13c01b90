"""An update of MAX as an item of the inflow."""

from carquery.adapters.max.updates.reading import MaxInput, read_input
from carquery.adapters.messenger.inflow import Item


def item_of(given: MaxInput, raw: bytes) -> Item[MaxInput]:
    """Whose it is, and what it is called. Several pictures are one update already."""
    return Item(given, given.input, given.customer, raw)


def item_from(raw: bytes) -> Item[MaxInput]:
    """As it was, of what was set aside. Raises ValueError: that is no update, and was not set aside by us."""
    given = read_input(raw)
    if given is None:
        raise ValueError("no update of MAX")
    return item_of(given, raw)
