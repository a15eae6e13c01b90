"""Who has left the CRM is looked at in the background, and remembered."""

import asyncio
from collections.abc import Collection

from carquery.application.leads.people_who_left import PeopleWhoLeft
from carquery.application.ports.crm import CrmBusy
from carquery.domain.dealership.dealership import NEUTRAL, Dealership
from carquery.domain.dealership.routing import Route, Routing
from carquery.domain.ids import CrmUserId
from carquery.entrypoints.processes.watching_people import WatchingPeople
from tests.patience import eventually

IVAN, PETR = CrmUserId(501), CrmUserId(502)
NAMED = Dealership(routing=Routing(default=Route(responsible=(IVAN, PETR))))


class Office:
    """Who works there is asked here."""

    def __init__(self) -> None:
        self.gone = {IVAN}
        self.is_away = False
        self.asked = 0

    async def left(self, people: Collection[CrmUserId]) -> frozenset[CrmUserId]:
        self.asked += 1
        if self.is_away:
            raise CrmBusy("HTTP 503")
        return frozenset(people) & self.gone


async def look(left: PeopleWhoLeft, office: Office) -> None:
    """Watch until the office was asked once."""
    stop, before = asyncio.Event(), office.asked
    watching = asyncio.create_task(WatchingPeople(left).run(stop))
    await eventually(lambda: office.asked > before)
    stop.set()
    await watching


async def test_who_has_left_is_known_after_a_look_and_not_before() -> None:
    office = Office()
    left = PeopleWhoLeft(office, lambda: NAMED)
    assert left() == frozenset()

    await look(left, office)

    assert left() == {IVAN}


async def test_a_crm_that_is_away_leaves_what_was_known() -> None:
    office = Office()
    left = PeopleWhoLeft(office, lambda: NAMED)
    await look(left, office)
    office.is_away = True

    await look(left, office)

    assert left() == {IVAN}


async def test_who_is_back_takes_turns_again() -> None:
    office = Office()
    left = PeopleWhoLeft(office, lambda: NAMED)
    await look(left, office)
    office.gone = set()

    await look(left, office)

    assert left() == frozenset()


async def test_where_nobody_is_named_nobody_is_asked() -> None:
    office = Office()

    await PeopleWhoLeft(office, lambda: NEUTRAL).look()

    assert office.asked == 0
