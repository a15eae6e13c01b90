"""`carquery forms graph`: every form and step, in their order."""

import re

from typer.testing import CliRunner

from carquery.domain.forms.catalogue import FORMS
from carquery.entrypoints.cli import app


def graph() -> str:
    ended = CliRunner().invoke(app, ["forms", "graph"])
    assert ended.exit_code == 0
    return ended.stdout


def test_each_form_is_drawn_with_its_steps_in_order() -> None:
    drawn = re.findall(r"^        (\w+)\[", graph(), re.MULTILINE)

    assert drawn == [f"{form.service.value}_{step.name}" for form in FORMS.values() for step in form.steps]


def test_what_may_be_skipped_is_dashed() -> None:
    lines = graph().splitlines()

    assert "        sell_photos -.-> sell_name" in lines
    assert "        sell_name --> sell_phone" in lines
    assert "        sell_comment -.-> sell_summary" in lines


def test_options_stand_in_their_step() -> None:
    assert "Автомат<br/>Механика<br/>Робот<br/>Вариатор<br/>Не важно" in graph()
