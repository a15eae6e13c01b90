"""What of a customer's message leaves our machines."""

import re
import unicodedata
from typing import Final

from carquery.domain.personal_data import Masked, mask
from carquery.domain.typed_text import LONGEST_MESSAGE as LONGEST_TYPED
from carquery.domain.typed_text import clean

LONGEST_MESSAGE: Final = 500
"""Characters that are sent."""


def outgoing(message: str) -> Masked:
    """The message as a model may read it: personal data hidden, then cut.

    Cut before, it might end in half a phone number, which nothing finds. For the same reason it is first brought into
    plain signs, and phone numbers apart from the numbers beside them.
    """
    text = _RUSSIAN_PHONE.sub(_apart, _in_plain_signs(message[:LONGEST_TYPED]))
    masked = mask(_BESIDE_A_LONG_NUMBER.sub(", ", text).strip(" ,"))
    if len(masked.text) <= LONGEST_MESSAGE:
        return masked
    text = _CUT_PLACEHOLDER.sub("", masked.text[:LONGEST_MESSAGE])
    return Masked(text, {key: personal for key, personal in masked.hidden.items() if key in text})


_CUT_PLACEHOLDER: Final = re.compile(r"\[[A-Z]*_?[0-9]*\Z")


def _in_plain_signs(text: str) -> str:
    """What can be seen, with ASCII digits, simple spaces and hyphens: «７９１６…» and keycap emoji are phones too."""
    signs = unicodedata.normalize("NFKC", clean(_KEYCAP.sub("", text), multiline=True))
    return _SPACES.sub(" ", "".join(map(_plain, signs)))


_SPACES: Final = re.compile(" {2,}")
_KEYCAP: Final = re.compile("\ufe0f?\u20e3")


def _plain(sign: str) -> str:
    match unicodedata.category(sign):
        case "Nd":
            return str(unicodedata.decimal(sign))
        case "Zs":
            return " "
        case "Pd":
            return "-"
        case _:
            return "-" if sign == "\N{MINUS SIGN}" else sign


_GAP: Final = r"[ \n()._/-]{0,3}"
_RUSSIAN_PHONE: Final = re.compile(
    rf" ?(?<![0-9])(?:\+?7|8){_GAP}([3489][0-9]{{2}}){_GAP}([0-9]{{3}}){_GAP}([0-9]{{2}}){_GAP}([0-9]{{2}})"
    r"(?![0-9]),? ?"
)
_BESIDE_A_LONG_NUMBER: Final = re.compile(r"(?<=[0-9]) (?=\+?[0-9]{10})|(?<=[0-9]{10}) (?=[+0-9])")


def _apart(phone: re.Match[str]) -> str:
    """«2018 8 916 123-45-67 120000» would be one long number that is no phone."""
    return f" +7{''.join(phone.groups())}, "
