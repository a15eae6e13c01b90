"""What a text in a form is heard to be, with the built-in classifier: a line of data/stories/heard.jsonl each.

`at`: the form and the step, or `summary`; before it, each step has the good answer of `answers_by_step`. Then what is
expected: `corrects` (answers that are put right while the step still stands), `answers` (of this and other steps),
`next` (the step that is asked then), `asks_back` (the one reading that is offered), `keeps` (words for the manager;
empty: all was taken), `topics` (what is asked), or `heard` (what else it is).
"""

import json
from typing import Any

import pytest

from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.hearing.hear import hear
from carquery.domain.hearing.heard import AsksUs, Taken
from tests.builders import a_dialog, a_reviewed_dialog
from tests.stories.world import FOLDER, classifier

LINES = [json.loads(line) for line in (FOLDER / "heard.jsonl").read_text("utf-8").splitlines()]


def _standing(at: str) -> Dialog:
    service, _, step = at.partition(".")
    if step == "summary":
        return a_reviewed_dialog(service=Service(service))
    return a_dialog(service=Service(service), step=step)


@pytest.mark.parametrize("line", LINES, ids=lambda line: ascii(f"{line['at']} {line['typed']}"[:50]))
def test_a_text_is_heard_as_it_is_meant(line: dict[str, Any]) -> None:
    dialog = _standing(line["at"])

    heard = hear(dialog, line["typed"], classifier())

    if "heard" in line:
        assert type(heard).__name__ == line["heard"]
    if "topics" in line:
        assert isinstance(heard, AsksUs)
        assert list(heard.topics) == line["topics"]
    if not isinstance(heard, Taken):
        assert "heard" in line, f"heard as {heard}"
        return
    after = heard.dialog
    shown = {step: value.shown.replace("\u00a0", " ") for step, value in after.answers.items()}
    if "corrects" in line:
        assert (after.at, {step: shown.get(step) for step in line["corrects"]}) == (dialog.at, line["corrects"])
        assert "Исправили" in after.remark
        others = {step: value for step, value in after.answers.items() if step not in line["corrects"]}
        assert others == {step: value for step, value in dialog.answers.items() if step not in line["corrects"]}
    if "answers" in line:
        assert {step: shown.get(step) for step in line["answers"]} == line["answers"]
        assert set(after.answers) == {*dialog.answers, *line["answers"]}, "nothing else was taken"
    if "next" in line:
        assert (after.at or "summary") == line["next"]
    if "asks_back" in line:
        assert ([reading.shown for reading in after.readings], after.at) == ([line["asks_back"]], dialog.at)
    if line.get("keeps") == "":
        assert after.asides == dialog.asides
    elif "keeps" in line:
        assert any(line["keeps"] in text for _, text in after.lines)
