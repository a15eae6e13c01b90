"""How often delivery is tried."""

from pydantic import Field

from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.variables.numbers import SPANS, Seconds, Whole


class DeliverySettings(SettingsPart):
    """Attempts to bring a lead to the CRM."""

    delivery_interval: Seconds = Field(
        default=300, ge=1, le=86_400, description=f"seconds, 1 … 86400, or a time {SPANS}"
    )
    delivery_max_attempts: Whole = Field(default=30, ge=1, le=1000, description="a number of attempts, 1 … 1000")
