"""Where the process answers whether it is well."""

from pydantic import Field

from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.variables.numbers import Whole


class HealthSettings(SettingsPart):
    """The address of /health, /ready, /metrics and /report."""

    health_check_host: str = Field(default="127.0.0.1", description="the address to listen on; 0.0.0.0: all of them")
    health_check_port: Whole = Field(default=8080, ge=0, le=65_535, description="a port, 1 … 65535; 0: a free one")
