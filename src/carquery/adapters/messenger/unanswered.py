"""For a messenger that brings updates and waits for an answer to each: those that were not answered yet."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from carquery.adapters.http.server import Response
from carquery.adapters.messenger.inflow import Inflow, Item
from carquery.adapters.messenger.lanes import Showing
from carquery.domain.ids import InputId, MessageToken

Update = TypeVar("Update")


@dataclass(slots=True, eq=False)
class Brought(Generic[Update]):
    """An update on its way.

    Attributes:
        safe, shown: set when it is; both may come at once.
        answer: what the messenger gets.
        is_awaited: somebody is there whom we can still answer.
    """

    item: Item[Update]
    safe: asyncio.Event = field(default_factory=asyncio.Event)
    shown: asyncio.Event = field(default_factory=asyncio.Event)
    answer: Response = field(default_factory=Response)
    is_awaited: bool = True


class Unanswered(Generic[Update]):
    """Updates on their way, by what they are called."""

    def __init__(self) -> None:
        self._brought: dict[InputId, Brought[Update]] = {}

    def get(self, given: InputId) -> Brought[Update] | None:
        """The one that is called so; None: it was answered, or was not brought here."""
        return self._brought.get(given)

    async def answer(self, item: Item[Update], inflow: Inflow[Update], *, within: float) -> Response:
        """Put it in line, and wait until it was shown, or so many seconds; but until it is safe in any case."""
        brought = self._put(item, inflow)
        will_last = inflow.stands_behind_slow_ones(brought.item)
        try:
            async with asyncio.timeout(0 if will_last else within):
                await brought.shown.wait()
        except TimeoutError:
            brought.is_awaited = False
            if will_last or inflow.may_set_aside:
                await inflow.set_aside((brought.item,))
            await brought.safe.wait()
        return brought.answer

    def until_shown(self, items: Sequence[Item[Update]], show: Showing | None) -> Showing | None:
        """`show`, after which the first of them was shown; the others are with it. None: there is nothing to show."""
        first, *others = items
        for part in others:
            self._is_shown(part)
        if show is None:
            self._is_shown(first)
            return None
        showing = show

        async def shown(stands: MessageToken | None, behind: int) -> MessageToken | None:
            try:
                return await showing(stands, behind)
            finally:
                self._is_shown(first)

        return shown

    def _put(self, item: Item[Update], inflow: Inflow[Update]) -> Brought[Update]:
        """Unless it is in hand already: then it came again because our answer was late."""
        known = self._brought.get(item.input)
        if known is not None:
            return known
        brought = self._brought[item.input] = Brought(item)
        item.safe = brought.safe.set
        inflow.put(item)
        if brought.safe.is_set():  # one too many: nothing follows
            self._is_shown(item)
        return brought

    def _is_shown(self, item: Item[Update]) -> None:
        brought = self._brought.pop(item.input, None)
        if brought is not None:
            brought.shown.set()
