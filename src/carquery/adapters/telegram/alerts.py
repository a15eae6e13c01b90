"""Messages to the admin chat."""

from typing import assert_never

import structlog
from aiogram.methods import SendMessage

from carquery.adapters.telegram.calls import Calls, MessageGone, NotReached
from carquery.adapters.telegram.html import MESSAGE_LIMIT, bold, clip, plain
from carquery.application.ports.alerts import Alert, ContactToErase, CrmClosed, LeadNotDelivered

log = structlog.get_logger(__name__)


class TelegramAlerts:
    """Writes to the admin chat; where there is none, to the log alone."""

    def __init__(self, calls: Calls, admin_chat: int | None) -> None:
        self._calls = calls
        self._admin_chat = admin_chat

    async def tell(self, alert: Alert) -> None:
        log.warning("alert", kind=type(alert).__name__)
        if self._admin_chat is None:
            return
        try:
            await self._calls(SendMessage(chat_id=self._admin_chat, text=_text(alert)))
        except (NotReached, MessageGone):
            log.warning("alert_not_told", kind=type(alert).__name__)


def _text(alert: Alert) -> str:
    match alert:
        case LeadNotDelivered(reference, reason, dead):
            end = "больше не отправляется сама" if dead else "будет отправлена ещё раз"
            because = plain(clip(reason, MESSAGE_LIMIT // 4))
            return (
                f"⚠️ Заявка {bold(reference)} не доставлена в amoCRM и {end}.\n{because}\n"
                f"Подробнее: carquery leads show {plain(reference)}"
            )
        case CrmClosed(reason):
            return f"⛔ amoCRM не принимает запросы, заявки ждут.\n{plain(clip(reason, MESSAGE_LIMIT // 4))}"
        case ContactToErase(contacts):
            listed = ", ".join(str(contact) for contact in contacts)
            return f"🗑 Клиент попросил удалить его данные. Удалите контакт в amoCRM: {bold(listed)}"
        case _:
            assert_never(alert)
