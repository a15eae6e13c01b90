"""A week of a dealership on a clock that jumps: customers, the CRM and its moods, people who sell."""

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count
from random import Random
from typing import Final

from carquery.adapters.memory.outreach import MemoryOutreach
from carquery.adapters.telegram.channel import TELEGRAM, customer_of_user
from carquery.application.conversation.reception import Reply
from carquery.application.follow_up.remind_customers import RemindCustomers
from carquery.application.follow_up.send_unfinished import SendUnfinished
from carquery.application.ports.alerts import Alert, NewLead
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy
from carquery.application.presses import DialogPress, DialogVerb, FreePress, FreeVerb
from carquery.application.screens import Question, Receipt, Screen, Summary
from carquery.domain.contact import Phone
from carquery.domain.dealership.dealership import NEUTRAL
from carquery.domain.dealership.follow_up import FollowUp
from carquery.domain.effects import CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId, DialogId, Reference
from carquery.domain.tallied import SUMMARY
from tests.application.in_memory import button_of
from tests.application.showroom import IRINA, NAMED, OLEG, Showroom, open_from
from tests.builders import DAY, HOUR, MINUTE, a_phone, an_arrival

HOURS: Final = open_from("пн-пт 9:00-20:00; сб-вс 10:00-18:00")
TOLD: Final = replace(
    NEUTRAL,
    hours=HOURS,
    staff=NAMED,
    follow_up=FollowUp(
        reminder_after=timedelta(minutes=60),
        unfinished_lead_after=timedelta(hours=24),
        join_open_deal_days=14,
        first_touch_minutes=30,
    ),
)
ANSWERS: Final = {
    "car_brand": "Toyota Camry",
    "year": "2018",
    "mileage": "120000",
    "price": "1200000",
    "budget": "1500000",
    "year_from": "2018",
    "transmission": "автомат",
    "drive": "полный",
    "purpose": "для города",
    "brand_preference": "любая",
    "body_type": "седан",
    "check_type": "комплексная проверка",
    "question_type": "ДТП и страховая",
    "description": "страховая занизила выплату после аварии",
    "name": "Анна",
}
"""What is not here is passed, and the phone is each one's own."""

EVERY: Final = 15 * MINUTE
"""So often whatever works by itself has a turn."""

MOST_INPUTS: Final = 20
"""To the end of any form."""


class Habit(StrEnum):
    """What becomes of a customer, and how many of a hundred are so."""

    SENDS = "sends"
    LEAVES_EARLY = "leaves early"
    LEAVES_A_NUMBER = "leaves a number"
    ASKS_AGAIN = "asks again"
    TRADES_IN = "trades in"

    @property
    def weight(self) -> int:
        return {"sends": 50, "leaves early": 18, "leaves a number": 14, "asks again": 10, "trades in": 8}[self.value]


class DatedOutreach(MemoryOutreach):
    """Knows when it wrote to whom."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(TELEGRAM)
        self._now = now
        self.times: list[tuple[datetime, CustomerId]] = []

    async def show(self, customer: CustomerId, screen: Screen) -> None:
        await super().show(customer, screen)
        self.times.append((self._now(), customer))


@dataclass(slots=True)
class Week:
    """A week from `began` on. `chance` has a seed: each run is the same.

    Attributes:
        promised: the references that customers have read.
        announced: what the staff chat said of leads, and when.
        seen: each place of each dialog that its customer was shown, and the dialog's form.
        refusals: questions that were put again because the answer was none, by form and place.
    """

    chance: Random
    room: Showroom = field(default_factory=lambda: Showroom(told=TOLD))
    outreach: DatedOutreach = field(init=False)
    began: datetime = field(init=False)
    promised: set[Reference] = field(default_factory=set)
    announced: list[tuple[datetime, Alert]] = field(default_factory=list)
    seen: dict[tuple[DialogId, str], Service] = field(default_factory=dict)
    refusals: Counter[tuple[Service, str]] = field(default_factory=Counter)
    habits: dict[CustomerId, Habit] = field(default_factory=dict)
    phones: dict[CustomerId, Phone] = field(default_factory=dict)
    _queue: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = field(default_factory=list)
    _numbers: count = field(default_factory=lambda: count(1_000_000))  # type: ignore[type-arg]
    _read: int = 0
    _reminded: int = 0

    def __post_init__(self) -> None:
        self.began = self.room.clock.now()
        self.outreach = DatedOutreach(self.room.clock.now)

    async def pass_by(self, customers: int) -> None:
        """So many customers come in seven days; a day later all is quiet."""
        for number in range(customers):
            customer = customer_of_user(7_100_000_000 + number)
            self.habits[customer] = self.chance.choices(list(Habit), [habit.weight for habit in Habit])[0]
            self.phones[customer] = a_phone(1_000_000 + number)
            self._later(timedelta(seconds=self.chance.uniform(0, 6 * DAY.total_seconds())), self._comes(customer))
        for turn in range(1, 8 * DAY // EVERY + 1):
            until = self.began + turn * EVERY
            while self._queue and self._queue[0][0] <= until:
                at, _, act = heapq.heappop(self._queue)
                self._pass_time(until=at)
                await act()
            self._pass_time(until=until)
            await self._all_work()

    def _pass_time(self, *, until: datetime) -> None:
        self.room.clock.pass_time(max(until - self.room.clock.now(), timedelta()))

    def _later(self, wait: timedelta, act: Callable[[], Awaitable[None]]) -> None:
        heapq.heappush(self._queue, (self.room.clock.now() + wait, next(self._numbers), act))

    def _between(self, least: timedelta, most: timedelta) -> timedelta:
        return timedelta(seconds=self.chance.uniform(least.total_seconds(), most.total_seconds()))

    # What customers do

    def _comes(self, customer: CustomerId) -> Callable[[], Awaitable[None]]:
        async def comes() -> None:
            match self.habits[customer]:
                case Habit.LEAVES_EARLY:
                    await self._begins(customer, Service.SELL, "price")
                case Habit.LEAVES_A_NUMBER:
                    await self._begins(customer, Service.CHECK, "phone")
                    await self._writes(customer, self.phones[customer].e164)
                case habit:
                    await self._sends(customer, Service.SELL)()
                    if habit is Habit.ASKS_AGAIN:
                        again = self.chance.choice([Service.SELL, Service.LEGAL, Service.FIND])
                        self._later(self._between(2 * HOUR, 3 * DAY), self._sends(customer, again))
                    if habit is Habit.TRADES_IN:
                        self._later(self._between(5 * MINUTE, 50 * MINUTE), self._sends(customer, Service.BUY))

        return comes

    def _sends(self, customer: CustomerId, service: Service) -> Callable[[], Awaitable[None]]:
        async def sends() -> None:
            await self._begins(customer, service, "phone")
            await self._finishes(customer)

        return sends

    async def _begins(self, customer: CustomerId, service: Service, step: str) -> None:
        world = self.room.delivery.dealership
        world.visits.stored.pop(customer, None)
        self._sees(await world.inbound.started(self._arrival(customer), f"{service}__avito"))
        self._sees(await world.inbound.sent_something_else(self._arrival(customer)))
        await self._finishes(customer, until=step)

    async def _finishes(self, customer: CustomerId, *, until: str = "") -> None:
        for _ in range(MOST_INPUTS):
            dialog = await self.room.delivery.dealership.dialog(customer)
            if dialog is None or dialog.at == until:
                return
            match dialog.at:
                case None:
                    await self._presses(customer, DialogPress(button_of(dialog), DialogVerb.SEND))
                case "phone":
                    await self._writes(customer, self.phones[customer].e164)
                case step if step in ANSWERS:
                    await self._writes(customer, ANSWERS[step])
                case _:
                    await self._presses(customer, DialogPress(button_of(dialog), DialogVerb.SKIP))
        raise AssertionError(f"the form of {customer} does not end")

    async def _writes(self, customer: CustomerId, text: str) -> None:
        self._sees(await self.room.delivery.dealership.inbound.wrote(self._arrival(customer), text))

    async def _presses(self, customer: CustomerId, press: DialogPress | FreePress) -> None:
        reply = await self.room.delivery.dealership.inbound.pressed(self._arrival(customer), press)
        self._sees(reply)
        if isinstance(reply.screen, Receipt):
            self.promised.add(reply.screen.reference)

    def _sees(self, reply: Reply) -> None:
        screen = reply.screen
        if isinstance(screen, Question | Summary):
            dialog, place = screen.dialog, screen.dialog.at or SUMMARY
            self.seen[dialog.id, place] = dialog.form.service
            self.refusals[dialog.form.service, place] += bool(screen.hint)

    def _arrival(self, customer: CustomerId):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return an_arrival(next(self._numbers), customer)

    def _comes_back(self, customer: CustomerId) -> Callable[[], Awaitable[None]]:
        async def comes_back() -> None:
            await self._presses(customer, FreePress(FreeVerb.GO_ON))
            await self._finishes(customer)

        return comes_back

    # What works by itself

    async def _all_work(self) -> None:
        room = self.room
        world, told = room.delivery.dealership, (lambda: TOLD)
        await world.left.write()
        await world.tally.write()
        await RemindCustomers(
            reminders=world.reminders,
            visits=world.visits,
            outreach=self.outreach,
            clock=room.clock,
            dealership=told,
        )()
        await SendUnfinished(
            drafts=world.drafts,
            customers=world.customers,
            leads=world.leads,
            navigator=world.navigator,
            clock=room.clock,
            randomness=world.randomness,
            bell=world.bell,
            dealership=told,
        )()
        self._let_amocrm_be_moody()
        while (await room.pass_of()()).claimed:
            continue
        while await room.hand_over()() is not None:
            continue
        while (await room.watch()(now=room.clock.now())).looked_at:
            continue
        await room.staff.catch_up()
        self._people_read()
        for _, customer in self.outreach.times[self._reminded :]:
            if self.chance.random() < 0.4:
                self._later(self._between(MINUTE, 3 * HOUR), self._comes_back(customer))
        self._reminded = len(self.outreach.times)

    def _let_amocrm_be_moody(self) -> None:
        """One answer in twenty is lost, before it did what it was asked for or after; one in fifty is «busy»."""
        if self.chance.random() < 0.05:
            effect, is_done = self.chance.choice(list(Effect)), self.chance.random() < 0.5
            self.room.crm.fail_next(CrmAmbiguous("timeout"), effect=effect, after_effect=is_done)
        if self.chance.random() < 0.02:
            self.room.crm.fail_next(CrmBusy("HTTP 503"), effect=self.chance.choice(list(Effect)))

    # What people do

    def _people_read(self) -> None:
        for alert in self.room.staff.said[self._read :]:
            self.announced.append((self.room.clock.now(), alert))
            if isinstance(alert, NewLead):
                who, deal = self.chance.choice([OLEG, IRINA]), CrmId(alert.deal)
                if self.chance.random() < 0.6:
                    self._later(self._between(MINUTE, 10 * MINUTE), self._takes(alert.reference, OLEG, IRINA))
                self._later(self._between(2 * MINUTE, 75 * MINUTE), self._calls(deal, who))
        self._read = len(self.room.staff.said)

    def _takes(self, reference: Reference, *members) -> Callable[[], Awaitable[None]]:  # type: ignore[no-untyped-def]  # noqa: ANN002
        async def take() -> None:
            for member in members:  # both press, one is first
                await self.room.take_lead()(reference, member)

        return take

    def _calls(self, deal: CrmId, who) -> Callable[[], Awaitable[None]]:  # type: ignore[no-untyped-def]  # noqa: ANN001
        async def call() -> None:
            if not HOURS.is_open(self.room.clock.now()):
                return
            self.room.history.act(deal, self.room.clock.now(), NAMED.crm_users[who.id])
            if self.chance.random() < 0.3:
                self._later(self._between(HOUR, 2 * DAY), self._closes(deal))

        return call

    def _closes(self, deal: CrmId) -> Callable[[], Awaitable[None]]:
        async def close() -> None:
            if deal in self.room.crm.deals:
                self.room.crm.close_deal(deal)

        return close
