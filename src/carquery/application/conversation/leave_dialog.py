"""Leave the open dialog."""

from carquery.application.conversation.begin_anew import BeginAnew
from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply, stale
from carquery.application.screens import Destination, LeaveWarning, Menu, Notice, Place
from carquery.domain.values import dataclass
from carquery.domain.visit import Button, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveDialog:
    """`/cancel`, «Меню», «Отменить», and the «Да» after the warning."""

    reception: Reception
    navigator: Navigator
    begin_anew: BeginAnew

    async def ask(self, arrival: Arrival, button: Button | None = None) -> Reply:
        """Return the warning; the menu, if a button was pressed and there is no answer to lose.

        Raises:
            StoreUnavailable: nothing changed.
        """

        async def decide(visit: Visit) -> Decision:
            dialog = visit.dialog_of(button)
            if dialog is None:
                return visit, Menu(Notice.NOTHING_TO_CANCEL) if button is None else stale(visit, button)
            loses_nothing = dialog.is_untouched if dialog.amends is not None else not dialog.answers
            if button is not None and loses_nothing:
                return self.navigator(visit, Place.MENU)
            return visit.is_asked(Place.MENU), LeaveWarning(dialog, Place.MENU)

        return await self.reception(arrival, decide)

    async def confirm(self, arrival: Arrival, to: Destination, button: Button) -> Reply:
        """Drop the dialog and go there. Raises StoreUnavailable: nothing changed."""

        anew = self.begin_anew.begin(arrival)

        async def decide(visit: Visit) -> Decision:
            if visit.dialog_of(button) is None:
                return visit, stale(visit, button)
            return await anew.decide(visit, to)

        reply = await self.reception(arrival, decide)
        await anew.after_save()
        return reply
