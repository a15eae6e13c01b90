"""What every adapter of `Drafts` promises."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest

from carquery.application.ports.customers import FirstLook
from carquery.domain.dialog import Dialog, Revision
from carquery.domain.draft import Draft
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId, DialogId, LeadId, Source
from carquery.domain.money import Rubles
from carquery.domain.visit import STRANGER
from tests.builders import (
    ANNA,
    BORIS,
    EVERY_ATTACHMENT,
    EVERY_KIND_OF_ANSWER,
    NAMESAKE,
    NOW,
    a_dialog,
    a_lead,
)
from tests.contracts.databases import Database

LONG_AGO = NOW - timedelta(days=7)


def a_draft(
    number: int = 1,
    *,
    customer: CustomerId = ANNA,
    step: str = "mileage",
    touched_at: datetime = NOW,
    **changes: object,
) -> Draft:
    """A form to sell a car that was left at that step; `number` tells its dialog from another's."""
    dialog = replace(a_dialog(step=step, number=number), **changes)  # type: ignore[arg-type]  # as it takes them
    return Draft(customer=customer, dialog=dialog, touched_at=touched_at, is_permitted=True)


async def write(database: Database, *kept: Draft, ended: Collection[DialogId] = ()) -> None:
    await database.drafts.write(kept, ended=ended, at=NOW)


async def left_by(database: Database, customer: CustomerId = ANNA) -> Draft | None:
    return await database.drafts.of(customer, touched_since=LONG_AGO)


async def test_a_form_comes_back_as_it_was_left(database: Database) -> None:
    full = replace(
        a_draft(
            answers=MappingProxyType({k: v for k, v in EVERY_KIND_OF_ANSWER.items() if k in _steps(a_dialog())}),
            suggestions=MappingProxyType({"price": Rubles(900_000)}),
            attachments=EVERY_ATTACHMENT,
            asides=("«ё» 🚗 <b> \\ ' \" ;--",),
            at="price",
            readings=(Rubles(900_000), Rubles(9_000_000)),
            editing=True,
            ahead=("name",),
            source=Source("avito"),
            revision=Revision(17),
        ),
        conversation=("Привет",),
    )

    await write(database, full)

    assert await left_by(database) == full


@pytest.mark.parametrize("service", list(Service))
async def test_every_form_is_kept(database: Database, service: Service) -> None:
    dialog = a_dialog(service=service, step="phone")
    draft = Draft(customer=NAMESAKE, dialog=dialog, touched_at=NOW, is_permitted=False)

    await write(database, draft)

    assert await left_by(database, NAMESAKE) == draft
    assert await left_by(database, ANNA) is None


async def test_nobody_gets_another_s_form(database: Database) -> None:
    await write(database, a_draft(1), a_draft(2, customer=NAMESAKE, step="price"))

    assert await left_by(database, BORIS) is None
    assert await left_by(database, ANNA) == a_draft(1)
    assert await left_by(database, NAMESAKE) == a_draft(2, customer=NAMESAKE, step="price")


async def test_the_form_that_was_left_last_counts(database: Database) -> None:
    later = a_draft(2, step="price", touched_at=NOW + timedelta(hours=1))

    await write(database, later, a_draft(1))

    assert await left_by(database) == later


async def test_what_was_not_touched_for_long_counts_no_more(database: Database) -> None:
    await write(database, a_draft(touched_at=LONG_AGO))

    assert await database.drafts.of(ANNA, touched_since=LONG_AGO) == a_draft(touched_at=LONG_AGO)
    assert await database.drafts.of(ANNA, touched_since=LONG_AGO + timedelta(seconds=1)) is None


async def test_the_later_revision_stays_whoever_writes_last(database: Database) -> None:
    earlier, later = a_draft(step="year"), a_draft(step="price")

    await write(database, later)
    await write(database, earlier)

    assert await left_by(database) == later


async def test_a_further_touch_of_the_same_revision_is_noted(database: Database) -> None:
    await write(database, a_draft())
    touched = replace(a_draft(), touched_at=NOW + timedelta(minutes=5))
    await write(database, touched)

    assert await left_by(database) == touched


async def test_what_has_ended_comes_back_no_more(database: Database) -> None:
    """Another process may be late with what it noted."""
    draft = a_draft(step="year")
    await write(database, draft)
    await write(database, ended=[draft.dialog.id])
    await write(database, a_draft(step="price"))

    assert await left_by(database) is None


async def test_what_has_ended_before_it_was_kept_is_not_kept(database: Database) -> None:
    await write(database, ended=[a_dialog().id])
    await write(database, a_draft())

    assert await left_by(database) is None


async def test_in_one_write_the_end_counts(database: Database) -> None:
    await write(database, a_draft(), ended=[a_dialog().id])

    assert await left_by(database) is None


async def test_a_form_that_is_sent_has_ended_with_its_lead(database: Database) -> None:
    draft = a_draft()
    await write(database, draft)

    await database.leads.add(a_lead(id=LeadId(draft.dialog.id)))

    assert await left_by(database) is None


async def test_a_form_that_was_sent_already_is_left_no_more(database: Database) -> None:
    """A process that comes late has not heard of the lead."""
    await database.leads.add(a_lead(id=LeadId(a_dialog().id)))
    await write(database, a_draft())

    assert await left_by(database) is None


async def test_erasing_a_customer_takes_their_forms_and_no_others(database: Database) -> None:
    await write(database, a_draft(1), a_draft(2, step="price"), a_draft(3, customer=NAMESAKE))

    await database.customers.erase(ANNA)

    assert await left_by(database, ANNA) is None
    assert await left_by(database, NAMESAKE) == a_draft(3, customer=NAMESAKE)
    await write(database, a_draft(1, step="price"))
    assert await left_by(database, ANNA) is None, "a process that comes late has brought it back"


async def test_old_ones_are_forgotten_by_portions(database: Database) -> None:
    before = NOW - timedelta(days=6)
    await write(
        database,
        a_draft(1, touched_at=LONG_AGO),
        a_draft(2, touched_at=LONG_AGO),
        a_draft(3, touched_at=LONG_AGO),
        a_draft(4),
    )
    await write(database, ended=[a_dialog(number=5).id])

    assert await database.drafts.forget(touched_before=before, at_most=2) == 2
    assert await database.drafts.forget(touched_before=before, at_most=2) == 1
    assert await database.drafts.forget(touched_before=before, at_most=2) == 0
    assert await left_by(database) == a_draft(4)


async def test_what_has_ended_is_forgotten_as_well(database: Database) -> None:
    await write(database, ended=[a_dialog().id])

    assert await database.drafts.forget(touched_before=NOW + timedelta(days=7), at_most=10) == 1


async def test_nothing_to_write_is_nothing(database: Database) -> None:
    await write(database)

    assert await left_by(database) is None


async def test_processes_that_write_the_same_at_once_do_not_hinder_each_other(database: Database) -> None:
    drafts = [a_draft(number, customer=CustomerId(ANNA.channel, str(number))) for number in range(1, 31)]

    await asyncio.gather(*(write(database, *order, ended=[a_dialog(number=99).id]) for order in (drafts, drafts[::-1])))

    assert [await left_by(database, draft.customer) for draft in drafts] == drafts


def _steps(dialog: Dialog) -> set[str]:
    return {step.name for step in dialog.form.steps}


async def test_the_first_look_at_a_customer_tells_of_forms_that_were_left(database: Database) -> None:
    await write(database, a_draft(1), a_draft(2, customer=BORIS, touched_at=LONG_AGO - timedelta(seconds=1)))
    await write(database, a_draft(3, customer=NAMESAKE), ended=[a_draft(3).dialog.id])

    looks = [await database.customers.first_look(one, left_since=LONG_AGO) for one in (ANNA, BORIS, NAMESAKE)]

    assert looks == [FirstLook(STRANGER, may_have_left=is_left) for is_left in (True, False, False)]
