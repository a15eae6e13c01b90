"""A customer sees what was sent, corrects it and cancels it; nobody else does."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from carquery.adapters.memory.crm import CrmDeal
from carquery.adapters.memory.interpreter import MemoryInterpreter
from carquery.adapters.stored.visit_json import decode_visit, encode_visit
from carquery.application.conversation.reception import Reply, where_it_stands
from carquery.application.ports.crm import CrmBusy
from carquery.application.ports.crm_deals import DealPhase, DealState
from carquery.application.ports.leads import LeadChange
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.presses import DialogPress, DialogVerb, FreePress, FreeVerb
from carquery.application.screens import (
    Busy,
    CancelWarning,
    ConsentRequest,
    Done,
    FieldList,
    FreeAnswer,
    LeadCard,
    LeadChanged,
    LeaveWarning,
    Menu,
    MyLeads,
    NotChangeable,
    Notice,
    Question,
    Receipt,
    Screen,
    Stale,
    Summary,
)
from carquery.domain.amendment import Amendment, AmendmentKind, AmendmentStatus
from carquery.domain.attachments import NOTHING_ATTACHED, Parcel, SentFile
from carquery.domain.car import Kilometers
from carquery.domain.contact import Phone
from carquery.domain.dialog import Dialog
from carquery.domain.effects import CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId, DialogId, FileId
from carquery.domain.lead import Lead
from carquery.domain.sent_lead import Stage
from carquery.domain.understanding import OTHER, Entities, Understanding
from tests.application.in_memory import Dealership, button_of, shown
from tests.builders import (
    ANNA,
    BORIS,
    MINUTE,
    NAMESAKE,
    NOW,
    TERMS,
    a_dialog,
    a_failed_lead,
    a_pending_lead,
    a_reviewed_dialog,
    an_arrival,
)

S = TypeVar("S")
NEW_PHONE = Phone("+79035550101")


@dataclass(slots=True)
class Customer:
    """Somebody who talks to the dealership. Their leads have numbers that chance does not draw here."""

    dealership: Dealership
    who: CustomerId = ANNA
    inputs: int = field(default=100, init=False)

    async def writes(self, text: str) -> Screen:
        self.inputs += 1
        return (await self.dealership.inbound.wrote(an_arrival(self.inputs, self.who), text)).screen

    async def presses(self, verb: FreeVerb, reference: str = "") -> Screen:
        self.inputs += 1
        press = FreePress(verb, reference)
        return (await self.dealership.inbound.pressed(an_arrival(self.inputs, self.who), press)).screen

    async def presses_in_dialog(self, verb: DialogVerb, argument: str = "", dialog: Dialog | None = None) -> Reply:
        self.inputs += 1
        button = button_of(dialog or await self.dealership.dialog(self.who))
        return await self.dealership.inbound.pressed(
            an_arrival(self.inputs, self.who), DialogPress(button, verb, argument)
        )

    async def has_sent(self, number: int = 701, **details: Any) -> Lead:
        lead = a_pending_lead(number, customer=self.who, **details)
        return await self.dealership.leads.add(lead)

    async def has_sent_and_got(self, number: int = 701) -> Lead:
        """A lead that stands in the CRM."""
        made = {effect: CrmId(number * 10 + place) for place, effect in enumerate(Effect)}
        lead = await self.has_sent(number, made=made)
        claim = await self.dealership.leads.claim(limit=9, lease_for=MINUTE)
        changes = [LeadChange(one.delivered(at=NOW)) for one in claim.leads]
        await self.dealership.leads.update(changes, claim.lease, release=True)
        return lead

    async def amendments(self, lead: Lead) -> tuple[Amendment, ...]:
        return (await self.dealership.amendments.of([lead.id])).get(lead.id, ())

    async def stored(self, lead: Lead) -> Lead:
        stored = await self.dealership.leads.load(lead.id)
        assert stored is not None
        return stored


@pytest.fixture
def anna(dealership: Dealership) -> Customer:
    return Customer(dealership)


def of_kind(screen: Screen, kind: type[S]) -> S:
    assert isinstance(screen, kind), screen
    return screen


# The list


async def test_who_has_sent_nothing_is_told_so(anna: Customer) -> None:
    assert await anna.writes("/status") == MyLeads(())


async def test_the_list_shows_the_customer_s_own_newest_first(anna: Customer) -> None:
    first = await anna.has_sent(1, age=MINUTE)
    second = await anna.has_sent(2)
    await Customer(anna.dealership, BORIS).has_sent(3)
    await Customer(anna.dealership, NAMESAKE).has_sent(4)

    seen = of_kind(await anna.writes("/status"), MyLeads)

    assert [one.lead.reference for one in seen.leads] == [second.reference, first.reference]
    assert {one.stage for one in seen.leads} == {Stage.RECEIVED}


@pytest.mark.parametrize(
    ("state", "stage", "who"),
    [
        (DealState(DealPhase.WAITING, responsible_name="Олег"), Stage.HANDED_OVER, ""),
        (DealState(DealPhase.IN_WORK, responsible_name="Олег"), Stage.IN_WORK, "Олег"),
        (DealState(DealPhase.IN_WORK), Stage.IN_WORK, ""),
        (DealState(DealPhase.CLOSED, is_won=True, responsible_name="Олег"), Stage.CLOSED, ""),
    ],
)
async def test_how_far_a_lead_has_come_the_crm_says(anna: Customer, state: DealState, stage: Stage, who: str) -> None:
    lead = await anna.has_sent_and_got()
    has_deal(anna.dealership, lead, state)

    (seen,) = of_kind(await anna.writes("/status"), MyLeads).leads

    assert (seen.stage, seen.who) == (stage, who)


async def test_while_the_crm_is_away_our_own_state_is_shown(anna: Customer) -> None:
    await anna.has_sent_and_got()
    anna.dealership.crm.fail_next(CrmBusy("HTTP 503"))

    (seen,) = of_kind(await anna.writes("/status"), MyLeads).leads

    assert seen.stage is Stage.HANDED_OVER


async def test_the_crm_is_not_asked_again_within_a_minute(anna: Customer) -> None:
    lead = await anna.has_sent_and_got()
    has_deal(anna.dealership, lead, DealState(DealPhase.IN_WORK, responsible_name="Олег"))
    await anna.writes("/status")
    has_deal(anna.dealership, lead, DealState(DealPhase.CLOSED))

    remembered = of_kind(await anna.writes("/status"), MyLeads).leads[0].stage
    anna.dealership.clock.pass_time(timedelta(minutes=2))
    asked_again = of_kind(await anna.writes("/status"), MyLeads).leads[0].stage

    assert (remembered, asked_again) == (Stage.IN_WORK, Stage.CLOSED)


async def test_a_failed_lead_is_received_all_the_same(anna: Customer) -> None:
    await anna.dealership.leads.add(a_failed_lead())

    assert of_kind(await anna.writes("/status"), MyLeads).leads[0].stage is Stage.RECEIVED


async def test_an_erased_lead_is_nobody_s(anna: Customer) -> None:
    lead = await anna.has_sent()
    await anna.dealership.customers.erase(ANNA)

    assert await anna.writes("/status") == MyLeads(())
    assert await anna.presses(FreeVerb.LEAD, lead.reference) == Stale()


async def test_a_store_that_is_away_changes_nothing(anna: Customer) -> None:
    await anna.has_sent()
    anna.dealership.database.fail_next(StoreUnavailable("away"), times=2)

    assert await anna.writes("/status") == Busy()


async def test_the_list_leaves_the_open_dialog_alone(anna: Customer) -> None:
    await anna.has_sent()
    before = (await anna.dealership.has_open(a_dialog(step="year"))).dialog

    await anna.writes("/status")

    assert await anna.dealership.dialog() == before


async def test_a_menu_has_the_button_for_whoever_has_sent_something(anna: Customer) -> None:
    before = await Customer(anna.dealership, BORIS).writes("/menu")
    await anna.dealership.has_open(a_reviewed_dialog())
    await anna.presses_in_dialog(DialogVerb.SEND)

    assert (before, await anna.writes("/menu")) == (Menu(), Menu(has_leads=True))


# Whose


@pytest.mark.parametrize("verb", [FreeVerb.LEAD, FreeVerb.AMEND, FreeVerb.ASK_CANCEL, FreeVerb.CANCEL])
@pytest.mark.parametrize("who", [BORIS, NAMESAKE], ids=["another customer", "a namesake in another messenger"])
async def test_a_button_with_another_customer_s_reference_changes_nothing(
    anna: Customer, verb: FreeVerb, who: CustomerId
) -> None:
    lead = await anna.has_sent()

    assert await Customer(anna.dealership, who).presses(verb, lead.reference) == Stale()
    assert await anna.stored(lead) == lead
    assert await anna.amendments(lead) == ()


@pytest.mark.parametrize("forged", ["", "CQ-00000", "CQ-999999", "menu", "cancel"])
@pytest.mark.parametrize("verb", [FreeVerb.LEAD, FreeVerb.AMEND, FreeVerb.ASK_CANCEL, FreeVerb.CANCEL])
async def test_a_forged_button_changes_nothing(anna: Customer, verb: FreeVerb, forged: str) -> None:
    lead = await anna.has_sent()

    assert await anna.presses(verb, forged) == Stale()
    assert await anna.amendments(lead) == ()


# Correcting


async def test_a_lead_is_opened_at_its_fields_with_all_its_answers(anna: Customer) -> None:
    lead = await anna.has_sent()

    fields = of_kind(await anna.presses(FreeVerb.AMEND, lead.reference), FieldList)

    assert (fields.dialog.amends, fields.dialog.answers) == (lead.reference, lead.answers)
    assert fields.dialog.id != DialogId(lead.id)


async def test_a_new_phone_is_typed_as_in_the_form_and_saved(anna: Customer) -> None:
    lead = await anna.has_sent_and_got()
    await anna.presses(FreeVerb.AMEND, lead.reference)
    asked = shown(await anna.presses_in_dialog(DialogVerb.EDIT, "phone"), Question)
    summary = of_kind(await anna.writes("8 903 555-01-01"), Summary)
    saved = await anna.presses_in_dialog(DialogVerb.SEND)

    assert asked.dialog.at == "phone"
    assert summary.dialog.amends == lead.reference
    assert saved.screen == LeadChanged(lead.reference, Done.CORRECTED)
    assert (await anna.stored(lead)).phone == NEW_PHONE
    (kept,) = await anna.amendments(lead)
    assert (kept.before, kept.after) == ({"phone": lead.answers["phone"]}, {"phone": NEW_PHONE})
    assert len(anna.dealership.stored_leads) == 1
    assert await anna.dealership.has_rung()


async def test_the_phone_given_last_is_suggested_in_the_next_form(anna: Customer) -> None:
    lead = await anna.has_sent()
    await anna.presses(FreeVerb.AMEND, lead.reference)
    await anna.presses_in_dialog(DialogVerb.EDIT, "phone")
    await anna.writes("8 903 555-01-01")
    await anna.presses_in_dialog(DialogVerb.SEND)

    assert (await anna.dealership.visit()).known.phone == NEW_PHONE
    assert (await anna.dealership.customers.acquaintance(ANNA)).phone == NEW_PHONE


async def test_a_wrong_answer_is_refused_as_in_the_form(anna: Customer) -> None:
    lead = await anna.has_sent()
    await anna.presses(FreeVerb.AMEND, lead.reference)
    await anna.presses_in_dialog(DialogVerb.EDIT, "phone")

    refused = of_kind(await anna.writes("не скажу"), Question)

    assert refused.hint or refused.notice or refused.dialog.remark
    assert await anna.stored(lead) == lead


async def test_two_quick_taps_on_save_make_one_amendment(anna: Customer) -> None:
    lead = await anna.has_sent_and_got()
    dialog = await corrected_name(anna, lead)

    taps = [anna.presses_in_dialog(DialogVerb.SEND, dialog=dialog) for _ in range(2)]
    replies = await asyncio.gather(*taps)

    assert {reply.screen for reply in replies} == {LeadChanged(lead.reference, Done.CORRECTED)}
    assert len(await anna.amendments(lead)) == 1


async def test_an_answer_to_save_that_was_lost_is_found_when_save_is_pressed_again(anna: Customer) -> None:
    """The process died between the amendment and the visit."""
    lead = await anna.has_sent_and_got()
    dialog = await corrected_name(anna, lead)
    await anna.dealership.amendments.add(Amendment.of(dialog, lead, at=NOW), ANNA)

    await anna.presses_in_dialog(DialogVerb.SEND)

    assert len(await anna.amendments(lead)) == 1


async def test_saving_what_did_not_change_says_so(anna: Customer) -> None:
    lead = await anna.has_sent()
    await anna.presses(FreeVerb.AMEND, lead.reference)

    saved = shown(await anna.presses_in_dialog(DialogVerb.SEND), LeadCard)

    assert saved.notice == LeadCard.UNCHANGED
    assert await anna.amendments(lead) == ()


async def test_an_open_form_is_not_dropped_without_a_question(anna: Customer) -> None:
    lead = await anna.has_sent()
    await anna.dealership.has_open(a_dialog(step="year"))

    warning = of_kind(await anna.presses(FreeVerb.AMEND, lead.reference), LeaveWarning)
    fields = shown(await anna.presses_in_dialog(DialogVerb.GO, lead.reference), FieldList)

    assert (warning.to, fields.dialog.amends) == (lead.reference, lead.reference)


async def test_yes_to_that_question_in_words_opens_the_lead_too(anna: Customer) -> None:
    lead = await anna.has_sent()
    await anna.dealership.has_open(a_dialog(step="year"))
    await anna.presses(FreeVerb.AMEND, lead.reference)

    assert of_kind(await anna.writes("да"), FieldList).dialog.amends == lead.reference


async def test_who_leaves_a_correction_is_told_that_nothing_changed(anna: Customer) -> None:
    lead = await anna.has_sent()
    dialog = await corrected_name(anna, lead)

    warning = shown(await anna.presses_in_dialog(DialogVerb.LEAVE), LeaveWarning)
    left = await anna.presses_in_dialog(DialogVerb.GO, "menu")

    assert dialog.amends is not None
    assert warning.text == LeaveWarning.AMENDS.format(reference=dialog.amends)
    assert left.screen == Menu(Notice.UNCHANGED, has_leads=True)
    assert await anna.stored(lead) == lead


async def test_where_consent_is_asked_for_a_personal_answer_waits_for_it(careful_dealership: Dealership) -> None:
    anna = Customer(careful_dealership)
    lead = await anna.has_sent()
    await anna.presses(FreeVerb.AMEND, lead.reference)

    asked = (await anna.presses_in_dialog(DialogVerb.EDIT, "phone")).screen

    assert of_kind(asked, ConsentRequest).terms == TERMS


async def test_a_correction_is_none_of_the_version_before_s_business(anna: Customer) -> None:
    """It would take the dialog for one that makes a lead, and send that a second time."""
    lead = await anna.has_sent()
    await anna.presses(FreeVerb.AMEND, lead.reference)
    visit = await anna.dealership.visit()

    written = encode_visit(visit)

    assert b'"dialog":null' in written
    assert decode_visit(written, version=visit.version, shown=visit.shown) == replace(visit, owed=None)


async def test_after_a_correction_where_things_stand_says_so(anna: Customer) -> None:
    lead = await anna.has_sent()
    await corrected_name(anna, lead)
    await anna.presses_in_dialog(DialogVerb.SEND)

    assert where_it_stands(await anna.dealership.visit()) == LeadChanged(lead.reference)


# Cancelling


async def test_a_lead_is_cancelled_once_that_was_asked(anna: Customer) -> None:
    lead = await anna.has_sent_and_got()

    asked = await anna.presses(FreeVerb.ASK_CANCEL, lead.reference)
    nothing_yet = await anna.amendments(lead)
    done = await anna.presses(FreeVerb.CANCEL, lead.reference)

    assert asked == CancelWarning(lead.reference)
    assert nothing_yet == ()
    assert done == LeadChanged(lead.reference, Done.CANCELLED)
    (kept,) = await anna.amendments(lead)
    assert (kept.kind, kept.status) == (AmendmentKind.CANCELLATION, AmendmentStatus.PENDING)
    assert of_kind(await anna.writes("/status"), MyLeads).leads[0].stage is Stage.CANCELLED
    assert await anna.dealership.has_rung()


async def test_an_old_button_that_cancels_asks_first(anna: Customer) -> None:
    lead = await anna.has_sent()

    assert await anna.presses(FreeVerb.CANCEL, lead.reference) == CancelWarning(lead.reference)
    assert await anna.amendments(lead) == ()


async def test_two_quick_taps_cancel_once(anna: Customer) -> None:
    lead = await anna.has_sent()
    await anna.presses(FreeVerb.ASK_CANCEL, lead.reference)

    first = await anna.presses(FreeVerb.CANCEL, lead.reference)
    second = await anna.presses(FreeVerb.CANCEL, lead.reference)

    assert first == second == LeadChanged(lead.reference, Done.CANCELLED)
    assert len(await anna.amendments(lead)) == 1


async def test_no_in_words_keeps_it(anna: Customer) -> None:
    lead = await anna.has_sent()
    await anna.presses(FreeVerb.ASK_CANCEL, lead.reference)

    kept = of_kind(await anna.writes("нет"), LeadCard)

    assert kept.sent.stage is Stage.RECEIVED
    assert await anna.amendments(lead) == ()


async def test_a_cancelled_lead_is_not_corrected_any_more(anna: Customer) -> None:
    lead = await anna.has_sent()
    await anna.presses(FreeVerb.ASK_CANCEL, lead.reference)
    await anna.presses(FreeVerb.CANCEL, lead.reference)

    assert await anna.presses(FreeVerb.AMEND, lead.reference) == NotChangeable()


# In words


@pytest.mark.parametrize(
    "text",
    [
        *("мои заявки", "Статус заявки", "когда перезвоните?", "где моя заявка?"),
        *("почему не звоните?", "мне не звонили", "никто не перезвонил"),
    ],
)
async def test_who_asks_after_the_only_lead_sees_it(anna: Customer, text: str) -> None:
    lead = await anna.has_sent()

    assert of_kind(await anna.writes(text), LeadCard).sent.lead == lead


async def test_who_asks_after_several_sees_the_list(anna: Customer) -> None:
    await anna.has_sent(1)
    await anna.has_sent(2)

    assert len(of_kind(await anna.writes("мои заявки"), MyLeads).leads) == 2


@pytest.mark.parametrize("text", ["отмените заявку", "Отменить мою заявку, пожалуйста", "снимите мою заявку"])
async def test_who_wants_it_cancelled_is_asked_and_says_yes(anna: Customer, text: str) -> None:
    lead = await anna.has_sent()

    asked = await anna.writes(text)
    done = await anna.writes("да")

    assert (asked, done) == (CancelWarning(lead.reference), LeadChanged(lead.reference, Done.CANCELLED))


@pytest.mark.parametrize("text", ["не звоните мне", "больше не звоните, пожалуйста", "не надо мне перезванивать"])
async def test_who_asks_not_to_be_called_is_asked_whether_to_cancel(anna: Customer, text: str) -> None:
    lead = await anna.has_sent()

    assert await anna.writes(text) == CancelWarning(lead.reference)


async def test_who_has_sent_nothing_and_refuses_calls_is_promised_none(anna: Customer) -> None:
    assert await anna.writes("не звоните мне") == FreeAnswer(FreeAnswer.NOT_CALLED)


async def test_who_is_correcting_it_may_still_want_it_cancelled(anna: Customer) -> None:
    lead = await anna.has_sent()
    await anna.presses(FreeVerb.AMEND, lead.reference)

    asked = await anna.writes("отмените мою заявку, продал уже")
    done = await anna.writes("да")

    assert (asked, done) == (CancelWarning(lead.reference), LeadChanged(lead.reference, Done.CANCELLED))
    assert await anna.dealership.dialog() is None


async def test_which_of_several_is_to_be_cancelled_is_asked(anna: Customer) -> None:
    await anna.has_sent(1)
    await anna.has_sent(2)

    assert of_kind(await anna.writes("отмените заявку"), MyLeads).prompt == MyLeads.WHICH_TO_CANCEL


@pytest.mark.parametrize("text", ["отмените заявку", "исправить заявку"])
async def test_of_leads_that_can_not_be_changed_any_more_nobody_asks_which(anna: Customer, text: str) -> None:
    lead = await anna.has_sent()
    await anna.presses(FreeVerb.ASK_CANCEL, lead.reference)
    await anna.presses(FreeVerb.CANCEL, lead.reference)

    assert of_kind(await anna.writes(text), MyLeads).prompt == ""


@pytest.mark.parametrize("text", ["я ошибся в телефоне", "исправить заявку", "ошиблась номером"])
async def test_who_was_mistaken_picks_the_field(anna: Customer, text: str) -> None:
    lead = await anna.has_sent()

    assert of_kind(await anna.writes(text), FieldList).dialog.amends == lead.reference


async def test_a_wrong_number_with_the_right_one_is_shown_to_be_saved() -> None:
    text = "ой, я ошиблась в номере, верный 8 903 555-01-01"
    said = Understanding(OTHER, 0.9, mentioned=Entities(phone=NEW_PHONE.e164), topics={"answer": 1.0})
    anna = Customer(Dealership(interpreter=MemoryInterpreter({text: said})))
    await sends(anna)
    lead = anna.dealership.only_lead

    summary = of_kind(await anna.writes(text), Summary)
    saved = await anna.writes("да")

    assert summary.dialog.answers["phone"] == NEW_PHONE
    assert saved == LeadChanged(lead.reference, Done.CORRECTED)
    assert anna.dealership.only_lead.phone == NEW_PHONE


async def test_what_was_forgotten_is_added_to_the_lead_just_sent(anna: Customer) -> None:
    await sends(anna)
    lead = anna.dealership.only_lead

    told = await anna.writes("забыл добавить к заявке: нужна только белая")

    assert told == LeadChanged(lead.reference, Done.ADDED)
    now = anna.dealership.only_lead
    assert "нужна только белая" in "\n".join((*(text for _, text in now.lines), *now.conversation))


async def test_a_field_that_is_said_anew_after_the_receipt_is_shown_to_be_saved(anna: Customer) -> None:
    await sends(anna, Service.SELL)

    summary = of_kind(await anna.writes("пробег теперь 150 тысяч"), Summary)

    assert summary.dialog.amends == anna.dealership.only_lead.reference
    assert summary.dialog.answers["mileage"] == Kilometers(150_000)


async def test_the_same_message_once_more_adds_nothing(anna: Customer) -> None:
    """The process died before the visit was saved; another takes the input again."""
    await sends(anna)
    visit, inputs = await anna.dealership.visit(), anna.inputs
    await anna.writes("забыл добавить к заявке: нужна только белая")
    await anna.dealership.visits.save(replace(visit, version=(await anna.dealership.visit()).version))
    anna.inputs = inputs

    await anna.writes("забыл добавить к заявке: нужна только белая")

    assert len(await anna.amendments(anna.dealership.only_lead)) == 1


async def test_a_photo_after_the_receipt_is_added_to_that_lead(anna: Customer) -> None:
    await sends(anna)
    lead = anna.dealership.only_lead
    parcel = Parcel(
        (FileId("photo-9"),), (SentFile(FileId("file-9"), "ПТС.pdf", "application/pdf"),), words=("вот ещё",)
    )

    reply = await anna.dealership.inbound.sent(an_arrival(900), parcel)

    assert reply.screen == LeadChanged(lead.reference, Done.ADDED)
    assert anna.dealership.only_lead.attached == ("photo-9", "file-9")


async def test_the_recording_of_words_that_are_added_goes_where_they_go(anna: Customer) -> None:
    await sends(anna)
    recording = SentFile(FileId("voice-9"), "голосовое сообщение.ogg", "audio/ogg")

    reply = await anna.dealership.inbound.spoke(
        an_arrival(901), "забыл добавить к заявке: нужна только белая", recording
    )

    assert reply.screen == LeadChanged(anna.dealership.only_lead.reference, Done.ADDED)
    assert anna.dealership.only_lead.attached == ("voice-9",)
    assert (await anna.dealership.visit()).waiting == NOTHING_ATTACHED


async def test_who_has_sent_nothing_is_answered_as_before(anna: Customer) -> None:
    assert not isinstance(await anna.writes("отмените заявку"), CancelWarning | MyLeads)


async def corrected_name(anna: Customer, lead: Lead) -> Dialog:
    """The lead is open with another name in it, not saved yet."""
    await anna.presses(FreeVerb.AMEND, lead.reference)
    await anna.presses_in_dialog(DialogVerb.EDIT, "name")
    return of_kind(await anna.writes("Мария"), Summary).dialog


async def sends(anna: Customer, service: Service = Service.CALLBACK) -> None:
    await anna.dealership.has_open(a_reviewed_dialog(service=service))
    shown(await anna.presses_in_dialog(DialogVerb.SEND), Receipt)


def has_deal(dealership: Dealership, lead: Lead, state: DealState) -> None:
    number = lead.made[Effect.LEAD]
    dealership.crm.deals[number] = CrmDeal(
        number, CrmId(1), lead.reference, "Сделка", None, lead.created_at, state=state
    )
