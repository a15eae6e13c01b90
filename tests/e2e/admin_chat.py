"""The group of those who run the bot."""

from carquery_emulators.telegram import TelegramEmulator

ADMIN_CHAT = -1_002_000_000_000


def told(telegram: TelegramEmulator) -> list[str]:
    """What the admin chat was told."""
    sent = telegram.calls_of("sendMessage")
    return [str(call.params["text"]) for call in sent if str(call.params["chat_id"]) == str(ADMIN_CHAT)]
