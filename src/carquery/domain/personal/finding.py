"""Personal data in what people write.

Nothing finds every name: what is found are those that a customer introduces themselves with, and common given names in
any case, with what stands beside them.
"""

from collections.abc import Iterable

from carquery.domain.personal.addresses import addresses
from carquery.domain.personal.documents import births, documents
from carquery.domain.personal.names import names
from carquery.domain.personal.phones import phones, unread_phones
from carquery.domain.personal.piece import Personal
from carquery.domain.personal.vehicles import plates, vins


def find_personal(text: str) -> tuple[Personal, ...]:
    """What is personal in a text, in its order; pieces don't overlap."""
    found: list[Personal] = []
    # The kinds that a longer pattern belongs to come first: a VIN may hold what looks like a phone.
    figures = (phones, documents, plates, unread_phones) if any(map(str.isdigit, text)) else ()
    for find in (addresses, vins, *figures):
        found += _apart(find(text), found)
    # Names look at what stands beside them.
    named = _apart(names(text, found), found)
    found += named
    found += _apart(births(text, named), found)
    return tuple(sorted(found, key=lambda personal: personal.start))


def _apart(candidates: Iterable[Personal], found: list[Personal]) -> list[Personal]:
    """Those that overlap nothing found before, nor one another."""
    kept: list[Personal] = []
    for one in candidates:
        if all(one.end <= other.start or other.end <= one.start for other in (*found, *kept)):
            kept.append(one)
    return kept
