"""Words of customers who look at the summary: to send it, or not yet."""

import re
from typing import Final

from carquery.domain.hearing.phrase import Phrase, parts_of, word_set

_SENDS: Final = re.compile(
    r"\b(?:отправ(?:ь|ьте|ляй|ляйте|ить|лять|ляем|им)|шли|шлите|подтвержда\w+"
    r"|отправля(?:ю|йте)|кида(?:й|йте)|(?:на)?жм(?:и|ите|у|ем)|погнали|поехали|го|пойдет|сойдет|вперед"
    r"|(?:все )?(?:верно|правильно|так|в порядке|норм\w*|хорошо|супер|отлично|точно|ок|окей)"
    r"|(?:ошибок|опечаток|неточностей) (?:нет|нету|не (?:вижу|наш\w+))|без ошибок|(?:все )?(?:в )?поряд(?:ок|ке)"
    r"|то,? что (?:надо|нужно)|(?:все )?сходится|так и есть|другое дело|годится|устраивает|можете отправлять"
    r"|готово|можно|да|ага|угу|давай\w*)(?!\w)"
)
_AROUND_SENDING: Final = word_set(
    "все это теперь уже ну и а пожалуйста спасибо заявку заявка так я мою можете ее тогда менеджеру вам в на проверил"
    " проверила проверено у меня же жду звонка звонок буду ждать вроде кажется кнопку ок тут там вот тогда сейчас"
    " отправить прочитал прочитала перепроверил перепроверила теперь-то есть"
)
_HOLDS: Final = re.compile(r"\bне (?:отправ|шли|надо отправ|спеши|торопи)")


def sends(phrase: Phrase) -> bool:
    """Whether it says that the request may go, and nothing else."""
    return phrase.is_only(_SENDS, beside=_AROUND_SENDING)


_ORDERS: Final = re.compile(r"\b(?:отправ|шли|кида)")
_HESITATES: Final = re.compile(r"\b(?:не|но|хотя|стоп|подожд\w+|погод\w+|потом|сначала|если|когда)(?!\w)")


def sends_with(typed: str) -> str | None:
    """What is said beside an order to send: «отправляйте, жду звонка после шести»; `None`: it is no such order."""
    parts = list(parts_of(typed))
    if "?" in typed or _HESITATES.search(Phrase.of(typed).text) is not None:
        return None
    orders = [part for part in parts if sends(Phrase.of(part)) and Phrase.of(part).holds(_ORDERS)]
    rest = [part for part in parts if not sends(Phrase.of(part))]
    return ", ".join(rest) if orders and rest else None


def holds_back(phrase: Phrase) -> bool:
    """Whether it says not to send it: «нет, не отправляйте пока»."""
    return phrase.holds(_HOLDS)
