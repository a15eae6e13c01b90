"""Whose number a contact card of MAX's has."""

import base64
import hmac
from hashlib import sha256

import pytest

from carquery.adapters.max.contact import Unproven, read_contact
from carquery.domain.answers import SharedContact

TOKEN = "of this test alone"
ANNA, BORIS = 5, 7
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:79161234567\r\nFN:Анна Смирнова\r\nEND:VCARD\r\n"
OWN = SharedContact("79161234567", own=True, name="Анна Смирнова")
OTHERS = SharedContact("79161234567", own=False, name="Анна Смирнова")


def digest_of(card: str, token: str = TOKEN) -> bytes:
    return hmac.digest(token.encode(), card.encode(), sha256)


HASH = digest_of(CARD).hex()


@pytest.mark.parametrize(
    ("card", "hash_", "whose", "read"),
    [
        (CARD, HASH, ANNA, OWN),
        (CARD, HASH, None, OWN),
        (CARD, HASH.upper(), ANNA, OWN),
        (CARD, base64.b64encode(digest_of(CARD)).decode(), ANNA, OWN),
        (CARD.replace("\r\n", "\\r\\n"), HASH, ANNA, OWN),
        (CARD, HASH, BORIS, OTHERS),
        (CARD, None, BORIS, OTHERS),
        (CARD, None, ANNA, Unproven("79161234567")),
        (CARD, None, None, Unproven("79161234567")),
        (CARD, "", ANNA, Unproven("79161234567")),
        (CARD, digest_of(CARD, "another").hex(), ANNA, Unproven("79161234567")),
        (CARD.replace("9161", "9035"), HASH, ANNA, Unproven("79035234567")),
        (CARD, "не хеш", ANNA, Unproven("79161234567")),
        ("BEGIN:VCARD\nTEL:+7 (916) 123-45-67\nEND:VCARD", None, None, Unproven("+7 (916) 123-45-67")),
        ("item1.TEL;VALUE=uri:tel:+79161234567\n", None, None, Unproven("+79161234567")),
        ("TEL;TYPE=cell:7916\r\n 1234567\r\n", None, None, Unproven("79161234567")),
        ("BEGIN:VCARD\r\nFN:TEL\r\nNOTE:TELEPHONE: 5\r\nEND:VCARD", HASH, ANNA, None),
        ("TEL:\r\n", HASH, ANNA, None),
        ("", HASH, ANNA, None),
        (None, None, None, None),
    ],
)
def test_a_number_is_one_s_own_if_max_says_so(
    card: str | None, hash_: str | None, whose: int | None, read: SharedContact | Unproven | None
) -> None:
    assert read_contact(card, hash_, whose, sender=ANNA, token=TOKEN) == read
