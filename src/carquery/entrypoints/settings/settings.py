"""The settings of every concern in one object. A new concern is a class beside this file, and a base here."""

from collections.abc import Iterator
from typing import Final

from carquery.entrypoints.settings.amocrm import AmoCrmSettings
from carquery.entrypoints.settings.dealership import DealershipSettings
from carquery.entrypoints.settings.delivery import DeliverySettings
from carquery.entrypoints.settings.health import HealthSettings
from carquery.entrypoints.settings.intents import IntentSettings
from carquery.entrypoints.settings.logs import LogSettings
from carquery.entrypoints.settings.max import MaxSettings
from carquery.entrypoints.settings.openai import OpenAiSettings
from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.personal_data import PersonalDataSettings
from carquery.entrypoints.settings.stores import StoreSettings
from carquery.entrypoints.settings.telegram import TelegramSettings
from carquery.entrypoints.settings.variables.complaints import Complaint

_WEBHOOK: Final = frozenset({"webhook_url", "webhook_secret"})
"""Telegram's: where there is only MAX, BOT_MODE=webhook means MAX's."""
_A_TOKEN: Final = "that of @BotFather, such as 123456789:AAE…, that of business.max.ru, or both"  # noqa: S105  # words


# Variables are shown in the order of fields, and pydantic takes those of the last base first.
class Settings(
    LogSettings,
    PersonalDataSettings,
    OpenAiSettings,
    IntentSettings,
    DeliverySettings,
    AmoCrmSettings,
    StoreSettings,
    DealershipSettings,
):
    """What every command may need."""


class BotSettings(HealthSettings, MaxSettings, TelegramSettings, Settings):
    """What the bot needs besides."""

    def contradictions(self) -> Iterator[Complaint]:
        if self.telegram_bot_token is None and self.max_bot_token is None:
            yield Complaint(("telegram_bot_token", "max_bot_token"), "missing", _A_TOKEN)
        is_max_alone = self.telegram_bot_token is None and self.max_bot_token is not None
        for complaint in super().contradictions():
            if not (is_max_alone and _WEBHOOK.issuperset(complaint.names)):
                yield complaint
        if is_max_alone and self.bot_mode == "webhook" and self.max_webhook_url is None:
            yield Complaint(("max_webhook_url",), "missing; BOT_MODE=webhook needs it")

    @property
    def why_nobody_polls(self) -> str:
        """What sets a webhook for each messenger that there is, and what would be right; empty: one is polled."""
        polls_telegram = self.telegram_bot_token is not None and self.bot_mode == "polling"
        polls_max = self.max_bot_token is not None and self.max_webhook_url is None
        if polls_telegram or polls_max:
            return ""
        if self.telegram_bot_token is None:
            return "MAX_WEBHOOK_URL sets one; expected: no MAX_WEBHOOK_URL"
        return "BOT_MODE=webhook sets one; expected: BOT_MODE=polling"


def parts_of(whole: type[Settings]) -> tuple[type[SettingsPart], ...]:
    """The classes of the concerns that `whole` is made of, so that whoever needs one is given no more."""
    return tuple(kind for kind in whole.__mro__[1:] if issubclass(kind, SettingsPart) and kind is not SettingsPart)
