"""`carquery leads erase`: a customer who asked the dealership is forgotten here."""

import pytest

from carquery.adapters.telegram.channel import customer_of_user
from carquery.domain.effects import CrmId, Effect
from tests.builders import BORIS, NAMESAKE
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


@pytest.mark.parametrize("typed", ["telegram:7000000001", " Telegram:7000000001 ", "7000000001"])
def test_a_customer_is_erased_by_what_logs_and_lists_call_them(desk: LeadsDesk, typed: str) -> None:
    hers, boriss, namesakes = a_pending_lead(1), a_pending_lead(2, customer=BORIS), a_pending_lead(3, customer=NAMESAKE)
    desk.has(hers, boriss, namesakes)

    ended = desk.run("erase", typed, "--yes")

    assert (ended.exit_code, ended.stdout.startswith("telegram:7000000001: ")) == (0, True)
    assert [desk.stored(lead).customer for lead in (hers, boriss, namesakes)] == [None, BORIS, NAMESAKE]


def test_a_program_that_erases_a_customer_is_told_who_it_was(desk: LeadsDesk) -> None:
    desk.has(a_pending_lead(customer=NAMESAKE, made=MADE))

    said = [desk.json_of("erase", "max:7000000001", "--yes", "--json") for _ in range(2)]

    assert said == [
        {"customer": "max:7000000001", "was_there": was_there, "crm_contacts": contacts, "crm_contacts_in_doubt": []}
        for was_there, contacts in ((True, [77]), (False, []))
    ]


def test_six_digits_are_a_reference(desk: LeadsDesk) -> None:
    hers, other = a_pending_lead(123456), a_pending_lead(2, customer=customer_of_user(123456))
    desk.has(hers, other)

    desk.run("erase", "123456", "--yes")

    assert (desk.stored(hers).erased_at is not None, desk.stored(other).erased_at) == (True, None)


def test_of_whom_nothing_is_stored_there_is_nothing_to_erase(desk: LeadsDesk) -> None:
    ended = desk.run("erase", "telegram:5", "--yes")

    assert (ended.exit_code, ended.stdout) == (0, "telegram:5: nothing to do, nothing is stored of them.\n")


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


@pytest.mark.parametrize(
    ("typed", "code"), [("CQ-ZZZZZZ", 1), ("all", 2), ("telegram:", 2), ("telegram:семь", 2), ("7" * 19, 2)]
)
def test_a_reference_that_names_no_lead_is_said(desk: LeadsDesk, typed: str, code: int) -> None:
    ended = desk.run("erase", typed, "--yes")

    assert ended.exit_code == code
    assert typed in ended.stderr
