"""The file's sections and keys. A key's description says what would be right."""

from datetime import date, datetime
from typing import Annotated, Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from carquery.domain.dealership.week import EXAMPLE, read_week
from carquery.domain.forms.catalogue import ON_THE_MENU
from carquery.domain.source import is_payload

MOST_EXAMPLES: Final = 200
LONGEST_ANSWER: Final = 3000
"""Characters: with the question that stands again below it, it fits one message of any messenger."""
LONGEST_STAFF_ID: Final = 20
SERVICES: Final = tuple(form.service.value for form in ON_THE_MENU)


def _no_breaks(text: str) -> str:
    if any(ord(sign) < ord(" ") for sign in text):
        raise ValueError("has a line break or another sign that is not seen")
    return text


def _zone(name: object) -> object:
    if isinstance(name, ZoneInfo):
        return name
    try:
        return ZoneInfo(str(name))
    except (ValueError, OSError, LookupError):
        raise ValueError(f"there is no time zone «{name}»") from None


def _hours(text: str) -> str:
    if text:
        read_week(text)
    return text


def _day(given: object) -> object:
    if isinstance(given, str):
        try:
            return date.fromisoformat(given)
        except ValueError:
            raise ValueError(f"«{given}» is no date") from None
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    raise ValueError("not a date")


def _page(text: str) -> str:
    if not text.startswith(("https://", "http://")) or " " in text:
        raise ValueError("not the address of a page")
    return text


def _services(services: list[str]) -> list[str]:
    for service in services:
        if service not in SERVICES:
            raise ValueError(f"there is no service «{service}»")
    if len(set(services)) < len(services):
        raise ValueError("a service stands there twice")
    return services


def _responsible(people: object) -> object:
    return [people] if isinstance(people, int) else people


def _nobody_twice(people: list[int]) -> list[int]:
    if len(set(people)) < len(people):
        raise ValueError("a user stands there twice")
    return people


def _people(numbers: dict[str, int]) -> dict[str, int]:
    for number in numbers:
        if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_STAFF_ID):
            raise ValueError(f"«{number}» is no number of a person in a messenger")
    return numbers


def _source(text: str) -> str:
    if not is_payload(text):
        raise ValueError(f"«{text}» can't be a source")
    return text


_Stripped: Final = StringConstraints(strip_whitespace=True)
Line: TypeAlias = Annotated[str, _Stripped, AfterValidator(_no_breaks)]
WebAddress: TypeAlias = Annotated[str, _Stripped, Field(max_length=500), AfterValidator(_page)]
Paragraphs: TypeAlias = Annotated[str, _Stripped]
Whole: TypeAlias = Annotated[int, Field(strict=True)]
CrmNumber: TypeAlias = Annotated[Whole, Field(ge=1, lt=1 << 63)]


class Section(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class DealershipSection(Section):
    """`[dealership]`."""

    name: Line = Field(default="", max_length=100, description="what customers call it, up to 100 characters")
    legal_name: Line = Field(
        default="", max_length=200, description="the operator of personal data, up to 200 characters"
    )
    address: Line = Field(default="", max_length=300, description="one line, up to 300 characters")
    map_url: WebAddress | None = Field(default=None, description="https://… of a map")
    phone: Line = Field(default="", max_length=50, description="as customers are to dial it, such as +7 495 000-00-00")
    site: WebAddress | None = Field(default=None, description="https://…")
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)] = Field(
        default=ZoneInfo("Europe/Moscow"), description="such as Europe/Moscow"
    )
    hours: Annotated[Line, AfterValidator(_hours)] = Field(default="", max_length=200, description=f"such as {EXAMPLE}")
    holidays: list[Annotated[date, BeforeValidator(_day)]] = Field(
        default_factory=list, description="days when it is closed, such as [2027-01-01, 2027-01-02]"
    )
    greeting: Paragraphs = Field(default="", max_length=1000, description="up to 1000 characters")
    services: Annotated[list[str], Field(min_length=1), AfterValidator(_services)] = Field(
        default=list(SERVICES), description=f"some of {', '.join(SERVICES)}, in the menu's order"
    )


class FaqSection(Section):
    """`[faq.<topic>]`."""

    answer: Paragraphs = Field(default="", max_length=LONGEST_ANSWER, description=f"up to {LONGEST_ANSWER} characters")
    examples: list[Annotated[Line, Field(min_length=1, max_length=300)]] = Field(
        default_factory=list,
        max_length=MOST_EXAMPLES,
        description=f"up to {MOST_EXAMPLES} ways to ask, each a line of up to 300 characters",
    )


class FormSection(Section):
    """`[forms.<service>]`. Its tables go by step name; `choices` of a step by the choice's code."""

    title: Line = Field(default="", max_length=60, description="what the request is called, up to 60 characters")
    button: Line = Field(default="", max_length=30, description="as the menu offers it, up to 30 characters")
    steps: list[str] | None = Field(default=None, description="some of the form's optional steps")
    prompts: dict[str, Annotated[Line, Field(min_length=1, max_length=300)]] = Field(
        default_factory=dict, description="up to 300 characters each"
    )
    examples: dict[str, Annotated[Line, Field(max_length=100)]] = Field(
        default_factory=dict, description="up to 100 characters each"
    )
    choices: dict[str, dict[str, Annotated[Line, Field(min_length=1, max_length=60)]]] = Field(
        default_factory=dict, description="for a choice's code, what its button says, up to 60 characters"
    )


class RouteSection(Section):
    """`[routing.default]`. The numbers are the CRM's own."""

    pipeline: CrmNumber | None = Field(default=None, description="a pipeline's number, such as 7001")
    status: CrmNumber | None = Field(default=None, description="the number of a stage of that pipeline, such as 7011")
    responsible: Annotated[
        list[CrmNumber], Field(max_length=100), BeforeValidator(_responsible), AfterValidator(_nobody_twice)
    ] = Field(default_factory=list, description="users' numbers, who take requests in turn, such as [501, 502]")
    task_minutes: Annotated[Whole, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="working minutes, 0 … 100000; 0: no task is made"
    )
    tags: list[Annotated[Line, Field(min_length=1, max_length=100)]] = Field(
        default_factory=list, max_length=20, description="up to 20 tags of up to 100 characters"
    )


class ServiceRouteSection(RouteSection):
    """`[routing.<service>]`, with what differs for some sources; each is read by itself."""

    sources: list[dict[str, Any]] = Field(
        default_factory=list, description="tables headed [[routing.<service>.sources]]"
    )


class SourceRouteSection(RouteSection):
    """`[[routing.<service>.sources]]`."""

    source: Annotated[Line, AfterValidator(_source)] = Field(
        description="as the link says it: of t.me/…?start=sell__avito it is avito"
    )


class FollowUpSection(Section):
    """`[follow_up]`."""

    reminder_after: Annotated[Whole, Field(ge=0, le=10_080)] = Field(
        default=0, description="minutes, 0 … 10080; 0: nobody is reminded"
    )
    unfinished_lead_after: Annotated[Whole, Field(ge=0, le=168)] = Field(
        default=0, description="hours, 0 … 168; 0: what was not sent is not delivered"
    )
    join_open_deal_days: Annotated[Whole, Field(ge=0, le=365)] = Field(
        default=0, description="days, 0 … 365; 0: each request is a deal of its own"
    )
    first_touch_minutes: Annotated[Whole, Field(ge=0, le=10_080)] = Field(
        default=0, description="working minutes, 0 … 10080; 0: nothing is announced again"
    )


class StaffSection(Section):
    """`[staff]`."""

    crm_users: Annotated[dict[str, CrmNumber], Field(max_length=500), AfterValidator(_people)] = Field(
        default_factory=dict,
        description="a person's number in the staff chat's messenger = a user's number, such as { 123456789 = 501 }",
    )
