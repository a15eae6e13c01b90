"""`carquery amocrm login`, `check`, `fields`: what they say, what they leave behind, and how they end."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner, Result

from carquery.adapters.amocrm.config import FieldName
from carquery.adapters.amocrm.ports import CrmGrant
from carquery.adapters.sql.crm_gate import SqlCrmGate
from carquery.adapters.sql.crm_tokens import SqlCrmTokens
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.seal import Seal
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.crm import Closure
from carquery.domain.effects import CrmId, Effect
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.reason import Reason
from carquery.entrypoints.cli import app
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.builders import someone
from tests.entrypoints.leads_desk import a_desk
from tests.postgres_databases import a_postgres_database

T = TypeVar("T")

SECRET_KEY = "a secret key of the tests"
NOWHERE = "http://127.0.0.1:1"
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
NAMED = re.compile("«[^»]*»")
REPORTS = {"account", "token", "pipeline", "stage", "files"}


class Operator:
    """Somebody with a command line and an amoCRM account; both share one database file."""

    def __init__(self, amocrm: AmoCrmEmulator, portal: BlockingPortal, folder: Path) -> None:
        self.amocrm = amocrm
        self._portal = portal
        self._folder = folder
        self._url = f"sqlite:///{folder}/carquery.db"

    def runs(self, *arguments: str, **environment: str) -> Result:
        """`carquery amocrm …`, away from a terminal; no token is in what it prints."""
        environment = {"COLUMNS": "300"} | environment
        result = CliRunner().invoke(app, ["amocrm", *arguments], env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        for secret in ("eyJ", "def502", "client-secret"):
            assert secret not in result.output
        assert not CYRILLIC.search(NAMED.sub("", result.stderr))
        return result

    def logs_in(self) -> None:
        assert self.runs("login", "--code", self.amocrm.code()).exit_code == 0

    def grant(self, *keys: str) -> CrmGrant | None:
        """What is stored."""
        return self.in_database(lambda engine: SqlCrmTokens(engine, SystemClock(), Seal(keys)).load())

    def closes_the_gate(self) -> None:
        hour = timedelta(hours=1)
        self.in_database(lambda engine: _gate(engine).close(Reason("заблокировано"), shortest=hour, longest=hour))

    def closure(self) -> Closure | None:
        return self.in_database(lambda engine: _gate(engine).closure())

    def stored_bytes(self) -> bytes:
        """The database as it lies on the disk."""
        return b"".join(file.read_bytes() for file in self._folder.glob("carquery.db*"))

    def amocrm_goes_down(self) -> None:
        self._portal.call(self.amocrm.stop_listening)

    def in_database(self, work: Callable[[AsyncEngine], Awaitable[T]]) -> T:
        async def working() -> T:
            async with open_engine(self._url) as engine:
                return await work(engine)

        return asyncio.run(working())


def _gate(engine: AsyncEngine) -> SqlCrmGate:
    return SqlCrmGate(engine, SystemClock(), timedelta())


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """The account's server runs in a thread of its own: commands have their own event loop."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(AmoCrmEmulator()) as amocrm:
        settings = {
            "AMOCRM_MOCK_MODE": "false",
            "AMOCRM_BASE_URL": amocrm.base_url,
            "AMOCRM_CLIENT_ID": "client-id",
            "AMOCRM_CLIENT_SECRET": "client-secret",
            "AMOCRM_REDIRECT_URI": "https://example.org/amocrm",
            "SECRET_KEY": SECRET_KEY,
        }
        with a_desk(tmp_path, **settings):
            yield Operator(amocrm, portal, tmp_path)


def test_a_login_says_where_and_for_how_long_and_what_comes_next(operator: Operator) -> None:
    done = operator.runs("login", "--code", operator.amocrm.code())

    assert done.exit_code == 0
    assert f"Logged in to Компания ({operator.amocrm.base_url})." in done.stdout
    assert re.search(r"lasts until \d\d\.\d\d\.\d{4} \d\d:\d\d \(Moscow\) and is renewed by itself", done.stdout)
    assert done.stdout.endswith("Next: carquery amocrm check\n")
    assert done.stderr == ""
    grant = operator.grant(SECRET_KEY)
    assert grant is not None
    assert grant.base_url == operator.amocrm.base_url


def test_with_a_key_no_token_can_be_read_in_the_database(operator: Operator) -> None:
    operator.logs_in()

    grant = operator.grant(SECRET_KEY)
    assert grant is not None
    stored = operator.stored_bytes()
    for token in (grant.access_token, grant.refresh_token):
        assert token.encode() not in stored
    assert b"def502" not in stored
    assert b"fernet:" in stored


def test_without_a_key_the_login_warns_that_tokens_lie_in_the_open(operator: Operator) -> None:
    done = operator.runs("login", "--code", operator.amocrm.code(), SECRET_KEY="")

    assert done.exit_code == 0
    assert done.stderr == "SECRET_KEY is not set: the tokens are stored in the open.\n"
    grant = operator.grant()
    assert grant is not None
    assert grant.refresh_token.encode() in operator.stored_bytes()


def test_a_long_lived_token_that_goes_before_the_login_is_named(operator: Operator) -> None:
    token = operator.amocrm.long_lived_token()

    done = operator.runs("login", "--code", operator.amocrm.code(), AMOCRM_LONG_LIVED_TOKEN=token)

    assert done.exit_code == 0
    assert "AMOCRM_LONG_LIVED_TOKEN is set and goes before this login: unset it." in done.stderr


def test_another_login_replaces_the_one_before(operator: Operator) -> None:
    operator.logs_in()
    first = operator.grant(SECRET_KEY)
    operator.amocrm.revoke_tokens()

    operator.logs_in()

    assert operator.grant(SECRET_KEY) != first
    assert operator.runs("check").exit_code == 0


def test_the_domain_goes_before_the_settings(operator: Operator) -> None:
    done = operator.runs(
        "login", "--code", operator.amocrm.code(), "--domain", operator.amocrm.base_url, AMOCRM_BASE_URL=NOWHERE
    )

    assert done.exit_code == 0
    assert operator.amocrm.base_url in done.stdout


@pytest.mark.parametrize("domain", ["http://dealer.amocrm.ru", "https://u:p@dealer.amocrm.ru", "", "ftp://dealer"])
def test_a_domain_that_is_none_is_wrong_usage(operator: Operator, domain: str) -> None:
    done = operator.runs("login", "--code", "def", "--domain", domain)

    assert done.exit_code == 2
    assert "AMOCRM_BASE_URL" in done.stderr
    assert operator.grant(SECRET_KEY) is None


def test_a_code_that_was_used_ends_in_what_to_do(operator: Operator) -> None:
    code = operator.amocrm.code()
    operator.runs("login", "--code", code)
    before = operator.grant(SECRET_KEY)

    done = operator.runs("login", "--code", code)

    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr == "amoCRM: this code was used already: take a new one\n"
    assert operator.grant(SECRET_KEY) == before


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"AMOCRM_CLIENT_SECRET": "another"}, "AMOCRM_CLIENT_SECRET"),
        ({"AMOCRM_REDIRECT_URI": "https://example.org/other"}, "AMOCRM_REDIRECT_URI"),
        ({"AMOCRM_BASE_URL": NOWHERE}, "no connection"),
        ({"DATABASE_URL": "postgresql://carquery@127.0.0.1:1/carquery"}, "DATABASE_URL"),
    ],
)
def test_a_login_that_fails_says_where_to_look(operator: Operator, environment: dict[str, str], words: str) -> None:
    done = operator.runs("login", "--code", operator.amocrm.code(), **environment)

    assert done.exit_code == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_login_needs_a_code(operator: Operator) -> None:
    assert operator.runs("login").exit_code == 2


def test_a_login_needs_an_integration(operator: Operator) -> None:
    nothing = {"AMOCRM_CLIENT_ID": "", "AMOCRM_CLIENT_SECRET": "", "AMOCRM_REDIRECT_URI": ""}

    done = operator.runs("login", "--code", "def", AMOCRM_LONG_LIVED_TOKEN="a-token", **nothing)

    assert done.exit_code == 2
    assert "AMOCRM_CLIENT_ID, AMOCRM_CLIENT_SECRET, AMOCRM_REDIRECT_URI: missing" in done.stderr


@pytest.mark.parametrize("command", [("login", "--code", "def"), ("check",), ("fields",), ("fields", "--create")])
@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"AMOCRM_MOCK_MODE": "true"}, "AMOCRM_MOCK_MODE is on"),
        ({"AMOCRM_CLIENT_ID": "", "AMOCRM_CLIENT_SECRET": "", "AMOCRM_REDIRECT_URI": ""}, "AMOCRM"),
        ({"AMOCRM_CLIENT_SECRET": ""}, "AMOCRM_CLIENT_SECRET: missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY: too short"),
    ],
)
def test_settings_without_amocrm_are_wrong_usage(
    operator: Operator, command: tuple[str, ...], environment: dict[str, str], words: str
) -> None:
    done = operator.runs(*command, **environment)

    assert done.exit_code == 2
    assert words in done.stderr
    assert len(operator.amocrm.journal) == 0


def test_a_check_that_finds_all_well_shows_a_table(operator: Operator) -> None:
    operator.logs_in()

    done = operator.runs("check")

    assert done.exit_code == 0
    for words in ("account", "Компания (example)", "pipeline", "Продажи", "stage", "files", "photos can be attached"):
        assert words in done.stdout
    assert "renewed by itself" in done.stdout
    assert "wrong" not in done.stdout


def test_a_check_that_finds_something_wrong_says_what_to_do(operator: Operator) -> None:
    operator.logs_in()

    done = operator.runs("check", AMOCRM_PIPELINE_ID="5", AMOCRM_FIELD_VIN="6")

    assert done.exit_code == 1
    assert "wrong" in done.stdout
    assert "set AMOCRM_PIPELINE_ID to one of: " in done.stdout
    assert "run: carquery amocrm fields --create, or unset AMOCRM_FIELD_VIN" in done.stdout


def test_what_can_t_be_told_is_no_failure(operator: Operator) -> None:
    operator.logs_in()
    operator.amocrm.faults.add("403 scope", path="users")

    done = operator.runs("check", AMOCRM_RESPONSIBLE_USER_ID=str(operator.amocrm.world.admin))

    assert done.exit_code == 0
    assert "unknown" in done.stdout


def test_a_check_for_machines_is_one_json_document(operator: Operator) -> None:
    operator.logs_in()

    well, badly = operator.runs("check", "--json"), operator.runs("check", "--json", AMOCRM_STATUS_ID="5")

    found: list[dict[str, Any]] = json.loads(well.stdout)
    assert {finding["what"] for finding in found} == REPORTS
    assert all(finding["is_ok"] for finding in found)
    assert all(finding.keys() == {"what", "says", "is_ok", "remedy", "latency_ms"} for finding in found)
    assert all(finding["latency_ms"] >= 0 for finding in found)
    assert (well.exit_code, badly.exit_code) == (0, 1)
    assert [finding["what"] for finding in json.loads(badly.stdout) if finding["is_ok"] is False] == ["stage"]


def test_names_from_amocrm_are_shown_as_they_are(operator: Operator) -> None:
    operator.logs_in()
    pipeline = operator.amocrm.world.add_pipeline("[red]Выкуп[/]", ["Оценка"])

    done = operator.runs("check", AMOCRM_PIPELINE_ID=str(pipeline))

    assert "[red]Выкуп[/]" in done.stdout


def test_a_check_with_a_long_lived_token_needs_no_login(operator: Operator) -> None:
    done = operator.runs("check", AMOCRM_LONG_LIVED_TOKEN=operator.amocrm.long_lived_token())

    assert done.exit_code == 0


@pytest.mark.parametrize("command", [("check",), ("check", "--json"), ("fields",), ("fields", "--create")])
def test_without_a_login_each_command_names_it(operator: Operator, command: tuple[str, ...]) -> None:
    done = operator.runs(*command)

    assert done.exit_code == 1
    assert done.stdout == ""
    assert "carquery amocrm login --code" in done.stderr


def test_a_revoked_authorisation_names_the_login(operator: Operator) -> None:
    operator.logs_in()
    operator.amocrm.revoke_tokens()

    done = operator.runs("check")

    assert done.exit_code == 1
    assert "carquery amocrm login --code" in done.stderr


def test_tokens_sealed_with_another_key_are_told_as_such(operator: Operator) -> None:
    operator.logs_in()

    done = operator.runs("check", SECRET_KEY="another secret key")

    assert done.exit_code == 1
    assert "SECRET_KEY" in done.stderr


def test_amocrm_away_is_a_failure_in_one_line(operator: Operator) -> None:
    operator.logs_in()
    operator.amocrm_goes_down()

    done = operator.runs("check")

    assert done.exit_code == 1
    assert done.stderr == "amoCRM: no connection to amoCRM (ConnectionRefusedError)\n"


def test_who_may_not_make_fields_reads_amocrm_s_words(operator: Operator) -> None:
    operator.logs_in()
    operator.amocrm.faults.add("403 scope", method="POST", path="custom_fields")

    done = operator.runs("fields", "--create")

    assert done.exit_code == 1
    assert "Client doesn't have the required scope" in done.stderr


@pytest.mark.parametrize("command", ["check", "login"])
def test_a_closed_gate_keeps_nobody_out_who_repairs_it_and_success_opens_it(operator: Operator, command: str) -> None:
    operator.logs_in()
    operator.closes_the_gate()

    done = operator.runs("login", "--code", operator.amocrm.code()) if command == "login" else operator.runs("check")

    assert done.exit_code == 0
    assert operator.closure() is None


@pytest.mark.parametrize("command", [("check",), ("login", "--code", "wrong")])
def test_a_repair_that_fails_leaves_the_gate_closed(operator: Operator, command: tuple[str, ...]) -> None:
    operator.logs_in()
    operator.closes_the_gate()
    operator.amocrm.revoke_tokens()

    assert operator.runs(*command).exit_code == 1
    closure = operator.closure()
    assert closure is not None
    assert closure.reason == Reason("заблокировано")


def test_a_check_while_blocked_says_so_and_closes_the_gate(operator: Operator) -> None:
    operator.logs_in()
    operator.amocrm.faults.block()

    done = operator.runs("check")

    assert done.exit_code == 1
    assert "blocked our calls" in done.stderr
    assert operator.closure() is not None


def test_missing_fields_are_listed_with_the_command_that_makes_them(operator: Operator) -> None:
    operator.logs_in()
    vin = operator.amocrm.world.add_field("leads", "VIN", "text")

    done = operator.runs("fields", AMOCRM_FIELD_VIN=str(vin))

    assert done.exit_code == 0
    assert done.stdout == f"AMOCRM_FIELD_VIN={vin}\n"
    assert "# AMOCRM_FIELD_TELEGRAM: no field «Telegram» of contacts yet" in done.stderr
    assert "Make them with: carquery amocrm fields --create" in done.stderr


def test_fields_that_were_made_are_printed_as_settings_that_the_check_takes(operator: Operator) -> None:
    operator.logs_in()

    made = operator.runs("fields", "--create")
    variables = dict(line.split("=") for line in made.stdout.splitlines())
    again, shown = operator.runs("fields", "--create", "--json"), operator.runs("fields", "--json")
    checked = operator.runs("check", "--json", **variables)

    assert made.exit_code == 0
    assert made.stderr == ""
    assert set(variables) == {f"AMOCRM_FIELD_{name}" for name in FieldName}
    numbers = {name: int(number) for name, number in variables.items()}
    assert json.loads(again.stdout) == json.loads(shown.stdout) == numbers
    assert checked.exit_code == 0
    assert REPORTS | set(variables) == {finding["what"] for finding in json.loads(checked.stdout)}


@pytest.mark.postgres
def test_a_database_of_an_older_version_names_the_upgrade(operator: Operator, postgres_url: str) -> None:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(a_postgres_database(postgres_url, migrated=False)) as url,
    ):
        done = operator.runs("check", DATABASE_URL=url)

    assert done.exit_code == 1
    assert "carquery db upgrade" in done.stderr


def delivered_leads(operator: Operator) -> list[Lead]:
    """Two of them: the first has its deal, the second a number of none."""
    phones = ["+79160000001", "+79160000002"]
    contacts = [operator.amocrm.world.add_contact("Анна", [phone]) for phone in phones]
    now = SystemClock().now()

    async def storing(engine: AsyncEngine) -> list[Lead]:
        leads = SqlLeads(engine, SystemClock())
        deal = operator.amocrm.world.add_lead("Продажа CQ-000001", contacts[0])
        numbers = [deal, deal + 1_000]
        done: dict[str, Any] = {
            "status": LeadStatus.DELIVERED,
            "delivered_at": now,
            "created_at": now,
            "next_attempt_at": None,
        }
        return [
            await leads.add(someone(place, made={Effect.CONTACT: CrmId(contact), Effect.LEAD: CrmId(number)}, **done))
            for place, (contact, number) in enumerate(zip(contacts, numbers, strict=True), start=1)
        ]

    return operator.in_database(storing)


def test_reconcile_names_what_is_not_there_exactly_once(operator: Operator) -> None:
    operator.logs_in()
    _, missing = delivered_leads(operator)

    shown, as_json = operator.runs("reconcile"), operator.runs("reconcile", "--since", "2h", "--json")

    assert (shown.exit_code, as_json.exit_code) == (1, 1)
    assert shown.stdout == f"{missing.reference}: no deal in amoCRM\n2 leads delivered, 1 with exactly one deal.\n"
    wrong = [{"reference": missing.reference, "deals": 0}]
    assert json.loads(as_json.stdout) == {"leads": 2, "once": 1, "wrong": wrong}


def test_reconcile_of_nothing_is_well(operator: Operator) -> None:
    operator.logs_in()

    result = operator.runs("reconcile")

    assert (result.exit_code, result.stdout) == (0, "0 leads delivered, 0 with exactly one deal.\n")


def test_reconcile_takes_an_age(operator: Operator) -> None:
    result = operator.runs("reconcile", "--since", "a week")

    assert result.exit_code == 2
    assert "--since: «a week» is no age; expected: minutes, hours or days, such as 30m, 2h, 1d" in result.stderr
