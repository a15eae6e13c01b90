"""Whoever counts requests is told of each: its status, or that there was none, and how long it took."""

import pytest

from carquery.adapters.amocrm.transport import DEADLINE_SECONDS, AnswerLost, Http, NotSent, Parts
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.connecting import patient_http


class Observed:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []
        self.seconds: list[float] = []

    def __call__(self, outcome: str, seconds: float) -> None:
        self.outcomes.append(outcome)
        self.seconds.append(seconds)


async def asked(http: Http, url: str, *, deadline: float = DEADLINE_SECONDS) -> None:
    await http.send("GET", f"{url}/api/v4/account", Parts(), deadline=deadline)


async def test_an_answer_is_told_with_its_status() -> None:
    observed = Observed()
    async with AmoCrmEmulator() as amocrm, patient_http(observed) as http:
        await asked(http, amocrm.base_url)

    assert observed.outcomes == ["401"]
    assert observed.seconds[0] > 0


async def test_a_request_that_reached_nobody_is_told_so() -> None:
    observed = Observed()
    async with patient_http(observed) as http:
        with pytest.raises(NotSent):
            await asked(http, "http://127.0.0.1:1")

    assert observed.outcomes == ["not_sent"]


async def test_an_answer_that_did_not_come_is_told_as_lost() -> None:
    observed = Observed()
    async with AmoCrmEmulator() as amocrm, patient_http(observed) as http:
        amocrm.faults.add("hang", path="/api/v4/account")
        with pytest.raises(AnswerLost):
            await asked(http, amocrm.base_url, deadline=0.2)

    assert observed.outcomes == ["lost"]
    assert observed.seconds[0] >= 0.2
