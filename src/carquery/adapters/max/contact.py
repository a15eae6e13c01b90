"""Contact cards as MAX sends them, and whose number it is that stands there.

No field of a card has the number: it is read from the vCard. That it is the sender's own is proved by a hash with the
bot's token as its key. Source: dev.max.ru, ContactAttachmentPayload, `hash`; the formula is that of the official PHP
client (`validateContactAttachmentHash`).
"""

import base64
import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from carquery.domain.answers import SharedContact

_NUMBER: Final = re.compile(r"^(?:[\w-]+\.)?TEL[^:\r\n]*:(?:tel:)?([+\d][\d ()-]{4,30})", re.MULTILINE | re.IGNORECASE)
_NAME: Final = re.compile(r"^(?:[\w-]+\.)?FN[^:\r\n]*:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_FOLDED: Final = re.compile(r"\r?\n[ \t]")
_ESCAPED: Final = re.compile(r"\\([\\,;])")
"""Source of all four: RFC 2426 and RFC 6350."""


@dataclass(frozen=True, slots=True)
class Unproven:
    """A number on a card of which nothing says whose it is: as good as one that was typed."""

    number: str


def read_contact(
    vcf_info: str | None, hash_: str | None, max_user: int | None, *, sender: int, token: str
) -> SharedContact | Unproven | None:
    """What a card says; `None`: it has no number.

    Args:
        hash_: MAX's word that the number is the one by which the sender is registered.
        max_user: whose card it is, if that one is in MAX.
        token: the bot's.
    """
    card = (vcf_info or "").replace("\\r\\n", "\r\n")  # some clients send them as these four signs
    unfolded = _FOLDED.sub("", card)
    found = _NUMBER.search(unfolded)
    if found is None:
        return None
    number = found[1].strip()
    if max_user not in (None, sender):
        return SharedContact(number, own=False, name=_name(unfolded))
    if not _is_signed(card, hash_ or "", token):
        return Unproven(number)
    return SharedContact(number, own=True, name=_name(unfolded))


def _name(card: str) -> str:
    found = _NAME.search(card)
    return "" if found is None else _ESCAPED.sub(r"\1", found[1]).strip()


def _is_signed(card: str, hash_: str, token: str) -> bool:
    """Whether the hash is of that card, in hexadecimal, or in base 64, as some say."""
    digest = hmac.digest(token.encode(), card.encode(errors="surrogatepass"), sha256)
    given = hash_.strip().encode(errors="replace")
    return hmac.compare_digest(given.lower(), digest.hex().encode()) or hmac.compare_digest(
        given.rstrip(b"="), base64.b64encode(digest).rstrip(b"=")
    )
