"""`carquery forms graph`: the forms as a picture, from the forms themselves."""

from collections.abc import Iterator
from datetime import date

import typer

from carquery.adapters.system.clock import SystemClock
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Form
from carquery.domain.moscow import MOSCOW
from carquery.domain.steps import Step


def graph_command() -> None:
    """Print a Mermaid flowchart: each step with its options, in order; what may be skipped is dashed."""
    today = SystemClock().now().astimezone(MOSCOW).date()
    lines = ["flowchart LR"]
    for form in FORMS.values():
        lines += _drawn(form, today)
    typer.echo("\n".join(lines))


def _drawn(form: Form, today: date) -> Iterator[str]:
    name = form.service.value
    yield f'    subgraph {name}["{_quoted(form.title)}"]'
    yield "        direction LR"
    for number, step in enumerate(form.steps, 1):
        options = [_quoted(option.shown) for option in step.kind.options(today)]
        yield f'        {name}_{step.name}["{"<br/>".join((f"<b>{number}. {_quoted(step.title)}</b>", *options))}"]'
    yield f'        {name}_summary(["Проверка и отправка"])'
    places = [f"{name}_{step.name}" for step in form.steps] + [f"{name}_summary"]
    for step, place, following in zip(form.steps, places, places[1:], strict=False):
        yield f"        {place} {_arrow(step)} {following}"
    yield "    end"


def _arrow(step: Step) -> str:
    return "-.->" if step.optional else "-->"


def _quoted(text: str) -> str:
    """As Mermaid wants what would end a label."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
