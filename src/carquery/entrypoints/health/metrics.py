"""What this process counts, for Prometheus. No label names a customer, and each has few values."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import cache
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from carquery.adapters.messenger.watch import UPDATE_KINDS
from carquery.application.follow_up.remind_customers import ReminderOutcome
from carquery.application.leads.reconcile_leads import Reconciliation
from carquery.application.ports.ai_journal import JournalEntry
from carquery.application.ports.leads_maintenance import LeadFigures
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Question, Screen
from carquery.domain.forms.form import Service
from carquery.domain.ids import Channel
from carquery.domain.lead import LeadStatus
from carquery.domain.take import TakeEnd

CONTENT_TYPE = CONTENT_TYPE_LATEST

QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds."""
SLOW = (60, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 259_200)
"""Seconds: what people do."""
MOST_NOTED = 1_000
"""Updates that are not added up while nobody asks."""


class Metrics:
    """One for each process, in a registry of its own. `channels`: those whose updates it takes."""

    def __init__(self, channels: Collection[Channel] = ()) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._updates = Counter(
            "carquery_updates",
            "Updates, by messenger, kind and outcome (handled, failed)",
            ["channel", "kind", "outcome"],
            registry=registry,
        )
        self._update_seconds = Histogram(
            "carquery_update_seconds",
            "How long an update was handled",
            ["channel", "kind"],
            buckets=QUICK,
            registry=registry,
        )
        self._steps = Counter("carquery_dialog_steps", "Questions shown", ["form", "step"], registry=registry)
        self._screens = Counter("carquery_screens", "Screens shown", ["screen"], registry=registry)
        self._leads = Gauge(
            "carquery_leads", "Stored leads; all processes see the same", ["service", "status"], registry=registry
        )
        self._outbox = Gauge("carquery_outbox_leads", "Leads on their way to the CRM", registry=registry)
        self._outbox_age = Gauge(
            "carquery_outbox_oldest_seconds", "Since the oldest of them was received; 0: none", registry=registry
        )
        self._counted_age = Gauge(
            "carquery_leads_delivered_counted_seconds",
            "Since delivered leads were counted; all others are those of now",
            registry=registry,
        )
        self._alerts = Gauge("carquery_alerts_waiting", "Told, and not said in the admin chat yet", registry=registry)
        self._alerts_age = Gauge(
            "carquery_alerts_oldest_seconds", "Since the oldest of them was to be said; 0: none", registry=registry
        )
        self._deliveries = Counter(
            "carquery_deliveries", "Leads taken for delivery, by how it ended", ["outcome"], registry=registry
        )
        self._drafts = Counter("carquery_drafts_written", "Unfinished forms that were written", registry=registry)
        self._reminders = Counter(
            "carquery_reminders",
            "Unfinished forms whose customers were to be reminded, by what became of it",
            ["outcome"],
            registry=registry,
        )
        self._unfinished = Counter(
            "carquery_unfinished_leads", "Leads that were made of forms whose customers left them", registry=registry
        )
        self._crm_requests = Counter(
            "carquery_amocrm_requests", "Requests, by HTTP status, or lost, or not_sent", ["status"], registry=registry
        )
        self._crm_seconds = Histogram(
            "carquery_amocrm_request_seconds", "How long a request took", buckets=QUICK, registry=registry
        )
        self._reconciled = Gauge(
            "carquery_reconciled_leads", "Leads of the last daily count, by result", ["result"], registry=registry
        )
        self._reconciled_at = Gauge(
            "carquery_reconciled_timestamp_seconds", "When this process counted last; 0: never", registry=registry
        )
        self._untouched = Gauge(
            "carquery_leads_untouched", "Delivered, watched, and touched by nobody in the CRM yet", registry=registry
        )
        self._first_touch = Histogram(
            "carquery_first_touch_seconds",
            "From a request to the first touch in the CRM, nights and all, as it was seen",
            buckets=SLOW,
            registry=registry,
        )
        self._hand_overs = Counter(
            "carquery_hand_overs",
            "Leads taken in the staff chat, by what the CRM made of it",
            ["outcome"],
            registry=registry,
        )
        self._takes = Gauge("carquery_takes_waiting", "Taken, and the CRM has not been told yet", registry=registry)
        self._ai_calls = Counter("carquery_ai_calls", "Classifier calls", ["model", "outcome"], registry=registry)
        self._ai_cost = Counter("carquery_ai_cost_usd", "What they cost", ["model"], registry=registry)
        self._ai_seconds = Histogram(
            "carquery_ai_call_seconds", "How long they took", ["model"], buckets=QUICK, registry=registry
        )
        self._subscribed = Gauge(
            "carquery_updates_subscribed",
            "Whether the messenger says that it brings updates here: 1 yes, 0 no",
            ["messenger"],
            registry=registry,
        )
        self._dependencies = Gauge(
            "carquery_dependency_up", "What /ready looked at: 1 well, 0 not", ["dependency"], registry=registry
        )

        # Each look for what belongs to some labels costs more than to count.
        self._updates_of = cache(self._updates.labels)
        self._update_seconds_of = cache(self._update_seconds.labels)
        self._steps_of = cache(self._steps.labels)
        self._screens_of = cache(self._screens.labels)
        self._crm_requests_of = cache(self._crm_requests.labels)
        self._begin_at_zero(channels)
        self._noted: dict[Counter, int] = {}
        self._times: list[tuple[Histogram, float]] = []

    def _begin_at_zero(self, channels: Collection[Channel]) -> None:
        """Prometheus sees an increase only of what was there before: the first failure must be one."""
        for channel, kind in product(channels, UPDATE_KINDS):
            for outcome in ("handled", "failed"):
                self._updates.labels(channel, kind, outcome)
        for reminder in ReminderOutcome:
            self._reminders.labels(reminder.value)
        for outcome in ("delivered", "put_off"):
            self._deliveries.labels(outcome)
        for end in TakeEnd:
            self._hand_overs.labels(end.value)
        for status in ("200", "400", "401", "403", "429", "500", "lost", "not_sent"):
            self._crm_requests.labels(status)

    def handled(self, channel: Channel, kind: str, *, seconds: float, is_failed: bool) -> None:
        """As `UpdateWatch` promises."""
        self._note(self._updates_of(channel, kind, "failed" if is_failed else "handled"))
        self._times.append((self._update_seconds_of(channel, kind), seconds))
        if len(self._times) == MOST_NOTED:
            self._add_up()

    def subscribed(self, messenger: str, *, is_there: bool) -> None:
        """As `SubscriptionMeter` of the MAX adapter promises."""
        self._subscribed.labels(messenger).set(is_there)

    def replied(self, screen: Screen, *, away: StoreUnavailable | None = None) -> None:
        """As `Watch` promises."""
        del away  # the screen says it
        self._note(self._screens_of(type(screen).__name__))
        if isinstance(screen, Question) and (step := screen.dialog.step) is not None:
            self._note(self._steps_of(str(screen.dialog.form.service), step.name))

    def crm_requested(self, outcome: str, seconds: float) -> None:
        """As `ObserveRequest` of the amoCRM adapter promises."""
        self._crm_requests_of(outcome).inc()
        self._crm_seconds.observe(seconds)

    def delivery_passed(self, *, claimed: int, delivered: int) -> None:
        """One pass of the delivery worker, in leads."""
        self._deliveries.labels("delivered").inc(delivered)
        self._deliveries.labels("put_off").inc(claimed - delivered)

    def drafts_written(self, count: int) -> None:
        """Forms that customers left, or are filling."""
        self._drafts.inc(count)

    def reminded(self, outcome: ReminderOutcome, count: int) -> None:
        """So many forms that were claimed to remind their customers."""
        self._reminders.labels(outcome.value).inc(count)

    def handed_over(self, end: TakeEnd) -> None:
        """The CRM has been told who took a lead, or will not be."""
        self._hand_overs.labels(end.value).inc()

    def first_touched(self, waited: timedelta) -> None:
        """A lead was seen to be touched, so long after it was received."""
        self._first_touch.observe(max(waited.total_seconds(), 0))

    def show_staff(self, *, untouched: int | None, takes: int | None) -> None:
        """What the store says; `None` if it is away."""
        self._untouched.set(float("nan") if untouched is None else untouched)
        self._takes.set(float("nan") if takes is None else takes)

    def made_unfinished(self, count: int) -> None:
        """Leads of forms that were left."""
        self._unfinished.inc(count)

    def reconciled(self, found: Reconciliation) -> None:
        """One count of deals in the CRM."""
        self._reconciled.labels("once").set(found.leads - len(found.wrong))
        self._reconciled.labels("missing").set(len(found.missing))
        self._reconciled.labels("doubled").set(len(found.doubled))
        self._reconciled_at.set_to_current_time()

    def classified(self, call: JournalEntry) -> None:
        """One call of a classifier."""
        self._ai_calls.labels(call.model, call.outcome.value).inc()
        self._ai_cost.labels(call.model).inc(float(call.usage.cost))
        self._ai_seconds.labels(call.model).observe(call.latency)

    def show_leads(
        self, figures: LeadFigures | None, *, oldest_seconds: float, counted_seconds: float | None = 0
    ) -> None:
        """What the store says; `None` if it is away, and nothing is shown rather than what was.

        Args:
            counted_seconds: how long ago the delivered ones were counted; `None`: never yet, and they are not shown.
        """
        self._leads.clear()
        if figures is None:
            for gauge in (self._outbox, self._outbox_age, self._counted_age):
                gauge.set(float("nan"))
            return
        for service in Service:
            for status in LeadStatus:
                if status is not LeadStatus.DELIVERED or counted_seconds is not None:
                    self._leads.labels(service.value, status.value).set(figures.counts.get((service, status), 0))
        self._outbox.set(figures.waiting)
        self._outbox_age.set(oldest_seconds)
        self._counted_age.set(float("nan") if counted_seconds is None else counted_seconds)

    def show_alerts(self, waiting: int | None, *, oldest_seconds: float) -> None:
        """What the store says; `None` if it is away."""
        self._alerts.set(float("nan") if waiting is None else waiting)
        self._alerts_age.set(float("nan") if waiting is None else oldest_seconds)

    def show_dependencies(self, are_well: Mapping[str, bool]) -> None:
        """What the checks found."""
        for name, is_well in are_well.items():
            self._dependencies.labels(name).set(is_well)

    def exposed(self) -> bytes:
        """Everything, in Prometheus' text format."""
        self._add_up()
        return generate_latest(self._registry)

    def _note(self, counter: Counter) -> None:
        """One more; what updates do is added up for many of them at once."""
        self._noted[counter] = self._noted.get(counter, 0) + 1

    def _add_up(self) -> None:
        noted, self._noted = self._noted, {}
        times, self._times = self._times, []
        for counter, count in noted.items():
            counter.inc(count)
        for histogram, seconds in times:
            histogram.observe(seconds)
