"""Words of customers who look at the summary: to send it, or not yet."""

import re
from typing import Final

from carquery.domain.hearing.orders import ordered
from carquery.domain.hearing.phrase import Phrase, parts_of, word_set

_SENDING: Final = ordered(
    "отсыл отошл высыл вышл шл сла посыл пошл кид кин закид закин сохран оформ подтвер утверд утвержд приним прим"
    " запуск запуст пуск двиг скид пода отда бер"
)
_ORDER: Final = (
    r"(?:(?:пусть|пускай)(?: \w+)? (?:уход|лет|ид|ед|отправл)\w+|в (?:работу|дело|отправку)|пустите"
    rf"|{_SENDING}|отправ(?!лю\b|ил|лен|лял|к|ит\b|им\b)\w*|отправим|(?:по|вы|ото)?шли|под+твержд\w+|утвержд\w+"
    r"|(?:на)?жм(?:и|ите|у|ем))(?!\w)"
)
_APPROVES: Final = (
    rf"{ordered('переда')}|погнали|поехали|го|пойдет|сойдет|вперед"
    r"|(?:все )?(?:верн[оа]\w?|правильн[оа]\w?|так|в порядке|норм\w*|хорошо|точно|ок|окей)"
    r"|супер|отлично|идеально|прекрасно|замечательно|красота|огонь|топ|класс\w*|четко|гуд|шикарно"
    r"|(?:ошибок|опечаток|неточностей) (?:нет|нету|не (?:вижу|наш\w+))|без ошибок|(?:все )?(?:в )?поряд(?:ок|ке)"
    r"|не (?:вижу|наш\w+) (?:ошибок|опечаток|неточностей)|(?:ничего|нечего) (?:не )?мен\w+|мен\w+ (?:ничего|нечего)"
    r"|без изменений|то,? что (?:надо|нужно)|(?:все )?сходится|так и есть|другое дело|годится|устраивает"
    r"|не (?:тормоз|тян|медл)\w+|готово|можно|да|ага|угу|давай\w*"
)
_SENDS: Final = re.compile(rf"\b(?:{_ORDER}|(?:{_APPROVES})(?!\w))")
_AROUND_SENDING: Final = word_set(
    "все это теперь уже ну и а пожалуйста спасибо заявку заявка заявки так я мою можете ее тогда менеджеру вашему вам"
    " в на проверил проверила проверено у меня же жду звонка звонок буду ждать вроде кажется кнопку ок тут там вот"
    " тогда сейчас прочитал прочитала перепроверил перепроверила теперь-то есть скорее быстрее работу дело по ли что"
    " записали записано написано заполнено указано посмотрел посмотрела салон"
)
_ORDERS: Final = re.compile(rf"\b{_ORDER}")
_HOLDS: Final = re.compile(
    rf"\bне (?:(?:надо|нужно|стоит|пока|будем) )*(?:{_ORDER}|(?:уход|отправл)\w+)|\bне (?:спеши|торопи)"
)


def sends(phrase: Phrase) -> bool:
    """Whether it says that the request may go, and nothing else."""
    return phrase.is_only(_SENDS, beside=_AROUND_SENDING) and not phrase.holds(_HOLDS)


def orders_to_send(phrase: Phrase) -> bool:
    """Whether it does so with a word for sending: «норм, отсылайте», «пусть уходит»."""
    return sends(phrase) and phrase.holds(_ORDERS)


_HESITATES: Final = re.compile(r"\b(?:не|но|хотя|стоп|подожд\w+|погод\w+|потом|сначала|если|когда)(?!\w)")


def sends_with(typed: str) -> str | None:
    """What is said beside an order to send: «отправляйте, жду звонка после шести»; `None`: it is no such order."""
    parts = [Phrase.of(part) for part in parts_of(typed)]
    if "?" in typed or _HESITATES.search(Phrase.of(typed).text) is not None:
        return None
    said = beside_sending(typed)
    return said if said and any(map(orders_to_send, parts)) else None


def beside_sending(typed: str) -> str:
    """The parts of a text that say something else than that the request may go."""
    return ", ".join(part for part in parts_of(typed) if not sends(Phrase.of(part)))


def holds_back(phrase: Phrase) -> bool:
    """Whether it says not to send it: «нет, не отправляйте пока»."""
    return phrase.holds(_HOLDS)
