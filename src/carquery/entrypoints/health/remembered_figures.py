"""How many leads there are, for whoever asks again and again: nobody waits until a million are counted."""

from collections.abc import Mapping
from typing import Final

from carquery.application.ports.environment import Clock
from carquery.application.ports.leads_maintenance import LeadFigures, LeadsMaintenance
from carquery.domain.forms.form import Service
from carquery.entrypoints.health.remembered import Known, Remembered

KEPT_SECONDS: Final = 30.0
"""Delivered leads are many, and nobody is in a hurry to know how many."""


class RememberedFigures:
    """As `LeadsMaintenance` counts them. Both may raise StoreUnavailable."""

    def __init__(self, counts: LeadsMaintenance, clock: Clock) -> None:
        self._undelivered = Remembered(counts.undelivered, clock, kept_seconds=0)
        self._delivered = Remembered(counts.delivered, clock, kept_seconds=KEPT_SECONDS)

    async def undelivered(self) -> Known[LeadFigures] | None:
        """As of now, if counting them is as quick as it mostly is; None: not known yet."""
        return await self._undelivered.latest()

    async def delivered(self) -> Known[Mapping[Service, int]] | None:
        """As of half a minute ago, or longer; None: not known yet."""
        return await self._delivered.latest()

    async def close(self) -> None:
        """Count no more."""
        await self._undelivered.close()
        await self._delivered.close()
