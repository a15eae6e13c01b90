"""What the compose files promise: locked-down services, stores that nobody reaches, secrets that stay in files."""

import re
import subprocess
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from carquery.entrypoints.processes.running import DRAIN_SECONDS
from carquery.entrypoints.settings.settings import BotSettings
from tests.deploy.compose_files import ONE_SERVER, OURS, ROOT, SCALED, SECRETS, SERVICES, THEIRS, secrets_of

VARIABLES = {name.upper(): field for name, field in BotSettings.model_fields.items()}
ours = pytest.mark.parametrize("name", sorted(OURS))
each = pytest.mark.parametrize("name", sorted(SERVICES))


def test_the_services_are_those_that_the_documents_name() -> None:
    assert sorted(OURS) == ["bot", "migrate", "worker"]
    assert sorted(THEIRS) == ["load-balancer", "postgres", "redis"]


@ours
def test_only_variables_that_the_settings_have_are_set(name: str) -> None:
    assert {variable.removesuffix("_FILE") for variable in OURS[name]["environment"]} <= VARIABLES.keys()


@ours
def test_no_secret_is_written_out(name: str) -> None:
    secret = {variable for variable, field in VARIABLES.items() if "SecretStr" in str(field)}
    assert {"TELEGRAM_BOT_TOKEN", "DATABASE_URL", "SECRET_KEY", "WEBHOOK_SECRET"} <= secret

    assert not secret & OURS[name]["environment"].keys()


@each
def test_each_file_that_a_variable_names_is_a_secret_of_that_service(name: str) -> None:
    shown = secrets_of(SERVICES[name])
    named = {path for key, path in SERVICES[name].get("environment", {}).items() if key.endswith("_FILE")}

    assert named <= set(shown.values())
    assert shown.keys() <= SECRETS.keys()


def test_a_secret_that_can_be_made_is_made_for_every_variable_that_needs_one() -> None:
    given = {variable.removesuffix("_FILE") for variable in OURS["bot"]["environment"] if variable.endswith("_FILE")}

    assert given == {
        variable for variable, field in VARIABLES.items() if "SecretStr" in str(field) or field.annotation is SecretStr
    }


def test_nothing_is_taken_from_the_shell() -> None:
    for name in ("docker-compose.yml", "docker-compose.scale.yml"):
        assert not re.search(r"(?<!\$)\$\{?[A-Za-z_]", (ROOT / name).read_text("utf-8"))


@each
def test_images_are_pinned_by_a_tag(name: str) -> None:
    tag = SERVICES[name]["image"].partition(":")[2]

    assert re.search(r"\d", tag)
    assert "latest" not in tag


def test_our_image_carries_our_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    assert {service["image"] for service in OURS.values()} == {f"carquery:{version}"}
    assert f"\nARG VERSION={version}\n" in (ROOT / "Dockerfile").read_text("utf-8")


def test_no_port_is_published_but_the_load_balancer_s() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"load-balancer": ["443:8443"]}
    assert not [name for name, service in SERVICES.items() if service.get("network_mode") == "host"]


@pytest.mark.parametrize("store", ["postgres", "redis"])
def test_a_store_has_no_way_out(store: str) -> None:
    assert SERVICES[store]["networks"] == ["stores"]
    assert ONE_SERVER["networks"]["stores"] == {"internal": True}
    assert "load-balancer" not in {name for name, service in SERVICES.items() if "stores" in service["networks"]}


@each
def test_a_service_may_do_no_more_than_it_needs(name: str) -> None:
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert "/tmp" in service["tmpfs"]  # noqa: S108  # the container's
    assert service["user"] != "root" if name in THEIRS else "USER 10001:10001" in (ROOT / "Dockerfile").read_text()
    assert not [volume for volume in service.get("volumes", []) if "docker.sock" in str(volume)]


@each
def test_a_service_has_limits(name: str) -> None:
    assert {"mem_limit", "cpus", "pids_limit", "logging", "stop_grace_period"} <= SERVICES[name].keys()


@each
def test_a_service_comes_back_but_a_job_does_not(name: str) -> None:
    assert SERVICES[name]["restart"] == ("no" if name == "migrate" else "unless-stopped")


@ours
def test_what_is_in_hand_has_the_time_to_finish(name: str) -> None:
    seconds = int(OURS[name]["stop_grace_period"].removesuffix("s"))

    assert timedelta(seconds=seconds) > timedelta(seconds=DRAIN_SECONDS) + timedelta(seconds=10)


@pytest.mark.parametrize("name", ["bot", "worker"])
def test_the_processes_start_when_stores_are_healthy_and_migrations_done(name: str) -> None:
    assert {on: how["condition"] for on, how in OURS[name]["depends_on"].items()} == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }
    assert OURS["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_stores_outlive_their_containers() -> None:
    kept = {volume.split(":")[0] for store in ("postgres", "redis") for volume in SERVICES[store]["volumes"]}

    assert kept == set(ONE_SERVER["volumes"]) == {"postgres-data", "redis-data"}
    command = SERVICES["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"


def test_a_full_redis_refuses_before_the_system_ends_it() -> None:
    command = SERVICES["redis"]["command"]
    most, limit = command[command.index("--maxmemory") + 1], SERVICES["redis"]["mem_limit"]

    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert 2 * int(most.removesuffix("mb")) <= int(limit.removesuffix("m"))


def test_no_bot_starts_on_a_restored_database_before_its_leads_are_in_doubt() -> None:
    """A recipe is pasted line by line, also where nobody can answer a question."""
    recipes = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "operations.md").read_text("utf-8"), re.DOTALL)
    (restoring,) = (recipe for recipe in recipes if "pg_restore" in recipe)
    starts = [line for line in restoring.partition("pg_restore")[2].splitlines() if " up " in line]

    assert starts
    assert all(re.search(r"leads doubt --yes && .* up ", line) for line in starts)


def test_scaling_out_is_three_bots_by_webhook_and_two_workers() -> None:
    assert SERVICES["bot"]["deploy"]["replicas"] == 3
    assert SERVICES["bot"]["environment"]["BOT_MODE"] == "webhook"
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    assert ONE_SERVER["services"]["worker"]["deploy"]["replicas"] == 0
    assert SCALED["services"].keys() <= {"bot", "worker", "load-balancer"}


def test_the_load_balancer_asks_the_replicas_where_they_listen() -> None:
    conf = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    environment = SERVICES["bot"]["environment"]

    assert "set $replicas bot;" in conf
    for messenger in ("", "MAX_"):
        assert f"proxy_pass http://$replicas:{environment[f'{messenger}WEBHOOK_PORT']};" in conf
        assert environment[f"{messenger}WEBHOOK_HOST"] == "0.0.0.0"  # noqa: S104  # the load balancer is another host


def test_every_secret_s_file_is_made_and_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make = ["sh", str(ROOT / "scripts/make_secrets.sh"), str(folder)]
    subprocess.run(make, check=True, capture_output=True)  # noqa: S603  # ours
    made = {file.name: file.read_text() for file in folder.iterdir() if file.is_file()}
    subprocess.run(make, check=True, capture_output=True)  # noqa: S603

    named = {Path(secret["file"]).name for secret in SECRETS.values() if secret["file"].startswith("./secrets/")}
    assert made.keys() == named | {".gitignore"}
    assert made == {file.name: file.read_text() for file in folder.iterdir() if file.is_file()}
    assert made["redis_conf"].split()[1] in made["redis_url"]
    assert made["postgres_password"] in made["database_url"]
    assert folder.stat().st_mode & 0o077 == 0


def test_what_is_made_is_what_the_settings_take(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    subprocess.run(["sh", str(ROOT / "scripts/make_secrets.sh"), str(folder)], check=True, capture_output=True)  # noqa: S603, S607
    read = {name: (folder / name).read_text() for name in ("database_url", "redis_url", "secret_key", "webhook_secret")}

    settings = BotSettings(telegram_bot_token=SecretStr("1:A"), **read)  # type: ignore[arg-type]  # checked by pydantic

    assert settings.webhook_secret is not None
    assert settings.secret_keys == (read["secret_key"],)


def test_files_that_settings_name_are_shown_to_each_of_ours_and_their_folder_is_made(tmp_path: Path) -> None:
    subprocess.run(["sh", str(ROOT / "scripts/make_secrets.sh"), str(tmp_path)], check=True, capture_output=True)  # noqa: S603, S607

    assert {str(service["volumes"]) for service in OURS.values()} == {"['./secrets/files:/etc/carquery:ro']"}
    assert (tmp_path / "files").is_dir()


def test_an_upgrade_makes_the_secrets_that_the_new_version_names_before_it_uses_them() -> None:
    steps = (ROOT / "docs/operations.md").read_text("utf-8").partition("\n## Upgrade\n")[2].partition("```sh\n")[2]

    assert [step.split("#")[0].strip() for step in steps.splitlines()[:3]] == [
        "git pull",
        "sh scripts/make_secrets.sh",
        "docker compose build",
    ]
