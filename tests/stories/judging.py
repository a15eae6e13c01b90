"""What differs between a story that was played and what it expects."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.screens import CallbackOffer
from carquery.domain.answers import Value
from carquery.domain.dealership.faq import Topic
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.lead import Lead
from tests.stories.playing import Moment, Played, offers_callback
from tests.stories.story import Story

CONTAINED = ("phone", "description")
"""Of their answers, the text that is expected is a part."""
NO_HELP = re.compile(r"не получилось вам помочь", re.IGNORECASE)
MANAGER_HAS_IT = re.compile(r"менеджер", re.IGNORECASE)


def differences(story: Story, played: Played, told: ToldOfDealership) -> list[str]:
    """What differs, a line each; nothing: the story ends as expected."""
    return [*played.troubles, *_differences(story.expect, played, told), *_always(story.expect, played)]


def _differences(expect: Mapping[str, Any], played: Played, told: ToldOfDealership) -> Iterator[str]:
    last, leads = played.moments[-1], played.dealership.stored_leads
    form = _form(last, leads, is_human="human" in expect.get("answered", ()))
    if "form" in expect and form != expect["form"]:
        yield f"form: {form}, not {expect['form']}"
    yield from _in_the_answers(expect, last, leads)
    for topic in expect.get("answered", ()):
        if not _is_topic_answered(topic, played, told):
            yield f"answered: {topic} was not"
    yield from _about_the_lead(expect, played, leads)
    is_open = last.visit.dialog is not None or last.visit.offer is not None
    if expect.get("keeps_form_open", is_open) != is_open:
        yield f"keeps_form_open: {is_open}"


def _in_the_answers(expect: Mapping[str, Any], last: Moment, leads: list[Lead]) -> Iterator[str]:
    answers = _answers(last, leads)
    for step, wanted in expect.get("answers", {}).items():
        if not _is_answered(step, wanted, answers, last, leads):
            yield f"answers: {step} is {answers.get(step, '')!r}, not {wanted!r}"
    for text in expect.get("not_in_answers", ()):
        held = [step for step, answer in answers.items() if _stands_in(text, answer)]
        if held:
            yield f"not_in_answers: {text!r} in {held}"


def _about_the_lead(expect: Mapping[str, Any], played: Played, leads: list[Lead]) -> Iterator[str]:
    if expect.get("lead", bool(leads)) != bool(leads):
        yield f"lead: {bool(leads)}"
    missing = played.sent - set(leads[-1].attached) if expect.get("lead") and leads else ()
    if missing:
        yield f"lead without {sorted(missing)}"


def _always(expect: Mapping[str, Any], played: Played) -> Iterator[str]:
    if any(NO_HELP.search(moment.text) for moment in played.moments):
        yield "it said that there is no help"
    if "human" in expect.get("answered", ()):
        return
    if any(isinstance(moment.screen, CallbackOffer) for moment in played.moments):
        yield "a call was offered unasked"
    if played.dealership.alerts.told:
        yield "the staff were alarmed"


def _form(last: Moment, leads: list[Lead], *, is_human: bool) -> str:
    visit = last.visit
    if visit.dialog is not None:
        return visit.dialog.form.service.value
    if leads and (visit.offer is None or not visit.offer.alternatives):
        return leads[-1].service.value
    if visit.offer is not None and not visit.offer.alternatives:
        return visit.offer.service.value
    is_callback = visit.leads_to == Service.CALLBACK and not is_human
    return Service.CALLBACK.value if is_callback else "none"


def _answers(last: Moment, leads: list[Lead]) -> dict[str, str]:
    dialog = last.visit.dialog
    held: Mapping[str, Value] = {}
    if dialog is not None:
        held = {**dialog.suggestions, **dialog.answers}
    elif leads:
        held = leads[-1].answers
    elif last.visit.offer is not None:
        held = last.visit.offer.suggestions
    return {step: _plain(value.shown) for step, value in held.items()}


def _plain(text: str) -> str:
    return " ".join(text.split())


def _is_answered(
    step: str, wanted: Any, answers: Mapping[str, str], last: Moment, leads: list[Lead]
) -> bool:  # as the file has it
    texts = [wanted] if isinstance(wanted, str) else list(wanted)
    answer = answers.get(step, "").casefold()
    for text in (_plain(str(text)).casefold() for text in texts):
        if step == "comment":
            if any(text in said.casefold() for said in _said_beside(last.visit.dialog, leads)):
                return True
        elif text == answer or (step in CONTAINED and text in answer):
            return True
    return False


def _said_beside(dialog: Dialog | None, leads: list[Lead]) -> Iterator[str]:
    lines = dialog.lines if dialog is not None else leads[-1].lines if leads else ()
    yield from (_plain(f"{title} {text}") for title, text in lines)
    if dialog is None and leads:
        yield from leads[-1].conversation


def _stands_in(text: str, answer: str) -> bool:
    pattern = rf"(?<!\w){re.escape(_plain(text).casefold())}(?!\w)"
    return re.search(pattern, answer.casefold()) is not None


def _is_topic_answered(topic: str, played: Played, told: ToldOfDealership) -> bool:
    if topic == "human":
        asked = [moment for moment in played.moments if moment.said]
        return any(offers_callback(moment) or MANAGER_HAS_IT.search(moment.text) for moment in asked)
    answer = told().answer_to(Topic(topic))
    return answer is not None and any(answer in moment.text for moment in played.moments)
