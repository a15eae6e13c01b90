"""Where somebody can be reached or found: e-mail, pages and names in networks, streets."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from carquery.domain.personal.piece import Personal, PersonalKind

_AT: Final = (
    r"(?: ?@ ?| ?[(\[]? ?(?:собак[аиу]|sobaka|at|dog) ?[)\]] ?| (?:собак[аиу]|sobaka) |(?<=[a-z0-9])собака(?=[a-z]))"
)
_DOT: Final = r"(?:\.| ?[(\[]? ?(?:точка|dot) ?[)\]]? ?| \. ?)"
_POST: Final = (
    r"(?:(?:г|джи)(?:мейл|маил|майл|мэйл)|мейл|мэйл|майл|яндекс|рамблер|gmail|mail|yandex|rambler)"
    rf"(?:{_DOT}| )(?:ру|ком|ru|com)(?!\w)"
)
"""«гмейл ком»"""
_EMAIL: Final = re.compile(
    rf"[\w.+-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{2,63}}){{1,4}}"
    rf"|[\w.+-]{{1,64}}{_AT}{_POST}|(?<!\w)[a-z][a-z0-9._+-]{{3,63}} {_POST}"
    r"|[\w.+-]{1,64}@(?:mail|gmail|yandex|ya|bk|list|inbox|rambler|icloud)\b(?: ?ru\b| ?com\b)?",
    re.IGNORECASE,
)
_MAYBE_EMAIL: Final = re.compile(
    r"@|собак|sobaka|(?:at|dog) ?[)\]]|мейл|маил|майл|мэйл|яндекс|рамблер|mail|yandex|rambler", re.IGNORECASE
)
"""What every e-mail address has something of: to look for one costs as much as for everything else that is personal."""
_AT_NAME: Final = re.compile(r"(?<![\w.@])@[A-Za-z][\w.]{2,31}")
_PAGE: Final = re.compile(
    r"(?<![\w.])(?:https?://)?(?:[a-z0-9-]+\.)?"
    r"(?:(?:t\.me|teleg\w{1,4}\.(?:me|dog)|vk\.(?:com|ru|me)|vkontakte\.ru|instagram\.com|instagr\.am|wa\.me|whatsapp\.com"
    r"|ok\.ru|odnoklassniki\.ru|facebook\.com|fb\.(?:com|me)|m\.me|twitter\.com|viber\.(?:me|click)|max\.ru|signal\.me)"
    r"/[\w.?=&%@+~/#-]+|(?:tiktok|youtube)\.com/@[\w.-]+|avito\.ru/(?:user|profile)[\w.?=&%/-]*)"
    r"|(?<!\w)(?:tg|viber|whatsapp|skype|mailto)://?[\w.?=&%@+/-]+",
    re.IGNORECASE,
)
_NETWORKS: Final = (
    r"тг|телег\w*|teleg\w*|tg|инст\w{0,8}|insta\w{0,5}|вк|вконтакте|vk|whats ?app|вотсап\w?|вайбер\w?|viber"
    r"|скайп\w?|skype|ник|никнейм|логин|дискорд|discord"
)
_IN_A_NETWORK: Final = re.compile(
    rf"(?<!\w)(?:{_NETWORKS})(?:(?P<sign> ?[:=–-] ?)| )(?:ник )?@?(?P<name>[A-Za-z][A-Za-z0-9_.]{{3,31}})(?!\w)",
    re.IGNORECASE,
)

_KIND_OF_STREET: Final = (
    r"ул(?:иц[аеыу])?|пр-к?т|просп(?:ект[еау]?)?|пер(?:еул(?:ок|ке|ка)?)?|б-р|бульвар[еа]?|наб(?:ережн\w+)?|пл(?:ощад[ьи])?"
    r"|мкрн?|мкр-н|микрорайон[еа]?|проезд[еа]?|пр-д|тракт[еа]?|туп(?:ик[еа]?)?|кв-л|квартал[еа]?"
)
_NAME: Final = r"(?:[0-9]{1,3}-?(?:й|я|го|ая|ый)? )?[А-ЯЁа-яё][а-яё.-]+(?: [А-ЯЁ][а-яё-]+){0,2}"
_HOUSE: Final = (
    r"(?:,? ?(?:д(?:ом)?\.? ?)?[0-9]{1,4} ?(?:[а-е](?![\w])|/[0-9]{1,3})?"
    r"(?:,? ?(?:к|корп(?:ус)?|стр(?:оение)?|под(?:ъезд)?|эт(?:аж)?)\.? ?[0-9]{1,3}){0,3}"
    r"(?:,? ?(?:кв(?:артира)?|оф(?:ис)?)\.? ?[0-9]{1,4}|-[0-9]{1,4})?)"
)
_STREETS: Final = (
    # «ул. Ленина, д. 5, кв. 12», «улица Гагарина»
    re.compile(rf"(?<!\w)(?:{_KIND_OF_STREET})\.? {_NAME}{_HOUSE}(?![\w])", re.IGNORECASE),
    re.compile(r"(?<!\w)(?i:ул(?:иц[аеыу])?|просп(?:ект[еау]?)?|пр-к?т|пер)\.? ?[А-ЯЁ][а-яё-]+(?: [А-ЯЁ][а-яё-]+)?"),
    # «пр. Ленина 44», «деревня Ивановка, дом 5»
    re.compile(
        rf"(?<!\w)(?i:пр\.|ш\.|шоссе|деревня|село|пос[её]лок|снт|станица|хутор) ?(?=[А-ЯЁ]){_NAME}{_HOUSE}(?!\w)"
    ),
    # «Варшавское шоссе, 132»
    re.compile(
        rf"(?<!\w)[А-ЯЁа-яё][а-яё-]+(?:ая|ий|ый|ой|ое|ом|ому|ской) (?:{_KIND_OF_STREET}|шоссе|ш|пр)\.?{_HOUSE}(?![\w])",
        re.IGNORECASE,
    ),
    # «Ленина д 15 кв 3», «дом 5 квартира 12»
    re.compile(
        r"(?<!\w)(?:[А-ЯЁ][а-яё-]+,? )?(?:д(?:ом)?\.? ?)?[0-9]{1,4} ?[а-е]?,? ?"
        r"(?:(?:к|корп(?:ус)?|стр(?:оение)?)\.? ?[0-9]{1,3},? ?)?(?:кв|квартира)\.? ?[0-9]{1,4}(?![\w])",
        re.IGNORECASE,
    ),
    # «Тверская 15», but «Японская 15 года» is a car
    re.compile(
        r"(?<!\w)[А-ЯЁ][а-яё]+[сц]к(?:ая|ой|ую),? (?:д(?:ом)?\.? ?)?[0-9]{1,3}(?:[а-е]|/[0-9]{1,3})?"
        r"(?!\w|[ .,]?[0-9]| ?(?:г|год\w*|лет|тыс|т|км|к|млн|штук\w*|руб\w*|р)(?!\w))"
    ),
    re.compile(r"(?<!\w)(?:почтовый )?индекс[ :]{1,2}[0-9]{6}(?!\w)", re.IGNORECASE),
)


def addresses(text: str) -> Sequence[Personal]:
    """E-mail addresses, pages and names in networks, postal addresses; of those that overlap the longest first."""
    return sorted(_every_address(text), key=lambda address: address.start - address.end)


def _every_address(text: str) -> Iterator[Personal]:
    sought = (_PAGE, _AT_NAME, *_STREETS) if _MAYBE_EMAIL.search(text) is None else (_EMAIL, _PAGE, _AT_NAME, *_STREETS)
    for match in chain.from_iterable(pattern.finditer(text) for pattern in sought):
        yield _address(match.start(), match.end(), text)
    for match in _IN_A_NETWORK.finditer(text):
        name = match["name"].rstrip(".")
        # «в вк Toyota» names a car.
        if match["sign"] or any(sign.isdigit() or sign in "_." for sign in name):
            yield _address(match.start("name"), match.start("name") + len(name), text)


def _address(start: int, end: int, text: str) -> Personal:
    return Personal(PersonalKind.ADDRESS, start, end, text[start:end])
