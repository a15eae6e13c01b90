"""What lasts longer than one request: an outage, a block, a lost authorisation, one item that amoCRM chokes on."""

from collections.abc import Callable

import pytest

from carquery.adapters.amocrm.reasons import AMOCRM
from carquery.application.ports.alerts import CrmClosed, LeadsNotDelivered
from carquery.domain.lead import Lead, LeadStatus
from tests.e2e.delivery.amocrm_delivery import AmoCrmDelivery, an_amocrm_delivery

Record = Callable[[str, object], None]
TABLE = "Switches: how often everything stands there / passes"


async def delivered_once(delivery: AmoCrmDelivery, switch: str, record: Record) -> None:
    """Deliver what is left, and count."""
    passes = await delivery.until_delivered()
    tally = await delivery.tally()
    record("cell", (TABLE, switch, "outcome", f"once/{passes}" if tally.is_exactly_once else "WRONG"))
    assert tally.is_exactly_once, tally


async def no_attempt_was_counted(delivery: AmoCrmDelivery) -> bool:
    return all(lead.attempts == 0 for lead in await delivery.undelivered())


async def test_amocrm_is_down_for_a_while(record_property: Record) -> None:
    async with an_amocrm_delivery() as delivery:
        await delivery.queue_three()
        await delivery.amocrm.stop_listening()
        for _ in range(3):
            await delivery.pass_once()
        await delivery.amocrm.start_listening()

        await delivered_once(delivery, "down", record_property)


async def test_amocrm_is_slow(record_property: Record) -> None:
    async with an_amocrm_delivery() as delivery:
        await delivery.queue_three()
        delivery.amocrm.faults.slow = 0.05

        await delivered_once(delivery, "slow", record_property)


@pytest.mark.parametrize("path", [r"/contacts$", r"/leads$", r"/notes$", r"/tasks$"])
async def test_the_search_index_lags_behind_a_lost_answer(path: str, record_property: Record) -> None:
    async with an_amocrm_delivery() as delivery:
        await delivery.queue_three()
        delivery.amocrm.faults.search_lag = 86_400
        delivery.amocrm.faults.add("drop", method="POST", path=path)

        await delivered_once(delivery, f"lag, answer lost at {path}", record_property)


async def test_amocrm_blocks_us_until_someone_writes_to_its_support(record_property: Record) -> None:
    async with an_amocrm_delivery() as delivery:
        await delivery.queue_three()
        delivery.amocrm.faults.block()
        for _ in range(3):
            await delivery.pass_once()
        assert await no_attempt_was_counted(delivery)
        assert len(delivery.amocrm.journal) <= 3 * 2, "in each pass, at most one knock for each person"
        delivery.amocrm.faults.unblock()

        await delivered_once(delivery, "blocked", record_property)


async def test_the_account_is_unpaid_for_a_while(record_property: Record) -> None:
    async with an_amocrm_delivery() as delivery:
        await delivery.queue_three()
        delivery.amocrm.faults.unpaid = True
        for _ in range(3):
            await delivery.pass_once()
        assert await no_attempt_was_counted(delivery)
        delivery.amocrm.faults.unpaid = False

        await delivered_once(delivery, "unpaid", record_property)


async def test_tokens_expire(record_property: Record) -> None:
    async with an_amocrm_delivery(by_oauth=True) as delivery:
        await delivery.queue_three()
        delivery.amocrm.expire_access_tokens()

        await delivered_once(delivery, "tokens expired", record_property)
        assert delivery.alerts.told == []


@pytest.mark.parametrize("how", ["revoked", "refresh answer lost"])
async def test_the_authorisation_is_lost_until_someone_logs_in(how: str, record_property: Record) -> None:
    async with an_amocrm_delivery(by_oauth=True) as delivery:
        await delivery.queue_three()
        if how == "revoked":
            delivery.amocrm.revoke_tokens()
        else:
            delivery.amocrm.expire_access_tokens()
            delivery.amocrm.faults.add("drop", path="/oauth2/access_token")
        for _ in range(3):
            await delivery.pass_once()
        told = [alert.reason for alert in delivery.alerts.told if isinstance(alert, CrmClosed)]
        assert "carquery amocrm login --code" in AMOCRM.reasons.russian(told[-1])
        assert {lead.status for lead in await delivery.undelivered()} <= {LeadStatus.PENDING, LeadStatus.FAILED}
        await delivery.log_in()

        await delivered_once(delivery, how, record_property)


@pytest.mark.parametrize("how", ["400 plain", "400 validation", "500", "504"])
@pytest.mark.parametrize("partial", [False, True], ids=["", "partly done"])
async def test_one_poisoned_lead_costs_itself_alone(how: str, *, partial: bool, record_property: Record) -> None:
    async with an_amocrm_delivery() as delivery:
        leads = [await delivery.queue(number, f"+7916000{number:04}") for number in range(1, 21)]
        delivery.amocrm.faults.partial_batches = partial
        delivery.amocrm.faults.poison(leads[7].reference, how)

        passes = await passes_until_left(delivery, [leads[7]])
        assert is_told_or_tried_again(delivery, await delivery.undelivered())
        delivery.amocrm.faults.clear()
        await delivery.leads.put_back([leads[7].id], at=delivery.clock.now())

        await delivered_once(delivery, f"poison {how}{', partly done' if partial else ''} ({passes})", record_property)


async def passes_until_left(delivery: AmoCrmDelivery, poisoned: list[Lead]) -> int:
    """How many passes until all others are delivered."""
    for number in range(1, 12):
        await delivery.pass_once()
        if [lead.id for lead in await delivery.undelivered()] == [lead.id for lead in poisoned]:
            return number
    raise TimeoutError(f"{len(await delivery.undelivered())} leads are held up by the poisoned one")


def is_told_or_tried_again(delivery: AmoCrmDelivery, left: list[Lead]) -> bool:
    """A refused lead was told; one that amoCRM chokes on goes on being tried."""
    told = [
        reference
        for alert in delivery.alerts.told
        if isinstance(alert, LeadsNotDelivered)
        for reference in alert.references
    ]
    return all(lead.reference in told or lead.next_attempt_at is not None for lead in left)
