"""From wherever the customer is, to the menu, a form or a free question."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.application.conversation.go_to import GoTo
from carquery.application.conversation.navigator import Navigator
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import (
    AskFreely,
    ConsentRequest,
    Destination,
    LeaveWarning,
    Menu,
    Place,
    Question,
    Screen,
)
from carquery.domain.consent import Consent, ConsentTerms
from carquery.domain.contact import PersonName, Phone
from carquery.domain.forms.form import Service
from carquery.domain.ids import Reference, Source
from carquery.domain.visit import Acquaintance
from tests.application.in_memory import AGREED, Dealership, shown
from tests.builders import ANNA, NOW, TERMS, a_dialog, a_visit, an_arrival


def go_to_in(dealership: Dealership) -> GoTo:
    return GoTo(reception=dealership.reception, navigator=dealership.navigator)


@pytest.fixture
def go_to(dealership: Dealership) -> GoTo:
    return go_to_in(dealership)


@pytest.mark.parametrize("service", list(Service))
async def test_each_form_opens_at_its_first_question(dealership: Dealership, go_to: GoTo, service: Service) -> None:
    question = shown(await go_to(an_arrival(), service), Question)

    assert (question.dialog.form.service, question.dialog.at) == (service, question.dialog.form.steps[0].name)
    assert await dealership.dialog() == question.dialog


@pytest.mark.parametrize(("place", "screen"), [(Place.MENU, Menu()), (Place.QUESTION, AskFreely())])
async def test_each_place_is_shown(dealership: Dealership, go_to: GoTo, place: Place, screen: Screen) -> None:
    assert (await go_to(an_arrival(), place)).screen == screen
    assert await dealership.dialog() is None


@pytest.mark.parametrize("to", [Service.BUY, Place.MENU, Place.QUESTION])
async def test_an_open_dialog_is_not_dropped_without_a_warning(
    dealership: Dealership, go_to: GoTo, to: Destination
) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)

    reply = await go_to(an_arrival(), to)

    assert reply.screen == LeaveWarning(dialog, to)
    assert await dealership.dialog() == dialog


async def test_where_a_customer_came_from_stays_with_the_forms_opened_later(
    dealership: Dealership, go_to: GoTo
) -> None:
    await go_to(an_arrival(1), Place.MENU, source=Source("avito"))

    question = shown(await go_to(an_arrival(2), Service.SELL), Question)

    assert question.dialog.source == "avito"


async def test_a_new_source_replaces_an_older_one_but_not_that_of_the_open_dialog(
    dealership: Dealership, go_to: GoTo
) -> None:
    dialog = a_dialog(step="mileage", source=Source("avito"))
    await dealership.has_open(dialog, source=Source("avito"))

    await go_to(an_arrival(), Service.SELL, source=Source("drom"))

    visit = await dealership.visit()
    assert (visit.source, visit.dialog) == (Source("drom"), dialog)


async def test_name_and_phone_of_the_last_lead_are_suggested(dealership: Dealership, go_to: GoTo) -> None:
    known = Acquaintance(PersonName("Анна"), Phone("+79161234567"))
    await dealership.has_open(None, known=known, profile_name=PersonName("Аня"))

    question = shown(await go_to(an_arrival(), Service.SELL), Question)

    assert dict(question.dialog.suggestions) == {"name": known.name, "phone": known.phone}


async def test_a_stranger_s_name_is_suggested_from_the_profile(dealership: Dealership, go_to: GoTo) -> None:
    await dealership.has_open(None, profile_name=PersonName("Аня"))

    question = shown(await go_to(an_arrival(), Service.SELL), Question)

    assert dict(question.dialog.suggestions) == {"name": PersonName("Аня")}


async def test_an_accepted_call_goes_with_what_was_written_before(dealership: Dealership, go_to: GoTo) -> None:
    await dealership.has_open(None, conversation=("Есть вопрос по договору",))

    question = shown(await go_to(an_arrival(), Service.CALLBACK), Question)

    visit = await dealership.visit()
    assert (visit.dialog, visit.conversation) == (question.dialog, ("Есть вопрос по договору",))


async def test_the_receipt_makes_way_for_the_next_form(dealership: Dealership, go_to: GoTo) -> None:
    await dealership.has_open(None, receipt=Reference("CQ-7K3M9X"))

    await go_to(an_arrival(), Service.SELL)

    assert (await dealership.visit()).receipt is None


async def test_a_form_knows_the_day_in_moscow(dealership: Dealership) -> None:
    clock = SettableClock(datetime(2026, 12, 31, 21, 30, tzinfo=UTC))
    navigator = Navigator(clock=clock, randomness=dealership.randomness, terms=None)

    visit, _ = navigator(a_visit(), Service.SELL)

    assert visit.dialog is not None
    assert visit.dialog.opened_on == date(2027, 1, 1)


async def test_consent_is_asked_for_before_the_first_personal_question(careful_dealership: Dealership) -> None:
    request = shown(await go_to_in(careful_dealership)(an_arrival(), Service.CALLBACK), ConsentRequest)

    assert request.terms == TERMS


async def test_consent_to_this_text_is_not_asked_for_again(careful_dealership: Dealership) -> None:
    await careful_dealership.customers.consent(ANNA, AGREED)

    shown(await go_to_in(careful_dealership)(an_arrival(), Service.CALLBACK), Question)

    visit = await careful_dealership.visit()
    assert visit.known.consent == AGREED


async def test_consent_to_another_text_does_not_count(careful_dealership: Dealership) -> None:
    earlier = ConsentTerms("0", "Другой текст", TERMS.policy_url)
    await careful_dealership.customers.consent(ANNA, Consent(NOW, earlier.version, earlier.fingerprint))

    request = shown(await go_to_in(careful_dealership)(an_arrival(), Service.CALLBACK), ConsentRequest)

    assert request.terms == TERMS


async def test_of_two_forms_chosen_at_once_one_opens(dealership: Dealership, go_to: GoTo) -> None:
    sell, buy = await asyncio.gather(go_to(an_arrival(1), Service.SELL), go_to(an_arrival(2), Service.BUY))

    opened = shown(sell, Question).dialog
    assert buy.screen == LeaveWarning(opened, Service.BUY)
    assert await dealership.dialog() == opened


async def test_a_form_is_not_opened_while_the_store_is_away(dealership: Dealership, go_to: GoTo) -> None:
    before = await dealership.has_open(None)
    dealership.visits.fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await go_to(an_arrival(), Service.SELL, source=Source("avito"))

    assert await dealership.visit() == before
