"""Phone numbers as managers write them down in a CRM."""

import re
from typing import Final

from carquery.domain.contact import Phone
from carquery.domain.numbering import spellings
from carquery.domain.written_phones import Run, Text

_LONGEST: Final = 600
"""Characters of a field that anybody looks into."""
_ZERO: Final = re.compile(r"(?<=[0-9])[OoОо]|(?<![^\W_])[OoОо](?=[0-9])")


def is_number_of(phone: Phone, written: str) -> bool:
    """Whether this number is among those that somebody wrote down there: «8 (916) 123-45-67, жена …» for +79161234567.

    Never as a part of a longer one.
    """
    if len(written) > _LONGEST:
        return False
    known = spellings(phone)
    return any(
        part.is_one and _stands_alone(run, first, after)
        for run in Text.of(_ZERO.sub("0", written)).runs
        for first, after in run.rows()
        if _spelling(part := run.part(first, after)) in known
    )


def _stands_alone(run: Run, first: int, after: int) -> bool:
    """Whether a number written down is no part of a longer one."""
    is_one_word = after - first == 1
    begins = first == 0 or run.is_parted(first) or "/" in run.gap(first) or _are_numbers(run.part(0, first))
    ends = (
        after == len(run.groups)
        or run.is_parted(after)
        or is_one_word
        or _are_numbers(run.part(after, len(run.groups)))
    )
    return begins and ends


def _are_numbers(run: Run) -> bool:
    """Whether these groups are complete numbers, one after the other."""
    count = len(run.groups)
    return any(
        run.part(0, after).known.phones and (after == count or _are_numbers(run.part(after, count)))
        for first, after in run.rows()
        if first == 0
    )


def _spelling(part: Run) -> str:
    signs = "".join(part.signs)
    return ("+" if signs.startswith("+") else "") + signs.replace("+", "")
