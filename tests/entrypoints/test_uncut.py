"""Nothing of a table is left out on a narrow terminal."""

import pytest
from rich.console import Console

from carquery.adapters.checks import Finding, State
from carquery.entrypoints.checks.showing import findings_table

RESPONSIBLE = "AMOCRM_RESPONSIBLE_USER_ID"


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_a_variable_to_set_is_there_to_its_last_letter(columns: int) -> None:
    finding = Finding("responsible", "user 501 is gone", State.WRONG, RESPONSIBLE)
    console = Console(width=columns)

    with console.capture() as shown:
        console.print(findings_table([finding], title=""))

    cells = [line.split("│")[3].strip() for line in shown.get().splitlines() if line.startswith("│")]
    assert "".join(cells).endswith(RESPONSIBLE)
