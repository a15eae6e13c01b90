"""The answer to a step that takes any words: what they say besides, and what of them is talk."""

import re
from collections.abc import Mapping
from typing import Final

from carquery.domain.answers import Option, Typed, Value
from carquery.domain.contact import Phone
from carquery.domain.hearing.asked import PRICE, asks_our_fee
from carquery.domain.hearing.choices import option_in
from carquery.domain.hearing.heard import AsksUs, Commands, Heard, NotTaken, Taken, WantsForm
from carquery.domain.hearing.message import Message, asks_something, is_remark
from carquery.domain.hearing.several import answers_in, left_over, noted
from carquery.domain.hearing.talk import LIKELIER_THAN_NOT, SURE
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import Step

_OF_THE_OTHER_SIDE: Final = re.compile(
    r"\b(?:номер|тел)\w* (?:у )?(?:продав|салон|хозя|дилер|перекуп|виновник|страхов|пристав|владел|собственн)\w*"
)
"""Whose number is told with what happened: not the customer's."""
_ONE_OF_TWO: Final = re.compile(r"\b(?:или|либо)\b")
_SHORT_QUESTION: Final = 8
KEEPS_ALL: Final = (Meaning.SITUATION, Meaning.COMMENT)
"""Where whatever is said is kept."""
_BY_MISTAKE: Final = re.compile(
    r"\bне (?:туда|то|ту|тот|на ту)\b(?: \w+)? ?(?:наж|попал|попа[лд]|выбра|ткну|тыкну|заш[её]?л)"
    r"|\b(?:на|за)(?:жал|ш[её]?л)\w* (?:\w+ )?не т|\b(?:случайно|нечаянно|по ошибке) (?:наж|ткну|выбра|заш|попа|откры)"
    r"|\b(?:кнопк\w+|формой|анкетой) (?:ошиб|перепутал|промахну)"
    r"|\b(?:ошиб\w+|перепутал\w*|промахнул\w+) (?:кнопк|форм|анкет|раздел)|\bмне не юрист\b"
)
"""Who describes something tells of all kinds of wishes; these words say that the form is the wrong one."""


def in_own_words(message: Message, step: Step) -> Heard:
    """The answer in whatever words, with what it says of other steps; talk, where that is sure; or what is expected."""
    if step.means is Meaning.SITUATION and asks_our_fee(message.phrase):
        return AsksUs(PRICE)
    is_question = message.phrase.asks and len(message.phrase.words) <= _SHORT_QUESTION
    heard = message.talk(least=LIKELIER_THAN_NOT if is_question else SURE)
    if heard is not None and not _is_told(message, step, heard):
        return heard
    try:
        after = message.dialog.answer(Typed(message.typed))
    except AnswerRefused as refused:
        return NotTaken(refused.hint, refused.aside)
    others = {name: value for name, value in answers_in(message).items() if name != step.name}
    if step.means is Meaning.SITUATION and message.phrase.holds(_OF_THE_OTHER_SIDE):
        others = {name: value for name, value in others.items() if not isinstance(value, Phone)}
    is_either = message.phrase.holds(_ONE_OF_TWO)  # «для такси или семьи»
    option = None if message.dialog.typing or is_either else option_in(step, message.told, on=after.opened_on)
    if option is not None and after.answers.get(step.name) != option:
        return _named(message, step, option, others)
    if step.means is None and option is None and (asked := asks_something(message)) is not None:
        return asked
    own = step.for_own_words if message.dialog.typing and len(message.phrase.words) >= _A_STORY else None
    if own is not None and (described := _described(message)):
        return Taken(message.dialog.take({step.name: own, **others, **described}))
    if after.at == step.name or not others or step.means is Meaning.COMMENT:
        return Taken(after, heard.topic if isinstance(heard, AsksUs) else "")
    return Taken(message.dialog.take({step.name: after.answers[step.name], **others}, remark=noted(after, others)))


def _is_told(message: Message, step: Step, talk: Heard) -> bool:
    """Whether what sounds like talk is what is being described, or the remark that was asked for."""
    match talk:
        case WantsForm() | Commands():
            return step.means in KEEPS_ALL and not message.phrase.holds(_BY_MISTAKE)
        case AsksUs():
            return step.means in KEEPS_ALL and is_remark(message, talk)
        case _:
            return step.means is Meaning.COMMENT and is_remark(message, talk)


def _named(message: Message, step: Step, option: Option, others: Mapping[str, Value]) -> Heard:
    """A sentence that names one of the buttons. Where the situation is asked too, it describes that."""
    dialog, described = message.dialog, _described(message)
    taken = {step.name: option, **others, **described}
    after = dialog.take(taken, remark=noted(dialog, {step.name: option, **others}))
    return Taken(after if described else after.beside(left_over(message, taken)))


_A_STORY: Final = 4
"""Words. So many typed for «Другое» tell the situation, which need not be asked as well."""


def _described(message: Message) -> dict[str, Value]:
    """By step name, the situation that the text tells, where the form asks for one."""
    situation = message.dialog.form.step_for(Meaning.SITUATION)
    told = None if situation is None else situation.read(message.typed, on=message.dialog.opened_on)
    return {} if situation is None or told is None else {situation.name: told}
