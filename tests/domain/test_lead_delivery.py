"""How a lead fares on its way into the CRM."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.domain.backoff import LONGEST_WAIT, SHORTEST_WAIT, Backoff
from carquery.domain.effects import CallIntent, CrmId, Effect
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.reason import Reason
from tests.builders import NOW, a_lead

MINUTES = timedelta(minutes=5)
ENDLESS = Backoff(MINUTES, most_attempts=10_000)
THREE_ATTEMPTS = Backoff(MINUTES, most_attempts=3)


def failed(lead: Lead, *, backoff: Backoff = ENDLESS, chance: float = 1.0) -> Lead:
    return lead.failed(Reason("нет"), at=NOW, backoff=backoff, chance=chance)


def test_effects_are_made_in_order() -> None:
    lead, order = a_lead(), []
    while (effect := lead.next_effect) is not None:
        order.append(effect)
        lead = lead.intends(effect, at=NOW).with_made(effect, CrmId(1))

    assert order == [Effect.CONTACT, Effect.LEAD, Effect.NOTE, Effect.TASK, Effect.FILES]
    assert lead.intent is None


def test_what_is_intended_is_remembered_until_it_is_made_or_called_off() -> None:
    intending = a_lead().intends(Effect.LEAD, at=NOW)

    assert intending.intent == CallIntent(Effect.LEAD, NOW)
    assert intending.with_made(Effect.LEAD, CrmId(1)).intent is None
    assert intending.called_off().intent is None


def test_what_was_left_out_of_each_effect_adds_up() -> None:
    lead = (
        a_lead()
        .with_made(Effect.CONTACT, CrmId(1), left_out=(Reason("Поле «Telegram»"),))
        .with_made(Effect.LEAD, CrmId(2), left_out=(Reason("Поле «VIN»"), Reason("Тег «бот»")))
        .with_made(Effect.NOTE, CrmId(3))
    )

    assert lead.left_out == (Reason("Поле «Telegram»"), Reason("Поле «VIN»"), Reason("Тег «бот»"))


def test_the_longest_waits_double_up_to_six_hours() -> None:
    waits = [ENDLESS.wait(attempts, chance=1.0) for attempts in range(1, 12)]

    assert waits[:4] == [MINUTES, 2 * MINUTES, 4 * MINUTES, 8 * MINUTES]
    assert waits[6:] == [64 * MINUTES, *[LONGEST_WAIT] * 4]


@given(attempts=st.integers(1, 10_000), chance=st.floats(0, 1, exclude_max=True))
def test_a_wait_is_anything_up_to_the_longest_and_never_none(attempts: int, chance: float) -> None:
    """Full jitter, so that leads that failed together don't come back together."""
    longest = ENDLESS.wait(attempts, chance=1.0)

    wait = ENDLESS.wait(attempts, chance=chance)

    assert SHORTEST_WAIT <= wait <= longest <= LONGEST_WAIT
    assert wait == max(SHORTEST_WAIT, longest * chance)


@pytest.mark.parametrize(("attempts", "longest"), [(1, MINUTES), (2, 2 * MINUTES), (50, LONGEST_WAIT)])
def test_chance_reaches_from_the_shortest_wait_to_the_middle_and_the_end(attempts: int, longest: timedelta) -> None:
    waits = [ENDLESS.wait(attempts, chance=chance) for chance in (0.0, 0.5, 1.0)]

    assert waits == [SHORTEST_WAIT, longest / 2, longest]


def test_an_interval_may_be_longer_than_the_longest_wait() -> None:
    assert Backoff(timedelta(days=1), 10).wait(1, chance=1.0) == LONGEST_WAIT


def test_each_failed_attempt_is_counted_with_its_reason_and_waits_longer() -> None:
    once = failed(a_lead())
    twice = failed(once)

    assert (once.status, once.attempts, once.failure, once.next_attempt_at) == (
        LeadStatus.FAILED,
        1,
        Reason("нет"),
        NOW + MINUTES,
    )
    assert (twice.attempts, twice.next_attempt_at) == (2, NOW + 2 * MINUTES)


def test_after_the_last_attempt_it_is_dead() -> None:
    lead, statuses = a_lead(), []
    for _ in range(3):
        lead = failed(lead, backoff=THREE_ATTEMPTS)
        statuses.append(lead.status)

    assert statuses == [LeadStatus.FAILED, LeadStatus.FAILED, LeadStatus.DEAD]
    assert (lead.next_attempt_at, lead.failure) == (None, Reason("нет"))


def test_a_lead_with_more_attempts_than_are_allowed_by_now_is_dead() -> None:
    """The setting was lowered meanwhile."""
    assert failed(a_lead(attempts=7), backoff=THREE_ATTEMPTS).status is LeadStatus.DEAD


def test_a_person_gives_it_all_its_attempts_back() -> None:
    dead = failed(a_lead(attempts=2, made={Effect.CONTACT: CrmId(1)}), backoff=THREE_ATTEMPTS)

    back = dead.resubmitted(at=NOW)

    assert (back.status, back.next_attempt_at, back.attempts, back.failure) == (LeadStatus.PENDING, NOW, 0, None)
    assert back.made == {Effect.CONTACT: CrmId(1)}


def test_a_person_s_wish_does_not_end_the_doubts() -> None:
    """Whether the last call had an effect is still unknown."""
    lead = a_lead().intends(Effect.LEAD, at=NOW)

    back = failed(lead).doubted(not_before=NOW).resubmitted(at=NOW + MINUTES)

    assert (back.intent, back.doubts) == (CallIntent(Effect.LEAD, NOW), 1)


def test_a_doubted_lead_is_not_tried_before_nobody_can_doubt_any_more() -> None:
    soon = failed(a_lead(), chance=0.0)

    assert soon.next_attempt_at == NOW + SHORTEST_WAIT
    assert soon.doubted(not_before=NOW + MINUTES).next_attempt_at == NOW + MINUTES


def test_a_doubted_lead_waits_out_its_own_wait_if_that_is_longer() -> None:
    late = failed(a_lead(), chance=1.0)

    assert late.doubted(not_before=NOW + SHORTEST_WAIT).next_attempt_at == NOW + MINUTES


def test_a_doubted_dead_lead_stays_dead() -> None:
    dead = failed(a_lead(), backoff=Backoff(MINUTES, most_attempts=1)).doubted(not_before=NOW + MINUTES)

    assert (dead.status, dead.next_attempt_at, dead.doubts) == (LeadStatus.DEAD, None, 1)


def test_doubts_add_up_until_something_is_made() -> None:
    lead = failed(a_lead()).doubted(not_before=NOW)
    lead = failed(lead.called_off()).doubted(not_before=NOW)

    assert lead.doubts == 2
    assert lead.with_made(Effect.CONTACT, CrmId(1)).doubts == 0


@pytest.mark.parametrize(("attempts", "status"), [(0, LeadStatus.PENDING), (2, LeadStatus.FAILED)])
def test_postponing_counts_no_attempt_and_forgets_none(attempts: int, status: LeadStatus) -> None:
    later = a_lead(attempts=attempts, status=LeadStatus.DELIVERING, failure=Reason("нет")).postponed(
        until=NOW + MINUTES
    )

    assert (later.attempts, later.status, later.next_attempt_at) == (attempts, status, NOW + MINUTES)
    assert later.failure == Reason("нет")


def test_a_delivered_lead_is_over() -> None:
    delivered = failed(a_lead()).delivered(at=NOW + MINUTES)

    assert (delivered.status, delivered.delivered_at) == (LeadStatus.DELIVERED, NOW + MINUTES)
    assert (delivered.next_attempt_at, delivered.failure, delivered.attempts) == (None, None, 1)


def test_a_lead_is_untouched_until_somebody_tries_to_deliver_it() -> None:
    lead = a_lead()

    assert lead.is_untouched
    assert not lead.postponed(until=NOW + MINUTES).is_untouched
    assert not failed(lead).is_untouched
    assert not failed(lead).resubmitted(at=NOW + MINUTES).is_untouched


def test_the_longest_interval_and_the_most_attempts_that_may_be_set_give_the_longest_wait() -> None:
    assert Backoff(timedelta(days=1), 1000).wait(1000, chance=1.0) == LONGEST_WAIT


@pytest.mark.parametrize(
    "transition",
    [
        Lead.claimed,
        Lead.called_off,
        lambda lead: lead.intends(Effect.NOTE, at=NOW),
        lambda lead: lead.without(Effect.CONTACT),
        lambda lead: lead.with_made(Effect.LEAD, CrmId(2), left_out=(Reason("тег"),)),
        lambda lead: lead.with_found(Effect.LEAD, CrmId(2)),
        lambda lead: lead.put_in_doubt(at=NOW),
        lambda lead: lead.delivered(at=NOW),
        failed,
        lambda lead: failed(lead, backoff=THREE_ATTEMPTS).doubted(not_before=NOW + LONGEST_WAIT),
        lambda lead: lead.given_up(Reason("нет")),
        lambda lead: lead.postponed(until=NOW + MINUTES),
        lambda lead: lead.resubmitted(at=NOW + MINUTES),
    ],
)
def test_whatever_delivery_does_to_a_lead_is_how_far_it_has_come(transition: Callable[[Lead], Lead]) -> None:
    lead = a_lead(
        made={Effect.CONTACT: CrmId(1)}, intent=CallIntent(Effect.LEAD, NOW), attempts=2, doubts=1, must_recheck=True
    )

    assert lead.as_far_as(transition(lead)) == transition(lead)


def test_as_far_as_another_a_lead_says_what_it_said() -> None:
    lead, other = a_lead(1), a_lead(2, answers={}, conversation=("слова",), attempts=5, status=LeadStatus.FAILED)

    assert lead.as_far_as(other) == replace(lead, attempts=5, status=LeadStatus.FAILED)
