"""What every adapter of `Reminders` promises."""

import asyncio
from datetime import datetime, timedelta

import pytest

from carquery.adapters.telegram.channel import TELEGRAM
from carquery.application.ports.reminders import Unwanted
from carquery.domain.draft import Draft
from carquery.domain.ids import Channel, CustomerId, LeadId
from tests.builders import ANNA, BORIS, HOUR, MINUTE, NAMESAKE, NOW, a_dialog, a_lead
from tests.contracts.databases import Database

SINCE = NOW - timedelta(days=3)


def left(number: int, customer: CustomerId = ANNA, *, at: datetime = NOW) -> Draft:
    """A form that was left then; `number` tells its dialog from another's."""
    dialog = a_dialog(step="mileage", number=number)
    return Draft(customer=customer, dialog=dialog, touched_at=at, is_permitted=True)


async def keep(database: Database, *drafts: Draft) -> None:
    await database.drafts.write(drafts, ended=(), at=NOW)


async def claim(
    database: Database, *channels: Channel, until: datetime = NOW, but: Draft | None = None
) -> Draft | None:
    return await database.reminders.claim(
        channels or (TELEGRAM,),
        silent_since=SINCE,
        silent_until=until,
        at=NOW + HOUR,
        but=() if but is None else (but.dialog.id,),
    )


async def test_a_form_is_claimed_once(database: Database) -> None:
    await keep(database, left(1))

    assert await claim(database) == left(1)
    assert await claim(database) is None


async def test_of_many_who_ask_at_once_each_gets_another(database: Database) -> None:
    drafts = [left(number, CustomerId(TELEGRAM, str(number))) for number in range(1, 6)]
    await keep(database, *drafts)

    claimed = await asyncio.gather(*(claim(database) for _ in range(8)))
    claimed += [await claim(database) for _ in range(5)]  # whoever came away with nothing looks again

    given = [draft for draft in claimed if draft is not None]
    assert sorted(draft.dialog.id for draft in given) == [draft.dialog.id for draft in drafts]


async def test_the_oldest_silence_comes_first(database: Database) -> None:
    await keep(database, left(1, at=NOW - MINUTE), left(2, BORIS, at=NOW - HOUR))

    assert await claim(database) == left(2, BORIS, at=NOW - HOUR)


async def test_whom_the_caller_does_not_want_stays_for_others(database: Database) -> None:
    await keep(database, left(1, at=NOW - MINUTE), left(2, BORIS, at=NOW - HOUR))

    assert await claim(database, but=left(2)) == left(1, at=NOW - MINUTE)
    assert await claim(database) == left(2, BORIS, at=NOW - HOUR)


async def test_only_silences_of_that_time_count(database: Database) -> None:
    await keep(database, left(1, at=NOW + MINUTE), left(2, BORIS, at=SINCE))

    assert await claim(database) is None
    assert await claim(database, until=NOW + MINUTE) == left(1, at=NOW + MINUTE)


async def test_only_the_channels_that_are_named_count(database: Database) -> None:
    await keep(database, left(1, NAMESAKE))

    assert await claim(database) is None
    assert await claim(database, TELEGRAM, NAMESAKE.channel) == left(1, NAMESAKE)


async def test_a_further_answer_makes_no_second_reminder(database: Database) -> None:
    await keep(database, left(1))
    await claim(database)
    further = Draft(customer=ANNA, dialog=a_dialog(step="price"), touched_at=NOW, is_permitted=True)

    await keep(database, further)

    assert await claim(database) is None


async def test_what_was_given_back_is_claimed_again(database: Database) -> None:
    await keep(database, left(1))
    await claim(database)

    await database.reminders.give_back(left(1).dialog.id)
    await database.reminders.give_back(left(9).dialog.id)

    assert await claim(database) == left(1)


async def test_who_was_seen_since_is_not_silent(database: Database) -> None:
    await keep(database, left(1))
    await claim(database)

    await database.reminders.give_back(left(1).dialog.id, touched_at=NOW + MINUTE)

    assert await claim(database) is None
    assert await claim(database, until=NOW + MINUTE) == left(1, at=NOW + MINUTE)


async def test_who_was_seen_before_is_as_silent_as_ever(database: Database) -> None:
    await keep(database, left(1))
    await claim(database)

    await database.reminders.give_back(left(1).dialog.id, touched_at=NOW - MINUTE)

    assert await claim(database) == left(1)


@pytest.mark.parametrize("end", ["ended", "sent", "erased"])
async def test_what_has_ended_is_not_claimed(database: Database, end: str) -> None:
    await keep(database, left(1))
    match end:
        case "ended":
            await database.drafts.write((), ended=[left(1).dialog.id], at=NOW)
        case "sent":
            await database.leads.add(a_lead(id=LeadId(left(1).dialog.id)))
        case _:
            await database.customers.erase(ANNA)

    assert await claim(database) is None


@pytest.mark.parametrize("why", list(Unwanted))
async def test_who_wants_no_reminders_gets_none(database: Database, why: Unwanted) -> None:
    await keep(database, left(1), left(2, BORIS))

    await database.reminders.stop(ANNA, why, at=NOW)

    assert await claim(database) == left(2, BORIS)
    assert await claim(database) is None


async def test_who_was_at_a_form_since_has_let_the_bot_write_again(database: Database) -> None:
    """What a messenger says late: the latest of it counts."""
    await keep(database, left(1), left(2, BORIS))
    for at in (NOW, NOW - HOUR):
        await database.reminders.stop(ANNA, Unwanted.BLOCKED, at=at)
    await database.reminders.stop(BORIS, Unwanted.BLOCKED, at=NOW - HOUR)

    assert await claim(database) == left(2, BORIS)
    assert await claim(database) is None


async def test_who_lets_the_bot_write_again_is_reminded(database: Database) -> None:
    await keep(database, left(1))
    await database.reminders.stop(ANNA, Unwanted.BLOCKED, at=NOW)

    await database.reminders.resume(ANNA)
    await database.reminders.resume(BORIS)

    assert await claim(database) == left(1)


@pytest.mark.parametrize("order", [(Unwanted.DECLINED, Unwanted.BLOCKED), (Unwanted.BLOCKED, Unwanted.DECLINED)])
async def test_who_has_declined_has_declined(database: Database, order: tuple[Unwanted, Unwanted]) -> None:
    await keep(database, left(1))
    for why in order:
        await database.reminders.stop(ANNA, why, at=NOW)

    await database.reminders.resume(ANNA)

    assert await claim(database) is None


async def test_erasing_forgets_that_too(database: Database) -> None:
    await database.reminders.stop(ANNA, Unwanted.DECLINED, at=NOW)
    await database.customers.erase(ANNA)
    await keep(database, left(1))

    assert await claim(database) == left(1)


async def test_it_is_forgotten_by_portions(database: Database) -> None:
    for number in range(3):
        await database.reminders.stop(CustomerId(TELEGRAM, str(number)), Unwanted.BLOCKED, at=NOW)
    await database.reminders.stop(ANNA, Unwanted.BLOCKED, at=NOW + HOUR)

    forgotten = [await database.reminders.forget(before=NOW + HOUR, at_most=2) for _ in range(3)]

    assert forgotten == [2, 1, 0]
    await keep(database, left(1))
    assert await claim(database) is None
