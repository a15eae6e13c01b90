"""A form while it is filled in, as messages: its questions, its summary, and leaving it."""

from functools import lru_cache

from carquery.adapters.messenger.answers_shown import CLIPPED, all_answers
from carquery.adapters.messenger.buttons import dialog_button, in_columns, in_rows, option_buttons
from carquery.adapters.messenger.message import ContactButton, LinkButton, Message, PressButton, Rows, paragraphs_of
from carquery.application import screens
from carquery.application.marked_text import Marked, bold, clip, fit, italic, plain
from carquery.application.presses import DialogVerb
from carquery.application.screens import ConsentRequest, FieldList, GoOnQuestion, LeaveWarning, Question, Summary
from carquery.domain.answers import Photos, Value
from carquery.domain.consent import ConsentTerms
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.hearing.left_open import UNKNOWN
from carquery.domain.meaning import Meaning
from carquery.domain.steps import Step

LONGEST_GIVEN = 24


MOST_GIVEN = 160
"""UTF-16 units of one answer, and of the line of all that were given so far."""


def question(screen: Question) -> Message:
    """A step, with what was given so far above it, and its buttons."""
    dialog = screen.dialog
    step = dialog.step
    if step is None:
        raise ValueError("a question needs a step; at the summary there is none")
    known = dialog.known
    paragraphs = (_heading(dialog), *_said(screen), _prompt(dialog, step, known))
    if known is not None:
        paragraphs = (*paragraphs, Question.KNOWN + bold(clip(known.shown, CLIPPED)))
    person = ((_to_person(dialog),),) if screen.offers_person else ()
    leaves = None if screen.agreed is None else _consent_given(screen.agreed)
    if step.kind.asks_contact and not dialog.readings:
        return Message(paragraphs, (*_contact_rows(dialog, known), *person), leaves=leaves)
    return Message(
        paragraphs,
        (*_question_rows(dialog, step, known), *person),
        farewell=_farewell(dialog),
        ends_keyboard=screen.ends_keyboard,
        leaves=leaves,
    )


def _to_person(dialog: Dialog) -> PressButton:
    return dialog_button(Question.PERSON, dialog, DialogVerb.GO, Service.CALLBACK)


def _said(screen: Question | ConsentRequest | Summary | GoOnQuestion) -> tuple[Marked, ...]:
    """Why the last answer was not taken, and what else there is to say of it."""
    return paragraphs_of(screen.hint and f"⚠️ {screen.hint}", screen.notice, screen.dialog.remark)


def _prompt(dialog: Dialog, step: Step, known: Value | None) -> Marked:
    """What is asked; an example where the answer must be typed and nothing is known yet."""
    if dialog.readings and dialog.readings[0] != UNKNOWN:
        return bold(_which_reading(dialog, step))
    must_type = dialog.typing or not (dialog.options or known)
    return _asked(step.typing_prompt if dialog.typing else step.prompt, step.example if must_type else "")


@lru_cache(maxsize=256)  # the same for everybody, as the next one
def _asked(prompt: str, example: str) -> Marked:
    return bold(prompt) + "\n" + italic(Question.EXAMPLE.format(example=example)) if example else bold(prompt)


@lru_cache(maxsize=256)
def _place(title: str, number: int, steps: int) -> Marked:
    return italic(Question.PLACE.format(title=title, number=number, steps=steps))


def _which_reading(dialog: Dialog, step: Step) -> str:
    """A car that nobody knows is written down as it stands, or not at all."""
    if step.means is Meaning.CAR and len(dialog.readings) == 1:
        return Question.IS_CAR.format(car=dialog.readings[0].shown)
    return Question.UNSURE


def _heading(dialog: Dialog) -> Marked:
    number = dialog.form.number(dialog.at) if dialog.at is not None else len(dialog.form.steps)
    place = _place(dialog.form.title, number, len(dialog.form.steps))
    given = _given(dialog)
    return place + "\n" + given if given else place


def _given(dialog: Dialog) -> str:
    """The other answers, in one line. Where there are too many, the first are left out."""
    answers = (dialog.answers.get(step.name) for step in dialog.form.steps if step.name != dialog.at)
    shown = [clip(" ".join(answer.shown.split()), LONGEST_GIVEN) for answer in answers if answer not in (None, UNKNOWN)]
    while not fit(shown, MOST_GIVEN):
        del shown[0]
    return Question.GIVEN.join(shown)


def _farewell(dialog: Dialog) -> str:
    """The keyboard goes when the phone step is left: a chance to show the number as it was understood."""
    phone = dialog.said(Meaning.PHONE)
    if dialog.readings:
        return "🤔"
    return "⬅️" if phone is None else f"📱 {phone.shown}"


def _question_rows(dialog: Dialog, step: Step, known: Value | None) -> Rows:
    if dialog.readings and step.means is Meaning.CAR:
        yes, no = (
            dialog_button(screens.YES, dialog, DialogVerb.CHOOSE, "0"),
            dialog_button(screens.NO, dialog, DialogVerb.BACK),
        )
        return ((yes, no), _navigation(dialog))
    unknown: Rows = ()
    if dialog.readings == (UNKNOWN,):
        unknown = ((dialog_button(Question.UNKNOWN, dialog, DialogVerb.CHOOSE, "0"),),)
    elif dialog.readings:
        readings = [
            dialog_button(clip(reading.shown, 64), dialog, DialogVerb.CHOOSE, str(index))
            for index, reading in enumerate(dialog.readings)
        ]
        return (*in_rows(readings), _navigation(dialog))
    options = (*(() if dialog.typing else option_buttons(dialog)), *unknown)
    return (*options, *_shortcuts(dialog, known), _navigation(dialog))


def _shortcuts(dialog: Dialog, known: Value | None) -> Rows:
    """«Оставить», «Пропустить» and their like."""
    row = []
    if known is not None:
        row.append(dialog_button(_keep_label(known), dialog, DialogVerb.KEEP))
    if dialog.can_clear:
        row.append(dialog_button(Question.CLEAR, dialog, DialogVerb.CLEAR))
    elif dialog.can_skip:
        row.append(dialog_button(Question.SKIP, dialog, DialogVerb.SKIP))
    everything = ((dialog_button(Question.KEEP_ALL, dialog, DialogVerb.KEEP_ALL),),) if dialog.can_keep_all else ()
    return (*((tuple(row),) if row else ()), *everything)


def _keep_label(known: Value) -> str:
    return f"{Question.DONE} ({len(known.files)})" if isinstance(known, Photos) else Question.KEEP


def _navigation(dialog: Dialog) -> tuple[PressButton, ...]:
    menu = dialog_button(screens.MENU, dialog, DialogVerb.LEAVE)
    if not dialog.can_go_back:
        return (menu,)
    return (dialog_button(screens.BACK, dialog, DialogVerb.BACK), menu)


def _contact_rows(dialog: Dialog, known: Value | None) -> Rows:
    keep = (dialog_button(Question.KEEP, dialog, DialogVerb.KEEP),) if known is not None else ()
    rows: Rows = ((ContactButton(Question.SHARE),), keep, _navigation(dialog))
    return tuple(row for row in rows if row)


def consent(screen: ConsentRequest) -> Message:
    """What is to be consented to, before the first answer."""
    dialog = screen.dialog
    paragraphs = (bold(ConsentRequest.TITLE), *_said(screen), plain(screen.terms.text))
    rows: Rows = (
        (LinkButton(ConsentRequest.POLICY, screen.terms.policy_url),),
        (
            dialog_button(ConsentRequest.AGREE, dialog, DialogVerb.AGREE),
            dialog_button(ConsentRequest.DISAGREE, dialog, DialogVerb.DISAGREE),
        ),
        _navigation(dialog),
    )
    return Message(paragraphs, rows, farewell=_farewell(dialog), ends_keyboard=screen.ends_keyboard)


def _consent_given(terms: ConsentTerms) -> Message:
    """What the customer has consented to, word for word."""
    paragraphs = (bold(ConsentRequest.TITLE), plain(terms.text), bold(ConsentRequest.GIVEN))
    return Message(paragraphs, ((LinkButton(ConsentRequest.POLICY, terms.policy_url),),))


def summary(screen: Summary) -> Message:
    """All answers, to be sent or changed."""
    dialog = screen.dialog
    send, leave = (Summary.SEND, Summary.CANCEL) if dialog.amends is None else (Summary.SAVE, Summary.KEEP)
    rows = (
        (dialog_button(send, dialog, DialogVerb.SEND),),
        (
            dialog_button(Summary.EDIT, dialog, DialogVerb.FIELDS),
            dialog_button(leave, dialog, DialogVerb.LEAVE),
        ),
    )
    return Message(_summary_text(screen), rows, farewell=_farewell(dialog), ends_keyboard=screen.ends_keyboard)


def _summary_text(screen: Summary) -> tuple[Marked, ...]:
    dialog = screen.dialog
    amends = dialog.amends
    title = Summary.TITLE if amends is None else Summary.AMENDS.format(reference=amends)
    return (italic(dialog.form.title), bold(title), *_said(screen), all_answers(dialog.lines))


def field_list(screen: FieldList) -> Message:
    """Each field as a button: which one to change."""
    dialog = screen.dialog
    fields = [dialog_button(step.title, dialog, DialogVerb.EDIT, step.name) for step in dialog.form.steps]
    back = (dialog_button(screens.BACK, dialog, DialogVerb.STAY),)
    return Message((bold(FieldList.PROMPT),), (*in_columns(fields, 2), back))


def leave_warning(screen: LeaveWarning) -> Message:
    """Whether to drop what was filled in."""
    row = (
        dialog_button(screens.YES, screen.dialog, DialogVerb.GO, screen.to),
        dialog_button(screens.NO, screen.dialog, DialogVerb.STAY),
    )
    return Message((bold(screen.text),), (row,))


def go_on_question(screen: GoOnQuestion) -> Message:
    """Whether to go on with a form that was left."""
    dialog = screen.dialog
    number, steps = 0 if dialog.at is None else dialog.form.number(dialog.at), len(dialog.form.steps)
    prompt = GoOnQuestion.AT_SUMMARY if dialog.is_at_summary else GoOnQuestion.AT_STEP
    row = (
        dialog_button(GoOnQuestion.GO_ON, dialog, DialogVerb.STAY),
        dialog_button(GoOnQuestion.ANEW, dialog, DialogVerb.GO, screen.to),
    )
    asked = bold(prompt.format(number=number, steps=steps))
    may_ask_contact = screen.is_first and _is_past(dialog, Meaning.PHONE)
    return Message((italic(dialog.form.title), *_said(screen), asked), (row,), ends_keyboard=may_ask_contact)


def _is_past(dialog: Dialog, meaning: Meaning) -> bool:
    """Whether the step that asks for it was reached."""
    step = dialog.form.step_for(meaning)
    return step is not None and (dialog.at is None or dialog.form.number(dialog.at) >= dialog.form.number(step.name))
