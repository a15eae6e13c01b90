"""Looks now and then who has left the CRM, so that nobody's lead is given to them."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from carquery.adapters.pausing import paused
from carquery.application.leads.people_who_left import PeopleWhoLeft
from carquery.application.ports.crm import CrmFailure
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.providers.crm_words import REASONS

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=10)
REMEDY: Final = "[routing] responsible: others take their turns until this names who works there"


@dataclass(frozen=True, slots=True)
class WatchingPeople:
    """Every process that gives leads to people looks for itself."""

    left: PeopleWhoLeft

    async def run(self, stop: asyncio.Event) -> None:
        """Look at once and again and again until `stop` is set; what fails is tried again then."""
        while not stop.is_set():
            try:
                for person in await self.left.look():
                    log.warning("crm_user_has_left", user=person, remedy=REMEDY)
            except StoreUnavailable as away:
                log.debug("crm_users_not_seen", cause=str(away))
            except CrmFailure as failure:
                log.info("crm_users_not_seen", cause=REASONS.english(failure.reason))
            except Exception:  # leads are taken and delivered all the same
                log.exception("watching_people_failed")
            await paused(stop, at_most=EVERY)
