"""How far an open dialog has come, and since when its question stands."""

from datetime import datetime

from carquery.domain.dialog import Dialog
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one dialog.

    Attributes:
        reached: the farthest place that it has stood at: a step's index in its form, or their number: the summary.
        since: when the question that stands was put; None: nobody knows, or it is not put yet.
    """

    reached: int
    since: datetime | None = None

    @classmethod
    def until(cls, dialog: Dialog) -> "Progress":
        """Of one that nobody has followed up to now."""
        return cls(place_of(dialog))

    def followed(self, before: Dialog, after: Dialog, *, at: datetime) -> "Progress":
        """What it is after an input: of the same dialog, before it and after."""
        is_same = (before.at, before.editing) == (after.at, after.editing)
        return Progress(max(self.reached, place_of(after)), self.since if is_same else at)


def place_of(dialog: Dialog) -> int:
    """Where it stands: a step's index in its form, or their number: the summary."""
    return len(dialog.form.steps) if dialog.at is None else dialog.form.number(dialog.at) - 1
