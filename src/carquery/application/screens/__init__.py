"""What a customer can be shown, and the words that belong to each.

Screens know nothing of the messenger. Whoever shows them matches on the closed union `Screen`.
"""

from typing import TypeAlias

from carquery.application.screens.about import Erased, EraseWarning, Help, Privacy, help_text
from carquery.application.screens.dialog import (
    NOT_EDITED,
    NOT_HERE,
    ConsentRequest,
    EnoughLeads,
    FieldList,
    GoOnQuestion,
    LeaveWarning,
    Question,
    Summary,
    screen_of,
)
from carquery.application.screens.labels import BACK, MENU, NO, YES
from carquery.application.screens.menu import AskFreely, Menu, Receipt, naming_services
from carquery.application.screens.notices import Notice, SetAside
from carquery.application.screens.offers import AnotherForm, CallbackOffer, FormOffer, FreeAnswer
from carquery.application.screens.passing import Busy, NotStored, Silence, Stale, TooMany
from carquery.application.screens.places import Destination, Onward, Place, read_destination
from carquery.application.screens.reminders import Reminder, RemindersStopped
from carquery.application.screens.sent import (
    CancelWarning,
    Done,
    LeadCard,
    LeadChanged,
    MyLeads,
    NotChangeable,
    day_of,
    stage_of,
)

__all__ = [
    "BACK",
    "MENU",
    "NO",
    "NOT_EDITED",
    "NOT_HERE",
    "YES",
    "AnotherForm",
    "AskFreely",
    "Busy",
    "CallbackOffer",
    "CancelWarning",
    "ConsentRequest",
    "Destination",
    "Done",
    "EnoughLeads",
    "EraseWarning",
    "Erased",
    "FieldList",
    "FormOffer",
    "FreeAnswer",
    "GoOnQuestion",
    "Help",
    "LeadCard",
    "LeadChanged",
    "LeaveWarning",
    "Menu",
    "MyLeads",
    "NotChangeable",
    "NotStored",
    "Notice",
    "Onward",
    "Place",
    "Privacy",
    "Question",
    "Receipt",
    "Reminder",
    "RemindersStopped",
    "Screen",
    "SetAside",
    "Silence",
    "Stale",
    "Summary",
    "TooMany",
    "day_of",
    "help_text",
    "naming_services",
    "read_destination",
    "screen_of",
    "stage_of",
]

Screen: TypeAlias = (
    Question
    | ConsentRequest
    | Summary
    | EnoughLeads
    | FieldList
    | LeaveWarning
    | GoOnQuestion
    | Menu
    | Receipt
    | AskFreely
    | FormOffer
    | FreeAnswer
    | CallbackOffer
    | AnotherForm
    | Reminder
    | RemindersStopped
    | MyLeads
    | LeadCard
    | CancelWarning
    | LeadChanged
    | NotChangeable
    | Help
    | Privacy
    | EraseWarning
    | Erased
    | Stale
    | Busy
    | NotStored
    | TooMany
    | Silence
)
