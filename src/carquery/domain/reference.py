"""The short name of a lead, for people."""

import re
from hashlib import sha256

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


def named_reference(written: str) -> Reference | None:
    """The reference that is written exactly so; `None`: it is something else."""
    return Reference(written) if _REFERENCE.fullmatch(written) else None


def id_from(what: str) -> str:
    """13 characters of Crockford's base 32 that are the same whenever that is named."""
    number = int.from_bytes(sha256(what.encode()).digest()[:9])
    return "".join(CROCKFORD[(number >> (5 * place)) & 31] for place in range(13))
