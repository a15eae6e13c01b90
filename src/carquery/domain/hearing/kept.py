"""Which free messages stand in the next lead, word for word."""

from typing import Final

from carquery.domain.hearing.freely import (
    Accepts,
    AddsToLead,
    CancelsLead,
    CorrectsLead,
    Declines,
    FreelyHeard,
    RefusesCalls,
)
from carquery.domain.hearing.heard import AsksUs, Courtesy
from carquery.domain.hearing.talk import STATUS
from carquery.domain.typed_commands import read_yes_or_no

_OF_A_SENT_LEAD: Final = (AddsToLead, CancelsLead, CorrectsLead, RefusesCalls)


def is_kept(typed: str, heard: FreelyHeard) -> bool:
    """Whether its words are for whoever reads the next lead.

    Not a greeting, a mere yes or no, nor what is said of a lead that was sent: that is told where it belongs.
    """
    match heard:
        case Courtesy():
            return False
        case Accepts() | Declines():
            return read_yes_or_no(typed) is None
        case AsksUs(topic):
            return topic != STATUS
        case _:
            return not isinstance(heard, _OF_A_SENT_LEAD)
