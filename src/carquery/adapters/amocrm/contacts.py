"""Contacts: one for a phone number, found or made."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from carquery.adapters.amocrm.batches import Batches, Outcomes
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.drafts import FieldValue, contact_draft, telegram_field
from carquery.adapters.amocrm.linked_deals import LinkedDeals
from carquery.adapters.amocrm.listing import newest, readable, since_intent
from carquery.adapters.amocrm.phone_search import PATH, PhoneSearch, is_of
from carquery.adapters.amocrm.ports import KnownContacts
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.transport import MOST_AT_ONCE
from carquery.adapters.amocrm.wire import ContactRow, UnreadableAnswer, read_as
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.crm import CrmFailure, CrmMade, CrmOutcome, Permit
from carquery.application.ports.crm_people import KnownToHaveLeft, nobody_left
from carquery.domain.contact import Phone, is_another_name
from carquery.domain.effects import CrmId
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead

MOST_SOUGHT_THOROUGHLY: Final = 5
"""People at once: of a backlog, each costs one search more at most, and not three."""

Person: TypeAlias = tuple[Lead, ...]
"""The leads with one phone, oldest first."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Known from earlier leads, searched for, and only then made.

    Attributes:
        linked: learns which deals each has.
    """

    client: AmoCrmClient
    search: PhoneSearch
    known: KnownContacts
    config: AmoCrmConfig
    linked: LinkedDeals
    left: KnownToHaveLeft = nobody_left

    async def make(self, leads: Sequence[Lead], permit: Permit) -> Outcomes:
        """One contact for each phone. Raises StoreUnavailable."""
        people = _people(leads)
        known = await self.known.contacts_of([phone for person in people if (phone := person[0].phone) is not None])
        standing = await self._standing_ones(people, known)
        outcomes: dict[LeadId, CrmOutcome] = {}
        for person, found in zip(people, standing, strict=True):
            if isinstance(found, CrmFailure):
                outcomes[person[0].id] = found
            elif found is not None:
                self.linked.learn(found.id, found.linked_leads)
                outcomes[person[0].id] = await self._complete(found, person, permit)
        new = [person[0] for person in people if person[0].id not in outcomes]
        names = {
            person[0].id: found.name if isinstance(found, ContactRow) and found.name else _name_of(person[0])
            for person, found in zip(people, standing, strict=True)
        }
        batches = Batches(self.client, PATH, "contacts", look=self._newest)
        made = await batches.make([contact_draft(lead, self.config, self.left()) for lead in new], permit)
        for outcome in made.values():
            if isinstance(outcome, CrmMade):
                self.linked.learn(outcome.id, ())
        outcomes |= made
        return {
            lead.id: _named(outcomes[person[0].id], lead, names[person[0].id]) for person in people for lead in person
        }

    async def find(self, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        """The contacts with these leads' phones. Raises CrmFailure."""
        found = dict(await self._newest(leads))
        missing = [person for person in _people(leads) if person[0].id not in found]
        for person, standing in zip(missing, await self._standing_ones(missing, {}), strict=True):
            if isinstance(standing, CrmFailure):
                raise standing
            if standing is not None:
                found |= {lead.id: standing.id for lead in person}
        return found

    async def _newest(self, leads: Sequence[Lead]) -> dict[LeadId, CrmId]:
        found: dict[LeadId, CrmId] = {}
        async for row in newest(self.client, ContactRow, PATH, "contacts", since=since_intent(leads)):
            found |= {lead.id: row.id for lead in leads if is_of(lead.phone, row)}
            if len(found) == len(leads):
                break
        return found

    async def _standing_ones(
        self, people: Sequence[Person], known: Mapping[Phone, CrmId]
    ) -> list[ContactRow | CrmFailure | None]:
        """Each one's contact, or None; once amoCRM has failed, it is asked no more."""
        failed: list[CrmFailure] = []
        at_once = asyncio.Semaphore(MOST_AT_ONCE)
        is_thorough = len(people) <= MOST_SOUGHT_THOROUGHLY
        if not is_thorough:
            try:
                await self.search.learn()
            except CrmFailure as failure:
                return [failure for _ in people]

        async def standing(person: Person) -> ContactRow | CrmFailure | None:
            async with at_once:
                if failed:
                    return failed[0]
                try:
                    phone = person[0].phone
                    if phone is None:
                        return None
                    return await self._standing(phone, known.get(phone), is_thorough=is_thorough)
                except CrmFailure as failure:
                    failed.append(failure)
                    return failure

        return await asyncio.gather(*(standing(person) for person in people))

    async def _standing(self, phone: Phone, known: CrmId | None, *, is_thorough: bool) -> ContactRow | None:
        if known is not None:
            row = _contact(await readable(self.client, f"{PATH}/{known}", self.linked.asked_for))
            if row is not None and not row.is_deleted:
                return row
        return await self.search.oldest(phone, is_thorough=is_thorough)

    async def _complete(self, row: ContactRow, person: Person, permit: Permit) -> CrmOutcome:
        """Add what the contact lacks; nothing that stands there is changed."""
        lead = person[0]
        body: dict[str, Any] = {}
        if not row.name and lead.name is not None:
            body["name"] = lead.name.name
        lacking = [field for field in telegram_field(lead, self.config) if not row.has_field(field.body["field_id"])]
        if lead.phone is not None and not is_of(lead.phone, row):
            lacking.append(with_phone(row, lead.phone))
        if lacking:
            body["custom_fields_values"] = [field.body for field in lacking]
        if not body:
            return CrmMade(row.id)
        try:
            await self.client.write("PATCH", f"{PATH}/{row.id}", body, permit=permit)
        except CrmFailure as failure:
            return failure
        except Refusal as refusal:
            lacks = [field.title for field in lacking if field.title is not None] or [AmoReason.NAME()]
            return CrmMade(row.id, (AmoReason.CONTACT(*lacks, refusal.reason, number=row.id),))
        return CrmMade(row.id)


def _name_of(lead: Lead) -> str:
    return "" if lead.name is None else lead.name.name


def _named(outcome: CrmOutcome, lead: Lead, name: str) -> CrmOutcome:
    """What the lead's manager is to know of it if the contact has another name."""
    if isinstance(outcome, CrmMade) and is_another_name(lead.name, name):
        return replace(outcome, left_out=(*outcome.left_out, LeadReason.OTHER_NAME()))
    return outcome


def _people(leads: Sequence[Lead]) -> tuple[Person, ...]:
    people: dict[object, list[Lead]] = {}
    for lead in leads:
        people.setdefault(lead.phone or lead.id, []).append(lead)
    return tuple(tuple(sorted(person, key=lambda lead: lead.created_at)) for person in people.values())


def with_phone(row: ContactRow, phone: Phone) -> FieldValue:
    """A field of several values is replaced as a whole: all that stand there, and the new one."""
    standing = [
        {"value": value.value} | ({} if value.enum_id is None else {"enum_id": value.enum_id})
        for value in row.phone_rows
    ]
    values = [*standing, {"value": phone.e164, "enum_code": "MOB"}]
    return FieldValue({"field_code": "PHONE", "values": values}, AmoReason.PHONE())


def _contact(body: object) -> ContactRow | None:
    """What one contact's own answer tells; `None` if nothing that could be used, so it is searched for."""
    try:
        return None if body is None else read_as(ContactRow, body)
    except UnreadableAnswer:
        return None
