"""What customers change of leads that stand in amoCRM."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.contacts import with_phone
from carquery.adapters.amocrm.deals import PATH as DEALS
from carquery.adapters.amocrm.drafts import lead_draft
from carquery.adapters.amocrm.files import Files
from carquery.adapters.amocrm.listing import PAGE, readable, rows_of
from carquery.adapters.amocrm.notes_and_tasks import TASKS
from carquery.adapters.amocrm.phone_search import PATH as CONTACTS
from carquery.adapters.amocrm.phone_search import PhoneSearch, is_of
from carquery.adapters.amocrm.places import CLOSED_STAGES
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AMOCRM, AmoReason
from carquery.adapters.amocrm.wire import (
    ContactRow,
    FieldRow,
    LinkedRow,
    MadeRow,
    NoteRow,
    TaskRow,
    UnreadableAnswer,
    read_as,
    rows_as,
)
from carquery.application.leads import crm_texts
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.crm import (
    CrmAmbiguous,
    CrmBusy,
    CrmFailure,
    CrmGone,
    CrmMade,
    CrmOutcome,
    CrmRefused,
    Permit,
)
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.application.ports.sent_files import SentFiles
from carquery.domain.amendment import Amendment, AmendmentEffect, before_and_after
from carquery.domain.answers import Photos
from carquery.domain.attachments import Attachments
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead
from carquery.domain.reason import Reason


@dataclass(frozen=True, slots=True)
class _ContactsRow:
    contacts: list[LinkedRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _DealRow:
    """A deal as a manager may have changed it. Its main contact stands first."""

    id: CrmId
    name: str = ""
    price: str = ""
    status_id: int = 0
    responsible_user_id: int = 0
    is_deleted: bool = False
    custom_fields_values: list[FieldRow] = field(default_factory=list)
    _embedded: _ContactsRow = field(default_factory=_ContactsRow)

    @property
    def is_closed(self) -> bool:
        return self.status_id in CLOSED_STAGES

    @property
    def contacts(self) -> tuple[CrmId, ...]:
        return tuple(contact.id for contact in self._embedded.contacts)

    def says(self, field_id: int) -> str:
        """What stands in that field; empty: nothing."""
        rows = (row for row in self.custom_fields_values if row.field_id == field_id)
        return next((value.words for row in rows for value in row.values), "")


@dataclass(frozen=True, slots=True)
class _NotesGoTo:
    """Where notes and tasks go. `kind`: as amoCRM calls it. `instead`: why it is not the deal."""

    kind: str
    id: CrmId
    instead: Reason | None = None


class AmoCrmAmendments:
    """Each thing is looked for first, by its mark or by what stands there: amoCRM has no idempotency key."""

    def __init__(
        self,
        client: AmoCrmClient,
        config: AmoCrmConfig,
        sent_files: SentFiles,
        clock: Clock,
        dealership: ToldOfDealership,
    ) -> None:
        self._client = client
        self._dealership = dealership
        self._config = config
        self._search = PhoneSearch(client)
        self._files = Files(client, sent_files, None)
        self._clock = clock
        self._makers: Mapping[AmendmentEffect, Callable[[Amendment, Lead, Permit], Any]] = {
            AmendmentEffect.CONTACT: self._contact,
            AmendmentEffect.DEAL: self._deal,
            AmendmentEffect.FILES: self._attach,
            AmendmentEffect.NOTE: self._note,
            AmendmentEffect.TASK: self._task,
        }

    async def make(self, effect: AmendmentEffect, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        try:
            outcome: CrmOutcome = await self._makers[effect](amendment, lead, permit)
        except CrmFailure as failure:
            return failure
        except UnreadableAnswer as unreadable:
            return CrmBusy(AmoReason.ODD_ANSWER(path=DEALS, found=unreadable))
        except Refusal as refusal:
            return CrmRefused(refusal.reason)
        return outcome

    # The contact

    async def _contact(self, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        """A phone is added to those that stand there; a name is put right only where ours stands."""
        row = await self._standing_contact(amendment, lead)
        if row is None:
            return CrmMade(NOTHING_TO_MAKE, (LeadReason.NO_CONTACT_LEFT(),))
        was, now = before_and_after(lead, amendment)
        body: dict[str, Any] = {}
        if now.name is not None and now.name != was.name and row.name in (None, "", was.name and was.name.name):
            body["name"] = now.name.name
        if now.phone is not None and now.phone != was.phone and not is_of(now.phone, row):
            body["custom_fields_values"] = [with_phone(row, now.phone).body]
        if body:
            try:
                await self._client.write("PATCH", f"{CONTACTS}/{row.id}", body, permit=permit)
            except Refusal as refusal:
                return CrmMade(row.id, (AmoReason.CONTACT(refusal.reason, number=row.id),))
        return CrmMade(row.id)

    async def _standing_contact(self, amendment: Amendment, lead: Lead) -> ContactRow | None:
        """The lead's, or, if that was merged or deleted, the deal's, or the one that has the phone."""
        deal = None
        ours = await self._contact_row(lead.made.get(Effect.CONTACT, NOTHING_TO_MAKE))
        if ours is None and (deal := await self._deal_row(lead)) is not None and deal.contacts:
            ours = await self._contact_row(deal.contacts[0])
        if ours is None and (phone := before_and_after(lead, amendment)[0].phone) is not None:
            ours = await self._search.oldest(phone, is_thorough=True)
        return ours

    async def _contact_row(self, contact: CrmId) -> ContactRow | None:
        if contact == NOTHING_TO_MAKE:
            return None
        body = await readable(self._client, f"{CONTACTS}/{contact}")
        row = None if body is None else read_as(ContactRow, body)
        return None if row is None or row.is_deleted else row

    # The deal

    async def _deal(self, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        """What still says what we wrote, says what the customer says now; a closed deal stays as it was closed."""
        row = await self._deal_row(lead)
        if row is None or row.is_closed:
            return CrmMade(NOTHING_TO_MAKE)
        body, fields = self._put_right(row, amendment, lead)
        if not body and not fields:
            return CrmMade(row.id)
        left_out: tuple[Reason, ...] = ()
        for change in ({**body, "custom_fields_values": fields} if fields else body, body):
            try:
                if change:
                    await self._client.write("PATCH", f"{DEALS}/{row.id}", change, permit=permit)
                break
            except Refusal as refusal:  # one field that it would not take costs only the fields
                left_out = (refusal.reason,)
        return CrmMade(row.id, left_out)

    def _put_right(self, row: _DealRow, amendment: Amendment, lead: Lead) -> tuple[dict[str, Any], list[Any]]:
        was, now = (lead_draft(one, self._config, ()) for one in before_and_after(lead, amendment))
        ours = {"name": (row.name, was.needed["name"], now.needed["name"])}
        ours["price"] = (_whole(row.price), str(was.needed.get("price", 0)), now.needed.get("price", 0))
        body = {name: new for name, (stands, old, new) in ours.items() if str(new) != old and stands == old}
        old_fields = {one.body["field_id"]: one.body["values"][0]["value"] for one in was.fields}
        new_fields = {one.body["field_id"]: one.body["values"][0]["value"] for one in now.fields}
        fields = [
            {"field_id": number, "values": [{"value": new_fields[number]}] if number in new_fields else None}
            for number in dict.fromkeys((*old_fields, *new_fields))
            if old_fields.get(number) != new_fields.get(number) and row.says(number) == str(old_fields.get(number, ""))
        ]
        return body, fields

    async def _deal_row(self, lead: Lead) -> _DealRow | None:
        body = await readable(self._client, f"{DEALS}/{lead.made[Effect.LEAD]}", {"with": "contacts"})
        row = None if body is None else read_as(_DealRow, body)
        return None if row is None or row.is_deleted else row

    # Files, notes, tasks

    async def _attach(self, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        """As a lead's files are attached, under names that begin with the amendment's mark."""
        deal = lead.made[Effect.LEAD]
        if await self._deal_row(lead) is None:
            return CrmMade(NOTHING_TO_MAKE, (LeadReason.FILES_WITHOUT_DEAL(number=deal),))
        photos = amendment.new_photos
        bundle = replace(
            lead,
            reference=Reference(amendment.mark(lead.reference)),
            answers={"photos": Photos(photos)} if photos else {},
            attachments=Attachments(files=amendment.added.files),
        )
        return (await self._files.make([bundle], permit))[lead.id]

    async def _note(self, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        place = await self._place(amendment, lead)
        if place is None:
            return CrmGone(Effect.LEAD, LeadReason.NOTHING_LEFT())
        mark, newest = amendment.mark(lead.reference), 0
        for kind, number in dict.fromkeys(((place.kind, place.id), ("leads", lead.made[Effect.LEAD]))):
            params = {"limit": str(PAGE), "order[id]": "desc"}
            for row in await rows_of(self._client, NoteRow, _notes_of(kind, number), "notes", params):
                if mark in row.params.text:
                    return _made(row.id, place)
                newest = max(newest, row.created_at)
        note = {
            "note_type": "common",
            "params": {"text": crm_texts.amendment_note(lead, amendment, AMOCRM)},
            # Of several notes of one second amoCRM shows one. Source: amocrm-api-php, issue 379
            "created_at": max(int(self._clock.now().timestamp()), newest + 1),
            "request_id": amendment.id,
        }
        answer = await self._client.write("POST", _notes_of(place.kind, place.id), [note], permit=permit)
        return _made(_id_in(answer, "notes"), place)

    async def _task(self, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        deal = await self._deal_row(lead)
        minutes = lead.route.task_minutes_or(self._config.task_after)
        if not minutes or deal is None or deal.is_closed:
            return CrmMade(NOTHING_TO_MAKE)
        task = {
            "entity_id": deal.id,
            "entity_type": "leads",
            "text": crm_texts.cancellation_task(lead, amendment),
            "complete_till": int(self._dealership().after(self._clock.now(), minutes).timestamp()),
            "task_type_id": self._config.task_type_id,
            "request_id": amendment.id,
        }
        mark = amendment.mark(lead.reference)
        try:
            return CrmMade(
                await self._one_task({**task, "responsible_user_id": deal.responsible_user_id}, mark, permit)
            )
        except Refusal:  # whoever has the deal may have left the account
            return CrmMade(await self._one_task(task, mark, permit))

    async def _one_task(self, task: Mapping[str, Any], mark: str, permit: Permit) -> CrmId:
        params = {"filter[entity_type]": "leads", "filter[entity_id]": str(task["entity_id"]), "limit": str(PAGE)}
        for row in await rows_of(self._client, TaskRow, TASKS, "tasks", params):
            if mark in row.text:
                return row.id
        return _id_in(await self._client.write("POST", TASKS, [task], permit=permit), "tasks")

    async def _place(self, amendment: Amendment, lead: Lead) -> _NotesGoTo | None:
        """The deal while it is open; else the contact; of a closed deal without any, the deal all the same."""
        deal, number = await self._deal_row(lead), lead.made[Effect.LEAD]
        if deal is not None and not deal.is_closed:
            return _NotesGoTo("leads", deal.id)
        contact = await self._standing_contact(amendment, lead)
        if contact is not None:
            why = LeadReason.DEAL_GONE if deal is None else LeadReason.DEAL_CLOSED
            return _NotesGoTo("contacts", contact.id, why(number=number))
        return None if deal is None else _NotesGoTo("leads", deal.id)


def _made(number: CrmId, place: _NotesGoTo) -> CrmMade:
    return CrmMade(number, () if place.instead is None else (place.instead,))


def _notes_of(kind: str, number: CrmId) -> str:
    return f"/api/v4/{kind}/{number}/notes"


def _id_in(answer: object, embedded: str) -> CrmId:
    """Of the one thing that was made. Raises CrmAmbiguous: the answer does not say."""
    try:
        return rows_as(MadeRow, answer, embedded)[0].id
    except (UnreadableAnswer, IndexError) as odd:
        raise CrmAmbiguous(AmoReason.NOT_NAMED()) from odd


def _whole(price: str) -> str:
    """Newer accounts have fractions."""
    return price.removesuffix(".0") or "0"
