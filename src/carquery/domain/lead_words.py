"""Messages that, alone, do what a button of a sent lead does: «мои заявки», «отмените заявку», «я ошибся в телефоне».

Who asks not to be called does not want what they sent any more, and is asked whether it is so.

As with typed commands, each word must be one of a few: any other says more than that, and is read by whoever reads free
messages.
"""

import re
from enum import StrEnum
from typing import Final


class LeadWord(StrEnum):
    """What a customer asks of a lead that was sent."""

    STATUS = "status"
    CANCEL = "cancel"
    CORRECT = "correct"


_WORD: Final = re.compile(r"[a-zа-я]+")
_AROUND_WORDS: Final = (
    "а и я мы ну вот ой мне меня мою моя мой моей моих моем свою своей своем своих эту этой там тут же ли уже"
    " пожалуйста можно хочу надо нужно прошу давайте бы у по в на о об за с как что вас вы здравствуйте привет"
    " добрый день извините простите"
)
_AROUND: Final = frozenset(_AROUND_WORDS.split())
_ABOUT_A_LEAD: Final = re.compile(r"заяв(?:к[аиуе]|кой|ок|очк\w{1,2})|обращени[ея]")
_CANCELS: Final = re.compile(r"отмен(?:ите|ить|яю|и|а|яйте|ена)|снимите|снять|аннулир(?:уйте|овать)|отзываю|отозвать")
_CORRECTS: Final = re.compile(r"исправ(?:ить|ьте|ь|лю)|измен(?:ить|ите|и)|поправ(?:ить|ьте)|поменя(?:ть|йте)")
_WENT_WRONG: Final = re.compile(r"ошиб(?:ся|лась|ка|лись)|опечат(?:ался|алась|ка)|неверн(?:ый|о)|неправильн(?:ый|о)")
_FIELDS: Final = re.compile(
    r"телефон(?:е|ом|а)?|номер(?:е|ом|а)?|имен(?:и|ем)|имя|фамили[ияей]{1,2}|данны[ех]|почт[еу]"
)
_ASKS_ABOUT: Final = re.compile(r"статус|состояни[ея]|где|какие|какой|покажите|показать|посмотреть|список|мои")
_WHEN: Final = re.compile(r"когда|скоро|долго|почему|никто")
_NOT: Final = re.compile(r"не|больше")
_CALLS: Final = re.compile(
    r"(?:пере)?звон(?:ят|ит|или|ил|ишь|ок)|(?:пере)?позвон(?:ите|ят|ит|или|ил|ишь)|перезвонили?|свяжетесь|ждать"
)
_CALL: Final = re.compile(r"(?:пере)?звон(?:ите|и)|перезванива(?:йте|й|ете)|беспокойте")
"""With «не», what they are asked not to do; with «когда», what they do."""
_CALLING: Final = re.compile(r"(?:пере)?звонить|перезванивать|беспокоить")


def read_lead_word(typed: str) -> LeadWord | None:
    """What a message consists of; `None`: it says something else, or more."""
    if any(sign.isdigit() for sign in typed):
        return None
    said = {_kind(word) for word in _words(typed) if word not in _AROUND}
    if not said or None in said:
        return None
    kinds = frozenset(kind for kind in said if kind is not None)
    return _MEANT.get(kinds)


def names_cancelling(typed: str) -> bool:
    """Whether a message, among whatever else, says that a lead be cancelled: «отмените мою заявку, продал уже»."""
    return {"lead", "cancels"} <= {_kind(word) for word in _words(typed)}


def _words(typed: str) -> list[str]:
    return _WORD.findall(typed.casefold().replace("ё", "е"))


def _kind(word: str) -> str | None:
    return next((name for name, pattern in _KINDS.items() if pattern.fullmatch(word)), None)


_KINDS: Final = {
    "lead": _ABOUT_A_LEAD,
    "cancels": _CANCELS,
    "corrects": _CORRECTS,
    "wrong": _WENT_WRONG,
    "field": _FIELDS,
    "asks": _ASKS_ABOUT,
    "when": _WHEN,
    "not": _NOT,
    "calls": _CALLS,
    "call": _CALL,
    "calling": _CALLING,
}

_MEANT: Final = {
    frozenset(["lead", "asks"]): LeadWord.STATUS,
    frozenset(["when", "calls"]): LeadWord.STATUS,
    frozenset(["when", "call"]): LeadWord.STATUS,
    frozenset(["when", "not", "calls"]): LeadWord.STATUS,
    frozenset(["when", "not", "call"]): LeadWord.STATUS,
    frozenset(["not", "calls"]): LeadWord.STATUS,
    frozenset(["not", "call"]): LeadWord.CANCEL,
    frozenset(["not", "calling"]): LeadWord.CANCEL,
    frozenset(["lead", "cancels"]): LeadWord.CANCEL,
    frozenset(["lead", "corrects"]): LeadWord.CORRECT,
    frozenset(["lead", "wrong"]): LeadWord.CORRECT,
    frozenset(["field", "wrong"]): LeadWord.CORRECT,
    frozenset(["field", "corrects"]): LeadWord.CORRECT,
    frozenset(["lead", "field", "corrects"]): LeadWord.CORRECT,
    frozenset(["lead", "field", "wrong"]): LeadWord.CORRECT,
}
