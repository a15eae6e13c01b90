"""Personal data are asked for only after consent, which is stored with exactly what was agreed to."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from carquery.application.conversation.answer_consent import AnswerConsent
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Menu, Notice, Question, Stale, screen_of
from carquery.domain.consent import ConsentTerms
from carquery.domain.contact import PersonName
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.ids import InputId
from carquery.domain.visit import STRANGER, Acquaintance
from tests.application.in_memory import AGREED, Dealership, button_of, shown
from tests.builders import ANNA, TERMS, a_dialog, an_arrival


@pytest.fixture
def answer(careful_dealership: Dealership) -> AnswerConsent:
    return AnswerConsent(
        reception=careful_dealership.reception,
        customers=careful_dealership.customers,
        clock=careful_dealership.clock,
    )


async def asked_for_consent(dealership: Dealership, **details: Any) -> Dialog:
    """A dialog that stands at the question of consent."""
    dialog = a_dialog(service=Service.CALLBACK, terms=TERMS)
    await dealership.has_open(dialog, **details)
    return dialog


async def test_consent_is_stored_with_time_version_and_fingerprint(
    careful_dealership: Dealership, answer: AnswerConsent
) -> None:
    dialog = await asked_for_consent(careful_dealership)

    question = shown(await answer.agree(an_arrival(), button_of(dialog)), Question)

    visit = await careful_dealership.visit()
    assert (question.dialog.at, question.dialog.asks_consent) == ("name", False)
    assert (visit.dialog, visit.known.consent) == (question.dialog, AGREED)
    assert (await careful_dealership.customers.acquaintance(ANNA)).consent == AGREED


async def test_consent_counts_for_the_text_the_customer_read(
    careful_dealership: Dealership, answer: AnswerConsent
) -> None:
    """The dealership may change its text while the question stands."""
    read = a_dialog(service=Service.CALLBACK, terms=ConsentTerms("0", "Прежний текст", TERMS.policy_url))
    await careful_dealership.has_open(read)

    await answer.agree(an_arrival(), button_of(read))

    consent = (await careful_dealership.customers.acquaintance(ANNA)).consent
    assert consent is not None
    assert consent.version == "0"
    assert not consent.covers(TERMS)


async def test_refusal_ends_the_dialog_and_keeps_nothing(careful_dealership: Dealership, answer: AnswerConsent) -> None:
    dialog = await asked_for_consent(
        careful_dealership,
        conversation=("Позвоните мне",),
        profile_name=PersonName("Аня"),
        known=Acquaintance(PersonName("Анна")),
    )

    reply = await answer.refuse(an_arrival(), button_of(dialog))

    visit = await careful_dealership.visit()
    assert reply.screen == Menu(Notice.CONSENT_REFUSED)
    assert (visit.dialog, visit.conversation, visit.profile_name, visit.known) == (None, (), None, STRANGER)
    assert careful_dealership.database.customers == {}


@pytest.mark.parametrize("word", ["agree", "refuse"])
async def test_a_button_of_before_does_nothing(
    careful_dealership: Dealership, answer: AnswerConsent, word: str
) -> None:
    dialog = await asked_for_consent(careful_dealership)
    old = button_of(a_dialog(number=2))

    reply = await (answer.agree if word == "agree" else answer.refuse)(an_arrival(), old)

    assert isinstance(reply.screen, Stale)
    assert await careful_dealership.dialog() == dialog
    assert careful_dealership.database.customers == {}


@pytest.mark.parametrize("word", ["agree", "refuse"])
async def test_where_consent_is_not_asked_there_is_none_to_give(
    careful_dealership: Dealership, answer: AnswerConsent, word: str
) -> None:
    dialog = a_dialog(step="mileage", terms=TERMS)
    await careful_dealership.has_open(dialog)

    reply = await (answer.agree if word == "agree" else answer.refuse)(an_arrival(), button_of(dialog))

    assert isinstance(reply.screen, Stale)
    assert await careful_dealership.dialog() == dialog
    assert careful_dealership.database.customers == {}


async def test_two_taps_on_agree_store_one_consent(careful_dealership: Dealership, answer: AnswerConsent) -> None:
    dialog = await asked_for_consent(careful_dealership)

    first, second = await asyncio.gather(*(answer.agree(an_arrival(number), button_of(dialog)) for number in (1, 2)))

    assert (shown(first, Question).dialog, second.screen) == (dialog.consent(), Stale(screen_of(dialog.consent())))
    assert careful_dealership.database.customers[ANNA].consents == [AGREED]


async def test_of_agree_and_refuse_at_once_the_first_counts(
    careful_dealership: Dealership, answer: AnswerConsent
) -> None:
    dialog = await asked_for_consent(careful_dealership)

    refused, agreed = await asyncio.gather(
        answer.refuse(an_arrival(1), button_of(dialog)),
        answer.agree(an_arrival(2), button_of(dialog)),
    )

    assert (refused.screen, agreed.screen) == (Menu(Notice.CONSENT_REFUSED), Stale())
    assert await careful_dealership.dialog() is None


@pytest.mark.parametrize("store", ["visits", "customers"])
async def test_the_question_stands_while_a_store_is_away(
    careful_dealership: Dealership, answer: AnswerConsent, store: str
) -> None:
    dialog = await asked_for_consent(careful_dealership)
    (careful_dealership.visits if store == "visits" else careful_dealership.database).fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await answer.agree(an_arrival(), button_of(dialog))

    assert await careful_dealership.dialog() == dialog
    assert careful_dealership.database.customers == {}


async def test_consent_given_again_after_a_failure_is_one_consent(
    careful_dealership: Dealership, answer: AnswerConsent
) -> None:
    dialog = await asked_for_consent(careful_dealership)
    await careful_dealership.customers.consent(ANNA, AGREED)
    careful_dealership.clock.pass_time(timedelta(seconds=5))

    await answer.agree(an_arrival(), button_of(dialog))

    assert careful_dealership.database.customers[ANNA].consents == [AGREED]


async def test_refusing_fails_while_the_store_is_away(careful_dealership: Dealership, answer: AnswerConsent) -> None:
    dialog = await asked_for_consent(careful_dealership, taken=(InputId("9"),))
    before = await careful_dealership.visit()
    careful_dealership.visits.fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await answer.refuse(an_arrival(), button_of(dialog))

    assert await careful_dealership.visit() == before
