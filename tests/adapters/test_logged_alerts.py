"""What the log says of alerts."""

import pytest
from structlog.testing import capture_logs

from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.system.logged_alerts import LoggedAlerts
from carquery.application.ports.alerts import Alert, CrmAway, CrmClosed, LeadsNotDelivered
from carquery.domain.ids import Reference
from carquery.domain.reason import Reason

REFERENCES = (Reference("CQ-000001"),)


@pytest.mark.parametrize(
    ("alert", "level"),
    [
        (LeadsNotDelivered(REFERENCES, Reason("no"), dead=True), "warning"),
        (CrmAway(REFERENCES, Reason("no")), "debug"),  # each try tells it; the log has heard of the first
        (CrmClosed(Reason("no")), "debug"),
    ],
)
async def test_each_alert_has_a_line_but_those_of_each_try(alert: Alert, level: str) -> None:
    with capture_logs() as logs:
        await LoggedAlerts(MemoryAlerts()).tell(alert)

    assert [(line["event"], line["log_level"]) for line in logs] == [("alert", level)]
