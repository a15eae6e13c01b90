"""What differs between a story as it was played and what it expects: exactly, and no more than its format says."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from carquery.domain.answers import Value
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.faq import Topic
from carquery.domain.dialog import Dialog
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.meaning import Meaning
from carquery.domain.visit import Visit
from carquery.entrypoints.stories.played import Moment, Played
from carquery.entrypoints.stories.story import HUMAN, NONE, Expected, Story

_MEANT: Final = {step.name: step.means for form in FORMS.values() for step in form.steps}
_CONTAINED: Final = (Meaning.PHONE, Meaning.SITUATION)
"""Of their answers, the text that is expected is a part."""

_NO_HELP: Final = re.compile(r"не (?:получилось|удалось|смогли|можем) вам помочь", re.IGNORECASE)
_PEOPLE: Final = r"(?:менеджер|сотрудник|коллег|специалист)\w*"
_TOLD: Final = re.compile(
    rf"(?:переда(?:ли|дим|м|ём|ем|но)|сообщ(?:или|им|ено)|\bу) (?:\S+ ){{0,3}}{_PEOPLE}"
    rf"|{_PEOPLE} (?!не )(?:\S+ ){{0,2}}(?:уч[её]т|ответит|узна|разбер|получ|позвон|перезвон|свяж|знает|увид)",
    re.IGNORECASE,
)
"""A person has it, or will."""


def differences(story: Story, played: Played, dealership: Dealership) -> tuple[str, ...]:
    """What differs, a line each; none: the story ends as expected."""
    judge = _Judge(story.expected, played, dealership)
    return (*played.troubles, *judge.at_the_end(), *judge.on_the_way())


class _Judge:
    def __init__(self, expected: Expected, played: Played, dealership: Dealership) -> None:
        self.expected = expected
        self.played = played
        self.dealership = dealership
        self.visit = played.moments[-1].after if played.moments else None
        self.dialog = None if self.visit is None else self.visit.dialog
        self.is_human = HUMAN in expected.answered

    def at_the_end(self) -> Iterator[str]:
        expected, forms = self.expected, self._forms()
        if expected.form is not None and expected.form not in forms:
            yield f"form: {forms[0]}, not {expected.form}"
        yield from self._in_answers()
        for topic in expected.answered:
            if not self._is_answered(topic):
                yield f"answered: {topic} was not"
        yield from self._of_lead()
        is_open = self._is_open
        if expected.keeps_form_open not in (None, is_open):
            yield f"keeps_form_open: {str(is_open).lower()}"

    # The form

    def _forms(self) -> tuple[str, ...]:
        """What may be called the form; the likeliest first."""
        if self.dialog is not None:
            return (self.dialog.form.service.value,)
        if self.played.leads:
            return (self.played.leads[-1].service.value,)
        offer = None if self.visit is None else self.visit.offer
        if offer is not None and not offer.alternatives:
            return (offer.service.value,)
        if _offers_call(self.visit):
            return (NONE, Service.CALLBACK.value) if self.is_human else (Service.CALLBACK.value,)
        return (NONE,)

    @property
    def _is_open(self) -> bool:
        if self.visit is None:
            return False
        stands_offered = self.visit.offer is not None
        if self.expected.form == Service.CALLBACK:
            stands_offered = stands_offered or _offers_call(self.visit)
        return self.dialog is not None or stands_offered

    # Its answers

    def _answers(self) -> Mapping[str, str]:
        held: Mapping[str, Value] = {}
        if self.dialog is not None:
            held = {**self.dialog.suggestions, **self.dialog.answers}
        elif self.played.leads:
            held = self.played.leads[-1].answers
        elif self.visit is not None and self.visit.offer is not None:
            held = self.visit.offer.suggestions
        return {step: _plain(value.shown) for step, value in held.items()}

    def _in_answers(self) -> Iterator[str]:
        answers = self._answers()
        for step, texts in self.expected.answers.items():
            if not any(self._holds(step, _folded(text), answers) for text in texts):
                yield f"answers: {step} is «{answers.get(step, '')}», not «{'» or «'.join(texts)}»"
        for text in self.expected.not_in_answers:
            held = [step for step, answer in answers.items() if _stands_in(text, answer)]
            if held:
                yield f"not_in_answers: «{text}» stands in {', '.join(held)}"

    def _holds(self, step: str, text: str, answers: Mapping[str, str]) -> bool:
        answer = _folded(answers.get(step, ""))
        means = _MEANT.get(step)
        if means is Meaning.COMMENT:
            return any(text in _folded(said) for said in chain([answer], self._said_beside()))
        return text == answer or (means in _CONTAINED and text in answer)

    def _said_beside(self) -> Iterator[str]:
        """All that the manager gets, or would get."""
        if self.visit is not None:
            yield from self.visit.conversation
        if self.dialog is not None:
            yield from (f"{title} {text}" for title, text in self.dialog.lines)
            return
        for lead in self.played.leads[-1:]:
            yield from (f"{title} {text}" for title, text in lead.lines)
            yield from lead.conversation

    # The lead

    def _of_lead(self) -> Iterator[str]:
        has_lead = bool(self.played.leads)
        if self.expected.lead not in (None, has_lead):
            yield f"lead: {str(has_lead).lower()}"
        if self.expected.lead and has_lead:
            attached = set(chain.from_iterable(lead.attached for lead in self.played.leads))
            if missing := self.played.enclosed - attached:
                yield f"lead: {len(missing)} of {len(self.played.enclosed)} photos and files did not come along"

    # Questions

    def _is_answered(self, topic: str) -> bool:
        if topic == HUMAN:
            return any(self._brings_in_person(moment) for moment in self.played.moments)
        answer = self.dealership.answer_to(Topic(topic))
        return answer is not None and any(
            _plain(answer) in _plain(moment.text) and _stands_again(moment) for moment in self.played.moments
        )

    @staticmethod
    def _brings_in_person(moment: Moment) -> bool:
        if moment.presses or _NO_HELP.search(moment.text) is not None:
            return False
        opens_callback = _service(moment.after) is Service.CALLBACK and _is_another(moment)
        if opens_callback or _offers_call(moment.after):
            return True
        return _TOLD.search(moment.text) is not None

    # Always

    def on_the_way(self) -> Iterator[str]:
        for moment in self.played.moments:
            if _NO_HELP.search(moment.text) is not None:
                yield f"turn {moment.turn}: it said that there is no help"
            if not self.is_human and _begins_to_offer_call(moment):
                yield f"turn {moment.turn}: a call was offered unasked"
            if _opens_unasked(moment):
                yield f"turn {moment.turn}: a form opened unasked"
            for step in _lost(moment):
                yield f"turn {moment.turn}: the answer to {step} was lost"
        if self.played.alarms and not self.is_human:
            yield "the staff were alarmed"


def _service(visit: Visit | None) -> Service | None:
    return None if visit is None or visit.dialog is None else visit.dialog.form.service


def _offers_call(visit: Visit | None) -> bool:
    return visit is not None and visit.leads_to == Service.CALLBACK


def _begins_to_offer_call(moment: Moment) -> bool:
    if moment.presses or moment.gives_card:
        return False
    opens = _service(moment.after) is Service.CALLBACK and _is_another(moment) and not _was_asked(moment)
    return opens or (_offers_call(moment.after) and not _offers_call(moment.before))


def _is_another(moment: Moment) -> bool:
    """Whether a dialog is open that was not open before."""
    before, after = _dialog(moment.before), _dialog(moment.after)
    return after is not None and (before is None or before.id != after.id)


def _was_asked(moment: Moment) -> bool:
    before = moment.before
    return before is not None and (before.offer is not None or before.leads_to != "")


def _opens_unasked(moment: Moment) -> bool:
    """A form of a service opens with a yes, a button or a deep link alone; to correct what was sent, words do."""
    after = _dialog(moment.after)
    is_of_service = after is not None and after.form.service is not Service.CALLBACK and after.amends is None
    return is_of_service and _is_another(moment) and not moment.presses and not _was_asked(moment)


def _dialog(visit: Visit | None) -> Dialog | None:
    return None if visit is None else visit.dialog


def _lost(moment: Moment) -> tuple[str, ...]:
    """What was answered is still there after a message; a button may take it away."""
    before, after = _dialog(moment.before), _dialog(moment.after)
    if moment.presses or before is None or after is None or before.id != after.id:
        return ()
    return tuple(step for step in before.answers if step not in after.answers)


def _stands_again(moment: Moment) -> bool:
    before, after = _dialog(moment.before), _dialog(moment.after)
    if before is None:
        return True
    is_answered = after is not None and before.at in after.answers
    return after is not None and after.id == before.id and (after.at == before.at or is_answered)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _folded(text: str) -> str:
    return _plain(text).casefold()


def _stands_in(text: str, answer: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(_folded(text))}(?!\w)", _folded(answer)) is not None
