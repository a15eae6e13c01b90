"""What becomes of a call to MAX that was not answered as it should be, and what the log says of it.

MaxFailure
├── MaxAway              no answer; perhaps it was sent
├── MaxServerError       HTTP 5xx; whether it was done, nobody knows, but of 503
├── NotMaxApi            the answer is none of MAX's; whether it was done, nobody knows
└── MaxRefused           MAX's answer is an error, with its code
    ├── MaxBadRequest, MaxTokenRefused, MaxForbidden, MaxNotFound, MaxNotAllowed
    ├── MaxSuspended     the customer has stopped the bot
    ├── MaxNotReady      what was uploaded is not processed yet
    └── MaxTooManyRequests
"""

from typing import Final

AT_ADDRESS: Final = "is MAX reached from this machine? MAX_API_BASE; its usual one is https://platform-api2.max.ru"
AT_CERTIFICATE: Final = (
    "MAX_CA_FILE: the Russian Trusted Root CA as a PEM file, by which MAX's certificate is signed; see docs/max.md"
)
AT_TOKEN: Final = "MAX_BOT_TOKEN: as the bot's settings at business.max.ru show it"  # noqa: S105  # what to do about it

LONGEST_SAID: Final = 200
"""Characters of MAX's own words in the log."""


class MaxFailure(Exception):
    """A call did not succeed."""


class MaxAway(MaxFailure):
    """There was no answer.

    Attributes:
        reason, remedy: in words for the log, without addresses and secrets.
        is_sent: whether MAX may have got the request; if not, it may be made again.
    """

    def __init__(self, reason: str, remedy: str, *, is_sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.is_sent = is_sent


class MaxServerError(MaxFailure):
    """HTTP 5xx. `is_done_perhaps`: nobody knows whether it was done; else it was not."""

    def __init__(self, status: int, *, is_done_perhaps: bool) -> None:
        super().__init__(f"HTTP {status}")
        self.is_done_perhaps = is_done_perhaps


class NotMaxApi(MaxFailure):
    """What came is no answer of MAX's. Its text: what it is, without its content."""


class MaxRefused(MaxFailure):
    """MAX says no. `code`: why, as it calls that; `description`: in its own words. Both may be empty."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description


class MaxBadRequest(MaxRefused):
    """400: it can't be done so."""


class MaxTokenRefused(MaxRefused):
    """401, `verify.token`: the token is not valid (any more)."""


class MaxForbidden(MaxRefused):
    """403: not there."""


class MaxSuspended(MaxForbidden):
    """403, `chat.denied`: the customer has stopped the bot."""


class MaxNotFound(MaxRefused):
    """404: no such message, press, customer or chat."""


class MaxNotAllowed(MaxRefused):
    """405: not now, such as polling beside a subscription, or the answer to a press that can't be answered."""


class MaxNotReady(MaxRefused):
    """400, `attachment.not.ready`: it may be asked for again a little later."""


class MaxTooManyRequests(MaxRefused):
    """429. `retry_after`: seconds to wait; MAX does not say that it names any."""

    def __init__(self, code: str, description: str, retry_after: float) -> None:
        super().__init__(code, description)
        self.retry_after = retry_after


def in_words(failure: MaxFailure) -> tuple[str, str]:
    """Why a call failed, and what to do about it, for the log: neither address nor secret, nor what was sent."""
    match failure:
        case MaxAway(reason=reason, remedy=remedy):
            return reason, remedy
        case MaxServerError():
            return "it, or a server in front of it, answers with 5xx", AT_ADDRESS
        case NotMaxApi():
            return "what answers is not MAX's Bot API", AT_ADDRESS
        case MaxTokenRefused():
            return _said(failure), AT_TOKEN
        case MaxRefused():
            return _said(failure), ""
        case _:
            return type(failure).__name__, ""


def _said(refusal: MaxRefused) -> str:
    said = " ".join(f"{refusal.code}: {refusal.description}".split())
    return said[:LONGEST_SAID].strip(": ") or "it says no, and not why"
