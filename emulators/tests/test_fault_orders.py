"""What all faults have in common: whom they hit, and when they are over."""

import pytest
from aiohttp import ClientSession

from carquery_emulators.kit.faults import Countdown
from carquery_emulators.openai import OpenAiEmulator
from carquery_emulators.telegram import TelegramEmulator


async def test_some_calls_go_well_before_some_go_wrong() -> None:
    async with TelegramEmulator() as telegram, ClientSession() as http:
        telegram.fail("getMe", how="500", skip=1, times=2)

        statuses = []
        for _ in range(5):
            async with http.get(f"{telegram.base_url}/bot{telegram.token}/getMe") as answer:
                statuses.append(answer.status)

    assert statuses == [200, 500, 500, 200, 200]


def test_the_first_fault_that_fits_is_used_up_first() -> None:
    faults = OpenAiEmulator().faults
    faults.add("slow", model="gpt-4o")
    faults.add("500", times=None)

    assert [fault.how for fault in faults.ordered] == ["slow", "500"]
    faults.clear()
    assert faults.ordered == ()


@pytest.mark.parametrize("wrong", [{"times": 0}, {"times": -1}, {"skip": -1}])
def test_a_count_that_means_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=rf"{next(iter(wrong))}=.* must be"):
        Countdown(**wrong)
