"""Every alert can be kept, also by a version that does not know it."""

from typing import get_args

import pytest

from carquery.adapters.stored.alert_json import ALERT_KINDS, alert_from_json
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.application.ports.alerts import Alert, CrmClosed
from carquery.application.staff.alert_rules import rule_of
from carquery.domain.reason import Reason


def test_every_kind_of_alert_has_a_name_to_be_stored_under() -> None:
    assert set(ALERT_KINDS.values()) == set(get_args(Alert))


def test_a_field_that_a_later_version_added_is_passed_over() -> None:
    assert alert_from_json("crm closed", {"reason": "HTTP 403", "until": 5}) == CrmClosed(Reason("HTTP 403"))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("something later", {"reason": "x"}),
        ("crm closed", {}),
        ("crm closed", {"reason": None}),
        ("crm away", {"references": "CQ-1", "reason": "x"}),
        ("contact to erase", {"contacts": ["eleven"]}),
        ("crm closed", []),
        ("crm closed", "x"),
        ("crm closed", None),
    ],
)
def test_what_another_version_stored_or_broke_is_no_alert(name: str, body: object) -> None:
    with pytest.raises(UnreadableJson):
        alert_from_json(name, body)


def test_causes_stay_short_whatever_others_say() -> None:
    """They are keys of an index, which takes some 2 700 bytes."""
    assert len(rule_of(CrmClosed(Reason("нет " * 5_000))).cause.encode()) < 2_000
