"""Where in the CRM a request goes, and to whom: by its service and by where the customer came from."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from datetime import timedelta
from typing import Final, NewType

from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmPipelineId, CrmStatusId, CrmUserId, Source
from carquery.domain.values import dataclass

TurnKey = NewType("TurnKey", str)
"""Names one list of people who take requests in turn: `default`, `sell`, `sell__avito`."""

DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What is said for some requests; of what is not, the next more general route speaks.

    Attributes:
        status: the stage of the pipeline. Who says the pipeline says the stage too: without one, it is its first.
        responsible: who takes them, in turn; empty: not said.
        task_minutes: how long after the request the manager's task is due, in minutes that the dealership is open;
            0: no task; None: not said.
        tags: beside those that every deal gets.
    """

    pipeline: CrmPipelineId | None = None
    status: CrmStatusId | None = None
    responsible: tuple[CrmUserId, ...] = ()
    task_minutes: int | None = None
    tags: tuple[str, ...] = ()

    def task_minutes_or(self, usual: timedelta) -> int:
        """When the manager's task is due if nothing is said: so long after the request; 0: no task."""
        return usual // timedelta(minutes=1) if self.task_minutes is None else self.task_minutes


NOT_SAID: Final = Route()
"""The CRM's own settings speak."""


@dataclass(frozen=True, slots=True)
class Turn:
    """People who take requests one after another, and what their list is known by. `people`: one at least."""

    key: TurnKey
    people: tuple[CrmUserId, ...]

    def person(self, number: int) -> CrmUserId:
        """Whose turn the one of that number is, counted from 1."""
        return self.people[(number - 1) % len(self.people)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """A source of a service speaks before the service, and that before the default."""

    default: Route = NOT_SAID
    services: Mapping[Service, Route] = field(default_factory=dict)
    sources: Mapping[tuple[Service, Source], Route] = field(default_factory=dict)

    def of(self, service: Service, source: Source | None) -> Route:
        """What is said for such requests, all in all."""
        routes = [route for _, route in self._from_special(service, source)]
        placed = next((n for n, route in enumerate(routes) if route.pipeline is not None), len(routes) - 1)
        return Route(
            pipeline=routes[placed].pipeline,
            status=next((route.status for route in routes[: placed + 1] if route.status is not None), None),
            responsible=next((route.responsible for route in routes if route.responsible), ()),
            task_minutes=next((route.task_minutes for route in routes if route.task_minutes is not None), None),
            tags=next((route.tags for route in routes if route.tags), ()),
        )

    def turn(self, service: Service, source: Source | None, *, without: Collection[CrmUserId] = ()) -> Turn | None:
        """Who takes such requests in turn; None: it is not said. Services that share a list share the turn.

        Args:
            without: who takes none. A list of which nobody is left is passed over.
        """
        for key, route in self._from_special(service, source):
            people = tuple(person for person in route.responsible if person not in without)
            if people:
                return Turn(key, people)
        return None

    @property
    def people(self) -> frozenset[CrmUserId]:
        """Everybody who is named."""
        return frozenset(person for _, route in self.all for person in route.responsible)

    @property
    def all(self) -> Iterator[tuple[tuple[Service | None, Source | None], Route]]:
        """Every route that is said, and of what: without a service, of all."""
        yield (None, None), self.default
        for service, route in self.services.items():
            yield (service, None), route
        yield from self.sources.items()

    def _from_special(self, service: Service, source: Source | None) -> Iterator[tuple[TurnKey, Route]]:
        if source is not None and (service, source) in self.sources:
            yield TurnKey(f"{service}__{source}"), self.sources[service, source]
        yield TurnKey(service), self.services.get(service, NOT_SAID)
        yield TurnKey(DEFAULT), self.default


STANDARD: Final = Routing()
"""Where nothing is said."""
