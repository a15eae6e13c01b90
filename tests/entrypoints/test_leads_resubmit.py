"""`carquery leads resubmit`: what it takes, what it says, and how it ends."""

import json
import os
import signal
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from dishka import Provider, Scope

from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.crm import Closure, Crm, CrmBusy, CrmOutcome, Permit
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.reason import Reason
from carquery.entrypoints.commands.leads.choice import Choice
from carquery.entrypoints.commands.leads.resubmit import resubmit_command
from tests.builders import HOUR
from tests.entrypoints.leads_desk import (
    JUST_NOW,
    LeadsDesk,
    a_dead_lead,
    a_delivered_lead,
    a_desk,
    a_failed_lead,
    a_pending_lead,
)


@pytest.fixture
def crm() -> MemoryCrm:
    return MemoryCrm(SystemClock())


def resubmit_all_failed(crm: Crm, *, as_json: bool = False) -> int:
    """The exit code of `carquery leads resubmit --all-failed --yes` with that CRM."""
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: crm, provides=Crm, override=True)
    try:
        resubmit_command((), Choice(), all_failed=True, yes=True, dry_run=False, as_json=as_json, overrides=(provider,))
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def planned(desk: LeadsDesk, *options: str) -> list[str]:
    """The references of what would be resubmitted, in order."""
    return [lead["reference"] for lead in desk.json_of("resubmit", "--dry-run", "--json", *options)["leads"]]


def test_failed_and_dead_leads_are_delivered_and_counted(desk: LeadsDesk) -> None:
    failed, dead = a_failed_lead(1), a_dead_lead(2)
    desk.has(failed, dead, a_pending_lead(3))

    done = desk.run("resubmit", "--all-failed", "--yes")

    assert done.exit_code == 0
    assert "To resubmit: 2" in done.stdout
    assert "delivered: 2 · failed again: 0 · waiting: 0" in done.stdout
    assert [desk.stored(lead).status for lead in (failed, dead)] == [LeadStatus.DELIVERED] * 2
    assert desk.stored(a_pending_lead(3)).status is LeadStatus.PENDING


def test_references_are_delivered_in_the_order_given(desk: LeadsDesk) -> None:
    desk.has(a_failed_lead(1), a_pending_lead(2))

    done = desk.json_of("resubmit", "cq-000002", "CQ-000001", "CQ-000002", "--yes", "--json")

    assert [(lead["reference"], lead["ending"]) for lead in done["leads"]] == [
        ("CQ-000002", "delivered"),
        ("CQ-000001", "delivered"),
    ]


def test_leads_are_chosen_by_status_and_age_oldest_first(desk: LeadsDesk) -> None:
    desk.has(
        a_failed_lead(1, age=HOUR),
        a_dead_lead(2, age=3 * HOUR),
        a_pending_lead(3, age=5 * HOUR),
        a_delivered_lead(4, age=5 * HOUR),
        a_dead_lead(5, age=5 * HOUR).erased(at=JUST_NOW),
    )

    assert planned(desk, "--all-failed") == ["CQ-000002", "CQ-000001"]
    assert planned(desk, "--status", "pending", "--status", "failed") == ["CQ-000003", "CQ-000001"]
    assert planned(desk, "--older-than", "2h") == ["CQ-000003", "CQ-000002"]
    assert planned(desk, "--all-failed", "--newer-than", "2h") == ["CQ-000001"]
    assert planned(desk, "--all-failed", "--status", "pending") == ["CQ-000003", "CQ-000002", "CQ-000001"]


def test_the_table_shows_what_stands_already_and_why_it_failed(desk: LeadsDesk) -> None:
    desk.has(a_failed_lead(age=3 * HOUR, made={Effect.CONTACT: CrmId(31)}))

    shown = desk.run("resubmit", "--all-failed", "--dry-run").stdout

    for words in ("CQ-000001", "sell", "3 h", "failed", "3", "contact", "pipeline"):
        assert words in shown


def test_a_dry_run_changes_nothing(desk: LeadsDesk) -> None:
    lead = a_dead_lead()
    desk.has(lead)

    looked = desk.run("resubmit", "--all-failed", "--dry-run")

    assert looked.exit_code == 0
    assert desk.stored(lead) == lead


def test_what_needs_nothing_is_said_and_is_no_failure(desk: LeadsDesk) -> None:
    desk.has(a_delivered_lead(1), a_dead_lead(2).erased(at=JUST_NOW), a_failed_lead(3))

    done = desk.run("resubmit", "CQ-000001", "CQ-000002", "CQ-000003", "--yes")

    assert done.exit_code == 0
    assert "CQ-000001: nothing to do: it was delivered on " in done.stderr
    assert "CQ-000002: nothing to do: the customer had their data erased" in done.stderr
    assert "delivered: 1" in done.stdout


def test_a_reference_that_is_not_there_does_not_keep_the_others_from_being_delivered(desk: LeadsDesk) -> None:
    lead = a_failed_lead()
    desk.has(lead)

    done = desk.run("resubmit", "CQ-7K3M9X", lead.reference, "--yes")

    assert done.exit_code == 1
    assert "CQ-7K3M9X: there is no such lead" in done.stderr
    assert desk.stored(lead).status is LeadStatus.DELIVERED


def test_a_machine_is_told_which_reference_is_missing_and_which_needs_nothing(desk: LeadsDesk) -> None:
    desk.has(a_delivered_lead(1))

    ended = desk.run("resubmit", "CQ-7K3M9X", "CQ-000001", "--yes", "--json")

    assert ended.exit_code == 1
    told = json.loads(ended.stdout)["left_alone"]
    assert [(left["reference"], left["is_missing"]) for left in told] == [("CQ-7K3M9X", True), ("CQ-000001", False)]


def test_a_lead_that_a_worker_has_in_hand_is_said_to_be_waited_for(desk: LeadsDesk) -> None:
    lead = a_pending_lead()
    desk.has(lead)
    desk.is_held(lead)

    shown = " ".join(desk.run("resubmit", lead.reference, "--dry-run").stdout.split())

    assert "delivering" in shown
    assert "another" in shown


def test_a_dead_workers_lead_is_delivered_once_its_lease_is_over(desk: LeadsDesk) -> None:
    lead = a_pending_lead()
    desk.has(lead)
    desk.is_held(lead, lease_for=timedelta(seconds=1))

    done = desk.run("resubmit", lead.reference, "--yes")

    assert done.exit_code == 0
    assert desk.stored(lead).status is LeadStatus.DELIVERED


def test_a_lead_that_fails_again_ends_with_1_and_its_reason(
    desk: LeadsDesk, crm: MemoryCrm, capsys: pytest.CaptureFixture[str]
) -> None:
    poisoned = a_failed_lead(1)
    desk.has(poisoned, a_failed_lead(2))
    crm.refuse(poisoned.id, Effect.LEAD, Reason("stage 5 is gone"))

    code = resubmit_all_failed(crm)

    summary = capsys.readouterr().out.partition("delivered:")[2]
    assert code == 1
    assert "1 · failed again: 1 · waiting: 0" in summary
    assert "CQ-000001" in summary
    assert "stage 5 is gone" in summary


def test_a_closed_crm_ends_with_1_and_says_why_and_how_long(
    desk: LeadsDesk, crm: MemoryCrm, capsys: pytest.CaptureFixture[str]
) -> None:
    lead = a_dead_lead()
    desk.has(lead)
    crm.closed = Closure(Reason("not paid"), reopens_in=HOUR)

    code = resubmit_all_failed(crm)

    out = capsys.readouterr().out
    assert code == 1
    assert "waiting: 1" in out
    assert "not paid" in out
    assert desk.stored(lead).status is LeadStatus.PENDING


def test_json_is_all_that_is_on_stdout_and_tells_each_ending(
    desk: LeadsDesk, crm: MemoryCrm, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.has(a_failed_lead(1))
    crm.fail_next(CrmBusy("502 Bad Gateway"), effect=Effect.CONTACT)

    code = resubmit_all_failed(crm, as_json=True)

    told = json.loads(capsys.readouterr().out)
    (lead,) = told.pop("leads")
    assert code == 1
    assert told == {"dry_run": False, "left_alone": [], "delivered": 0, "failed": 1, "waiting": 0, "erased": 0}
    assert (lead["ending"], lead["reason"], lead["attempts"]) == ("failed", "502 Bad Gateway", 1)
    assert lead["next_attempt_at"] is not None


def test_ctrl_c_says_that_what_was_put_back_is_pending(desk: LeadsDesk, capsys: pytest.CaptureFixture[str]) -> None:
    class InterruptedCrm(MemoryCrm):
        async def make(self, effect: Effect, leads: Sequence[Lead], permit: Permit) -> Mapping[LeadId, CrmOutcome]:
            os.kill(os.getpid(), signal.SIGINT)
            return await super().make(effect, leads, permit)

    many = [a_dead_lead(number) for number in range(1, 61)]
    desk.has(*many)

    code = resubmit_all_failed(InterruptedCrm(SystemClock()))

    said = capsys.readouterr().err
    assert code == 130
    assert "Interrupted. Delivered: 0 of 60 leads." in said
    assert "What was put back is pending: a running bot or worker delivers it" in said
    assert LeadStatus.DEAD not in {desk.stored(lead).status for lead in many}


def test_nothing_that_matches_is_no_failure(desk: LeadsDesk) -> None:
    desk.has(a_delivered_lead())

    done = desk.run("resubmit", "--all-failed", "--yes")

    assert (done.exit_code, done.stdout) == (0, "Nothing to resubmit.\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Which leads? Give references such as CQ-7K3M9X, or --all-failed"),
        (("--yes",), "Which leads?"),
        (("CQ-000001", "--all-failed", "--yes"), "Give references or options that choose, not both."),
        (("CQ-000001",), "There is no terminal to ask on: give --yes to resubmit"),
        (("--all-failed", "--json"), "--json asks nothing: give --yes to resubmit"),
        (("--status", "delivered", "--yes"), "«delivered» is none; expected: failed, dead, pending"),
        (("--older-than", "2", "--yes"), "--older-than: «2» is no age"),
        (("CQ-1", "--yes"), "«CQ-1» is no reference"),
    ],
)
def test_what_can_not_be_meant_ends_with_2_and_touches_nothing(
    desk: LeadsDesk, arguments: tuple[str, ...], words: str
) -> None:
    lead = a_dead_lead()
    desk.has(lead)

    refused = desk.run("resubmit", *arguments)

    assert refused.exit_code == 2
    assert words in refused.stderr
    assert refused.stdout == ""
    assert desk.stored(lead) == lead


def test_without_a_crm_nothing_is_put_back(tmp_path: Path) -> None:
    with a_desk(tmp_path, AMOCRM_MOCK_MODE="false") as desk:
        lead = a_dead_lead()
        desk.has(lead)

        refused = desk.run("resubmit", "--all-failed", "--yes")

        assert refused.exit_code == 1
        assert "AMOCRM_CLIENT_ID" in refused.stderr
        assert "carquery amocrm login" in refused.stderr
        assert desk.stored(lead) == lead
        assert planned(desk, "--all-failed") == [lead.reference], "looking needs no CRM"
