"""The compose files, read as Compose reads them: anchors followed, the second file laid over the first."""

from pathlib import Path
from typing import Any, TypeAlias

import yaml

ROOT = Path(__file__).parents[2]
Service: TypeAlias = "dict[str, Any]"


def read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / name).read_text("utf-8"))
    return document


ONE_SERVER = read("docker-compose.yml")
SCALED = read("docker-compose.scale.yml")


def laid_over(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        return {key: laid_over(below.get(key), above.get(key)) for key in {**below, **above}}
    if isinstance(below, list) and isinstance(above, list):
        return [*below, *above]
    return below if above is None else above


SERVICES: dict[str, Service] = laid_over(ONE_SERVER["services"], SCALED["services"])
SECRETS: dict[str, dict[str, str]] = {**ONE_SERVER["secrets"], **SCALED["secrets"]}
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("carquery:")}
THEIRS = {name: service for name, service in SERVICES.items() if name not in OURS}


def secrets_of(service: Service) -> dict[str, str]:
    """Each secret of a service, and where it is shown there."""
    given = [secret if isinstance(secret, dict) else {"source": secret} for secret in service.get("secrets", [])]
    return {secret["source"]: secret.get("target", f"/run/secrets/{secret['source']}") for secret in given}
