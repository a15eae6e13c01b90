"""Who writes a message that states numbers."""

from enum import Enum, auto


class Side(Enum):
    """Who writes.

    CHOOSER: a buyer who has no car in mind. CHECKER: who wants somebody's car looked at. NEITHER: somebody else, or
    nobody knows.
    """

    SELLER = auto()
    BUYER = auto()
    CHOOSER = auto()
    CHECKER = auto()
    NEITHER = auto()


BUYERS = frozenset({Side.BUYER, Side.CHOOSER})
