"""The settings are read once, from the environment and `.env`, into one frozen object.

Every complaint is shown at once, one line each: the variable, what is wrong with it, what would be right.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError

from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.secret_files import unreadable_files, why_unreadable
from carquery.entrypoints.settings.variables.complaints import Complaint, complaint_of


class WrongSettings(Exception):
    """Some variables are missing or wrong. `complaints`: one line for each."""

    def __init__(self, complaints: tuple[str, ...]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


S = TypeVar("S", bound=SettingsPart)


@dataclass(frozen=True, slots=True)
class SettingsRead(Generic[S]):
    """Settings with a default wherever something is wrong, and all that is."""

    settings: S
    complaints: tuple[Complaint, ...] = ()

    @property
    def wrong(self) -> frozenset[str]:
        """The fields whose values are not what anybody has chosen."""
        return frozenset(name for complaint in self.complaints for name in complaint.names)


def look_at_settings(kind: type[S], **given: object) -> SettingsRead[S]:
    """Read the environment and `.env`, and find everything that is wrong; what is `given` takes precedence over both.

    Raises:
        WrongSettings: not even `.env` can be read.
    """
    try:
        complaints = unreadable_files(kind, given)
        while True:
            wrong = {name for complaint in complaints for name in complaint.names}
            defaults = {name: kind.model_fields[name].default for name in wrong}
            try:
                settings = kind(**given | defaults)
                break
            except ValidationError as found:
                complaints += [complaint_of(error, kind.model_fields) for error in found.errors(include_input=False)]
    except (OSError, UnicodeDecodeError) as unreadable:
        raise WrongSettings((f".env: can't be read: {why_unreadable(unreadable)}",)) from unreadable
    together = [complaint for complaint in settings.contradictions() if wrong.isdisjoint(complaint.names)]
    order = list(kind.model_fields)
    found_all = sorted([*complaints, *together], key=lambda complaint: order.index(complaint.names[0]))
    return SettingsRead(settings, tuple(found_all))


def read_settings(kind: type[S], **given: object) -> S:
    """Read the environment and `.env`; what is `given` takes precedence over both.

    Raises:
        WrongSettings: some variables are missing or wrong, each with its own line.
    """
    read = look_at_settings(kind, **given)
    if read.complaints:
        raise WrongSettings(tuple(map(str, read.complaints)))
    return read.settings
