"""Digits as they are dialled, and the phone numbers that they may stand for.

What is dialled is written here as groups of digits, each with its «+» if one was typed: `("+7", "916", "1234567")`.
"""

from collections.abc import Sequence

import phonenumbers

from carquery.domain.contact import Phone
from carquery.domain.values import dataclass

SHORTEST_DIALLED, LONGEST_DIALLED = 7, 20
"""Digits: the longest number there is, its country's code typed once more, a way out of the country."""

ANONYMOUS = "888"
"""Numbers that are sold as names of accounts; no telephone reaches them. Source: fragment.com/numbers."""

_COUNTRY, _TRUNK = "7", "8"
_NATIONAL_DIGITS, _AREA_DIGITS = 10, 3
"""Russia's and Kazakhstan's, behind +7."""
_NEIGHBOURS = ("37", "380", "99")
"""Calling codes of countries whose people live and call in Russia; no Russian area code begins so."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """What digits may stand for.

    Attributes:
        phones: likeliest first; none: no number that there could be.
        is_sure: there is one, and hardly anything else can be meant.
    """

    phones: tuple[Phone, ...]
    is_sure: bool = False


NOTHING = Dialled(())


def dialled(groups: Sequence[str]) -> Dialled:
    """Read groups of digits as one number; without a country's code it is Russian, or foreign if it can't be that."""
    whole = complete(groups)
    if whole.phones or not _digits(groups):
        return whole
    digits = _digits(groups).removeprefix("00")
    # A «+7» that stood there already, and the number with a code of its own behind it.
    if digits.startswith((_COUNTRY, _TRUNK)) and digits[1:].startswith(_NEIGHBOURS):
        behind = _without_plus(digits[1:])
        return NOTHING if behind is None else Dialled((behind,))
    if groups[0].startswith(("+", "00")):
        return _unknown(digits)
    foreign = _without_plus(digits)
    return NOTHING if foreign is None else Dialled((foreign,), is_sure=True)


def complete(groups: Sequence[str]) -> Dialled:
    """Read groups that are surely a whole number: a Russian one, or one with its «+», as it is given out."""
    digits = _digits(groups)
    if not SHORTEST_DIALLED <= len(digits) <= LONGEST_DIALLED:
        return NOTHING
    signs = "".join(groups)
    code, _, rest = signs.lstrip("+").partition("+")
    if rest:
        return _behind_code(code, rest)
    is_international = signs.startswith("+")
    if is_international and groups[0] == "+8":
        # No country has +8: it is the domestic 8, unless the next group belongs to the code («+8 49…»).
        phones = tuple(phone for phone in (_given_out(digits), _given_out("+" + digits)) if phone is not None)
        return Dialled(phones, is_sure=len(phones) == 1)
    if is_international:
        # No country has +89: it is the domestic 8 of a Russian mobile behind a needless «+».
        phone = _given_out(digits if digits.startswith("89") else "+" + digits)
    elif digits.startswith("00"):
        phone = _given_out("+" + digits[2:])
    else:
        phone = _given_out(digits)
    if phone is not None:
        # «8345 218675»: the domestic 8 and a number that lacks a digit, or an area's code and no 8.
        is_short = len(digits) == _NATIONAL_DIGITS and digits[0] == _TRUNK and len(groups[0]) != _AREA_DIGITS
        return Dialled((phone,), is_sure=not is_short)
    twice = _code_typed_twice(digits.removeprefix("00"), groups)
    return NOTHING if twice is None else Dialled((twice,), is_sure=True)


def vouched(digits: str) -> Phone | None:
    """The number that a messenger vouches for, always international; its plan may be newer than ours.

    None: not E.164, or it lacks a country's code and is Russian in truth.
    """
    known = _given_out("+" + digits)
    if known is not None or _given_out(digits) is not None:
        return known
    # The length of a Russian number is settled; so a wrong one is no number.
    is_short_or_long = digits.startswith(_COUNTRY) and len(digits) != 1 + _NATIONAL_DIGITS
    return None if is_short_or_long else _possible("+" + digits)


def spellings(phone: Phone) -> frozenset[str]:
    """The digits by which a number is written down, with a «+» where it must be there."""
    digits = phone.e164[1:]
    international = {digits, f"00{digits}", f"810{digits}", f"+{digits}"}
    if not digits.startswith(_COUNTRY):
        return frozenset(international)
    national = digits[1:]
    codes = ("", "8", "78", "87", "77", "88", "+8", "+78", "+77")
    return frozenset(international | {code + national for code in codes})


def _digits(groups: Sequence[str]) -> str:
    return "".join(groups).replace("+", "")


def _behind_code(code: str, rest: str) -> Dialled:
    """«8 +7 916 …», «+7 (+375 29 …»: the code typed first is the keyboard's or a habit; the second has the «+»."""
    is_code = code in (_COUNTRY, _TRUNK, "00", "810") or rest.startswith(code)
    phone = _given_out("+" + rest) if is_code and len(code) <= 3 and "+" not in rest else None
    return NOTHING if phone is None else Dialled((phone,), is_sure=True)


def _code_typed_twice(digits: str, groups: Sequence[str]) -> Phone | None:
    """The number behind a code that was typed twice, unless a digit too many is as likely."""
    for length in (1, 2, 3):
        code, rest = digits[:length], digits[length:]
        again = _again(code, rest)
        if again is None:
            continue
        phone = _given_out("+" + again)
        stands_alone = len(groups) > 2 and groups[0].lstrip("+") == code and groups[1] in (code, _TRUNK, _COUNTRY)
        # A digit too many is as likely as one code digit too many; two or three are not.
        is_slip = length == 1 and _given_out(digits[:-1] if digits[0] in "78" else f"+{digits[:-1]}") is not None
        if phone is not None and (stands_alone or not is_slip):
            return phone
    return None


def _again(code: str, rest: str) -> str | None:
    """What follows the first code, from the second one on."""
    if code in (_COUNTRY, _TRUNK):
        is_russian = rest[:1] in (_COUNTRY, _TRUNK) and len(rest) == 1 + _NATIONAL_DIGITS
        return _COUNTRY + rest[1:] if is_russian else None
    rest = rest.removeprefix("00")
    return rest if rest.startswith(code) and int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE else None


def _unknown(digits: str) -> Dialled:
    """A number behind its «+» that is not given out, as far as we know."""
    domestic = _given_out(digits) if digits.startswith("9") else None
    if domestic is not None:
        return Dialled((domestic,))
    foreign = None if digits.startswith((_COUNTRY, ANONYMOUS)) else _possible("+" + digits)
    is_of_some_length = foreign is not None and phonenumbers.is_possible_number(phonenumbers.parse(foreign.e164))
    return Dialled((foreign,)) if foreign is not None and is_of_some_length else NOTHING


def _given_out(number: str) -> Phone | None:
    try:
        parsed = phonenumbers.parse(number, "RU")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    try:
        return Phone(_as_e164(parsed))
    except ValueError:  # some plans have numbers of 16 and 17 digits, which are not E.164
        return None


def _possible(e164: str) -> Phone | None:
    try:
        phone = Phone(e164)
    except ValueError:
        return None
    # A «0» of dialling within the country is no part of the number.
    return phone if e164 == _as_e164(phonenumbers.parse(e164)) else None


def _as_e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _without_plus(digits: str) -> Phone | None:
    """A foreign number whose «+» was left out.

    Only those of 11 digits and more: shorter ones are as likely some country's domestic number. Only mobiles, except
    for the neighbours: a Russian landline with a digit too many («495…») is a German one otherwise.
    """
    phone = _given_out("+" + digits) if len(digits) >= 11 else None
    if phone is None:
        return None
    parsed = phonenumbers.parse(phone.e164)
    if phonenumbers.region_code_for_number(parsed) == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY:
        return None  # a satellite's, like that of Saint Petersburg with a digit too many: «8 812 …»
    kind = phonenumbers.number_type(parsed)
    is_mobile = kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return phone if is_mobile or digits.startswith(_NEIGHBOURS) else None
