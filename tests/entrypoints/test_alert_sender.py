"""Alerts are said whatever goes wrong beside them."""

import asyncio

from carquery.adapters.memory.chat_moves import MemoryChatMoves
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.application.ports.alerts import CrmClosed
from carquery.domain.reason import Reason
from carquery.entrypoints.processes.alert_sender import AlertSender
from tests.application.staff import Staff
from tests.patience import eventually

CLOSED = CrmClosed(Reason("HTTP 402"))


async def test_a_turn_that_fails_in_an_unforeseen_way_is_not_the_last() -> None:
    staff, moves, stop = Staff(), MemoryChatMoves(), asyncio.Event()
    moves.fail_next(RuntimeError("no rights to that table"))
    sender = AlertSender(staff.turn, staff.bell, AdminChat(-100, moves))
    sending = asyncio.create_task(sender.run(stop))

    await staff.alerts.tell(CLOSED)
    await eventually(lambda: sending.done() or staff.said == [CLOSED])

    stop.set()
    await sending
    assert staff.said == [CLOSED]
