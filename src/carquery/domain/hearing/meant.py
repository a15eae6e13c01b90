"""What of a text is said of what is wanted: not what is refused, nor another car, nor what is weighed in a question."""

import re
from typing import Final

from carquery.domain.hearing.phrase import Phrase


def stands(pattern: re.Pattern[str], phrase: Phrase) -> bool:
    """Whether the pattern stands in the text, and is not refused there; a «не» of its own refuses nothing."""
    refused = [found.span() for found in _UNWANTED.finditer(phrase.text)]
    return any(
        all(end <= begins or ends <= start or (start <= begins and ends <= end) for begins, ends in refused)
        for start, end in (found.span() for found in pattern.finditer(phrase.text))
    )


def without_unwanted(phrase: Phrase) -> Phrase:
    """«Только не вариатор», «механику не предлагать», «кроме седана и купе»: named, but not chosen."""
    return Phrase.of(_UNWANTED.sub(" ", phrase.text))


_REFUSED: Final = (
    r"(?:нуж\w+|надо|предлаг\w+|хо(?:чу|тим|тел\w+|чет\w*)|рассматрива\w+|подход\w+|подойд\w+|интерес\w+|люблю|любит"
    r"|устраива\w+|нрав\w+|довер\w+|бер(?:у|ем|ите)|вож[уа]\w*|вод(?:ит|им)|езд(?:ит|им|ил\w*)|езжу|умею|умеет"
    r"|связыва\w+сь|дружу|дружим|перевари\w+|перенош?[ую]\w*|терплю|терпит|уважаю|признаю|воспринимаю|соглас(?:ен|на|ны)"
    r"|обязат\w+|важ\w+|принципиал\w+|критич\w+)"
)
_FEARED: Final = r"(?:исключ\w+|мимо|отпада\w+|не вариант|бо[юи]\w*сь|опаса\w+сь)"
_MEANWHILE: Final = (
    r"(?:(?:мне|нам|ей|ему|им|жене|мужу|больше|уже|вообще|совсем|точно|ничего|даже|тоже|бы|лучше|ездить|водить) )"
)
_NEAR: Final = r"(?:(?:на|с|для|под|в|во|по|из|из-под|после|из под) )?"
_UNWANTED: Final = re.compile(
    rf"\b(?:не {_REFUSED} {_MEANWHILE}*(?:\w+(?:[иоы]й|ую|ая) )?"
    rf"|(?:не|ни) (?!важн)(?:(?:обязательно|только|именно|столько|особо|очень|сам[аоиу]?) )?){_NEAR}\w+"
    rf"|\b(?:кроме|вместо|исключая|помимо) {_NEAR}\w+(?: (?:и|или) {_NEAR}\w+)*"
    rf"|\bбез \w+|\b(?:боюсь|боимся|против|ненавижу|исключ\w+) \w+"
    rf"|(?!{_MEANWHILE})\b\w+ {_MEANWHILE}*(?:не ?{_REFUSED}|{_FEARED})(?!\w)"
    rf"|\b(?:зачем|к чему|на ?фига?|на кой) {_MEANWHILE}*{_NEAR}\w+"
)


def meant_of_the_wanted_car(phrase: Phrase) -> Phrase:
    """Without what is said of the customer's own car or of anybody else's, of what is given for it, and of what is
    only asked about: «меняю седан на кроссовер», «у соседа на механике», «вариатор надёжный?»; or of us: «ты робот»."""
    text = _GIVEN_FOR.sub(" ", phrase.text)
    return Phrase.of("".join(part for part in _PARTS.findall(text) if not _is_beside_it(part)))


_GIVEN_FOR: Final = re.compile(
    r"\b(?:(?:по|об|с|раз)?мен\w+|пересе\w+|перей\w+|перехо\w+) (?!на )(?:\w+ ){1,5}?на (?=\w)"
    r"|\bсо? \w+(?:и|а|ы) на (?=\w)|\b(?:после|устал\w* от) \w+"
)
_PARTS: Final = re.compile(
    r"(?:(?!\b(?:а|но|и|зато|поэтому|потому)\b)[^,;.!?\n])*(?:[,;.!?\n]+|\b(?:а|но|и|зато|поэтому|потому)\b|$)"
)
_WISHES: Final = re.compile(
    r"(?<!\w)(?:хо(?:чу|чет\w*|тим|тел\w*|тят)|нуж\w+|надо|ищ\w+|куп\w+|возьм\w+|взять|брать|подбер\w+|подобрать|найти"
    r"|чтоб\w*|бы|лучше|желательно|буд[еу]\w*|давай\w*|пусть|только|всегда|привык\w*|как у)(?!\w)"
)
_GETS: Final = re.compile(r"(?<!\w)(?:ищ\w+|куп\w+|возьм\w+|взять|нуж\w+|подбер\w+|подобрать|найти)(?!\w)")
_GIVES: Final = re.compile(
    r"(?<!\w)(?:прода(?:м|ю|дим|ем|ть|л\w*)|сда(?:м|ю|дим|ем|ть)|отда(?:м|ю|дим|ем|ть)|меня(?:ю|ем)|обмен\w*"
    r"|трейд\w*)(?!\w)"
)
_SOMEBODY: Final = (
    r"меня|нас|него|нее|них|(?:жен|мам|сестр|подруг|тещ|бабушк)[ыи]|дочк?(?:и|ери)|(?:муж|сын|брат|друг|сосед|отц|пап"
    r"|тест|дед|дяд|коллег|начальник|товарищ|знаком)\w+"
)
_HAS: Final = re.compile(
    rf"(?<!\w)(?:у (?:мо\w+ |наш\w+ )?(?:{_SOMEBODY})|езжу|ез(?:дит|дим|дил\w*)|ката(?:юсь|ется|лся|лась)|был[аои]?"
    r"|(?<!не )раньше|сейчас|пока|надоел\w*)(?!\w)"
)
_OF_US: Final = re.compile(
    r"(?<!\w)(?:(?:вы|ты|это|тут) (?:\w+ ){0,2}робот\w*|(?:туп|глуп)\w+ робот\w*|(?:говор|общ|пиш)\w+ с робот\w*)"
)
_WEIGHS: Final = re.compile(
    r"(?<!\w)(?:(?:стоит|нуж\w+|надежн\w+|плох\w+|хорош\w+|лучше|надо) ли|ли (?:брать|смысл|стоит)|правда,? что"
    r"|чем (?:\w+ )?(?:лучше|хуже|отлича\w+)|что (?:\w+ ){0,2}(?:лучше|надежнее|скажете|думаете)"
    r"|как (?:вам|вы относ\w+|насчет)|(?<!не )(?:ломает\w*|опасн\w+|проблемн\w+)|надежн\w+\?)(?!\w)"
    r"|(?<!\w)(?:надежн(?:ый|ая|ее)|лучше|хуже|нужен|нужна)(?: \w+){0,3} ?\?"
)
_ASKS_WHICH: Final = re.compile(r"(?<!\w)(?:как(?:ой|ую|ая|ие)|посовет\w+|подска\w+ как\w+)(?!\w)")


def _is_beside_it(part: str) -> bool:
    if _OF_US.search(part) is not None:
        return True
    if _WEIGHS.search(part) is not None and _ASKS_WHICH.search(part) is None:
        return True
    if _GIVES.search(part) is not None:
        return _GETS.search(part) is None
    return _HAS.search(part) is not None and _WISHES.search(part) is None
