"""The dealership's file: TOML that an owner writes, read into a `Dealership`, or every mistake that is in it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from carquery.adapters.dealership_file.sections import (
    SERVICES,
    DealershipSection,
    FaqSection,
    FollowUpSection,
    FormSection,
    RouteSection,
    Section,
    ServiceRouteSection,
    SourceRouteSection,
    StaffSection,
)
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.faq import TOPICS, Entry, Faq, Topic
from carquery.domain.dealership.follow_up import SILENT, FollowUp
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.routing import DEFAULT, NOT_SAID, Route, Routing
from carquery.domain.dealership.staff import UNNAMED, Staff
from carquery.domain.dealership.week import read_week
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.rewording import FormWords
from carquery.domain.ids import CrmPipelineId, CrmStatusId, CrmUserId, Source, StaffId

S = TypeVar("S", bound=Section)

SECTIONS: Final = ("dealership", "faq", "forms", "routing", "follow_up", "staff")
FORM_NAMES: Final = (*SERVICES, Service.CALLBACK.value)
TOPIC_SIGNS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
LONGEST_TOPIC: Final = 30

_WORDS: Final = {
    "missing": "missing",
    "string_type": "not a text",
    "int_type": "not a whole number",
    "greater_than_equal": "too little",
    "less_than": "too much",
    "less_than_equal": "too much",
    "list_type": "not a list",
    "dict_type": "not a table",
    "too_long": "too many",
    "too_short": "empty",
    "string_too_long": "too long",
    "string_too_short": "empty",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One line about one thing that is wrong in the file.

    Attributes:
        where: section and key, `[faq.hours] answer`; empty: the file as a whole.
        expected: what would be right; may be empty.
    """

    where: str
    what: str
    expected: str = ""

    def __str__(self) -> str:
        said = f"{self.where}: {self.what}" if self.where else self.what
        return f"{said}; expected: {self.expected}" if self.expected else said


class WrongFile(Exception):
    """The file can't be used as it is. `mistakes`: all that were found."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


def read_dealership(path: Path) -> Dealership:
    """What the file tells.

    Raises:
        WrongFile: it can't be read, or something in it is wrong.
    """
    mistakes: list[Mistake] = []
    dealership = _FileReader(_tables(path), mistakes).dealership()
    if mistakes:
        raise WrongFile(tuple(mistakes))
    return dealership


def _tables(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))  # some editors put a mark before UTF-8
    except OSError as error:
        what = f"can't be read: {(error.strerror or 'it fails').lower()}"
    except UnicodeDecodeError:
        what = "can't be read: it is no UTF-8 text"
    except tomllib.TOMLDecodeError as error:
        what = f"is no TOML: {_lowered(str(error))}"
    raise WrongFile((Mistake("", what, "a file like dealership.example.toml"),))


@dataclass(frozen=True, slots=True)
class _FileReader:
    """Reads what it can; what it can't is put to the mistakes and left out."""

    tables: Mapping[str, Any]
    mistakes: list[Mistake]

    def dealership(self) -> Dealership:
        for name in self.tables:
            if name not in SECTIONS:
                self._wrong(f"[{name}]", "there is no such section", _nearest(name, SECTIONS))
        told = self._section(DealershipSection, self._table(self.tables, "dealership", "[dealership]"), "[dealership]")
        if told is None:
            told = DealershipSection()
        return Dealership(
            name=told.name,
            legal_name=told.legal_name,
            address=told.address,
            map_url=told.map_url or "",
            phone=told.phone,
            site=told.site or "",
            hours=_hours(told),
            greeting=told.greeting,
            services=tuple(map(Service, told.services)),
            forms=self._forms(),
            faq=self._faq(),
            routing=self._routing(),
            follow_up=self._follow_up(),
            staff=self._staff(),
        )

    def _faq(self) -> Faq:
        entries = {}
        faq = self._table(self.tables, "faq", "[faq]")
        for name in faq:
            where = f"[faq.{name}]"
            if not 0 < len(name) <= LONGEST_TOPIC or not TOPIC_SIGNS.issuperset(name):
                self._wrong(where, "no name for a topic", f"up to {LONGEST_TOPIC} of a-z, 0-9, _")
                continue
            section = self._section(FaqSection, self._table(faq, name, where), where)
            if section is None:
                continue
            if name not in TOPICS and not section.examples:
                self._wrong(f"{where} examples", "missing", "ways to ask: nobody else knows this topic")
            entries[Topic(name)] = Entry(section.answer, tuple(section.examples))
        return Faq(entries)

    def _forms(self) -> dict[Service, Form]:
        said = dict(FORMS)
        forms = self._table(self.tables, "forms", "[forms]")
        for name in forms:
            where = f"[forms.{name}]"
            if name not in FORM_NAMES:
                self._wrong(where, "there is no such form", _nearest(name, FORM_NAMES))
                continue
            section = self._section(FormSection, self._table(forms, name, where), where)
            if section is not None:
                said[Service(name)] = self._reworded(FORMS[Service(name)], section, where)
        return said

    def _reworded(self, form: Form, section: FormSection, where: str) -> Form:
        words = FormWords(
            title=section.title,
            button=section.button,
            asked=section.steps,
            prompts=section.prompts,
            examples=section.examples,
            choices=section.choices,
        )
        mistakes = tuple(words.mistakes_in(form))
        for mistake in mistakes:
            self._wrong(f"{where} {mistake.key}", str(mistake), mistake.expected)
        return form if mistakes else words.of(form)

    def _routing(self) -> Routing:
        default, services, sources = NOT_SAID, {}, {}
        routing = self._table(self.tables, "routing", "[routing]")
        for name in routing:
            where = f"[routing.{name}]"
            table = self._table(routing, name, where)
            if name == DEFAULT:
                default = _route(self._section(RouteSection, table, where))
            elif name not in FORM_NAMES:
                self._wrong(where, "there is no such service", _nearest(name, (DEFAULT, *FORM_NAMES)))
            elif (section := self._section(ServiceRouteSection, table, where)) is not None:
                services[Service(name)] = _route(section)
                for source, route in self._source_routes(section, f"[[routing.{name}.sources]]").items():
                    sources[Service(name), source] = route
        return Routing(default=default, services=services, sources=sources)

    def _source_routes(self, section: ServiceRouteSection, where: str) -> dict[Source, Route]:
        routes: dict[Source, Route] = {}
        for number, table in enumerate(section.sources, start=1):
            place = f"{where} ({number})"
            said = self._section(SourceRouteSection, table, place)
            if said is None:
                continue
            source = Source(said.source)
            if source in routes:
                self._wrong(f"{place} source", f"{source} stands there twice", "each source once")
            routes[source] = _route(said)
        return routes

    def _follow_up(self) -> FollowUp:
        told = self._section(FollowUpSection, self._table(self.tables, "follow_up", "[follow_up]"), "[follow_up]")
        if told is None:
            return SILENT
        return FollowUp(
            reminder_after=timedelta(minutes=told.reminder_after),
            unfinished_lead_after=timedelta(hours=told.unfinished_lead_after),
            join_open_deal_days=told.join_open_deal_days,
            first_touch_minutes=told.first_touch_minutes,
        )

    def _staff(self) -> Staff:
        told = self._section(StaffSection, self._table(self.tables, "staff", "[staff]"), "[staff]")
        if told is None:
            return UNNAMED
        return Staff(crm_users={StaffId(person): CrmUserId(user) for person, user in told.crm_users.items()})

    def _table(self, within: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
        table = within.get(name, {})
        if isinstance(table, dict):
            return table
        self._wrong(where, "not a table", f"a line {where}, and keys below it")
        return {}

    def _section(self, kind: type[S], table: Mapping[str, Any], where: str) -> S | None:
        try:
            return kind.model_validate(table)
        except ValidationError as found:
            for error in found.errors(include_url=False):
                self.mistakes.append(_mistake(error, kind, where))
            return None

    def _wrong(self, where: str, what: str, expected: str) -> None:
        self.mistakes.append(Mistake(where, what, expected))


def _mistake(error: ErrorDetails, kind: type[Section], where: str) -> Mistake:
    key, *inside = error["loc"]
    place = f"{where} {'.'.join([str(key), *_within(inside)])}"
    if error["type"] == "extra_forbidden":
        return Mistake(place, "there is no such key", _nearest(str(key), tuple(kind.model_fields)))
    own = _lowered(error["msg"].removeprefix("Value error, "))
    field = kind.model_fields.get(str(key))
    return Mistake(place, _WORDS.get(error["type"], own), (field.description if field else None) or "")


def _within(loc: list[int | str]) -> Iterator[str]:
    """Counted from one, as people do."""
    for part in loc:
        yield str(part + 1) if isinstance(part, int) else part


def _route(section: RouteSection | None) -> Route:
    if section is None:
        return NOT_SAID
    return Route(
        pipeline=None if section.pipeline is None else CrmPipelineId(section.pipeline),
        status=None if section.status is None else CrmStatusId(section.status),
        responsible=tuple(map(CrmUserId, section.responsible)),
        task_minutes=section.task_minutes,
        tags=tuple(section.tags),
    )


def _hours(told: DealershipSection) -> BusinessHours | None:
    if not told.hours:
        return None
    return BusinessHours(told.hours, read_week(told.hours), told.timezone, frozenset(told.holidays))


def _nearest(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"{near[0]}?" if near else f"one of {', '.join(known)}"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
