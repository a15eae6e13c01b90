"""Leads in the hands of a worker."""

from datetime import timedelta

from carquery.application.ports.leads import Lease
from carquery.domain.lead import Lead
from tests.contracts.databases import Database

A_WHILE = timedelta(seconds=90)


async def claim_one(database: Database) -> tuple[Lead, Lease]:
    claim = await database.leads.claim(limit=10, lease_for=A_WHILE)
    (lead,) = claim.leads
    return lead, claim.lease
