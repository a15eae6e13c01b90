"""Go to the menu, a form or a free question, from wherever the customer is."""

from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply
from carquery.application.screens import Destination, LeaveWarning, screen_of
from carquery.domain.ids import Source
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class GoTo:
    """`/start`, `/menu`, a deep link, a button of the menu: go there, but ask before a dialog is dropped."""

    reception: Reception
    navigator: Navigator

    async def __call__(self, arrival: Arrival, to: Destination, *, source: Source | None = None) -> Reply:
        """Return what was asked for, or the warning. `source` is remembered for the next form that is opened.

        Raises:
            StoreUnavailable: nothing changed.
        """

        async def decide(visit: Visit) -> Decision:
            came = visit if source is None else replace(visit, source=source)
            dialog = came.dialog
            if dialog is None:
                return self.navigator(came, to)
            if dialog.form.service == to and dialog.is_untouched and dialog.amends is None:
                return came, screen_of(dialog)  # the second of two quick taps
            return came.is_asked(to), LeaveWarning(dialog, to)

        return await self.reception(arrival, decide)
