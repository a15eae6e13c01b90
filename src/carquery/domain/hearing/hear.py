"""Hearing an answer: what a text in a form is, in the order in which it may be something.

A command; yes and no to what was asked; a correction; the answer to this step, with others; a question, a wish for a
person or another service; else what is expected. Nothing here waits or changes anything, and nothing said is dropped.
"""

import re
from collections.abc import Mapping
from typing import Final

from carquery.domain.answers import Option, Typed, Value
from carquery.domain.contact import Phone
from carquery.domain.dialog import PRESS_A_BUTTON, Dialog
from carquery.domain.given_names import GIVEN_NAMES
from carquery.domain.hearing.asked import each_asked
from carquery.domain.hearing.at_summary import added, at_summary
from carquery.domain.hearing.beside import with_known, with_question
from carquery.domain.hearing.cars import car_again, hear_car
from carquery.domain.hearing.change_of_mind import change_of_mind, what_follows
from carquery.domain.hearing.choices import (
    asks_of_a_choice,
    beside_unwanted,
    is_unwanted,
    option_in,
    options_in,
    refuses_a_choice,
)
from carquery.domain.hearing.corrections import correction, relabelled, restated
from carquery.domain.hearing.heard import (
    AsksUs,
    Commands,
    Courtesy,
    Heard,
    NotTaken,
    Taken,
    WantsForm,
    WantsPerson,
)
from carquery.domain.hearing.late import answered_late
from carquery.domain.hearing.leaving import LEAVES, gives_up, goes_on, is_done, keeps, passes_over, says_to_leave
from carquery.domain.hearing.left_open import UNKNOWN, left_open
from carquery.domain.hearing.message import Interprets, Message, Once, asks_something, is_remark, perhaps_wants_person
from carquery.domain.hearing.names import hear_name
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.sending import holds_back
from carquery.domain.hearing.several import FIGURES, SUMS, answers_in, left_over, noted, put_right
from carquery.domain.hearing.slips import is_of_another, slip_in, without_order
from carquery.domain.hearing.talk import LIKELIER_THAN_NOT, SURE
from carquery.domain.hearing.undecided import insists
from carquery.domain.hearing.yes_or_no import agrees
from carquery.domain.masking import mask
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import Step
from carquery.domain.typed_commands import Command, read_command


def hear(dialog: Dialog, typed: str, interpreter: Interprets) -> Heard:
    """What a text is that came while the dialog stood so.

    Args:
        interpreter: says what a text is about; asked only where it matters, once for each text.
    """
    message = Message(dialog, typed, Once(interpreter))
    for case in (_command, _confirmation, at_summary, correction, _instead, left_open, _answer):
        if (heard := case(message)) is not None:
            heard = with_question(message, with_known(message, _added(message, heard)))
            break
    else:
        heard = message.talk(least=LIKELIER_THAN_NOT) or asks_something(message) or NotTaken(PRESS_A_BUTTON)
    return each_asked(heard, typed, message.interpreter.understand) if isinstance(heard, AsksUs) else heard


_ADDS: Final = re.compile(
    r"^(?:(?:и|а|еще|там) )*(?:добавьте|допишите|укажите|отметьте|передайте|в комментари[а-я]*|комментари[а-я]*)(?!\w)"
)


def _added(message: Message, heard: Heard) -> Heard:
    """«Допишите: …»: what follows and answers nothing is for the manager, whatever it sounds like. So is a link."""
    if isinstance(heard, NotTaken) and message.is_link:
        return NotTaken(heard.hint, message.typed)
    is_no_answer = isinstance(heard, NotTaken | WantsForm)
    return Taken(message.dialog.say_aside(message.typed)) if is_no_answer and message.phrase.holds(_ADDS) else heard


def _command(message: Message) -> Heard | None:
    dialog, phrase = message.dialog, message.phrase
    command = read_command(message.typed)
    if command is not None:
        return Commands(command)
    if len(dialog.readings) == 1:
        return None
    if is_done(dialog, phrase):
        return Commands(Command.KEEP)
    if passes_over(dialog, phrase):
        return Commands(Command.SKIP)
    if keeps(dialog, phrase):
        return Commands(Command.KEEP)
    if goes_on(phrase):
        return Courtesy()
    if _is_about_a_choice(message):
        return None
    is_held = dialog.is_at_summary and holds_back(phrase) and phrase.text.startswith("стоп")
    if is_held or not gives_up(dialog, phrase) or not gives_up(dialog, beside_unwanted(message)):
        return None
    meant = correction(message) or message.talk(least=LIKELIER_THAN_NOT if phrase.holds(_WANTS) else SURE)
    if meant is not None and _is_more_than_leaving(meant, phrase):
        return meant
    return change_of_mind(message) or Commands(Command.CANCEL)


def _is_about_a_choice(message: Message) -> bool:
    """«Переднего хватит», «сейчас механика, надоела»: said of what is offered to choose from."""
    step, phrase = message.dialog.step, message.phrase
    if (
        step is None
        or not phrase.holds(_IS_SAID_OF_THINGS)
        or says_to_leave(Phrase.of(_IS_SAID_OF_THINGS.sub(" ", phrase.text)))
    ):
        return False
    return bool(options_in(step, message.told, on=message.dialog.opened_on)) and not isinstance(
        message.talk(least=SURE), WantsPerson
    )


_IS_SAID_OF_THINGS: Final = re.compile(r"\b(?:хватит|надоел[аои]?)(?!\w)")


def _is_more_than_leaving(meant: Heard, phrase: Phrase) -> bool:
    """«Стоп, не ту коробку нажал, нужен автомат», «надоел, тупой робот», «передумал продавать, хочу купить»."""
    match meant:
        case Taken():
            return True
        case WantsPerson(is_upset):
            return is_upset
        case WantsForm():
            return phrase.holds(_WANTS)
        case _:
            return False


_WANTS: Final = re.compile(r"(?<!не )\b(?:хочу|хотим|хотел[аи]?|нужн?[аоы]?|нужен|надо|бы|помогите|давайте)(?!\w)")


def _confirmation(message: Message) -> Heard | None:
    """Yes or no to the one reading that is offered."""
    dialog = message.dialog
    if len(dialog.readings) != 1:
        return None
    if dialog.readings[0] == UNKNOWN and insists(message.phrase):
        return Taken(dialog.choose(0))
    match agrees(message.typed, few_words=_FEW_WORDS):
        case True:
            return Taken(dialog.choose(0))
        case False:
            again = Message(dialog.back(), what_follows(message.typed), message.interpreter)
            meant = _answer(again) if again.typed else None
            return meant if isinstance(meant, Taken) and not meant.dialog.readings else Taken(again.dialog)
        case None:
            return Commands(Command.CANCEL) if gives_up(dialog, message.phrase) else None


_FEW_WORDS: Final = 4


def _instead(message: Message) -> Heard | None:
    """«Не, давайте 2019»; where any words are an answer, they are this one unless they name another's."""
    step, meant = message.dialog.step, change_of_mind(message)
    if step is None or not step.takes_any_words or step.means is Meaning.NAME or message.phrase.holds(LEAVES):
        return meant
    is_its_own = step.means in _KEEPS_ALL or (isinstance(meant, Taken) and step.name in meant.dialog.answers)
    return None if is_its_own else meant


def _answer(message: Message) -> Heard | None:
    """The answer to this step, and with it or instead of it others."""
    dialog, step = message.dialog, message.dialog.step
    if step is None:
        return added(message)
    if dialog.asks_consent:
        return None
    if (late := answered_late(message)) is not None:
        return late
    if step.means is Meaning.CAR:
        return hear_car(message, step)
    if step.means is Meaning.NAME:
        heard = hear_name(message, step)
        return (relabelled(message) or heard) if isinstance(heard, NotTaken) else heard
    return _in_own_words(message, step) if step.takes_any_words else _exactly(message, step)


_OF_THE_OTHER_SIDE: Final = re.compile(
    r"\b(?:номер|тел)\w* (?:у )?(?:продав|салон|хозя|дилер|перекуп|виновник|страхов|пристав|владел|собственн)\w*"
)
"""Whose number is told with what happened: not the customer's."""
_SHORT_QUESTION: Final = 8
_KEEPS_ALL: Final = (Meaning.SITUATION, Meaning.COMMENT)
_BY_MISTAKE: Final = re.compile(
    r"\bне (?:туда|то|ту|тот|на ту)\b(?: \w+)? ?(?:наж|попал|попа[лд]|выбра|ткну|тыкну|заш[её]?л)"
    r"|\b(?:на|за)(?:жал|ш[её]?л)\w* (?:\w+ )?не т|\b(?:случайно|нечаянно|по ошибке) (?:наж|ткну|выбра|заш|попа|откры)"
    r"|\b(?:кнопк\w+|формой|анкетой) (?:ошиб|перепутал|промахну)"
    r"|\b(?:ошиб\w+|перепутал\w*|промахнул\w+) (?:кнопк|форм|анкет|раздел)|\bмне не юрист\b"
)
"""Who describes something tells of all kinds of wishes; these words say that the form is the wrong one."""


def _in_own_words(message: Message, step: Step) -> Heard:
    is_question = message.phrase.asks and len(message.phrase.words) <= _SHORT_QUESTION
    heard = message.talk(least=LIKELIER_THAN_NOT if is_question else SURE)
    keeps_all = step.means in _KEEPS_ALL
    is_told = (step.means is Meaning.COMMENT or (keeps_all and isinstance(heard, AsksUs))) and is_remark(message, heard)
    is_kept = keeps_all and isinstance(heard, WantsForm | Commands)
    is_told = is_told or (is_kept and not message.phrase.holds(_BY_MISTAKE))
    if heard is not None and not is_told:
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


def _exactly(message: Message, step: Step) -> Heard:
    """Where only certain answers are taken: what is none of them may be several, or talk."""
    dialog, is_called_otherwise = message.dialog, is_of_another(message.phrase, step)
    try:
        after = dialog.answer(Typed("" if is_called_otherwise else without_order(message.typed)))
    except AnswerRefused as refused:
        hint = refused
    else:
        return Taken(_with_more(message, _with_name(after, step), step))
    found = {**answers_in(message), **restated(message)}
    if (said := _named_in_other_words(message, step) or _said_first(message, step)) is not None:
        found[step.name] = said
    unwanted = _is_not_chosen(message, step)
    if step.name not in found:
        heard = message.talk(least=SURE)
        if isinstance(heard, WantsForm) and not unwanted:
            restates = len(message.phrase.words) <= _RESTATED_IN  # «бюджет всё-таки 1,2 млн» is no other wish
            return (relabelled(message) if restates else None) or heard
    if (found and is_called_otherwise) or _is_beyond_doubt(message, step, found):
        after = dialog.take(found, remark=noted(dialog, found))
        return Taken(after.beside(left_over(message, found)))
    if asks_of_a_choice(message, step):
        return asks_something(message) or NotTaken(hint.hint)
    heard = car_again(message) or relabelled(message)
    heard = heard or message.talk(least=SURE if hint.aside else LIKELIER_THAN_NOT)
    if heard is None and not hint.aside:
        heard = asks_something(message) or perhaps_wants_person(message)
    if isinstance(heard, WantsForm | Commands) and unwanted:
        heard = None
    is_told = unwanted or is_called_otherwise or _TELLS.match(message.phrase.text) is not None
    return heard or NotTaken(hint.hint, message.typed if is_told else hint.aside)


def _is_not_chosen(message: Message, step: Step) -> bool:
    """«Не механика», «а вариатор надёжный?»: ready answers that are refused, or weighed: nothing else is wanted."""
    phrase, on = message.phrase, message.dialog.opened_on
    is_weighed = phrase.asks and bool(options_in(step, phrase, on=on))
    return is_weighed or is_unwanted(step, phrase, on=on) or refuses_a_choice(message)


def _said_first(message: Message, step: Step) -> Value | None:
    """«Миллион, можно до 950 уступить»: of several sums the one that is said first, plainly, before any other words."""
    first, *others = [*message.parts] or [""]
    is_explained = any(Phrase.of(part).words for part in others) and slip_in(message.typed) is None
    return step.read(first, on=message.dialog.opened_on) if step.means in SUMS and is_explained else None


def _named_in_other_words(message: Message, step: Step) -> Value | None:
    """«На ручке», «4wd»; of who would take either of two, what stands for no preference."""
    if message.phrase.asks:
        return None
    options = options_in(step, message.told, on=message.dialog.opened_on)
    if len(options) == 1:
        return options[0]
    return step.for_undecided if options and _EITHER.search(message.phrase.text) is not None else None


_ONE_OF_TWO: Final = re.compile(r"\b(?:или|либо)\b")
_EITHER: Final = re.compile(r"\b(?:или|либо)\b|[,/]")

_TELLS: Final = re.compile(
    r"(?:и |да,? |а )?(?:забыл[аи]? (?:сказа|написа|указа|добав)"
    r"|кстати|учтите|имейте в виду|еще )"
)
"""What is told beside the question, and worth keeping."""

_RESTATED_IN: Final = 5
"""Words. More of them say more than an answer given before."""

_RANGE: Final = re.compile(r"[0-9] ?(?:тыс\.?|т|к|млн|г)? ?(?:-|–|/|до|или) ?[0-9]")


def _is_beyond_doubt(message: Message, step: Step, found: Mapping[str, Value]) -> bool:
    """The asked one is among them, or what was found can't be a clumsy answer to it, such as «100-120 тыс»."""
    if step.means in FIGURES and _RANGE.search(_without_phone(message)) is not None:
        return False
    if not found or step.name in found:
        return bool(found)
    means = {message.dialog.form.step(name).means for name in found}
    return step.means not in FIGURES or not means <= FIGURES


def _without_phone(message: Message) -> str:
    """In lower case; the dashes between its digits make no range."""
    return (message.phrase.text if message.mentioned.phone is None else mask(message.typed).text).lower()


def _with_more(message: Message, after: Dialog, step: Step) -> Dialog:
    """An exact answer says one figure; words beside it may still name a gearbox, or who speaks."""
    if after.asides == message.dialog.asides or step.name not in after.answers:
        return after
    others = {
        name: value
        for name, value in answers_in(message).items()
        if name != step.name and after.form.step(name).means not in FIGURES
    }
    if not others:
        return after
    taken = {step.name: after.answers[step.name], **others}
    return message.dialog.take(taken, remark=noted(after, others)).beside(left_over(message, taken))


def _with_name(after: Dialog, step: Step) -> Dialog:
    """«8 916 123-45-67 Иван»: who is not called yet, or only as their profile was, is now."""
    phone, name_step = after.answers.get(step.name), after.form.step_for(Meaning.NAME)
    if not isinstance(phone, Phone) or not phone.remark or name_step is None:
        return after
    is_called = name_step.name in after.answers
    is_given = not GIVEN_NAMES.isdisjoint(Phrase.of(phone.remark).words)
    if is_called and not (after.was_kept(name_step.name) and is_given):
        return after
    name = name_step.read(Phrase.of(phone.remark).text.title(), on=after.opened_on)
    if name is None:
        return after
    remark = put_right(after, {name_step.name: name}) if is_called else ""
    return after.take({step.name: phone.without_remark, name_step.name: name}, remark=remark)
