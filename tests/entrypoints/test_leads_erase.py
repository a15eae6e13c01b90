"""`carquery leads erase`: a customer who asked the dealership is forgotten here."""

import pytest

from carquery.domain.lead import CrmId, Effect
from tests.builders import BORIS
from tests.entrypoints.leads_desk import LeadsDesk, a_pending_lead

MADE = {Effect.CONTACT: CrmId(77)}


def test_all_leads_of_the_customer_become_anonymous(desk: LeadsDesk) -> None:
    first, second, boriss = a_pending_lead(1, made=MADE), a_pending_lead(2), a_pending_lead(3, customer=BORIS)
    desk.has(first, second, boriss)

    ended = desk.run("erase", first.reference, "--yes")

    assert ended.exit_code == 0
    assert "contact 77" in ended.stdout
    assert [desk.stored(lead).customer for lead in (first, second, boriss)] == [None, None, BORIS]
    assert dict(desk.stored(second).answers) == {}


def test_a_program_is_told_which_contacts_are_left(desk: LeadsDesk) -> None:
    lead = a_pending_lead(made=MADE)
    desk.has(lead)

    said = desk.json_of("erase", lead.reference, "--yes", "--json")

    assert said == {
        "reference": lead.reference,
        "was_there": True,
        "crm_contacts": [77],
        "crm_contacts_in_doubt": [],
    }


def test_once_more_changes_nothing(desk: LeadsDesk) -> None:
    lead = a_pending_lead()
    desk.has(lead)
    desk.run("erase", lead.reference, "--yes")

    ended = desk.run("erase", lead.reference, "--yes")

    assert (ended.exit_code, "nothing to do" in ended.stdout) == (0, True)


def test_nothing_is_erased_unasked(desk: LeadsDesk) -> None:
    lead = a_pending_lead()
    desk.has(lead)

    ended = desk.run("erase", lead.reference)

    assert (ended.exit_code, "--yes" in ended.stderr) == (2, True)
    assert desk.stored(lead).erased_at is None


@pytest.mark.parametrize(("typed", "code"), [("CQ-ZZZZZZ", 1), ("all", 2)])
def test_a_reference_that_names_no_lead_is_said(desk: LeadsDesk, typed: str, code: int) -> None:
    ended = desk.run("erase", typed, "--yes")

    assert ended.exit_code == code
    assert typed in ended.stderr
