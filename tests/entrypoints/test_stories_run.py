"""`carquery stories run`: what it prints, and how it ends."""

import json
from pathlib import Path

from tests.entrypoints.command_line import Ended, carquery, carquery_afresh

GOOD = "- {id: good, start: sell, turns: [say: лада веста], expect: {form: sell, answers: {car_brand: Lada Vesta}}}\n"
DIFFERING = "- {id: differing, start: buy, turns: [say: лада веста], expect: {form: sell, lead: true}}\n"
MISTAKEN = "- {id: mistaken, turns: [sing: la la la]}\n"


def run(folder: Path, stories: str, *options: str) -> Ended:
    (folder / "told.yaml").write_text(stories, "utf-8")
    return carquery(folder, "stories", "run", "told.yaml", *options)


def test_stories_that_end_as_told_are_counted(tmp_path: Path) -> None:
    (tmp_path / "told.yaml").write_text(GOOD, "utf-8")

    ended = carquery_afresh(tmp_path, "stories", "run", "told.yaml")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "1 of 1 stories end as told\n", "")


def test_what_differs_is_said_and_the_rest_is_played(tmp_path: Path) -> None:
    ended = run(tmp_path, DIFFERING + GOOD)

    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout == "differing\n  form: buy, not sell\n  lead: false\n1 of 2 stories end as told\n"


def test_a_machine_reads_json(tmp_path: Path) -> None:
    ended = run(tmp_path, GOOD + MISTAKEN + DIFFERING, "--json")

    mistake = "told.yaml:2: mistaken: turn 1: there is no «sing»; expected: "
    assert ended.returncode == 2
    assert ended.stderr.startswith(mistake)
    by_id = {row["id"]: row for row in json.loads(ended.stdout)}
    assert by_id["good"] == {"id": "good", "passed": True, "differed": []}
    assert by_id["differing"]["differed"] == ["form: buy, not sell", "lead: false"]
    assert not by_id["mistaken"]["passed"]
    assert by_id["mistaken"]["differed"][0].startswith(mistake)


def test_a_dealership_s_file_with_mistakes_is_said_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text("[dealership]\nnames = 'Ромашка'\n[faq.hours]\nanswer = 7\n", "utf-8")

    ended = run(tmp_path, GOOD, "--dealership", "ours.toml")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [
        "--dealership: ours.toml: [dealership] names: there is no such key; expected: name?",
        "--dealership: ours.toml: [faq.hours] answer: not a text; expected: up to 3000 characters",
    ]


def test_they_are_played_in_max_too(tmp_path: Path) -> None:
    ended = run(tmp_path, GOOD, "--channel", "max")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "1 of 1 stories end as told\n", "")


def test_what_cannot_be_played_is_one_line(tmp_path: Path) -> None:
    ended = carquery(tmp_path, "stories", "run", "none.yaml")

    said = "none.yaml: can't be read: no such file or directory; expected: a file of stories"
    assert (ended.returncode, ended.stderr) == (2, f"{said}\n")
