"""Misfortunes on order: the next calls, deliveries or downloads go wrong in a chosen way."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from carquery_emulators.kit.faults import Countdown, FaultQueue, one_of

How: TypeAlias = Literal[
    "400",
    "401",
    "405",
    "429",
    "500",
    "503",
    "502 html",
    "suspended",
    "not done",
    "not ready",
    "drop",
    "refuse",
    "delay",
    "hang",
    "expired",
    "twice",
    "again",
    "late",
]
"""
- `400` (`proto.payload`), `401`, `405`, `429` (with Retry-After if `retry_after` is given), `500`, `503`, `502 html` (a
  proxy's page), `suspended` (403 `chat.denied`), `not done` (200 with `success: false` and a code): answered instead of
  acting
- `not ready` (400 `attachment.not.ready`): only calls that send a picture or another file
- `refuse`: the connection is cut before the effect; `drop`: after it
- `delay`: `seconds` pass before the effect; `hang`: between the effect and the answer
- `expired`: only downloads, 403
- of deliveries: `twice`: sent once more at once, though it was taken; `again`: the answer does not arrive, so that it
  is sent again behind its successors; `late`: the first attempt fails before it reaches anybody
"""
ANY_METHOD = "*"
DELIVERY = "webhook"
"""The name under which bringing updates to a webhook can be made to go wrong."""
DOWNLOAD = "download"
UPLOAD = "upload"
_OF_DELIVERIES = frozenset({"twice", "again", "late"})


@dataclass(frozen=True, slots=True)
class Fault:
    """`method`: verb and path, «POST /messages»; any call, if it is «*»."""

    method: str
    how: How
    countdown: Countdown
    retry_after: int | None = None
    seconds: float = 1.0

    def fits(self, method: str, *, has_files: bool = False) -> bool:
        """Names are read without regard to case; «*» stands for calls alone."""
        if self.how == "not ready" and not has_files:
            return False
        if self.method == ANY_METHOD:
            return method not in {DELIVERY, DOWNLOAD, UPLOAD}
        return self.method.casefold() == method.casefold()


class Faults(FaultQueue[Fault]):
    """Faults in the order in which they were asked for; the first one that fits a call is used up by it."""

    def add(
        self,
        method: str,
        how: str,
        *,
        times: int | None = 1,
        skip: int = 0,
        every: int = 1,
        retry_after: int | None = None,
        seconds: float = 1.0,
    ) -> Fault:
        """Let the next calls of a method go wrong.

        Args:
            times: how many; None: all, until `clear`.
            skip: how many go well before.
            every: of those behind, only each so-manieth.

        Raises:
            ValueError: `how` is not one of `How`, does not go with the method, or a number is out of range.
        """
        known: How = one_of(get_args(How), how, name="how")
        if (known in _OF_DELIVERIES) != (method == DELIVERY):
            raise ValueError(f"{known!r} is no fault of {method!r}")
        return self.put(Fault(method, known, Countdown(times, skip, every), retry_after, seconds))

    def take(self, method: str, *, has_files: bool = False) -> Fault | None:
        """The fault that a call of this method meets."""
        return self.first(lambda fault: fault.fits(method, has_files=has_files))
