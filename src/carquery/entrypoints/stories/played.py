"""A story that was played: what the customer read, and where the visit stood, turn by turn."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from carquery.domain.ids import FileId
from carquery.domain.lead import Lead
from carquery.domain.visit import Visit


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn, and what came of it.

    Attributes:
        turn: from 1; 0: the deep link.
        presses: it was a button or a deep link.
        gives_card: it was a contact card.
        shown: what the customer read in reply, each text once.
        before, after: the visit; `None`: there is none.
    """

    turn: int
    presses: bool
    gives_card: bool
    shown: tuple[str, ...]
    before: Visit | None
    after: Visit | None

    @property
    def text(self) -> str:
        """All that was read."""
        return "\n".join(self.shown)


@dataclass(slots=True)
class Played:
    """A story that was played.

    Attributes:
        leads: what was sent, oldest first.
        enclosed: photos and files that the customer sent.
        alarms: how often the staff were told of this customer.
        troubles: what could not be played, a line each.
    """

    moments: list[Moment] = field(default_factory=list)
    leads: Sequence[Lead] = ()
    enclosed: set[FileId] = field(default_factory=set)
    alarms: int = 0
    troubles: list[str] = field(default_factory=list)
