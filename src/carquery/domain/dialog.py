"""One customer filling one form: an immutable value whose transitions return the next value.

A dialog stands at one step, or at the summary once every step was passed. Answers are never dropped by moving around;
only `clear` removes one, and only the one the customer is looking at.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import NewType

from carquery.domain.answers import (
    Accepted,
    Given,
    Option,
    Photos,
    Typed,
    Unexpected,
    Value,
    WantsTyping,
)
from carquery.domain.attachments import (
    MOST_FILES,
    MOST_PHOTOS,
    NOTHING_ATTACHED,
    TOO_LARGE,
    Attachments,
    Gathering,
    Parcel,
    told,
    told_of_files,
    told_of_photos,
)
from carquery.domain.consent import ConsentTerms
from carquery.domain.forms.form import Form
from carquery.domain.ids import DialogId, FileId, MessageToken, Reference, Source
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import UNEXPECTED, Step
from carquery.domain.typed_text import clean
from carquery.domain.unsure import Unsure
from carquery.domain.values import dataclass, replace

Revision = NewType("Revision", int)
"""Counts a dialog's changes; a button carries the revision it was shown with."""

MOST_ASIDES = 5000
"""Characters of what was said aside and found no room in an answer: ten photos with as many words as fit under them."""

NOTED = "Записали в комментарий"
PASSED_ON = "Передадим ваши слова менеджеру"
NO_ROOM = "Больше слов в заявку не поместится: расскажите остальное менеджеру, когда он позвонит"
PRESS_A_BUTTON = "Пожалуйста, нажмите одну из кнопок"

_NO_ANSWERS: Mapping[str, Value] = MappingProxyType({})
_NOT_TYPED: Mapping[str, MessageToken] = MappingProxyType({})


class NotOffered(ValueError):
    """A transition that the dialog does not offer where it stands, such as skipping a required step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """One form being filled.

    Attributes:
        opened_on: the day it was opened, in Moscow; the years it offers don't change under the customer.
        source: where the customer came from, kept for the lead.
        answers: by step name; what the customer gave.
        suggestions: by step name; what is known already and may be kept with one press.
        attachments: photos that no step asks for, and other files, whenever they came.
        asides: what was said beside the answers, such as the words under a photo, and stands in no answer (yet): once
            the questions are over, the comment has what it has room for.
        at: the step that is asked now; None: the summary.
        typing: at a step with options, the customer asked to type instead.
        readings: the last typed answer was ambiguous; these are offered.
        editing: the step was picked from the summary and returns there.
        terms: what the customer must consent to before the first personal step; None: nothing, or done.
        remark: what the customer should be told with the next question, in a sentence.
        ahead: steps that were answered before they were asked; they are passed over when their turn comes.
        given_in: by step name, the customer's message that gave the answer; who edits it corrects the answer.
        amends: the lead that was sent and is corrected here; `None`: this one makes a lead of its own.
    """

    id: DialogId
    form: Form
    opened_on: date
    source: Source | None = None
    answers: Mapping[str, Value] = field(default_factory=lambda: _NO_ANSWERS)
    suggestions: Mapping[str, Value] = field(default_factory=lambda: _NO_ANSWERS)
    attachments: Attachments = NOTHING_ATTACHED
    asides: tuple[str, ...] = ()
    at: str | None
    typing: bool = False
    readings: tuple[Value, ...] = ()
    editing: bool = False
    terms: ConsentTerms | None = None
    remark: str = ""
    ahead: tuple[str, ...] = ()
    given_in: Mapping[str, MessageToken] = field(default_factory=lambda: _NOT_TYPED)
    amends: Reference | None = None
    revision: Revision = field(default=Revision(1))

    @classmethod
    def open(  # everything a dialog is born with, each named at the call
        cls,
        form: Form,
        *,
        dialog_id: DialogId,
        on: date,
        source: Source | None = None,
        suggestions: Mapping[str, Value] = _NO_ANSWERS,
        terms: ConsentTerms | None = None,
    ) -> "Dialog":
        """A new dialog at the form's first step; suggestions for steps that the form doesn't have are left out."""
        names = {step.name for step in form.steps}
        return cls(
            id=dialog_id,
            form=form,
            opened_on=on,
            source=source,
            suggestions=MappingProxyType({name: value for name, value in suggestions.items() if name in names}),
            at=form.steps[0].name,
            terms=terms,
        )

    @classmethod
    def amending(  # as `open`
        cls,
        reference: Reference,
        form: Form,
        *,
        dialog_id: DialogId,
        on: date,
        answers: Mapping[str, Value],
        attachments: Attachments = NOTHING_ATTACHED,
        terms: ConsentTerms | None = None,
    ) -> "Dialog":
        """A sent lead's dialog, at its summary once more."""
        return cls(
            id=dialog_id,
            form=form,
            opened_on=on,
            answers=MappingProxyType(dict(answers)),
            attachments=attachments,
            at=None,
            terms=terms,
            amends=reference,
        )

    def asked_by(self, form: Form) -> "Dialog":
        """The same with that wording of its form. A step that it does not ask is passed; its answer stays."""
        if form is self.form:
            return self
        asked = {step.name for step in form.steps}
        if self.at is None or self.at in asked:
            return replace(self, form=form)
        later = (step.name for step in self.form.steps[self._place :] if step.name in asked)
        return replace(self, form=form)._moved(next(later, None))

    # Where it stands

    @property
    def step(self) -> Step | None:
        """The step asked now; None at the summary."""
        return None if self.at is None else self.form.step(self.at)

    @property
    def asks_consent(self) -> bool:
        """Whether the question of consent stands before the step."""
        return self.terms is not None and self.step is not None and self.step.personal

    @property
    def is_at_summary(self) -> bool:
        return self.at is None

    @property
    def is_untouched(self) -> bool:
        """Whether it was only opened, and nothing has happened in it."""
        return self.revision == Revision(1)

    @property
    def known(self) -> Value | None:
        """The value that «Оставить» would keep: the answer that stands, with what was said aside, else a suggestion."""
        return None if self.at is None else self._noted.answers.get(self.at, self.suggestions.get(self.at))

    @property
    def can_keep_all(self) -> bool:
        """Whether this suggestion and the next step's could be taken together."""
        steps = [step.name for step in self.form.steps[self._place : self._place + 2]]
        if self.editing or self.asks_consent or self.readings or len(steps) < 2:
            return False
        return all(step in self.suggestions and step not in self.answers for step in steps)

    def said(self, meaning: Meaning) -> Value | None:
        """The answer that means it, if it is given and this form asks for it."""
        return self.form.said(self.answers, meaning)

    @property
    def sent_along(self) -> Parcel:
        """Photos, files and words that came beside the answers."""
        return Parcel(self._photos, self.attachments.files, words=self.asides)

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Title and value of all that would be sent."""
        asides = (("Вы также писали", "\n".join(self.asides)),) if self.asides else ()
        return (*self.form.lines(self.answers), *self.attachments.lines, *asides)

    @property
    def options(self) -> tuple[Option, ...]:
        """The current step's ready answers."""
        step = self.step
        return () if step is None else step.kind.options(self.opened_on)

    @property
    def can_go_back(self) -> bool:
        return self.editing or self.is_at_summary or self._is_inside_step or self._place > 0

    @property
    def can_skip(self) -> bool:
        step = self.step
        return step is not None and step.optional and not self.asks_consent

    @property
    def can_clear(self) -> bool:
        """Whether «Пропустить» would take an answer away."""
        return self.can_skip and self.at in self.answers

    # What the customer does

    def answer(self, given: Given) -> "Dialog":
        """Take an answer to the current step.

        Raises:
            AnswerRefused: not an answer to this step; the dialog stays as it is.
        """
        step = self.step
        if step is None or self.asks_consent:
            raise AnswerRefused(UNEXPECTED if isinstance(given, Unexpected) else PRESS_A_BUTTON)
        match step.kind.take(given, on=self.opened_on):
            case Accepted(value):
                return self._heard(step, given)._with_answer(step.name, value)._passed()
            case WantsTyping():
                return replace(self, typing=True, readings=(), remark="")._changed()
            case Unsure(readings):
                return replace(self._heard(step, given), readings=readings, remark="")._changed()

    def take(self, answers: Mapping[str, Value], *, remark: str = "") -> "Dialog":
        """Take answers that were read already, whichever steps they belong to; the next open question is asked.

        What is personal waits as a suggestion until there is consent. `remark`: what to tell the customer.
        """
        steps = {name: self.form.step(name) for name in answers}
        waiting = {name: value for name, value in answers.items() if steps[name].personal and self.terms is not None}
        taken = {name: value for name, value in answers.items() if name not in waiting}
        ahead = [name for name in taken if name != self.at and self.form.number(name) > self._place]
        dialog = replace(
            self,
            answers=MappingProxyType({**self.answers, **taken}),
            suggestions=MappingProxyType({**self.suggestions, **waiting}),
            ahead=(*(name for name in self.ahead if name not in ahead), *ahead),
        )
        moved = dialog._passed() if self.at in taken else replace(dialog, typing=False, readings=())._changed()
        return moved if remark == moved.remark else replace(moved, remark=remark)

    def doubt(self, readings: tuple[Value, ...], *, remark: str = "") -> "Dialog":
        """Ask back which of these is meant, or whether the only one is."""
        return replace(self, readings=readings, typing=False, remark=remark)._changed()

    def beside(self, said: str) -> "Dialog":
        """With words kept that were said beside an answer; the remark stays."""
        return replace(self.say_aside(said), remark=self.remark, revision=self.revision) if said else self

    def at_step(self, step: str) -> "Dialog":
        """As if that step were asked now and nothing more, whatever came of it before."""
        return replace(self, at=step, editing=False, typing=False, readings=(), remark="")

    def typed_in(self, message: MessageToken | None, before: "Dialog") -> "Dialog":
        """With a note that the answers that `before` lacked, or had otherwise, were given in that message."""
        if message is None:
            return self
        new = [step for step, answer in self.answers.items() if before.answers.get(step) != answer]
        return replace(self, given_in=MappingProxyType({**self.given_in, **dict.fromkeys(new, message)}))

    def enclose(self, parcel: Parcel) -> "Dialog":
        """Keep photos and files, wherever the dialog stands; `remark` says what became of them."""
        photos = Gathering.of(self._photos, parcel.photos, most=MOST_PHOTOS)
        files = Gathering.of(self.attachments.files, parcel.files, most=MOST_FILES)
        step = self.step
        are_asked_for = step is not None and step.means is Meaning.PHOTOS and not photos.refused
        remark = told(
            "" if are_asked_for else told_of_photos(len(parcel.photos), photos),
            told_of_files(len(parcel.files), files),
            TOO_LARGE if parcel.too_large else "",
        )
        kept = replace(self, attachments=replace(self.attachments, files=files.kept), remark=remark)
        return kept._with_photos(photos.kept)._changed()

    def say_aside(self, *said: str) -> "Dialog":
        """Keep words that answer nothing, once; `remark` says where they went."""
        words = tuple(text for one in said if (text := clean(one, multiline=True)) and not self._has_noted(text))
        said_aside = replace(self, asides=(*self.asides, *dict.fromkeys(words)))
        noted = said_aside._with_asides()
        if sum(map(len, noted.asides)) > MOST_ASIDES:
            return replace(self, remark=NO_ROOM)._changed()
        remark = PASSED_ON if noted.asides else NOTED
        return replace(noted if self.is_at_summary else said_aside, remark=remark)._changed()

    def choose(self, reading: int) -> "Dialog":
        """Take one of the offered readings of an ambiguous answer, counted from 0. Raises NotOffered."""
        if self.at is None or not 0 <= reading < len(self.readings):
            raise NotOffered("reading")
        return self._with_answer(self.at, self.readings[reading])._passed()

    def keep(self) -> "Dialog":
        """Keep what is known for this step and go on; for photos: «Готово». Raises NotOffered: nothing is known."""
        if self.at is None or self.known is None or self.asks_consent:
            raise NotOffered("keep")
        return self._noted._with_answer(self.at, self.known)._passed()

    def keep_all(self) -> "Dialog":
        """Keep suggestions up to the first step without one, or before which consent is due; `remark` names them.

        Raises:
            NotOffered: there are not two in a row.
        """
        if not self.can_keep_all:
            raise NotOffered("keep all")
        dialog, kept = self, []
        while (value := dialog._suggestion) is not None:
            kept.append(value.shown)
            dialog = dialog.keep()
        return replace(dialog, remark=f"Записали: {', '.join(kept)}", revision=Revision(self.revision + 1))

    def skip(self) -> "Dialog":
        """Pass an optional step; an answer given before stays. Raises NotOffered: the step is required."""
        if not self.can_skip:
            raise NotOffered("skip")
        return self._passed()

    def clear(self) -> "Dialog":
        """Take the answer to this optional step away and ask again. Raises NotOffered: there is none."""
        if not self.can_clear:
            raise NotOffered("clear")
        left = {name: value for name, value in self.answers.items() if name != self.at}
        return replace(self, answers=MappingProxyType(left), typing=False, readings=(), remark="")._changed()

    def back(self) -> "Dialog":
        """Go one question back; from a field being edited, to the summary. Raises NotOffered: this is the first."""
        if not self.can_go_back:
            raise NotOffered("back")
        if self._is_inside_step:
            return replace(self, typing=False, readings=(), remark="")._changed()
        if self.editing:
            return self._moved(None)
        return self._moved(self.form.steps[self._place - 1].name)

    def edit(self, step: str) -> "Dialog":
        """From the summary, ask one step again and return. Raises NotOffered: not at the summary, or no such step."""
        if not self.is_at_summary or step not in {known.name for known in self.form.steps}:
            raise NotOffered("edit")
        return replace(self._moved(step), editing=True)

    def consent(self) -> "Dialog":
        """Go on to the personal step. Raises NotOffered: consent is not asked here."""
        if not self.asks_consent:
            raise NotOffered("consent")
        return replace(self, terms=None, remark="")._changed()

    def was_kept(self, step: str) -> bool:
        """Whether the answer to that step is the value that was known before, which nobody has said here."""
        return step in self.answers and self.answers[step] == self.suggestions.get(step)

    # How it changes

    @property
    def _suggestion(self) -> Value | None:
        """What may be kept here without a look at the question."""
        if self.at is None or self.at in self.answers or self.asks_consent:
            return None
        return self.suggestions.get(self.at)

    @property
    def _place(self) -> int:
        """The current step's index; at the summary, one past the last."""
        return len(self.form.steps) if self.at is None else self.form.number(self.at) - 1

    @property
    def _is_inside_step(self) -> bool:
        return self.typing or bool(self.readings)

    @property
    def _photos(self) -> tuple[FileId, ...]:
        """All of them: the answer to the step that asks for them; if the form has none, what is attached."""
        step = self.form.step_for(Meaning.PHOTOS)
        if step is None:
            return self.attachments.photos
        answer = self.answers.get(step.name)
        return answer.files if isinstance(answer, Photos) else ()

    def _with_photos(self, photos: tuple[FileId, ...]) -> "Dialog":
        step = self.form.step_for(Meaning.PHOTOS)
        if step is None:
            return replace(self, attachments=replace(self.attachments, photos=photos))
        return self._with_answer(step.name, Photos(photos)) if photos else self

    def _has_noted(self, words: str) -> bool:
        """Whether they stand in the answer that takes what is said aside, or will."""
        step = self.form.step_for(Meaning.COMMENT)
        answer = None if step is None else self.answers.get(step.name)
        return words in self.asides or (answer is not None and f"\n{words}\n" in f"\n{answer.shown}\n")

    @property
    def _noted(self) -> "Dialog":
        """At the step that takes asides, with them in its answer."""
        step = self.step
        return self._with_asides() if step is not None and step.means is Meaning.COMMENT else self

    def _with_asides(self) -> "Dialog":
        """What was said aside, in the answer of the step that takes it, as far as that has room."""
        step = self.form.step_for(Meaning.COMMENT)
        if step is None or not self.asides:
            return self
        answer, left = self.answers.get(step.name), []
        for aside in self.asides:
            text = aside if answer is None else f"{answer.shown}\n{aside}"
            try:
                taken = step.kind.take(Typed(text), on=self.opened_on)
            except AnswerRefused:
                taken = None
            if isinstance(taken, Accepted):
                answer = taken.value
            else:
                left.append(aside)
        kept = self if answer is None else self._with_answer(step.name, answer)
        return replace(kept, asides=tuple(left))

    def _heard(self, step: Step, given: Given) -> "Dialog":
        """With what a typed answer says beside its value: «1 млн, обмен на газель». The same is kept once."""
        if not isinstance(given, Typed) or step.says_more is None or not step.says_more(given.text):
            return self
        said = clean(given.text)
        asides = self.asides if said in self.asides else (*self.asides, said)
        return replace(self, asides=asides) if sum(map(len, asides)) <= MOST_ASIDES else self

    def _with_answer(self, step: str, value: Value) -> "Dialog":
        return replace(self, answers=MappingProxyType({**self.answers, step: value}))

    def _passed(self) -> "Dialog":
        behind = (step.name for step in self.form.steps[self._place + 1 :])
        following = None if self.editing else next((name for name in behind if name not in self.ahead), None)
        return self._moved(following)

    def _moved(self, at: str | None) -> "Dialog":
        changed = Revision(self.revision + 1)
        moved = replace(self, at=at, typing=False, readings=(), editing=False, remark="", revision=changed)
        return moved._with_asides() if moved.is_at_summary else moved

    def _changed(self) -> "Dialog":
        return replace(self, revision=Revision(self.revision + 1))
