"""After a pass people read one message for each reason, however many leads it struck."""

from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.application.leads.delivery_news import DeliveryNews
from carquery.application.ports.alerts import Alert, CrmAway, CrmClosed, LeadsNotDelivered, LeftOut
from carquery.domain.reason import Reason
from tests.builders import a_dead_lead, a_failed_lead, a_lead


async def told(news: DeliveryNews) -> list[Alert]:
    alerts = MemoryAlerts()
    await news.tell(alerts)
    return alerts.told


async def test_no_news_is_no_message() -> None:
    assert await told(DeliveryNews()) == []


async def test_leads_refused_for_one_reason_share_a_message() -> None:
    news = DeliveryNews()
    for number, reason in ((1, "нет воронки"), (2, "нет статуса"), (3, "нет воронки")):
        news.not_delivered(a_failed_lead(number, failure=Reason(reason)), is_new=True)

    assert await told(news) == [
        LeadsNotDelivered((a_lead(1).reference, a_lead(3).reference), Reason("нет воронки"), dead=False),
        LeadsNotDelivered((a_lead(2).reference,), Reason("нет статуса"), dead=False),
    ]


async def test_the_dead_have_a_message_of_their_own() -> None:
    """They wait for a person, the others don't."""
    news = DeliveryNews()
    news.not_delivered(a_failed_lead(1, failure=Reason("нет воронки")), is_new=True)
    news.not_delivered(a_dead_lead(2, failure=Reason("нет воронки")), is_new=True)

    assert await told(news) == [
        LeadsNotDelivered((a_lead(1).reference,), Reason("нет воронки"), dead=False),
        LeadsNotDelivered((a_lead(2).reference,), Reason("нет воронки"), dead=True),
    ]


async def test_what_was_told_before_is_told_again_only_of_the_dead() -> None:
    news = DeliveryNews()
    news.not_delivered(a_failed_lead(1, failure=Reason("нет воронки")), is_new=False)
    news.not_delivered(a_dead_lead(2, failure=Reason("нет воронки")), is_new=False)

    assert await told(news) == [LeadsNotDelivered((a_lead(2).reference,), Reason("нет воронки"), dead=True)]


async def test_a_crm_that_is_away_is_told_with_all_the_leads_it_struck() -> None:
    news = DeliveryNews()
    for number, reason in ((1, "timeout"), (2, "HTTP 502"), (3, "timeout")):
        news.away(a_failed_lead(number, failure=Reason(reason)))

    assert await told(news) == [
        CrmAway((a_lead(1).reference, a_lead(3).reference), Reason("timeout")),
        CrmAway((a_lead(2).reference,), Reason("HTTP 502")),
    ]


async def test_each_thing_left_out_has_a_message_with_all_its_leads() -> None:
    news = DeliveryNews()
    news.left_out(a_lead(1), (Reason("Поле «VIN»"), Reason("Тег «бот»")))
    news.left_out(a_lead(2), (Reason("Поле «VIN»"),))
    news.left_out(a_lead(3), ())

    assert await told(news) == [
        LeftOut((a_lead(1).reference, a_lead(2).reference), Reason("Поле «VIN»")),
        LeftOut((a_lead(1).reference,), Reason("Тег «бот»")),
    ]
    assert not news.is_crm_unwell


async def test_a_closed_crm_is_told_once_with_its_first_reason() -> None:
    news = DeliveryNews()
    news.closed(Reason("HTTP 402: не оплачено"))
    news.closed(Reason("HTTP 403: заблокировано"))

    assert await told(news) == [CrmClosed(Reason("HTTP 402: не оплачено"))]
    assert news.is_crm_unwell


async def test_what_matters_most_is_told_first() -> None:
    news = DeliveryNews()
    news.left_out(a_lead(1), (Reason("Поле «VIN»"),))
    news.away(a_failed_lead(2, failure=Reason("timeout")))
    news.not_delivered(a_failed_lead(3, failure=Reason("нет воронки")), is_new=True)
    news.closed(Reason("HTTP 402"))

    assert [type(alert) for alert in await told(news)] == [CrmClosed, LeadsNotDelivered, CrmAway, LeftOut]
