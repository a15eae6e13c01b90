"""An application of its own for each test."""

import pytest

from carquery.application.conversation.submit_lead import SubmitLead
from carquery.application.conversation.take_message import TakeMessage
from tests.application.delivering import Delivery
from tests.application.in_memory import Dealership
from tests.application.resubmitting import OperatorsOffice
from tests.builders import TERMS


@pytest.fixture
def dealership() -> Dealership:
    """A dealership that asks for no consent."""
    return Dealership()


@pytest.fixture
def careful_dealership() -> Dealership:
    """A dealership that asks for consent."""
    return Dealership(terms=TERMS)


@pytest.fixture
def submit(dealership: Dealership) -> SubmitLead:
    """Sends what stands at its summary in the dealership that asks for no consent."""
    return SubmitLead(
        reception=dealership.reception,
        leads=dealership.leads,
        clock=dealership.clock,
        randomness=dealership.randomness,
        bell=dealership.bell,
        amend_lead=dealership.about_leads.amend,
    )


@pytest.fixture
def take(dealership: Dealership) -> TakeMessage:
    return dealership.take_message


@pytest.fixture
def delivery() -> Delivery:
    return Delivery()


@pytest.fixture
def office() -> OperatorsOffice:
    return OperatorsOffice()
