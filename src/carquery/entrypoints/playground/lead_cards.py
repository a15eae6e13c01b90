"""What the page shows: the stored leads, and what is in the CRM for each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

LeadStatus: TypeAlias = Literal["pending", "delivering", "delivered", "failed", "dead"]
EffectName: TypeAlias = Literal["contact", "lead", "note", "task", "files"]
Place: TypeAlias = Literal["way", "stage", "earlier"]
"""`way`: it has no deal yet; `stage`: its deal stands in the pipeline; `earlier`: its deal stood in an earlier run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmContact:
    """A person in the CRM."""

    id: int
    name: str
    phone: str | None = None
    telegram: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmDeal:
    """A deal in the CRM.

    Attributes:
        price: whole rubles.
        stage: the pipeline's column it stands in.
        responsible: whose deal it is.
        fields: title and value of each custom field that is filled.
        next_stage: the number of the stage that comes after the one it stands in; None: there is none.
        is_closed: won or lost.
        merges_with: another deal; None: there is no other.
    """

    id: int
    title: str
    price: int | None = None
    stage: str | None = None
    responsible: str | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    next_stage: int | None = None
    is_closed: bool = False
    merges_with: int | None = None


@dataclass(frozen=True, slots=True)
class CrmNote:
    """A note on a deal."""

    text: str


@dataclass(frozen=True, slots=True)
class CrmTask:
    """A manager's task. `due_at`: aware."""

    text: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CrmFile:
    """A file attached to a deal. `address`: where the page finds it."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmRecord:
    """What is in the CRM for one lead; None: not made, or not yet."""

    contact: CrmContact | None = None
    deal: CrmDeal | None = None
    note: CrmNote | None = None
    task: CrmTask | None = None
    files: tuple[CrmFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCard:
    """A stored lead, as a manager would see it.

    Attributes:
        messenger: where the customer wrote.
        service: the form's code; `title`: the form's name in Russian.
        failure: why the last attempt to deliver it failed.
        phone: E.164, or as it should be shown.
        price: whole rubles.
        lines: title and answer of each answered step.
        photos: where the page finds the pictures that the customer sent, paths such as `/control/files/…`.
        created_at, delivered_at, next_attempt_at: aware.
        made: what the bot knows to stand in the CRM; more may stand there.
        calling: what is being made, or was, without an answer.
    """

    reference: str
    service: str
    title: str
    status: LeadStatus
    failure: str | None = None
    name: str | None = None
    phone: str | None = None
    price: int | None = None
    source: str | None = None
    messenger: str | None = None
    lines: tuple[tuple[str, str], ...] = ()
    photos: tuple[str, ...] = ()
    created_at: datetime
    delivered_at: datetime | None = None
    next_attempt_at: datetime | None = None
    made: tuple[EffectName, ...] = ()
    calling: EffectName | None = None
    place: Place = "way"
    crm: CrmRecord = CrmRecord()


@dataclass(frozen=True, slots=True)
class Stage:
    """One column of the pipeline, and how many deals stand in it."""

    name: str
    deals: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The account's pipeline: its first column, and those further on that hold deals."""

    name: str = ""
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """The bot calls nobody in the CRM. `until`: aware, whole seconds."""

    reason: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """How the emulated CRM is set. `slow`: seconds before each answer; `search_lag`: until it finds something new."""

    down: bool = False
    slow: float = 0
    blocked: bool = False
    unpaid: bool = False
    search_lag: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedClassifier:
    """One classifier that was asked about a message. `cost`: US dollars."""

    name: str
    outcome: str
    confidence: float | None
    seconds: float
    tokens: int
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstoodMessage:
    """What became of a free message. `wish`: the customer's, in words; `stated`: title and value of what it states."""

    asked: tuple[AskedClassifier, ...]
    wish: str
    confidence: float
    offered: str | None
    stated: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeTextState:
    """How the emulated OpenAI behaves, and the last free message; `None` if there was none yet."""

    mood: str = "works"
    last: UnderstoodMessage | None = None


@dataclass(frozen=True, slots=True)
class StaffButton:
    """A button under a message of the staff chat."""

    text: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMessage:
    """What the staff chat reads."""

    id: int
    text: str
    buttons: tuple[StaffButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SalonState:
    """The dealership's clock and its staff chat, oldest message first."""

    clock: str = ""
    is_open: bool = True
    messages: tuple[StaffMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class MaxSwitches:
    """How the emulated MAX is set."""

    down: bool = False
    slow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """Everything beside the chats, at one moment; leads newest first. `max`: None if there is no MAX."""

    leads: tuple[LeadCard, ...] = ()
    pipeline: Pipeline = Pipeline()
    closed: Closed | None = None
    switches: Switches = Switches()
    hearing: FreeTextState = FreeTextState()
    salon: SalonState = SalonState()
    max: MaxSwitches | None = None
