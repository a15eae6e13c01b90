"""An amoCRM account with every custom field, and the CRM port on it."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from carquery.adapters.amocrm.access import LongLivedAccess
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig, FieldName
from carquery.adapters.amocrm.crm import AmoCrm
from carquery.adapters.amocrm.turns import Turns
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.sent_files import MemorySentFiles
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.crm import CrmMade, CrmOutcome
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.application.ports.sent_files import FileContent
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.follow_up import FollowUp
from carquery.domain.effects import Effect
from carquery.domain.ids import FileId
from carquery.domain.lead import Lead
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.connecting import patient_http
from tests.builders import PERMIT

NUMERIC = {FieldName.YEAR, FieldName.MILEAGE, FieldName.PRICE}
UNLIMITED = 100_000
"""Requests per second."""


@dataclass(frozen=True, slots=True)
class AmoCrmAccount:
    """What a test looks at and calls.

    Attributes:
        fields: the custom fields' numbers.
        config: what the settings say of the account; `again` opens the port with another one.
    """

    emulator: AmoCrmEmulator
    client: AmoCrmClient
    crm: AmoCrm
    gate: MemoryCrmGate
    fields: dict[FieldName, int]
    photos: MemorySentFiles
    leads: MemoryLeads
    config: AmoCrmConfig
    again: Callable[..., AmoCrm]

    async def make(self, effect: Effect, *leads: Lead) -> list[CrmOutcome]:
        """What became of each lead's item."""
        intending = [lead.intends(effect, at=lead.created_at) for lead in leads]
        outcomes = await self.crm.make(effect, intending, PERMIT)
        return [outcomes[lead.id] for lead in leads]

    async def made(self, effect: Effect, lead: Lead) -> Lead:
        """The lead with that effect."""
        (outcome,) = await self.make(effect, lead)
        assert isinstance(outcome, CrmMade), outcome
        return lead.with_made(effect, outcome.id, left_out=outcome.left_out)

    async def made_up_to(self, effect: Effect, lead: Lead) -> Lead:
        """The lead with all effects before this one."""
        for earlier in list(Effect)[: list(Effect).index(effect)]:
            lead = await self.made(earlier, lead)
        return lead


@asynccontextmanager
async def an_account(
    *, is_patient: bool = True, clock: Clock | None = None, join_open_deal_days: int = 0, **config: Any
) -> AsyncIterator[AmoCrmAccount]:
    """Open it; `config` goes before what is usual. Unless it is patient, no pause is waited out.

    `clock`: amoCRM's; None: this machine's.
    """
    seconds = time.time if clock is None else lambda: clock.now().timestamp()
    ours = SystemClock()
    gate = MemoryCrmGate(ours, spacing=timedelta()) if is_patient else GateWithoutPauses(ours, spacing=timedelta())
    async with AmoCrmEmulator(requests_per_second=UNLIMITED, clock=seconds) as emulator, patient_http() as http:
        fields = {name: _add_field(emulator, name) for name in FieldName}
        access = LongLivedAccess(emulator.base_url, emulator.long_lived_token())
        photos = MemorySentFiles(a_picture)
        leads = MemoryLeads(MemoryDatabase(), ours)
        chosen = AmoCrmConfig(**{"fields": fields, "task_after": timedelta(minutes=30), **config})
        client = AmoCrmClient(http, access, Turns(gate))

        def told() -> Dealership:
            return Dealership(follow_up=FollowUp(join_open_deal_days=join_open_deal_days))

        def again(config: AmoCrmConfig, dealership: ToldOfDealership = told) -> AmoCrm:
            return AmoCrm(client, gate, config, leads, photos, ours, dealership=dealership)

        yield AmoCrmAccount(emulator, client, again(chosen), gate, fields, photos, leads, chosen, again)


class GateWithoutPauses(MemoryCrmGate):
    """Lets nobody wait."""

    async def pause(self, time: timedelta) -> None:
        del time


def an_amocrm(client: AmoCrmClient) -> AmoCrm:
    """The port on a client of the test's own."""
    clock = SystemClock()
    leads = MemoryLeads(MemoryDatabase(), clock)
    return AmoCrm(
        client, MemoryCrmGate(clock, spacing=timedelta()), AmoCrmConfig(), leads, MemorySentFiles(a_picture), clock
    )


def a_picture(file: FileId, *, size: int = 300_000) -> FileContent:
    """A JPEG of its own for each name, in more than one part."""
    return FileContent(b"\xff\xd8\xff" + file.encode().ljust(size, b"."), "image/jpeg")


def _add_field(emulator: AmoCrmEmulator, name: FieldName) -> int:
    entity: Literal["contacts", "leads"] = "contacts" if name is FieldName.TELEGRAM else "leads"
    return emulator.world.add_field(entity, name.value, "numeric" if name in NUMERIC else "text")
