"""The settings of every concern in one object. A new concern is a class beside this file, and a base here."""

from carquery.entrypoints.settings.amocrm import AmoCrmSettings
from carquery.entrypoints.settings.dealership import DealershipSettings
from carquery.entrypoints.settings.delivery import DeliverySettings
from carquery.entrypoints.settings.health import HealthSettings
from carquery.entrypoints.settings.intents import IntentSettings
from carquery.entrypoints.settings.logs import LogSettings
from carquery.entrypoints.settings.openai import OpenAiSettings
from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.personal_data import PersonalDataSettings
from carquery.entrypoints.settings.stores import StoreSettings
from carquery.entrypoints.settings.telegram import TelegramSettings


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


class BotSettings(HealthSettings, TelegramSettings, Settings):
    """What the bot needs besides."""


def parts_of(whole: type[Settings]) -> tuple[type[SettingsPart], ...]:
    """The classes of the concerns that `whole` is made of, so that whoever needs one is given no more."""
    return tuple(kind for kind in whole.__mro__[1:] if issubclass(kind, SettingsPart) and kind is not SettingsPart)
