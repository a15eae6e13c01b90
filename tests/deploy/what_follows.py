"""What a form has by itself once it is on the menu: printed as JSON, by name, for the service that is named."""

import json
import sys

from carquery.adapters.memory.crm import MEMORY
from carquery.adapters.messenger.buttons import menu_buttons
from carquery.adapters.openai.prompt import INSTRUCTIONS, SCHEMA
from carquery.adapters.rules.classifier import RulesClassifier
from carquery.adapters.system.clock import SystemClock
from carquery.application.leads import crm_texts
from carquery.application.ports.leads_maintenance import LeadFigures
from carquery.application.screens import FormOffer, Menu, help_text, naming_services
from carquery.application.staff.texts import StaffTexts
from carquery.domain.forms.catalogue import FORMS, ON_THE_MENU
from carquery.domain.forms.form import Service
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.prefill import suggestions_of
from carquery.domain.source import read_deep_link
from carquery.entrypoints.health.metrics import Metrics
from tests.builders import ANNA, NOW, TODAY, a_reviewed_dialog


def what_follows(service: Service, message: str) -> dict[str, str]:
    """In the words of whoever meets it. `message`: what somebody writes freely who wants it."""
    form = FORMS[service]
    understood = RulesClassifier(SystemClock()).understand(message)
    suggested = suggestions_of(form, understood.entities, message, on=TODAY)
    lead = _a_lead(service)
    figures = LeadFigures(counts={(service, LeadStatus.PENDING): 2}, oldest_waiting=NOW)
    metrics = Metrics()
    metrics.show_leads(figures, oldest_seconds=0)
    return {
        "menu": _line([button.label for row in menu_buttons(ON_THE_MENU) for button in row], form.button),
        "greeting": naming_services(Menu.GREETING, ON_THE_MENU),
        "help": _line(help_text(ON_THE_MENU).splitlines(), form.wish.wants),
        "deep link": f"/start {service}__avito opens {read_deep_link(f'{service}__avito').service}",
        "free text": f"«{message}»: {understood.intent}, {understood.confidence}",
        "offer": FormOffer.PROMPT.format(wish=FORMS[understood.offered].wish.wants) if understood.offered else "",
        "suggestions": ", ".join(value.shown for value in suggested.values()),
        "models are told": _line(INSTRUCTIONS.replace(". ", ".\n").splitlines(), f"{service}:"),
        "models may answer": ", ".join(SCHEMA["properties"]["intent"]["enum"]),
        "deal": crm_texts.title(lead),
        "note": crm_texts.note(lead, MEMORY).splitlines()[0],
        "task": crm_texts.task(lead),
        "staff's figures": _line(StaffTexts(MEMORY).figures(figures, now=NOW).plain.splitlines(), form.title),
        "metrics": _line(metrics.exposed().decode().splitlines(), f'service="{service}",status="pending"'),
    }


def _a_lead(service: Service) -> Lead:
    return Lead.of(a_reviewed_dialog(service=service), customer=ANNA, reference=Reference("CQ-7K3M9X"), at=NOW)


def _line(lines: list[str], part: str) -> str:
    """The one with that in it; empty: there is none."""
    return next((line for line in lines if part in line), "")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(what_follows(Service(sys.argv[1]), sys.argv[2]), ensure_ascii=False))
