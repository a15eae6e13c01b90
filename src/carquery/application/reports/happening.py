"""What one input has brought about: a pure function of the visit before, the visit after, and what is shown."""

from collections.abc import Iterator
from datetime import datetime

from carquery.application.screens import Question, Screen, Summary
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Form, Service
from carquery.domain.progress import Progress, place_of
from carquery.domain.shape import shape_of
from carquery.domain.tallied import SUMMARY, Occurrence, seconds_told
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Visit


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing, as `Tallied` has it."""

    what: Occurrence
    form: Service
    step: str = ""
    detail: str = ""


def followed(before: Visit, after: Visit, *, at: datetime) -> Visit:
    """The visit after an input, with how far its form has come; one that corrects a sent lead is not followed."""
    return replace(after, progress=_progress(before, after, at))


def happened(
    before: Visit, after: Visit, screen: Screen, *, at: datetime, wrote: str | None = None
) -> Iterator[Happening]:
    """What one input has brought about; none of it is told of the same dialog twice, but for what was refused.

    Args:
        after: as `followed` returned it.
        wrote: the text of what was to be an answer, perhaps empty; None: it was something else.
    """
    yield from _of_offer(before, after)
    dialog = after.dialog
    if dialog is None or after.progress is None:
        return
    form = dialog.form
    if _opened(before.dialog, dialog):
        yield Happening(Occurrence.OPENED, form.service)
        yield from _reached(form, 0, after.progress.reached)
        return
    known = _known(before)
    if known is None or before.dialog is None:
        return
    step = _name(form, place_of(before.dialog))
    if _passed(before.dialog, dialog, known) and known.since is not None:
        yield Happening(Occurrence.PASSED, form.service, step, seconds_told((at - known.since).total_seconds()))
    yield from _reached(form, known.reached + 1, after.progress.reached)
    if wrote is not None and isinstance(screen, Question | Summary) and screen.hint:
        yield Happening(Occurrence.REFUSED, form.service, _name(form, place_of(dialog)), shape_of(wrote))


def _progress(before: Visit, after: Visit, at: datetime) -> Progress | None:
    dialog = after.dialog
    if dialog is None or dialog.amends is not None:
        return None
    if before.dialog is None or _opened(before.dialog, dialog):
        return Progress(place_of(dialog), at)
    known = _known(before)
    if known is None:
        return None
    now = known.followed(before.dialog, dialog, at=at)
    if after.paused is not None:  # the question stands behind another one
        return replace(now, since=None)
    return now if before.paused is None else replace(now, since=at)


def _known(visit: Visit) -> Progress | None:
    """Of a form that was taken up again, or that an older version followed, nothing is known but where it stands."""
    if visit.dialog is None or visit.dialog.amends is not None:
        return None
    return visit.progress or Progress.until(visit.dialog)


def _opened(before: Dialog | None, after: Dialog) -> bool:
    return before is None or before.id != after.id


def _passed(before: Dialog, after: Dialog, known: Progress) -> bool:
    """Whether the farthest step was passed; not one that was asked again, or edited."""
    return not before.editing and known.reached == place_of(before) < place_of(after)


def _reached(form: Form, first: int, last: int) -> Iterator[Happening]:
    for place in range(first, min(last, len(form.steps)) + 1):
        yield Happening(Occurrence.REACHED, form.service, _name(form, place))


def _name(form: Form, place: int) -> str:
    return form.steps[place].name if place < len(form.steps) else SUMMARY


def _of_offer(before: Visit, after: Visit) -> Iterator[Happening]:
    """An offer that collects more is the same one; one of another form stands in its place."""
    was, now, dialog = before.offer, after.offer, after.dialog
    if was is not None and (now is None or now.service is not was.service):
        opened = None if dialog is None or not _opened(before.dialog, dialog) else dialog.form.service
        is_accepted = opened in (was.service, *was.alternatives)
        yield Happening(Occurrence.ACCEPTED if is_accepted else Occurrence.DECLINED, was.service)
    if now is not None and (was is None or now.service is not was.service):
        yield Happening(Occurrence.OFFERED, now.service)
