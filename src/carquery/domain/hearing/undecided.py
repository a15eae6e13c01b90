"""«Не знаю», «без разницы», «сколько дадите»: who can't or won't say."""

import re
from typing import Final

from carquery.domain.hearing.phrase import Phrase, word_set
from carquery.domain.number_words import CARDINALS, FRACTIONS

_UNDECIDED: Final = re.compile(
    r"\b(?:(?:не|хз) ?(?:знаю|помню|важ(?:н[оаы]|ен)|принципиал(?:ьн[оаы]|ен)|решил\w*|определил\w*"
    r"|имеет значения|в курсе|уверен\w*|представляю|разобрал\w*"
    r"|могу сказать|скажу|выбрал\w*|думал\w*|играет роли|критич(?:н[оаы]|ен))"
    r"|неважно|непринципиально|некритично|хз|без разницы"
    r"|(?:нет|никакой|какая) разниц\w+|разницы (?:нет|не \w+)"
    r"|(?:мне )?(?:все равно|всеравно|пофиг\w*|по барабану|параллельно|без понятия)"
    r"|люб(?:ой|ая|ое|ую|ые|ого)|как(?:ая|ой|ую|ие) угодно|(?:хоть как(?:ая|ой|ую|ие)|как(?:ая|ой|ую|ие)-нибудь)"
    r"|как(?:ая|ой|ую|ие|ого) (?:есть|будет|попадется|найд\w+|предлож\w+|дадите)|лишь бы|главное,? чтоб(?:ы)?"
    r"|в (?:этом|них|коробк\w+|привод\w+|кузов\w+|машин\w+) (?:я )?не (?:понима|разбира|шар)\w+"
    r"|(?:кто|черт|бог|фиг|хрен)(?: же?)?(?: (?:ее|его|их))? знает"
    r"|все (?:подо|по|со|у)(?:йдет|йдут|строит)|(?:сам[аи]? )?реш(?:айте|ите)(?: сам[аи]?)?|смотря (?:по|как)\w*"
    r"|не разбираюсь|затрудняюсь|забыл[аи]?|понятия не имею|откуда (?:я|мне)"
    r" зна\w+|на ваш[еу]? (?:выбор|вкус|усмотрение)|сложно сказать|трудно сказать|предпочтений нет"
    r"|нет предпочтений|что угодно)(?!\w)"
)
_PRICE_IS_OPEN: Final = re.compile(
    r"\b(?:договорн\w+|рыночн\w+|по рынку|как (?:на )?рынке|сколько (?:(?:вы|мне|за (?:нее|него)) )*"
    r"(?:дадите|дашь|дают|предложите|не жалко|(?:такие |она |сейчас )*сто(?:ит|ят)|нибудь"
    r"|получится)"
    r"|(?:вы )?(?:же )?(?:эксперты|специалисты)|цену (?:вы )?(?:сами )?(?:назов\w+|скаж\w+)|как (?:вы )?оцен\w+"
    r"|оцен(?:ите|ить|ят|им|ивай\w*|ка|ку|ите-ка|щик\w*)|предложите|предлагайте"
    r"|ваша цена|вашу цену|как можно (?:больше|дороже)"
    r"|чем (?:больше|дороже),? тем лучше"
    r"|(?:по)?дороже|подскажите цену|назовите|какую дадите|торг|обсудим|обсуждаем\w*|по договоренности|договоримся"
    r"|адекватн\w+|посчитайте)(?!\w)"
)
_AROUND: Final = word_set(
    "точно точную пока сами сам сама вы я мне нам вообще какая какой какую какое какие машина машину марка марку модель"
    " коробка коробку привод кузов год цена цену цены пробег пробега его ее их и а ну честно говоря сказать бы то уже"
    " сейчас нет да тут на это этого этот наверное если что либо лишь подойдет подойдут пойдет пойдут сойдет сойдут"
    " устроит устроят годится щас такой ладно ставьте пишите запишите пусть будет кто же даже в своем деле"
    " пожалуйста так вот как есть сколько хотите нужна нужно хочу хотел хотелось за нее него сразу просто"
    " правда реально серьезно совсем совершенно абсолютно ей богу клянусь увы ой к сожалению"
    " посоветуйте посоветуй подскажите подскажи помогите"
    " тоже также там здесь у меня не еще надо главное чтобы ездила мы вин вина vin номер можно реально"
    " цене рыночной хотя"
)


_NO_VALUATION: Final = re.compile(r"\bне (?:надо|нуж\w+|хо\w+) оцен|\bоцен\w+ не (?:надо|нуж\w+|хо\w+)")


def is_undecided(phrase: Phrase, *, asks_price: bool = False) -> bool:
    """Whether it says that nobody knows or minds, and nothing else. At the price, «договорная» and the like do too."""
    if asks_price and phrase.holds(_NO_VALUATION):
        return False
    if asks_price and phrase.is_only(_PRICE_IS_OPEN, beside=_AROUND | _PRICE_WORDS):
        return True
    return not phrase.asks and phrase.is_only(
        _UNDECIDED, beside=_AROUND | (_PRICE_WORDS if asks_price else frozenset())
    )


_AS_MUCH: Final = re.compile(r"\bсколько (?:[а-я]+ ){0,2}(?:дад[иу]т|дашь|дают|предлож|скаж|не жалко|получится|выйдет)")
"""«Сколько дадите, столько и возьму» asks nothing."""


def adds_nothing(phrase: Phrase) -> bool:
    """Whether who seems undecided says no more than that, and of what: «понятия не имею чем они отличаются»."""
    said = Phrase.of(_OF_A_CAR.sub(" ", _OF_WHAT.sub(" ", _UNDECIDED.sub(" ", _PRICE_IS_OPEN.sub(" ", phrase.text)))))
    return set(said.words) <= _AROUND | _PRICE_WORDS


_OF_WHAT: Final = re.compile(
    r"\b(?:сколько|скока|поч[её]м|как(?:ой|ая|ое|ие|ого|ую|им)?|что|чем|где|куда|кто)\b[^,.;]*"
)


_OF_A_CAR: Final = re.compile(
    r"\b(?:тип\w{0,2}|кузов|привод|короб|марк|модел|цвет|трансмисс|маши?н|авто|пробег|год)\w*"
)


def seems_undecided(phrase: Phrase, *, asks_price: bool = False) -> bool:
    """Whether it says so among other words: «понятия не имею сколько она стоит», «любая, лишь бы не ломалась»."""
    has_number = phrase.has_figures or any(word in CARDINALS or word in FRACTIONS for word in phrase.words)
    if has_number or len(phrase.words) > _SOME_WORDS or phrase.holds(_NO_VALUATION):
        return False
    if asks_price and not phrase.asks and phrase.holds(_AS_MUCH):
        return True
    return not phrase.is_question and ((asks_price and phrase.holds(_PRICE_IS_OPEN)) or phrase.holds(_UNDECIDED))


def insists(phrase: Phrase) -> bool:
    """Whether who was asked back says once more, in few words, that nobody knows."""
    is_short = len(phrase.words) <= _FEW_WORDS and not phrase.has_figures and not phrase.asks
    return is_short and _UNDECIDED.search(phrase.text) is not None


_FEW_WORDS: Final = 6
_SOME_WORDS: Final = 10


_PRICE_WORDS: Final = word_set(
    "оцените оценить оценка оценку предложите назовите торг договорная рыночная рынку по знаю помню дадите вас"
    " получить просить ставить поставить запросить пусть сколько хз мастер специалист специалисты"
    " получить такие такая такую примерно около денег сумму сумма ваша вашу посмотрите приедете осмотре после осмотра"
)


_LOST: Final = re.compile(
    r"\b(?:не (?:знаю|пойму|понимаю|понял[аи]?|соображу|представляю|могу|умею|определил\w*|решил\w*|получается)|хз"
    r"|затрудняюсь|сложно|трудно|тяжело|долго|ума не приложу|понятия не имею|без понятия|ничего не подходит"
    r"|не ?(?:понятно|ясно)|слов не (?:подберу|хватает|найду))(?!\w)"
)
_ASKS_HOW: Final = re.compile(r"(?:(?:а|и|ну|подскажите) )*(?:что|чего|как(?:ой|ую|ое)?|с чего|о чем|куда)(?!\w)")
_TO_SAY: Final = re.compile(
    r"\b(?:(?:на|о|за|рас)?пис|(?:на|о)?пиш|(?:об[ъь]|раз)?ясн|(?:рас)?сказ|(?:с)?формулир|выра[зж]|излож|назва|назыв"
    r"|выбр|выбир|отнес|относ|определ|нача|спрос|ответ|подход|указ|наж|делать)\w*"
)
_AROUND_SAYING: Final = word_set(
    "к под за о для как что чего чем чему куда какой какая какую какое какие это этот эту этого ли тут здесь там сюда"
    " мой мою мне я и а ну вообще даже пока правильно лучше точно именно нужно надо бы еще словах словами своими"
    " коротко кратко двух вопрос вопросу вопроса случай проблему проблема ситуацию ситуация тип вид тему пункт вариант"
    " раздел категорию из них этих в с честно говоря пожалуйста подскажите"
)


_HOW: Final = re.compile(r"\w{4,}о|толком|так|сразу|просто")
"""Adverbs."""
_NO_WORDS: Final = re.compile(r"\bслов не ")


def is_at_a_loss(phrase: Phrase, *, asks_a_choice: bool) -> bool:
    """Whether it says no more than that it is hard to say: «не знаю как написать», «а что писать?».

    Args:
        asks_a_choice: one of several answers is asked, so that «не пойму какой тип» says that as well.
    """
    is_lost, says_what = phrase.holds(_LOST), phrase.holds(_TO_SAY)
    is_told = (is_lost and (says_what or asks_a_choice)) or (says_what and _ASKS_HOW.match(phrase.text) is not None)
    left = Phrase.of(_TO_SAY.sub(" ", _LOST.sub(" ", phrase.text)))
    said = [word for word in left.words if word not in _AROUND_SAYING and _HOW.fullmatch(word) is None]
    return (is_told or phrase.holds(_NO_WORDS)) and not said and not phrase.has_figures
