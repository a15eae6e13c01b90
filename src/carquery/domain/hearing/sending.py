"""Words of customers who look at the summary: to send it, or not yet."""

import re
from typing import Final

from carquery.domain.hearing.phrase import Phrase, word_set

_SENDS: Final = re.compile(
    r"\b(?:отправ(?:ь|ьте|ляй|ляйте|ить|лять|ляем|им)|шли|шлите|подтвержда\w+"
    r"|отправля(?:ю|йте)|(?:на)?жм(?:и|ите|у)|погнали|поехали|го|пойдет|сойдет|вперед"
    r"|(?:все )?(?:верно|правильно|так|в порядке|норм\w*|хорошо|супер|отлично|точно|ок|окей)"
    r"|готово|можно|да|ага|угу|давай\w*)(?!\w)"
)
_AROUND_SENDING: Final = word_set(
    "все это теперь уже ну и а пожалуйста спасибо заявку заявка так я мою можете ее тогда менеджеру вам в на проверил"
    " проверила проверено у меня же жду звонка звонок буду ждать вроде кажется кнопку ок тут там"
)
_HOLDS: Final = re.compile(r"\bне (?:отправ|шли|надо отправ|спеши|торопи)")


def sends(phrase: Phrase) -> bool:
    """Whether it says that the request may go, and nothing else."""
    return phrase.is_only(_SENDS, beside=_AROUND_SENDING)


def holds_back(phrase: Phrase) -> bool:
    """Whether it says not to send it: «нет, не отправляйте пока»."""
    return phrase.holds(_HOLDS)
