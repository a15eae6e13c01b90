"""What the Bot API answers when it refuses."""

from carquery_emulators.kit.faulty_calls import CallRefused
from carquery_emulators.kit.json_types import Json


class BotApiError(CallRefused):
    """A refused call: HTTP status and Telegram's own words."""

    def __init__(
        self, code: int, description: str, *, retry_after: int | None = None, migrate_to_chat_id: int | None = None
    ) -> None:
        super().__init__(f"{code} {description}", description=description)
        self.code = code
        self.retry_after = retry_after
        self.migrate_to_chat_id = migrate_to_chat_id

    def to_json(self) -> Json:
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        if self.migrate_to_chat_id is not None:
            answer["parameters"] = {"migrate_to_chat_id": self.migrate_to_chat_id}
        return answer


def bad_request(reason: str) -> BotApiError:
    return BotApiError(400, f"Bad Request: {reason}")


def blocked_by_the_user() -> BotApiError:
    return BotApiError(403, "Forbidden: bot was blocked by the user")


def too_many_requests(retry_after: int) -> BotApiError:
    return BotApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def upgraded_to_supergroup(new_id: int) -> BotApiError:
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    return BotApiError(400, description, migrate_to_chat_id=new_id)
