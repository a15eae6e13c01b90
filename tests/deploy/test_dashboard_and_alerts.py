"""The dashboard and the alerts ask for metrics that there are, and each alert says what to do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from carquery.application.leads.reconcile_leads import Reconciliation
from carquery.application.ports.ai_journal import CallOutcome, JournalEntry
from carquery.application.ports.leads_maintenance import LeadFigures
from carquery.application.screens import Question
from carquery.domain.ids import Channel, MessageId
from carquery.entrypoints.health.metrics import Metrics
from tests.builders import NOW, a_dialog

DEPLOY = Path(__file__).parents[2] / "deploy"
OPERATIONS = DEPLOY.parent / "docs" / "operations.md"
FROM_PROMETHEUS = {"up": {"job", "instance"}}
EVERYWHERE = {"job", "instance", "le"}
WORDS = {"by", "sum", "max", "min", "rate", "increase", "absent", "or", "histogram_quantile", "label_values"}


def labels_by_metric() -> dict[str, set[str]]:
    """Every series that a process shows, with its labels."""
    metrics = Metrics()
    metrics.replied(Question(a_dialog()))
    metrics.handled(Channel("chat"), "message", seconds=0.1, is_failed=False)
    metrics.subscribed("MAX", is_there=True)
    metrics.crm_requested("200", 0.1)
    metrics.delivery_passed(claimed=2, delivered=1)
    call = {"message": MessageId("1"), "place": 1, "at": NOW, "model": "rules", "latency": 0.1, "text": None}
    metrics.classified(JournalEntry(**call, outcome=CallOutcome.ANSWERED))  # type: ignore[arg-type]  # as named
    metrics.show_leads(LeadFigures(counts={}, oldest_waiting=None), oldest_seconds=0)
    metrics.show_alerts(0, oldest_seconds=0)
    metrics.show_dependencies({"database": True})
    metrics.reconciled(Reconciliation(leads=1, wrong=()))
    known = dict(FROM_PROMETHEUS)
    for family in text_string_to_metric_families(metrics.exposed().decode()):
        for sample in family.samples:
            known.setdefault(sample.name, set()).update(sample.labels)
    return known


def alerts() -> list[dict[str, Any]]:
    rules = yaml.safe_load((DEPLOY / "prometheus-alerts.yml").read_text("utf-8"))
    return [rule for group in rules["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    found: list[dict[str, Any]] = dashboard["panels"]
    return found


def expressions() -> Iterator[str]:
    for alert in alerts():
        yield str(alert["expr"])
    for panel in panels():
        for target in panel["targets"]:
            yield str(target["expr"])


def selectors(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Each series an expression names, with the labels it is chosen by."""
    ungrouped = re.sub(r"by \([^)]*\)", "", expression)
    for name, chosen in re.findall(r"\b([a-z]\w*)(?:\{([^}]*)\})?(?=[\[\s)]|$)", ungrouped):
        if name not in WORDS:
            yield name, set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", chosen))


@pytest.mark.parametrize("expression", list(expressions()))
def test_every_expression_asks_for_what_there_is(expression: str) -> None:
    known = labels_by_metric()
    named = list(selectors(expression))

    assert named
    for name, labels in named:
        assert name in known
        assert labels <= known[name] | EVERYWHERE
    for grouped in re.findall(r"by \(([^)]*)\)", expression):
        labels = {label.strip() for label in grouped.split(",")}
        assert all(labels <= known[name] | EVERYWHERE for name, _ in named)


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: str(alert["alert"]))
def test_every_alert_has_a_section_that_says_what_to_do(alert: dict[str, Any]) -> None:
    assert f"### {alert['alert']}\n" in OPERATIONS.read_text("utf-8")
    assert alert["annotations"]["runbook"] == f"docs/operations.md#{alert['alert'].lower()}"


def test_panels_do_not_overlap() -> None:
    taken = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels())
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
