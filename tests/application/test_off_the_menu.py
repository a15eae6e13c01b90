"""A service that the dealership took off its menu is not offered in any other way: a person hears of the wish."""

from carquery.application.screens import CallbackOffer, FormOffer, Menu, Notice, Question
from carquery.domain.dealership.dealership import Dealership as Told
from carquery.domain.forms.form import Service
from tests.application.in_memory import Dealership, dealership_that_hears, shown
from tests.application.understanding import said
from tests.builders import an_arrival

ONLY_SELLS = Told(services=(Service.SELL,))


def a_dealership(*answers: object) -> Dealership:
    return dealership_that_hears(*answers, told=lambda: ONLY_SELLS)


async def test_a_wish_for_it_brings_a_person() -> None:
    dealership = a_dealership(said(Service.LEGAL))

    offer = shown(await dealership.take_message(an_arrival(), "помогите с договором"), CallbackOffer)

    assert offer.is_question
    assert (await dealership.visit()).leads_to == Service.CALLBACK


async def test_others_are_offered_as_ever() -> None:
    dealership = a_dealership(said(Service.SELL))

    offer = shown(await dealership.take_message(an_arrival(), "продам камри"), FormOffer)

    assert offer.offer.service is Service.SELL


async def test_an_old_link_or_button_leads_to_the_menu() -> None:
    dealership = a_dealership()

    assert (await dealership.inbound.started(an_arrival(1), "legal")).screen == Menu(Notice.NOT_OFFERED)
    assert isinstance((await dealership.inbound.started(an_arrival(2), "sell")).screen, Question)
