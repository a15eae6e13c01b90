"""Answer a command of the staff chat."""

from dataclasses import dataclass
from typing import assert_never

from carquery.application.marked_text import Marked
from carquery.application.ports.environment import Clock
from carquery.application.staff.admin_desk import AdminDesk
from carquery.application.staff.phone_ends import read_phone_end
from carquery.application.staff.texts import (
    FIND_WHICH,
    HELP,
    NO_LEADS,
    NONE_FAILED,
    NONE_FOUND,
    RETRY_WHICH,
    StaffCommand,
    StaffTexts,
)
from carquery.domain.reference import read_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStaff:
    """The commands of the staff chat, in whatever messenger it is."""

    desk: AdminDesk
    texts: StaffTexts
    clock: Clock

    async def __call__(self, command: StaffCommand, argument: str) -> Marked:
        """Return what to write. Raises StoreUnavailable: nothing was done, or a retry may have been."""
        match command:
            case StaffCommand.LEADS:
                return self.texts.leads(await self.desk.latest(), command, NO_LEADS)
            case StaffCommand.FAILED:
                return self.texts.leads(await self.desk.undelivered(), command, NONE_FAILED)
            case StaffCommand.STATS:
                return self.texts.figures(await self.desk.figures(), now=self.clock.now())
            case StaffCommand.FIND:
                return await self._find(argument)
            case StaffCommand.RETRY:
                return await self._retry(argument)
            case StaffCommand.HELP:
                return HELP
            case _:
                assert_never(command)

    async def _find(self, typed: str) -> Marked:
        ends = read_phone_end(typed)
        if ends is None:
            return FIND_WHICH
        return self.texts.leads(await self.desk.of_phone(ends), StaffCommand.FIND, NONE_FOUND)

    async def _retry(self, typed: str) -> Marked:
        reference = read_reference(typed)
        return RETRY_WHICH if reference is None else self.texts.retried(reference, await self.desk.retry(reference))
