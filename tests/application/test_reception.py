"""Each input is taken once, in order, and not too many of them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.application.conversation.reception import Arrival, Decision, Reply
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Help, Menu, Receipt, Silence, TooMany, screen_of
from carquery.domain.contact import PersonName
from carquery.domain.ids import InputId, MessageToken, Reference
from carquery.domain.visit import BURST, INPUTS_REMEMBERED, REGAINED_PER_SECOND, Acquaintance, Owed, Version, Visit
from tests.application.in_memory import Dealership
from tests.builders import ANNA, BORIS, NOW, a_dialog, a_lead, an_arrival


async def remember(visit: Visit) -> Decision:
    """A decision that shows in the visit."""
    return visit.says("ещё"), Help()


async def test_a_stranger_s_visit_begins_with_their_first_input(dealership: Dealership) -> None:
    reply = await dealership.reception.show(Arrival(ANNA, InputId("1"), "Аня"), Help())

    visit = await dealership.visit()
    assert reply == Reply(Help(), owed_by=Version(1))
    assert (visit.profile_name, visit.known, visit.taken) == (PersonName("Аня"), Acquaintance(), ("1",))


async def test_a_visit_begins_with_what_is_known_from_before(dealership: Dealership) -> None:
    lead = await dealership.leads.add(a_lead())

    await dealership.reception.show(an_arrival(), Help())

    assert (await dealership.visit()).known == Acquaintance(lead.name, lead.phone)


async def test_a_reply_says_where_the_screen_before_it_stands(dealership: Dealership) -> None:
    await dealership.reception.show(an_arrival(1), Help())
    await dealership.visits.note_shown(ANNA, MessageToken("17"))

    reply = await dealership.reception.show(an_arrival(2), Menu())

    assert reply == Reply(Menu(), MessageToken("17"), owed_by=Version(2))


async def test_a_repeated_input_shows_where_things_stand_and_changes_nothing(dealership: Dealership) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)
    await dealership.reception(an_arrival(1), remember)
    before = await dealership.visit()

    reply = await dealership.reception(an_arrival(1), remember)

    assert reply.screen == screen_of(dialog)
    assert await dealership.visit() == before


async def test_a_late_repeat_of_an_input_is_not_answered_below_what_came_since(dealership: Dealership) -> None:
    await dealership.has_open(None, receipt=Reference("CQ-7K3M9X"), taken=(InputId("1"), InputId("2")))

    assert (await dealership.reception(an_arrival(1), remember)).screen == Silence()
    assert (await dealership.reception(an_arrival(2), remember)).screen == Receipt(Reference("CQ-7K3M9X"))


async def test_a_repeated_input_after_a_lead_shows_its_receipt(dealership: Dealership) -> None:
    await dealership.has_open(None, receipt=Reference("CQ-7K3M9X"), taken=(InputId("1"),))

    reply = await dealership.reception(an_arrival(1), remember)

    assert reply.screen == Receipt(Reference("CQ-7K3M9X"))


async def test_a_repeated_input_outside_any_dialog_shows_the_menu(dealership: Dealership) -> None:
    await dealership.reception(an_arrival(1), remember)

    assert (await dealership.reception(an_arrival(1), remember)).screen == Menu()


async def test_a_reply_is_owed_from_the_save_on_until_it_is_noted(dealership: Dealership) -> None:
    reply = await dealership.reception.show(replace(an_arrival(1), in_place=True), Help())
    assert (await dealership.visit()).owed == Owed(NOW, in_place=True)

    again = await dealership.reception(an_arrival(1), remember)
    assert (again.screen, again.owed_by) == (Menu(), reply.owed_by)

    assert reply.owed_by is not None
    await dealership.visits.settle([(ANNA, reply.owed_by)])
    assert (await dealership.visit()).owed is None
    assert (await dealership.reception(an_arrival(1), remember)).owed_by is None


async def test_silence_is_not_owed(dealership: Dealership) -> None:
    await dealership.reception.show(an_arrival(1), Silence())

    assert (await dealership.visit()).owed is None


async def test_every_recent_input_is_recognised_however_they_were_mixed(dealership: Dealership) -> None:
    for number in range(INPUTS_REMEMBERED):
        await dealership.reception(an_arrival(number), remember)
    before = await dealership.visit()

    for number in reversed(range(INPUTS_REMEMBERED)):
        await dealership.reception(an_arrival(number), remember)

    assert await dealership.visit() == before


async def test_one_input_too_many_is_told_once_and_the_rest_ignored(dealership: Dealership) -> None:
    replies = [await dealership.reception(an_arrival(number), remember) for number in range(BURST + 3)]

    assert {reply.screen for reply in replies[:BURST]} == {Help()}
    assert [reply.screen for reply in replies[BURST:]] == [TooMany(), Silence(), Silence()]


async def test_too_many_inputs_change_nothing_but_the_count(dealership: Dealership) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)
    for number in range(BURST):
        await dealership.reception.show(an_arrival(number), Help())

    for number in range(BURST, BURST + 3):
        await dealership.reception(an_arrival(number), remember)

    visit = await dealership.visit()
    assert (visit.dialog, visit.conversation) == (dialog, ())


async def test_who_waits_is_let_in_again_and_warned_again(dealership: Dealership) -> None:
    for number in range(BURST + 2):
        await dealership.reception(an_arrival(number), remember)
    dealership.clock.pass_time(timedelta(seconds=1))

    replies = [await dealership.reception(an_arrival(number), remember) for number in range(BURST + 2, BURST + 14)]

    screens = [reply.screen for reply in replies]
    regained = REGAINED_PER_SECOND - 1  # the input that was one too many is owed
    assert screens[:regained] == [Help()] * regained
    assert screens[regained:] == [TooMany(), Silence(), Silence()]


async def test_one_customer_s_flood_is_not_another_s(dealership: Dealership) -> None:
    for number in range(BURST + 2):
        await dealership.reception(an_arrival(number), remember)

    assert (await dealership.reception(an_arrival(1, BORIS), remember)).screen == Help()


async def test_a_visit_that_has_expired_begins_anew(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="mileage"))
    dealership.clock.pass_time(timedelta(minutes=30))

    await dealership.reception.show(an_arrival(), Help())

    assert await dealership.dialog() is None


async def test_inputs_at_once_are_all_taken(dealership: Dealership) -> None:
    replies = await asyncio.gather(*(dealership.reception(an_arrival(number), remember) for number in range(5)))

    visit = await dealership.visit()
    assert {reply.screen for reply in replies} == {Help()}
    assert (sorted(visit.taken), visit.version, visit.conversation) == ([*"01234"], 5, ("ещё",) * 5)


async def test_one_input_twice_at_once_is_taken_once(dealership: Dealership) -> None:
    replies = await asyncio.gather(*(dealership.reception(an_arrival(1), remember) for _ in range(2)))

    assert [reply.screen for reply in replies] == [Help(), Menu()]
    assert (await dealership.visit()).conversation == ("ещё",)


@pytest.mark.parametrize("call", ["load", "acquaintance"])
async def test_an_input_is_not_taken_while_a_store_is_away(dealership: Dealership, call: str) -> None:
    (dealership.visits if call == "load" else dealership.database).fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await dealership.reception(an_arrival(1), remember)

    assert await dealership.visits.load(ANNA) is None
    assert (await dealership.reception(an_arrival(1), remember)).screen == Help()


async def test_what_could_not_be_saved_is_not_shown_and_may_come_again(dealership: Dealership) -> None:
    before = await dealership.has_open(a_dialog(step="mileage"))

    async def decide_while_the_store_goes_away(visit: Visit) -> Decision:
        dealership.visits.fail_next(StoreUnavailable())
        return await remember(visit)

    with pytest.raises(StoreUnavailable):
        await dealership.reception(an_arrival(1), decide_while_the_store_goes_away)

    assert await dealership.visit() == before
    await dealership.reception(an_arrival(1), remember)
    assert (await dealership.visit()).conversation == ("ещё",)


async def test_a_decision_that_raises_takes_nothing(dealership: Dealership) -> None:
    before = await dealership.has_open(a_dialog())

    async def fail(visit: Visit) -> Decision:
        raise StoreUnavailable

    with pytest.raises(StoreUnavailable):
        await dealership.reception(an_arrival(1), fail)

    assert await dealership.visit() == replace(before, shown=None)
