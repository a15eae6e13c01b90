"""What befalls the calls of an API: the fault that was ordered for each, and how it ends in the journal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from carquery_emulators.kit.answers import ConnectionCut, ProxyPage
from carquery_emulators.kit.calls import Call, CallJournal
from carquery_emulators.kit.changes import Changes


class CallRefused(Exception):
    """The API's own refusal. `description`: what the journal says of it."""

    def __init__(self, words: str, *, description: str | None = None) -> None:
        super().__init__(words)
        self.description = words if description is None else description


class CallFault(Protocol):
    """A fault, as far as the APIs have it in common."""

    @property
    def how(self) -> str: ...

    @property
    def seconds(self) -> float: ...


class Healable(Protocol):
    """The faults that are ordered. `times_cleared`: a call that is held up is let go when it grows."""

    @property
    def times_cleared(self) -> int: ...


class FaultyCalls:
    """Lets the ordered faults happen, and notes how each call ends."""

    def __init__(self, journal: CallJournal, changes: Changes, faults: Healable) -> None:
        self._journal = journal
        self._changes = changes
        self._faults = faults
        self._is_closing = False

    @contextmanager
    def noted(self, call: Call) -> Iterator[None]:
        """Write down a call that ends without success; whoever runs it writes down its result."""
        try:
            yield
        except CallRefused as refused:
            self._journal.close(call, ok=False, description=refused.description)
            raise
        except ProxyPage:
            self._journal.close(call, ok=False, description="Bad Gateway")
            raise
        finally:
            if call.ok is None:
                self._journal.close(call, ok=False, description="connection cut")

    async def before(self, call: Call, fault: CallFault | None, refusal: CallRefused | None) -> None:
        """What befalls it before its effect.

        Raises:
            CallRefused: `refusal`, with which the API answers instead of acting.
            ConnectionCut, ProxyPage: the fault is one of these.
        """
        if fault is None:
            return
        call.faults.append(fault.how)
        if refusal is not None:
            raise refusal
        match fault.how:
            case "502 html":
                raise ProxyPage
            case "refuse":
                raise ConnectionCut
            case "delay":
                await self._pause(fault.seconds)
            case _:
                return

    async def after(self, call: Call, fault: CallFault | None) -> None:
        """What befalls it between its effect and the answer. Raises ConnectionCut: there is no answer."""
        if fault is not None and fault.how == "hang":
            self._journal.close(call, ok=True, description="done, answered late")
            await self._pause(fault.seconds)
        if fault is not None and fault.how == "drop":
            self._journal.close(call, ok=True, description="done, then the connection was cut")
            raise ConnectionCut

    def close(self) -> None:
        """Let go of all that is held up."""
        self._is_closing = True
        self._changes.wake()

    async def _pause(self, seconds: float) -> None:
        """Let so much time pass; less if faults are healed meanwhile, or the server closes."""
        cleared = self._faults.times_cleared
        await self._changes.until(lambda: self._is_closing or self._faults.times_cleared > cleared, seconds=seconds)
