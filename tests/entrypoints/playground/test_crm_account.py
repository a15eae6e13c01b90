"""The dealership's account in the emulated amoCRM, and the bot's haste with it."""

from datetime import timedelta

from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.environment import SettableClock
from carquery.domain.reason import Reason
from carquery.entrypoints.playground.crm_account import furnish, leave_numbers_out, open_account
from carquery.entrypoints.playground.hurry import BACKOFF, LONGEST_CLOSURE, FastGate
from carquery.entrypoints.settings.settings import Settings
from tests.builders import NOW


async def test_nothing_about_amocrm_is_left_to_the_environment() -> None:
    """Else the playground would fill the real account of whoever has one in their `.env`."""
    about_amocrm = {name for name in Settings.model_fields if name.startswith(("amocrm_", "secret_", "delivery_"))}

    async with open_account() as amocrm:
        given = furnish(amocrm) | BACKOFF

    assert len(about_amocrm) > 15
    assert given.keys() == about_amocrm


async def test_every_field_that_can_be_filled_is_made_once() -> None:
    async with open_account() as amocrm:
        given = furnish(amocrm)
        fields = amocrm.world.lead_fields | amocrm.world.contact_fields

    numbers = [number for name, number in given.items() if name.startswith("amocrm_field_")]
    assert len(set(numbers)) == 9
    assert {fields[number].name for number in numbers if isinstance(number, int)} >= {"Telegram", "VIN", "Пробег, км"}


async def test_numbers_of_an_earlier_account_are_given_to_nobody() -> None:
    async with open_account() as amocrm:
        already_given = amocrm.world.new_id()

        leave_numbers_out(amocrm.world, up_to=already_given + 500)

        assert amocrm.world.add_contact("Анна", []) > already_given + 500


async def test_the_gate_closes_for_seconds_where_the_real_one_closes_for_an_hour() -> None:
    gate = FastGate(MemoryCrmGate(SettableClock(NOW), spacing=timedelta()))

    await gate.close(Reason("не оплачен"), shortest=timedelta(hours=1), longest=timedelta(hours=1))

    closure = await gate.closure()
    assert closure is not None
    assert (closure.reason, closure.reopens_in) == (Reason("не оплачен"), LONGEST_CLOSURE)
