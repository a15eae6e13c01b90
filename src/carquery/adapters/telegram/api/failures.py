"""What becomes of a Bot API call that was not answered as it should be, and what the log says of it.

BotApiFailure
├── TelegramAway          no answer; perhaps it was sent
├── ServerError           not done, by Telegram or by a server in front of it
├── NotBotApi             the answer is none of Telegram's; whether it was done, nobody knows
└── CallRefused           Telegram's answer is an error
    ├── BadRequest, Unauthorized, Forbidden, NotFound, Conflict
    ├── TooManyRequests   with the seconds to wait
    └── ChatMigrated      with the chat's new id
"""

from typing import Final

DIRECTLY: Final = "is the Bot API reached from this machine? TELEGRAM_API_BASE; TELEGRAM_PROXY where Telegram is slowed"
AT_PROXY: Final = "TELEGRAM_PROXY: is a proxy there that takes this user name and password?"
IN_CONFLICT: Final = "one process polls: stop the other one; or a webhook is set: BOT_MODE=webhook, or --delete-webhook"

LONGEST_SAID: Final = 200
"""Characters of Telegram's own words in the log."""


class BotApiFailure(Exception):
    """A call did not succeed."""


class TelegramAway(BotApiFailure):
    """There was no answer.

    Attributes:
        reason, remedy: in words for the log, without addresses and secrets.
        is_sent: whether Telegram may have got the request; if not, it may be made again.
    """

    def __init__(self, reason: str, remedy: str, *, is_sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.is_sent = is_sent


class ServerError(BotApiFailure):
    """HTTP 5xx: not done."""


class NotBotApi(BotApiFailure):
    """What came is no answer of the Bot API. Its text: what it is, without its content."""


class CallRefused(BotApiFailure):
    """Telegram says no. `description`: in its own words, which may be none."""

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


class BadRequest(CallRefused):
    """400: it can't be done so, or there."""


class Unauthorized(CallRefused):
    """401: the token is not valid (any more)."""


class Forbidden(CallRefused):
    """403: the bot was blocked, or is not in that chat."""


class NotFound(CallRefused):
    """404: nothing of that name."""


class Conflict(CallRefused):
    """409: somebody else takes the updates."""


class TooManyRequests(CallRefused):
    """A flood limit. `retry_after`: seconds."""

    def __init__(self, description: str, retry_after: int) -> None:
        super().__init__(description)
        self.retry_after = retry_after


class ChatMigrated(CallRefused):
    """The group became a supergroup, with another id."""

    def __init__(self, description: str, migrate_to_chat_id: int) -> None:
        super().__init__(description)
        self.migrate_to_chat_id = migrate_to_chat_id


def in_words(failure: BotApiFailure) -> tuple[str, str]:
    """Why a call failed, and what to do about it, for the log: neither address nor secret, nor what was sent."""
    match failure:
        case TelegramAway(reason=reason, remedy=remedy):
            return reason, remedy
        case Conflict():
            return failure.description, IN_CONFLICT
        case ServerError():
            return "it, or a server in front of it, answers with 5xx", DIRECTLY
        case NotBotApi():
            return "what answers is not the Bot API", DIRECTLY
        case NotFound():
            return "HTTP 404", "TELEGRAM_API_BASE: is the Bot API there?"
        case CallRefused():
            return " ".join(failure.description.split())[:LONGEST_SAID], ""
        case _:
            return type(failure).__name__, ""
