"""What MAX answers when it refuses.

Codes and messages that are marked so are made up here: the platform has answers for these cases, and nobody wrote
them down.
"""

from carquery_emulators.kit.faulty_calls import CallRefused
from carquery_emulators.kit.json_types import Json

NO_SUCH_TOKEN = "Invalid access_token"  # noqa: S105  # the words of the refusal
SUSPENDED = "Key: error.dialog.suspended, args: []"
NOT_READY = "Key: errors.process.attachment.file.not.processed"


class MaxError(CallRefused):
    """A refused call: HTTP status, code and message."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after

    def to_json(self) -> Json:
        return {"code": self.code, "message": self.message}


class NotDoneAnswer(CallRefused):
    """Refused with status 200: `{"success": false, …}`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    def to_json(self) -> Json:
        return {"success": False, "message": self.message, "code": self.code}


def wrong_token() -> MaxError:
    return MaxError(401, "verify.token", NO_SUCH_TOKEN)


def bad_payload(reason: str) -> MaxError:
    """The code is real, the reasons are our own."""
    return MaxError(400, "proto.payload", reason)


def attachment_not_ready() -> MaxError:
    return MaxError(400, "attachment.not.ready", NOT_READY)


def dialog_suspended() -> MaxError:
    return MaxError(403, "chat.denied", SUSPENDED)


def not_found(what: str) -> MaxError:
    """Made up, but for the status."""
    return MaxError(404, "not.found", f"{what} not found")


def not_allowed(why: str) -> MaxError:
    """Made up, but for the status."""
    return MaxError(405, "not.allowed", why)


def too_many_requests(retry_after: int | None = None) -> MaxError:
    """Made up, but for the status; whether there is a Retry-After nobody says."""
    return MaxError(429, "too.many.requests", "Too many requests", retry_after=retry_after)


def server_error() -> MaxError:
    return MaxError(500, "internal.error", "Internal server error")


def unavailable() -> MaxError:
    return MaxError(503, "service.unavailable", "Service unavailable")
