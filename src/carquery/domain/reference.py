"""The short name of a lead, for people."""

import re

from carquery.domain.ids import Reference

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without I, L, O and U. Source: Douglas Crockford, «Base 32»."""

_REFERENCE = re.compile(rf"CQ-[{CROCKFORD}]{{6}}")
_READ_ALOUD = str.maketrans("ILO", "110")


def read_reference(typed: str) -> Reference | None:
    """Read a reference as written: any case, with or without `CQ-`, I and L for 1, O for 0; `None` if it is not one."""
    letters = typed.strip().upper().removeprefix("CQ").lstrip("-").translate(_READ_ALOUD)
    candidate = f"CQ-{letters}"
    return Reference(candidate) if _REFERENCE.fullmatch(candidate) else None
