"""What is counted of an input: each place of a form once, whatever ways its customer takes."""

from collections import Counter
from datetime import timedelta

import pytest

from carquery.adapters.memory.interpreter import MemoryInterpreter
from carquery.application.ports.tallies import Days
from carquery.application.presses import DialogPress, DialogVerb, FreePress, FreeVerb
from carquery.domain.answers import SharedContact
from carquery.domain.forms.form import Service
from carquery.domain.shape import LONGEST_SHAPE, shape_of
from carquery.domain.tallied import OTHERS, SUMMARY, Occurrence, median_seconds, seconds_told
from carquery.domain.understanding import OTHER, Understanding
from tests.application.in_memory import Dealership, button_of, dealership_that_hears
from tests.application.understanding import said
from tests.builders import NOW, SECOND, a_dialog, an_arrival

TODAY = Days(NOW.date(), NOW.date() + timedelta(days=1))


async def counted(dealership: Dealership, *whats: Occurrence) -> Counter[tuple[str, ...]]:
    """What was counted, by kind, place and detail, as far as these are told."""
    await dealership.tally.write()
    found: Counter[tuple[str, ...]] = Counter()
    for one in await dealership.tallies.totals(TODAY):
        if not whats or one.what in whats:
            found[tuple(filter(None, (one.what, one.step, one.detail)))] += one.times
    return found


async def say(dealership: Dealership, *texts: str, begin: int = 10) -> None:
    for number, text in enumerate(texts, start=begin):
        await dealership.inbound.wrote(an_arrival(number), text)


async def test_each_place_counts_once_however_often_it_is_asked() -> None:
    dealership = Dealership()
    await dealership.inbound.started(an_arrival(1), "check")

    await say(
        dealership, "комплексная проверка", "назад", "комплексная проверка", "Toyota Camry", "пропустить", "назад"
    )

    steps = ("check_type", "car_brand", "vin", "name")
    expected: dict[tuple[str, ...], int] = {("opened",): 1, **{("reached", step): 1 for step in steps}}
    assert await counted(dealership, Occurrence.OPENED, Occurrence.REACHED) == expected


async def test_a_step_that_was_answered_before_it_was_asked_is_passed_with_the_others() -> None:
    dealership = Dealership()
    await dealership.has_open(a_dialog(step="car_brand"))

    await say(dealership, "Toyota Camry")
    later = await dealership.dialog()

    assert later is not None
    reached = {step for _, step in await counted(dealership, Occurrence.REACHED)}
    assert reached == {step.name for step in later.form.steps[1 : later.form.number(str(later.at))]}


async def test_the_summary_counts_once_and_what_is_edited_there_does_not() -> None:
    dealership = Dealership()
    dialog = a_dialog(step="comment")
    await dealership.has_open(dialog)

    await say(dealership, "пропустить")
    await dealership.inbound.pressed(
        an_arrival(20), DialogPress(button_of(await dealership.dialog()), DialogVerb.EDIT, "name")
    )
    await say(dealership, "Анна", begin=30)

    assert await counted(dealership, Occurrence.REACHED) == {("reached", SUMMARY): 1}


async def test_how_long_a_step_took_is_told_from_when_it_was_asked_whatever_was_refused_meanwhile() -> None:
    dealership = Dealership()
    await dealership.inbound.started(an_arrival(1), "sell")
    for text in ("Toyota Camry", "давно", "2018"):
        dealership.clock.pass_time(10 * SECOND)
        await say(dealership, text, begin=int(dealership.clock.monotonic()))

    assert await counted(dealership, Occurrence.PASSED, Occurrence.REFUSED) == {
        ("passed", "car_brand", "12"): 1,
        ("passed", "year", "20"): 1,
        ("refused", "year", "аа"): 1,
    }


async def test_what_is_no_text_is_refused_without_a_shape() -> None:
    dealership = Dealership()
    await dealership.has_open(a_dialog(step="phone"))

    await dealership.inbound.sent_something_else(an_arrival(1))
    await dealership.inbound.shared_contact(an_arrival(2), SharedContact("+7 916 123-45-67", own=False))

    assert await counted(dealership, Occurrence.REFUSED) == {("refused", "phone", "–"): 2}


async def test_a_repeated_input_counts_once() -> None:
    dealership = Dealership()
    for _ in range(2):
        await dealership.inbound.started(an_arrival(1), "sell")
        await dealership.inbound.wrote(an_arrival(2), "Toyota Camry")

    assert set((await counted(dealership)).values()) == {1}


@pytest.mark.parametrize(("answer", "outcome"), [("да", "accepted"), ("нет", "declined"), ("хочу купить", "declined")])
async def test_an_offer_is_made_once_and_answered_once(answer: str, outcome: str) -> None:
    sells, buys = said(Service.SELL, 0.9), said(Service.BUY, 0.9)
    dealership = dealership_that_hears(sells, buys if "купить" in answer else sells)

    await say(dealership, "продам камри", answer)

    found = await counted(dealership, Occurrence.OFFERED, Occurrence.ACCEPTED, Occurrence.DECLINED)
    assert found == {("offered",): 2 if "купить" in answer else 1, (outcome,): 1}


async def test_an_offer_answered_by_a_button_counts_as_well() -> None:
    dealership = dealership_that_hears(said(Service.SELL, 0.9))
    await say(dealership, "продам камри")
    offer = (await dealership.visit()).offer
    assert offer is not None

    await dealership.inbound.pressed(an_arrival(1), FreePress(FreeVerb.ACCEPT, offer.message))

    assert (await counted(dealership))[("accepted",)] == 1


@pytest.mark.parametrize("step", [None, "price"])
async def test_questions_are_counted_by_topic_those_without_an_answer_twice(step: str | None) -> None:
    """Outside of any form, and within one."""
    interpreter = MemoryInterpreter({"какой у вас адрес?": Understanding(OTHER, 0.9, topics={"address": 1.0})})
    dealership = dealership_that_hears(said(OTHER, 0.9), interpreter=interpreter)
    await dealership.has_open(None if step is None else a_dialog(step=step))

    await say(dealership, "какой у вас адрес?")

    assert await counted(dealership, Occurrence.ASKED, Occurrence.UNANSWERED) == {
        ("asked", "address"): 1,
        ("unanswered", "address"): 1,
    }


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("хочу 1,2 млн", "аа 0,0 аа"),
        ("8 916 123-45-67", "0 000 000-00-00"),
        ("я\n\t  Анна 🌸", "а аа *"),
        ("XTA210990Y1234567", "aa000000a0000000"),
        ("", "–"),
        ("слово " * 100, "аа аа аа аа аа аа аа аа…"),
        ("\0\ud800<script>", "*aa*"),
    ],
)
def test_a_shape_says_nothing_of_what_was_said(text: str, shape: str) -> None:
    assert shape_of(text) == shape
    assert len(shape) <= LONGEST_SHAPE


def test_the_median_lies_where_the_middle_one_does() -> None:
    times = [1, 2, 4, 4, 4, 7, 40, 4000]
    counts = Counter(map(seconds_told, times))

    median = median_seconds(counts)

    assert median is not None
    assert 3 <= median <= 5
    assert median_seconds({}) is None


async def test_whoever_plays_with_signs_fills_no_database() -> None:
    dealership = Dealership()
    await dealership.has_open(a_dialog(step="year"))

    await say(dealership, *(f"{number:08b}".replace("1", "я ").replace("0", "! ") for number in range(60)))

    found = await counted(dealership, Occurrence.REFUSED)
    assert len(found) <= 31
    assert found[("refused", "year", OTHERS)] > 20
