"""Nothing typed is lost: a form that was left is offered when its customer comes back, and what they say is heard."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from carquery.adapters.memory.interpreter import MemoryInterpreter
from carquery.application.conversation.left_forms import UNWRITTEN_FOR, LeftForms
from carquery.application.conversation.reception import Arrival, Reply
from carquery.application.ports.drafts import Drafts
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.presses import DialogPress, DialogVerb, FreePress, FreeVerb, Press
from carquery.application.screens import (
    CallbackOffer,
    ConsentRequest,
    FormOffer,
    GoOnQuestion,
    Help,
    LeaveWarning,
    Menu,
    Notice,
    Place,
    Question,
    Receipt,
    Summary,
)
from carquery.domain.answers import SharedContact
from carquery.domain.attachments import Parcel
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import Phone
from carquery.domain.dialog import Dialog
from carquery.domain.draft import Draft
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId, DialogId, FileId
from carquery.domain.understanding import Understanding
from tests.application.in_memory import Dealership, button_of, dealership_that_hears, shown
from tests.application.understanding import said
from tests.builders import ANNA, BORIS, TERMS, a_dialog, a_reviewed_dialog, a_visit, an_arrival

A_DAY = timedelta(days=1)


def a_form(**details: Any) -> Dialog:
    """A dialog that is none of those that are opened later."""
    usual: dict[str, Any] = {"number": 77}
    return a_dialog(**usual | details)


def a_finished_form() -> Dialog:
    """One that stands at its summary."""
    return a_reviewed_dialog(number=77)


@dataclass(frozen=True, slots=True)
class Choosy:
    """Drafts of which a store does not take one, nor any that it comes with."""

    drafts: Drafts
    odd: DialogId

    async def write(self, kept: Sequence[Draft], *, ended: Collection[DialogId], at: datetime) -> None:
        if any(draft.dialog.id == self.odd for draft in kept):
            raise ValueError("odd")
        await self.drafts.write(kept, ended=ended, at=at)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.drafts, name)


@dataclass(frozen=True, slots=True)
class Talking:
    """Drafts during whose writing somebody goes on."""

    drafts: Drafts
    goes_on: Callable[[], None]

    async def write(self, kept: Sequence[Draft], *, ended: Collection[DialogId], at: datetime) -> None:
        self.goes_on()
        await self.drafts.write(kept, ended=ended, at=at)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.drafts, name)


class Returning:
    """Anna, who left a form, and comes back when her visit is forgotten."""

    def __init__(self, dealership: Dealership) -> None:
        self.dealership = dealership
        self._inputs = 0

    async def left(self, dialog: Dialog, **visit: Any) -> "Returning":
        """She did something in that dialog last, a day ago."""
        await self.dealership.has_open(dialog, **visit)
        await self.dealership.inbound.sent_something_else(self._arrival())
        await self.goes_away()
        return self

    async def goes_away(self, *, for_: timedelta = A_DAY) -> None:
        await self.dealership.left.write()
        self.dealership.clock.pass_time(for_)

    async def writes(self, text: str) -> Reply:
        return await self.dealership.inbound.wrote(self._arrival(), text)

    async def presses(self, verb: DialogVerb, argument: str = "") -> Reply:
        """A button under the newest message of her dialog."""
        button = button_of(await self.dealership.dialog())
        return await self.presses_any(DialogPress(button, verb, argument))

    async def presses_any(self, press: Press) -> Reply:
        return await self.dealership.inbound.pressed(self._arrival(), press)

    async def shares(self, phone: str) -> Reply:
        return await self.dealership.inbound.shared_contact(self._arrival(), SharedContact(phone, own=True))

    async def sends(self, parcel: Parcel) -> Reply:
        return await self.dealership.inbound.sent(self._arrival(), parcel)

    def _arrival(self) -> Arrival:
        self._inputs += 1
        return an_arrival(self._inputs)


@pytest.fixture
def anna(dealership: Dealership) -> Returning:
    return Returning(dealership)


@pytest.mark.parametrize("text", ["/start", "/menu", "/cancel", "меню", "Здравствуйте", "спасибо", "/start avito"])
async def test_who_comes_back_is_asked_whether_to_go_on(anna: Returning, text: str) -> None:
    await anna.left(a_form(step="price"))

    question = shown(await anna.writes(text), GoOnQuestion)

    assert (question.dialog.at, question.to, question.is_first) == ("price", Place.MENU, True)
    assert question.dialog.answers == a_form(step="price").answers


async def test_going_on_shows_the_step_she_was_at(dealership: Dealership, anna: Returning) -> None:
    await anna.left(a_form(step="price"))
    await anna.writes("/start")

    question = shown(await anna.presses(DialogVerb.STAY), Question)

    assert question.dialog.at == "price"
    assert shown(await anna.writes("900 тыс"), Question).dialog.at == "photos"
    assert (await dealership.visit()).paused is None


@pytest.mark.parametrize("text", ["да", "Продолжить", "давайте продолжим", "да, продолжим", "👍", "ок"])
async def test_going_on_may_be_written(anna: Returning, text: str) -> None:
    await anna.left(a_form(step="price"))
    await anna.writes("/start")

    assert shown(await anna.writes(text), Question).dialog.at == "price"


@pytest.mark.parametrize("text", ["начать заново", "Давайте заново", "сначала", "новая заявка"])
async def test_beginning_anew_may_be_written(dealership: Dealership, anna: Returning, text: str) -> None:
    await anna.left(a_form(step="price"))
    await anna.writes("/start")

    assert (await anna.writes(text)).screen == Menu(Notice.DROPPED)
    assert await dealership.dialog() is None


async def test_a_no_throws_nothing_away_unasked(dealership: Dealership, anna: Returning) -> None:
    await anna.left(a_form(step="price"))
    await anna.writes("/start")

    assert shown(await anna.writes("нет"), LeaveWarning).to is Place.MENU
    assert shown(await anna.presses(DialogVerb.STAY), Question).dialog.at == "price"
    await anna.writes("/menu")
    assert (await anna.writes("да")).screen == Menu(Notice.DROPPED)
    assert await dealership.dialog() is None


async def test_what_was_thrown_away_is_gone(dealership: Dealership, anna: Returning) -> None:
    await anna.left(a_form(step="price"))
    await anna.writes("/start")
    await anna.presses(DialogVerb.GO, Place.MENU)
    await anna.goes_away()

    assert (await anna.writes("/start")).screen == Menu()


@pytest.mark.parametrize("gone", ["thrown away", "sent", "refused", "erased", "replaced"])
async def test_what_has_ended_is_offered_no_more(gone: str) -> None:
    dealership = Dealership(terms=TERMS if gone == "refused" else None)
    anna = Returning(dealership)
    step = "name" if gone == "refused" else None
    dialog = a_finished_form() if step is None else a_form(step=step, terms=TERMS)
    await dealership.has_open(dialog)
    await anna.writes("здравствуйте")
    await dealership.left.write()
    match gone:
        case "thrown away":
            await anna.presses(DialogVerb.GO, Place.MENU)
        case "sent":
            shown(await anna.presses(DialogVerb.SEND), Receipt)
        case "refused":
            assert (await anna.presses(DialogVerb.DISAGREE)).screen == Menu(Notice.CONSENT_REFUSED)
        case "erased":
            await anna.presses_any(FreePress(FreeVerb.ERASE))
        case _:
            await anna.presses(DialogVerb.GO, Service.BUY)
    await anna.goes_away()

    assert (await anna.writes("/start")).screen == Menu(has_leads=gone == "sent")


async def test_a_form_is_kept_for_a_week(anna: Returning) -> None:
    await anna.left(a_form(step="price"))
    anna.dealership.clock.pass_time(timedelta(days=6, seconds=1))

    assert (await anna.writes("/start")).screen == Menu()


async def test_a_touch_lets_the_week_begin_anew(anna: Returning) -> None:
    await anna.left(a_form(step="price"))
    for _ in range(3):
        shown(await anna.writes("/start"), GoOnQuestion)
        await anna.goes_away(for_=timedelta(days=5))

    shown(await anna.writes("/start"), GoOnQuestion)


async def test_a_form_without_an_answer_is_not_offered(anna: Returning) -> None:
    await anna.left(a_form())

    assert (await anna.writes("/start")).screen == Menu()


async def test_another_customer_is_offered_nothing(anna: Returning) -> None:
    await anna.left(a_form(step="price"))

    reply = await anna.dealership.inbound.wrote(an_arrival(1, BORIS), "/start")

    assert reply.screen == Menu()


async def test_a_finished_form_is_not_sent_before_it_was_looked_at(dealership: Dealership, anna: Returning) -> None:
    await anna.left(a_finished_form())

    shown(await anna.writes("отправить"), GoOnQuestion)
    shown(await anna.writes("да"), Summary)
    assert dealership.stored_leads == []
    shown(await anna.writes("да"), Receipt)


# What is said on coming back is heard


async def test_an_answer_is_taken_before_she_says_that_she_goes_on(anna: Returning) -> None:
    await anna.left(a_form(step="mileage"))

    question = shown(await anna.writes("150 тыс"), GoOnQuestion)

    assert question.dialog.answers["mileage"] == Kilometers(150_000)
    assert (question.dialog.at, question.notice) == ("price", GoOnQuestion.NOTED)


async def test_an_answer_is_heard_again_by_a_new_beginning() -> None:
    dealership = dealership_that_hears(said(Service.BUY, 0.95))
    anna = await Returning(dealership).left(a_form(step="comment"))
    await anna.writes("присматриваю машину, чтобы возить собак")

    offer = shown(await anna.presses(DialogVerb.GO, Place.MENU), FormOffer)

    assert offer.offer.service is Service.BUY
    assert offer.notice == Notice.DROPPED.text
    assert await dealership.dialog() is None


async def test_a_correction_is_heard(anna: Returning) -> None:
    await anna.left(a_form(step="price"))

    question = shown(await anna.writes("ой, год 2016 на самом деле"), GoOnQuestion)

    assert question.dialog.answers["year"] == ModelYear(2016)


async def test_a_wish_for_another_form_is_heard(anna: Returning) -> None:
    await anna.left(a_form(step="price"))

    another = shown(await anna.presses_any(FreePress(FreeVerb.OPEN, Service.BUY)), GoOnQuestion)
    assert another.to is Service.BUY
    assert shown(await anna.presses(DialogVerb.GO, Service.BUY), Question).dialog.form.service is Service.BUY


async def test_a_deep_link_leads_where_it_says_once_she_begins_anew(dealership: Dealership, anna: Returning) -> None:
    await anna.left(a_form(step="price"))

    assert shown(await anna.writes("/start buy__avito"), GoOnQuestion).to is Service.BUY
    opened = shown(await anna.presses(DialogVerb.GO, Service.BUY), Question).dialog
    assert (opened.form.service, opened.source) == (Service.BUY, "avito")


async def test_a_wish_for_a_person_is_heard(anna: Returning) -> None:
    await anna.left(a_form(step="price"))

    shown(await anna.writes("оператор"), CallbackOffer)
    assert shown(await anna.writes("да"), Question).dialog.form.service is Service.CALLBACK


async def test_photos_and_the_words_under_them_are_kept(anna: Returning) -> None:
    await anna.left(a_form(step="price"))

    question = shown(await anna.sends(Parcel(photos=(FileId("front"),), words=("царапина слева",))), GoOnQuestion)

    assert question.dialog.sent_along.photos == (FileId("front"),)
    assert "царапина слева" in question.dialog.asides


async def test_a_shared_number_is_taken(anna: Returning) -> None:
    await anna.left(a_form(step="phone"))

    question = shown(await anna.shares("79161234567"), GoOnQuestion)

    assert question.dialog.answers["phone"] == Phone("+79161234567")


async def test_help_is_help(anna: Returning) -> None:
    await anna.left(a_form(step="price"))

    assert (await anna.writes("/help")).screen == Help()
    shown(await anna.writes("/start"), GoOnQuestion)


async def test_what_is_repeated_shows_the_question_again(dealership: Dealership, anna: Returning) -> None:
    await anna.left(a_form(step="price"))
    await dealership.inbound.wrote(an_arrival(77), "150 тыс")

    again = await dealership.inbound.wrote(an_arrival(77), "150 тыс")

    assert shown(again, GoOnQuestion).dialog == await dealership.dialog()


# Buttons


async def test_a_button_from_before_changes_nothing_and_asks(dealership: Dealership, anna: Returning) -> None:
    before = a_form(step="year")
    await anna.left(before)

    question = shown(await anna.presses_any(DialogPress(button_of(before), DialogVerb.PICK, "2018")), GoOnQuestion)

    assert question.dialog.answers == before.answers
    assert (await dealership.visit()).paused is not None


async def test_a_button_of_a_step_goes_on(anna: Returning) -> None:
    await anna.left(a_form(step="price"))
    await anna.writes("/start")

    assert shown(await anna.presses(DialogVerb.BACK), Question).dialog.at == "mileage"


# Consent


async def test_a_number_that_was_not_consented_to_is_not_kept() -> None:
    dealership = Dealership(terms=TERMS)
    anna = await Returning(dealership).left(a_form(step="name", terms=TERMS), conversation=("Я Анна",))

    question = shown(await anna.writes("/start"), GoOnQuestion)

    assert question.dialog.answers == a_form(step="name").answers
    assert (await dealership.visit()).conversation == ()
    shown(await anna.presses(DialogVerb.STAY), ConsentRequest)


async def test_what_stood_in_the_form_is_stored_nowhere_before_consent() -> None:
    dealership = Dealership(terms=TERMS)
    dialog = a_form(step="name", terms=TERMS, suggestions={"phone": Phone("+79161234567")})
    await Returning(dealership).left(dialog)

    stored = repr(dealership.database.drafts)

    assert "Toyota Camry" in stored
    assert "9161234567" not in stored


# The process


async def test_answers_are_written_behind_the_reply(dealership: Dealership, anna: Returning) -> None:
    await dealership.has_open(a_form(step="year"))

    await anna.writes("2018")
    assert dealership.database.drafts == {}

    assert await dealership.left.write() == 1
    assert await dealership.left.write() == 0
    (stored,) = dealership.database.drafts.values()
    assert stored.body["answers"]["year"] == {"year": 2018}


async def test_a_form_that_is_being_filled_in_may_be_left_out(dealership: Dealership, anna: Returning) -> None:
    pause = timedelta(seconds=10)
    await dealership.has_open(a_form(step="year"))
    await anna.writes("2018")
    dealership.clock.pass_time(pause * 0.9)
    await anna.writes("150 тыс")
    dealership.clock.pass_time(pause * 0.9)

    assert await dealership.left.write(still_for=pause) == 0
    dealership.clock.pass_time(pause * 0.1)
    assert await dealership.left.write(still_for=pause) == 1


async def test_who_goes_on_without_a_pause_is_written_now_and_then_all_the_same(dealership: Dealership) -> None:
    pause, left = timedelta(seconds=10), dealership.left
    visit = await dealership.has_open(a_form(step="year"))
    written = []

    for _ in range(2 * (UNWRITTEN_FOR // pause) + 2):
        left.note(visit, visit)
        written.append(await left.write(still_for=pause))
        dealership.clock.pass_time(pause / 2)

    assert written == [*([0] * (len(written) - 2)), 1, 0]


async def test_a_clock_that_is_put_back_keeps_no_form_from_being_written(dealership: Dealership) -> None:
    visit = await dealership.has_open(a_form(step="year"))
    dealership.left.note(visit, visit)
    dealership.clock.pass_time(timedelta(seconds=-1))

    assert await dealership.left.write() == 1


async def test_who_answers_while_others_are_written_waits_for_the_next_time(dealership: Dealership) -> None:
    visit = await dealership.has_open(a_form(step="year"))
    left = dealership.left
    left.note(visit, visit)
    left.drafts = Talking(dealership.drafts, lambda: left.note(visit, visit))

    assert await left.write() == 1
    assert await left.write() == 1


async def test_while_the_database_is_away_nothing_is_forgotten(dealership: Dealership, anna: Returning) -> None:
    await dealership.has_open(a_form(step="year"))
    dealership.database.fail_next(StoreUnavailable(), times=2)

    for answer in ("2018", "150 тыс"):
        await anna.writes(answer)
        with pytest.raises(StoreUnavailable):
            await dealership.left.write()

    assert await dealership.left.write() == 1
    (stored,) = dealership.database.drafts.values()
    assert stored.body["answers"].keys() >= {"year", "mileage"}


async def test_a_form_that_the_database_will_never_take_keeps_no_other_from_it(dealership: Dealership) -> None:
    numbers = range(1, 6)
    customers = {number: CustomerId(ANNA.channel, str(number)) for number in numbers}
    for number, customer in customers.items():
        await dealership.has_open(a_form(number=number, step="price"), customer=customer)
        await dealership.inbound.sent_something_else(an_arrival(number, customer))
    odd = a_form(number=2).id
    dealership.left.drafts = Choosy(dealership.left.drafts, odd)

    with pytest.raises(ValueError, match="odd"):
        await dealership.left.write()
    await dealership.left.write()

    assert await dealership.left.write() == 0
    assert set(dealership.database.drafts) == {a_form(number=number).id for number in numbers} - {odd}


async def test_nor_does_it_bring_back_what_another_has_thrown_away(dealership: Dealership) -> None:
    left, odd, hers = dealership.left, a_form(number=1, step="price"), a_form(number=2, step="price")
    left.drafts = Choosy(dealership.drafts, odd.id)
    with_odd, with_hers = a_visit(BORIS, dialog=odd), a_visit(ANNA, dialog=hers)
    left.note(with_hers, with_hers)
    await left.write()
    left.note(with_odd, with_odd)
    left.note(with_hers, a_visit(ANNA))

    with pytest.raises(ValueError, match="odd"):
        await left.write()
    await left.write()

    assert dealership.database.drafts[hers.id].has_ended


async def test_what_is_not_written_yet_is_found_all_the_same(dealership: Dealership, anna: Returning) -> None:
    await dealership.has_open(a_form(step="year"))
    await anna.writes("2018")
    dealership.clock.pass_time(A_DAY)

    assert shown(await anna.writes("/start"), GoOnQuestion).dialog.at == "mileage"


async def test_what_was_thrown_away_is_not_found_before_that_is_written(
    dealership: Dealership, anna: Returning
) -> None:
    await dealership.has_open(a_form(step="year"))
    await anna.writes("2018")
    await dealership.left.write()
    await anna.presses(DialogVerb.GO, Place.MENU)
    dealership.clock.pass_time(A_DAY)

    assert (await anna.writes("/start")).screen == Menu()


async def test_an_outage_keeps_no_more_notes_than_there_is_room_for(dealership: Dealership) -> None:
    """Of forms that were given up the latest is offered no more; of the oldest nobody knows that it was."""
    room = 5
    left = LeftForms(drafts=dealership.drafts, navigator=dealership.navigator, clock=dealership.clock, most=room)
    visit = await dealership.has_open(a_form(step="year"))
    for number in range(room + 1):
        theirs = replace(visit, customer=CustomerId(ANNA.channel, str(number)))
        left.note(theirs, theirs)
        gone = replace(visit, customer=BORIS, dialog=a_form(number=number))
        left.note(gone, replace(gone, dialog=None))

    written = await left.write()

    ended = {dialog for dialog, stored in dealership.database.drafts.items() if stored.has_ended}
    assert written == room
    assert ended == {a_form(number=number).id for number in range(1, room + 1)}


async def test_two_processes_that_know_of_one_form_keep_the_later(dealership: Dealership, anna: Returning) -> None:
    """The second one has served her last; the first one writes late."""
    await dealership.has_open(a_form(step="year"))
    await anna.writes("2018")
    late = LeftForms(drafts=dealership.drafts, navigator=dealership.navigator, clock=dealership.clock)
    late.note(await dealership.visit(), await dealership.visit())
    await anna.writes("150 тыс")

    await dealership.left.write()
    await late.write()

    (stored,) = dealership.database.drafts.values()
    assert "mileage" in stored.body["answers"]


# What was written before the form


async def test_what_was_written_before_a_form_waits_with_it(dealership: Dealership) -> None:
    anna = await Returning(dealership).left(a_finished_form(), conversation=("Один хозяин",))

    await anna.writes("/start")
    await anna.presses(DialogVerb.STAY)
    await anna.presses(DialogVerb.SEND)

    assert dealership.only_lead.conversation == ("Один хозяин",)


async def test_it_is_left_behind_with_the_form(dealership: Dealership) -> None:
    """It may have gone out with it, as a request that was not finished."""
    anna = await Returning(dealership).left(a_form(step="price"), conversation=("Один хозяин",))

    await anna.writes("/start")
    await anna.writes("заново")

    visit = await dealership.visit()
    assert (visit.dialog, visit.conversation) == (None, ())


@pytest.mark.parametrize("yes", ["button", "words"])
async def test_what_is_written_meanwhile_goes_into_the_other_form(yes: str) -> None:
    wish = "лучше проверьте машину, хозяин темнит"
    dealership = Dealership(interpreter=MemoryInterpreter({wish: Understanding(Service.CHECK, 0.9)}))
    anna = await Returning(dealership).left(a_form(step="price"), conversation=("Один хозяин",))
    await anna.writes(wish)

    await (anna.writes("да") if yes == "words" else anna.presses(DialogVerb.GO, Service.CHECK))

    visit = await dealership.visit()
    assert visit.dialog is not None
    assert (visit.dialog.form.service, visit.conversation) == (Service.CHECK, (wish,))


async def test_who_calls_for_a_person_takes_along_what_was_written_before(anna: Returning) -> None:
    await anna.left(a_form(step="price"), conversation=("Один хозяин",))

    await anna.writes("оператор")
    await anna.presses(DialogVerb.GO, Service.CALLBACK)

    assert (await anna.dealership.visit()).conversation == ("Один хозяин",)


async def test_what_is_said_with_the_word_to_send_is_kept_before_she_goes_on(anna: Returning) -> None:
    await anna.left(a_finished_form())

    await anna.writes("отправляйте, жду звонка после девяти")
    await anna.presses(DialogVerb.STAY)
    await anna.presses(DialogVerb.SEND)

    assert anna.dealership.only_lead.conversation == ("жду звонка после девяти",)
