"""Words of customers who give a form up, who pass a question over, and who go on after all."""

import re
from typing import Final

from carquery.domain.dialog import Dialog
from carquery.domain.hearing.orders import ordered
from carquery.domain.hearing.phrase import Phrase, word_set
from carquery.domain.hearing.sending import orders_to_send
from carquery.domain.meaning import Meaning
from carquery.domain.typed_commands import read_yes_or_no

_DOING: Final = (
    r"(?:прода|покуп|куп|заполн|оформ|отправ|продолж|отвеч|участв|подав|пода|остав|пиш|писа|провер|занима|обраща)\w*"
)
_ENDS: Final = ordered("отмен закро закры сброс сбрас удал законч заканч сверн сворач")
LEAVES: Final = re.compile(
    rf"\b(?:{_ENDS}|передума\w+|раздума\w+|расхоте\w+|отмен(?:а|у|яю|яется)|отбой|стоп|хватит|прекра\w+|выйти|выхожу"
    r"|забуд(?:ь|ьте|ем)|отказываюсь|не (?:буду|стану|будем|хочу|хотим|надо|нужно|собираюсь)"
    rf" (?:(?:я|мы|ее|его|вам|ничего|это|все|пока|больше|уже|дальше|тут|никакую) ){{0,3}}{_DOING}"
    rf"|решил[аи]? (?:пока |больше )?не {_DOING}"
    r"|(?:ничего|больше|уже|вообще) не (?:надо|нуж\w+|хочу|хотим|буду|требуется|актуальн\w+|интерес\w+)"
    r"|не (?:надо|нужно)(?! (?:мне |нам )?звон)"
    r"|не (?:хочу|хотим|буду|требуется) (?:больше|ничего|уже|вообще|этого|дальше)"
    r"|не (?:актуальн\w+|интересно)|неактуальн\w+|неинтересно|надоел[аио]?)(?!\w)"
)
_ENDS_ALONE: Final = ordered(
    "закр закан закругл заверш прекра прерв прерыв останов стир стер сотр аннулир снят сним сни брос выйд вый выход"
    " уход завяз слива конча"
)
_LEAVES_ALONE: Final = re.compile(
    rf"\b(?:(?:{_ENDS_ALONE}|(?:закрыва|заканчива|заверша|прекраща|удаля|броса|сворачива|ухо|слива)(?:ж?у|ю)(?:сь)?"
    r"|отстав(?:ить|ьте)|забе(?:й|йте)|проехали|я пас|(?:ну|да ну) (?:его|ее|вас|это)|к черту|нафиг|на фиг"
    rf"|вопрос (?:уже |сам )?(?:снят|закрыт|отпал|реш(?:ен|ился|или)))(?!\w)|{LEAVES.pattern})"
)
_KEEPS_ON: Final = rf"не (?:(?:надо|нужно|стоит|хочу|будем) )?(?:{_ENDS}|{_ENDS_ALONE}|ухо\w+)"
_STAYS_ON: Final = re.compile(rf"\b{_KEEPS_ON}")
_LATER: Final = re.compile(
    r"\b(?:(?:давай(?:те)?|лучше|как-нибудь) (?:потом|позже|попозже|завтра|в другой раз)|в другой раз|не сейчас"
    r"|некогда)(?!\w)"
)
"""With anything else, it says when to call, or when photos will come."""
AROUND_LEAVING: Final = word_set(
    "все это всё ну уже ладно пожалуйста спасибо я мы мне нам вообще больше ничего пока заявку заявка заявки анкету"
    " анкета форму опрос заполнение диалог разговор продавать покупать продам заполнять отправлять продолжать отвечать"
    " на вопросы дальше ее его не буду хочу надо нужно давай давайте тогда извините простите машину машина авто так"
    " отсюда никуда никакую никакой с вам вас лучше потом раз и а но что то теперь мою мой моя эту нет да ой слушайте"
    " вопросов вопросами допрос хочется дело"
    " прошу продажу продажа покупку покупка подбор подбора проверку проверка помощь звонок"
    " конечно хорош лавочку тему вопрос чат беседу выход дела дел этим этом"
    " короче в общем вобщем решил решила решили пожалуй наверное бот оформление не-не неа всего сейчас уж мое все-таки"
)
_MOST_WORDS: Final = 8


def says_to_leave(phrase: Phrase) -> bool:
    """Whether it gives the form up and says nothing else: «всё, закрываем», «сбрасывай»; not «не закрывайте»."""
    return phrase.is_only(_LEAVES_ALONE, beside=AROUND_LEAVING) and not phrase.holds(_STAYS_ON)


def gives_up(dialog: Dialog, phrase: Phrase) -> bool:
    """Whether the form is given up. Where any words are an answer, they must say nothing else."""
    if phrase.asks or phrase.has_figures or phrase.holds(_STAYS_ON):
        return False
    if not _is_comment(dialog) and phrase.is_only(_LATER, beside=AROUND_LEAVING):
        return True
    if says_to_leave(phrase) or _says_last(phrase):
        return True
    if not phrase.holds(LEAVES):
        is_open = not dialog.can_skip and not dialog.is_at_summary
        is_of_the_form = len(phrase.words) <= _MOST_WORDS and "звон" not in phrase.text
        return is_open and is_of_the_form and _says_first(phrase, _LATER)
    if len(phrase.words) > _MOST_WORDS:
        return False
    takes_anything = dialog.step is not None and dialog.step.takes_any_words
    if dialog.step is not None and dialog.step.means is Meaning.SITUATION and _OF_A_DEAL.search(phrase.text):
        return False
    return not takes_anything or _says_first(phrase, _LEAVES_ALONE)


_OF_A_DEAL: Final = re.compile(r"\b(?:прода|покуп|сделк|маши?н|авто)\w*")
"""Where a situation is told, who has changed their mind about one tells what happened."""


def _says_first(phrase: Phrase, pattern: re.Pattern[str], beside: frozenset[str] = AROUND_LEAVING) -> bool:
    """«Уже не надо, сам разобрался»: said in its first part, and why in the others."""
    first, *reasons = _BETWEEN.split(phrase.text)
    return bool(reasons) and Phrase.of(first).is_only(pattern, beside=beside)


def _says_last(phrase: Phrase) -> bool:
    """«Уже нашли, отменяйте»: told in its last part, and why in the others. «Хочу отменить» may be what happened."""
    *reasons, last = map(Phrase.of, _BETWEEN.split(phrase.text.rstrip(" .!)")))
    is_told = says_to_leave(last) and not last.holds(_INFINITIVE)
    return bool(reasons) and is_told and len(phrase.words) <= _MOST_WORDS


_INFINITIVE: Final = re.compile(r"\w(?:ть|ти)(?:ся|сь)?(?!\w)")
_BETWEEN: Final = re.compile(r"[,.;!)]+\s+|\s+[-–—]\s+")


_PASSES: Final = re.compile(
    r"\b(?:нет|нету|не (?:надо|нужно|хочу|буду|сейчас|требуется)|пропус\w+|пропущу|дальше|далее|позже|попозже|потом"
    r"|без (?:фот\w+|вина|vin|номера|документов|птс|стс|комментари\w+|(?:доба|допо)\w+|пожеланий|уточнений|них|этого)"
    r"|ничего|нечего|нечем|неоткуда|некогда|не (?:при мне|под рукой|будет|получ\w+|могу|нашел|нашла|вижу"
    r"|дает|дают|дал[аи]?|указан\w*|указал[аи]?|говорит|говорят|прислал[аи]?)|неизвест\w+|скры(?:т|ли|то|вает|вают))\b|^[-–—]$"
)
"""«Без» what is asked; «без ДТП» is a wish."""
_AROUND_PASSING: Final = word_set(
    "фото фотки фотографии фотографий фоток пришлю скину отправлю вышлю сделаю скажу дам напишу допишу"
    " сообщу уточню узнаю посмотрю под рукой вин вина номера номер vin"
    " комментария комментариев комментарий добавить добавлять больше сейчас пока у меня его ее этот шаг вопрос это все"
    " спасибо ну и нечего ничего давайте давай их не могу буду идем идём с собой нет да пожалуйста же тут так на"
    " фотографировать машины документов птс стс при мне вам вечером завтра сфотографировать сделать снять возможности"
    " времени найти нигде лучше продавец продавца хозяин хозяина спрошу вроде вот верно сказал сказала указал указала в"
)
_ADDS_NOTHING: Final = re.compile(
    r"\b(?:нет|нету|не (?:надо|нужно|хочу|буду|требуется)|пропус\w+|пропущу|дальше|далее|позже|попозже|потом"
    r"|без (?:комментари\w+|(?:доба|допо)\w+|пожеланий|уточнений|них|этого)|ничего|нечего)\b|^[-–—]$"
)
_AROUND_ADDING: Final = word_set(
    "комментария комментариев комментарий добавить добавлять дополнить дополнять пожеланий больше сейчас пока у меня"
    " его этот шаг вопрос это все спасибо ну и нечего ничего давайте давай буду идем нет не да пожалуйста же тут так"
    " вроде вот верно сказал сказала указал указала написал написала напишу допишу скажу сообщу уточню"
)
"""«Птс нет», «завтра не могу» and «попозже вечером» are comments."""
_LETS_GO: Final = re.compile(r"\b(?:готово|жду звонка|буду ждать|все)\b")
"""At the last step, who says so, or orders to send, has nothing to add; the summary asks once more."""
_AROUND_LETS_GO: Final = word_set(
    "все это теперь уже ну и да ок хорошо пожалуйста спасибо заявку можно тогда так верно"
    " нет не вроде вот сказал сказала указал указала написал написала"
)


def passes_over(dialog: Dialog, phrase: Phrase) -> bool:
    """Whether an optional question is passed over: «нет», «-», «вина нет под рукой», «фото позже пришлю»."""
    if not dialog.can_skip:
        return False
    if phrase.asks:
        return not _is_comment(dialog) and _MAY_BE_PASSED.match(phrase.text) is not None
    if read_yes_or_no(phrase.text) is False:
        return True
    if not _is_comment(dialog):
        return phrase.is_only(_PASSES, beside=_AROUND_PASSING)
    is_ready = orders_to_send(phrase) or phrase.is_only(_LETS_GO, beside=_AROUND_LETS_GO)
    return is_ready or phrase.is_only(_ADDS_NOTHING, beside=_AROUND_ADDING)


def seems_passed_over(dialog: Dialog, phrase: Phrase) -> bool:
    """Whether that is said among other words: «продавец вин не даёт, скрывает». A comment would say just that."""
    is_short = len(phrase.words) <= _MOST_WORDS and not phrase.has_figures and not phrase.asks
    if not dialog.can_skip or not is_short or _is_comment(dialog):
        return False
    asks_photos = dialog.step is not None and dialog.step.means is Meaning.PHOTOS
    return _says_first(phrase, _PASSES, _AROUND_PASSING) if asks_photos else phrase.holds(_PASSES)


_MAY_BE_PASSED: Final = re.compile(
    r"(?:а |и )?можно (?:(?:это|его|их|мне|я) )?(?:без|пропуст\w+|не|потом|(?:по)?позже)\b"
)


def _is_comment(dialog: Dialog) -> bool:
    return dialog.step is not None and dialog.step.means is Meaning.COMMENT


_THAT_IS_ALL: Final = frozenset(
    ("все", "это все", "вот все", "все фото", "больше нет", "хватит", "все пока", "пока все")
)


def is_done(dialog: Dialog, phrase: Phrase) -> bool:
    """Whether no more photos come: «все»."""
    step = dialog.step
    has_photos = step is not None and step.means is Meaning.PHOTOS and dialog.known is not None
    return has_photos and (" ".join(phrase.words) in _THAT_IS_ALL or read_yes_or_no(phrase.text) is not None)


_KEEPS: Final = re.compile(
    r"\b(?:остав(?:ь|ьте|им|ляем|ляй|ляйте)|(?:так|этак) и (?:обращайтесь|зовите|пишите|оставьте)"
    r"|(?:этот|тот|то|та|это) же"
    r"|как (?:было|есть)|прежн\w+|без изменений)\b"
)
_AROUND_KEEPING: Final = word_set(
    "да ну и пусть будет все это его ее номер телефон имя так мой мое тоже как ок да хорошо"
)


def keeps(dialog: Dialog, phrase: Phrase) -> bool:
    """Whether the value that is shown as known is to stay: «да», «этот же», «так и обращайтесь»."""
    step = dialog.step
    if dialog.known is None or dialog.asks_consent or step is None or step.means is Meaning.PHOTOS or phrase.asks:
        return False
    return read_yes_or_no(phrase.text) is True or phrase.is_only(_KEEPS, beside=_AROUND_KEEPING)


_GOES_ON: Final = re.compile(
    r"\b(?:продолж(?:им|аем|ай|айте|ить|у|аю)|поехали|дальше|едем|вернемся|верн(?:емся|усь)|остаюсь|оставьте|заполним"
    r"|(?:сам|сама|сами) (?:(?:все|тогда|уж|лучше) )?(?:(?:на|до|за)?пишу|заполню|отвечу|справлюсь|разберусь|дозаполню)"
    r"|(?:(?:на|до|за)?пишу|заполню|отвечу|справлюсь|разберусь) (?:сам|сама|сами|тут|здесь)"
    rf"|останемся|{_KEEPS_ON}|не отправляй\w*|подожди\w*"
    r"|погоди\w*)(?!\w)"
)
_NOT_ON: Final = re.compile(r"\bне (?:хочу|хотим|буду|будем|стану) (?:больше )?(?:дальше|продолж)")
_AROUND_GOING_ON: Final = word_set(
    "нет ладно ну давай давайте да все же все-таки хорошо ок окей тогда пока я мы заявку с заявкой форму форма к заявке"
    " уже а тут здесь сам сама сами сначала спасибо лучше так не надо еще не-не заполнять отвечать на вопросы анкету"
    " хочу буду ой стой стойте"
)


_STAYS: Final = re.compile(
    rf"\b(?:продолж\w+|верн(?:емся|усь)|вернемся|оста(?:юсь|немся)|{_KEEPS_ON}"
    r"|(?:сам|сама|сами) \w+|\w+ (?:сам|сама|сами|тут|здесь))(?!\w)"
)


def stays(phrase: Phrase) -> bool:
    """Whether who is asked to leave the form stays with it: «ладно, напишу сам», «хорошо, продолжим»."""
    return goes_on(phrase) and phrase.holds(_STAYS)


_FILLS_IN: Final = re.compile(
    r"\b(?:(?:за|доза)полн(?:ю|им|ить|яю|яем|яй|яйте)|оформ(?:лю|им|ить|и|ите|ляем|ляй|ляйте)|отправ(?:лю|им|ить|ляй|ляйте)"
    r"|остав(?:лю|им|ить)|дальше|вперед|погнали|поехали)(?!\w)"
)


def fills_in(phrase: Phrase) -> bool:
    """Whether a yes to «Сбросить?» is said of the form itself: «заполняй», «отправить», «оставлю», «давай дальше»."""
    return phrase.is_only(_FILLS_IN, beside=_AROUND_GOING_ON)


def goes_on(phrase: Phrase) -> bool:
    """Whether the form is to go on: «нет, ладно, продолжим»."""
    return not phrase.holds(_NOT_ON) and phrase.is_only(_GOES_ON, beside=_AROUND_GOING_ON)


_DECLINES: Final = re.compile(
    r"\b(?:не (?:надо|нужно|хочу|хотим|буду|будем|стоит|сейчас|сегодня|требуется|готов\w*|интересует|интересно)|нет|неа"
    r"|(?:по)?дума(?:ю|ем)|отлож\w+|обойд(?:усь|емся)|рано|(?:по)?позже|потом|как-нибудь|не(?=,)"
    r"|просто (?:смотр\w+|спросил[аи]?|интерес\w+|узна\w+)|присматрива\w+)(?!\w)"
)
_AROUND_DECLINING: Final = AROUND_LEAVING | word_set(
    "хотя пожалуй наверное слушайте знаете вообще просто еще ещё может быть лучше же это этого тогда раз время так что"
    " никаких ваших анкет заявок просил просила пока мы нам мне"
)


def declines(phrase: Phrase) -> bool:
    """Whether an offer is declined, now or for good: «хотя нет, пока не надо, потом может», «я ещё подумаю»."""
    if phrase.asks or phrase.has_figures:
        return False
    either = (phrase, Phrase.of(_BETWEEN.split(phrase.text)[0])) if len(phrase.words) <= _MOST_WORDS else (phrase,)
    return any(
        said.is_only(pattern, beside=_AROUND_DECLINING) for said in either for pattern in (_DECLINES, LEAVES, _LATER)
    )
