"""Every command that a document shows can be typed as it stands there: each is run, on a database of its own.

What a document leaves to its reader (a file, a reference, a code) is filled in.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from anyio.from_thread import start_blocking_portal
from typer.testing import CliRunner

from carquery.domain.ids import CustomerId, Reference
from carquery.entrypoints.cli import app
from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests.deploy.compose_files import ROOT
from tests.deploy.documents import DOCUMENTS, commands, for_carquery
from tests.e2e.admin_chat import ADMIN_CHAT
from tests.entrypoints.leads_desk import a_desk, a_failed_lead

REFERENCE: Final = "CQ-7K3M9X"
CUSTOMER: Final = CustomerId.read("telegram:123")
LABELLED: Final = "mine.jsonl"
WEIGHTS: Final = "mine.weights"
STORIES: Final = "told.yaml"
STORY: Final = "- {id: told, start: sell, turns: [say: лада веста], expect: {form: sell}}\n"
CODE: Final = "the code that amoCRM shows"

FILLED_IN: Final = (
    (r"CQ-…", REFERENCE),
    (r"(?<=--code )\S+", f"'{CODE}'"),
    (r"(?<=^read mask )…", "'позвоните Анне, 8 916 123-45-67'"),
    (r"(?<=^read )STEP what was typed", "phone 8 916 123-45-67"),
    (r"(?<=^ai eval )FILE|(?<=^ai label )FILE|(?<=--add )(FILE|…)", LABELLED),
    (r"(?<=--out )FILE", WEIGHTS),
    (r"(?<=^stories run )FILE…", STORIES),
    (r"^leads …", "leads list"),
)
"""What stands for something, and what it stands for here."""

GIVEN: Final[Mapping[str, str]] = {
    "--install-completion": "bash",
    "ai eval": LABELLED,
    "ai label": LABELLED,
    "amocrm login": f"--code '{CODE}'",
    "db downgrade": "0018",
    "leads erase": REFERENCE,
    "leads resubmit": REFERENCE,
    "leads show": REFERENCE,
    "read": "price 850к",
    "stories run": STORIES,
}
"""Where a document only names a command: what it needs, or would find out of the shell that it is typed into."""

NOBODY_IS_ASKED: Final = ("db downgrade", "leads doubt", "leads erase", "leads resubmit")
"""They ask whoever types them; here nobody is."""

OF_STORIES: Final = "--dealership tests/data/stories/dealership.toml"
RUN_ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "bot": (
        "serves until a signal",
        "e2e/test_process.py::test_the_bot_registers_its_commands_and_drains_on_sigterm",
    ),
    "bot --delete-webhook": (
        "serves until a signal",
        "e2e/test_webhook.py::test_polling_takes_over_from_a_webhook_when_told_to",
    ),
    "worker": (
        "serves until a signal",
        "e2e/test_amocrm.py::test_a_worker_delivers_beside_a_bot_and_drains_on_sigterm",
    ),
    "play": ("serves until Ctrl-C", "e2e/test_process.py::test_the_playground_is_served_until_ctrl_c"),
    "ai train": (
        "learns for a minute; what ships was learned so",
        "adapters/rules/test_learned.py::test_the_weights_that_ship_come_from_the_messages_that_ship",
    ),
    f"ai train --add {LABELLED} --out {WEIGHTS}": (
        "learns for a minute",
        "adapters/rules/test_learned.py::test_what_is_written_is_read_again",
    ),
    f"stories run tests/data/stories/conversations.yaml {OF_STORIES}": (
        "plays 70, which are played already, to that dealership",
        "stories/test_stories.py::test_a_conversation_ends_as_it_should",
    ),
}
"""By command: why it is not run here, and the test that holds it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where an operator types, with a Telegram and an amoCRM that answer."""

    amocrm: AmoCrmEmulator
    environment: Mapping[str, str]


@pytest.fixture(scope="module")
def surroundings() -> Iterator[Surroundings]:
    """Emulators in a thread of their own: commands have their own event loop."""
    # each command is an installation of its own, whose calls keep to amoCRM's limit; all of them together don't
    amocrm, telegram = AmoCrmEmulator(requests_per_second=1_000), TelegramEmulator(delay_scale=0)
    telegram.group(ADMIN_CHAT)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(amocrm),
        portal.wrap_async_context_manager(telegram),
    ):
        settings = {
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_BASE": telegram.base_url,
            "AMOCRM_MOCK_MODE": "false",
            "AMOCRM_BASE_URL": amocrm.base_url,
            "AMOCRM_LONG_LIVED_TOKEN": amocrm.long_lived_token(),
            "AMOCRM_CLIENT_ID": "client-id",
            "AMOCRM_CLIENT_SECRET": "client-secret",
            "AMOCRM_REDIRECT_URI": "https://example.org/amocrm",
            "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "yes",
            "SECRET_KEY": "a secret key of the tests",
        }
        yield Surroundings(amocrm, settings)


def alternatives(told: str) -> list[str]:
    """«report funnel|topics»: both of them."""
    words = [word.split("|") for word in re.sub(r"[\[\]]", "", told).split(" ")]
    return [" ".join(chosen) for chosen in product(*words)]


def filled_in(told: str) -> str:
    """What is typed where a document says this."""
    for pattern, by in FILLED_IN:
        told = re.sub(pattern, by, told)
    return f"{told} {GIVEN[told]}" if told in GIVEN else told


def documented() -> list[str]:
    """What `carquery` is told by any document, each once."""
    told = (for_carquery(words) for path in DOCUMENTS for words in commands(path.read_text("utf-8")))
    each = (one for words in told if words and words != ["…"] for one in alternatives(" ".join(words)))
    return sorted(set(map(filled_in, each)))


DOCUMENTED: Final = documented()


@pytest.mark.parametrize("typed", [one for one in DOCUMENTED if one not in RUN_ELSEWHERE])
def test_it_does_what_the_document_says(typed: str, surroundings: Surroundings, tmp_path: Path) -> None:
    (tmp_path / LABELLED).write_text('{"text": "продаю камри", "intent": "sell"}\n', "utf-8")
    (tmp_path / STORIES).write_text(STORY, "utf-8")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    words = shlex.split(typed) + ["--yes"] * (typed.startswith(NOBODY_IS_ASKED) and "--yes" not in typed)
    with a_desk(tmp_path, HOME=str(tmp_path), **surroundings.environment) as leads:
        leads.has(a_failed_lead(reference=Reference(REFERENCE), customer=CUSTOMER))
        ended = CliRunner().invoke(app, [surroundings.amocrm.code() if word == CODE else word for word in words])

    assert ended.exit_code == 0, ended.output


@pytest.mark.parametrize("typed", RUN_ELSEWHERE)
def test_what_is_not_run_here_is_documented_and_has_a_test(typed: str) -> None:
    _, test = RUN_ELSEWHERE[typed]
    path, _, name = test.partition("::")

    assert typed in DOCUMENTED
    assert f"def {name}(" in (ROOT / "tests" / path).read_text("utf-8")
