"""The client goes where it is told, once, and takes nothing from the environment."""

import pytest
from aiohttp import web
from openai import AsyncOpenAI

from carquery.adapters.openai.client import OFFICIAL_API, open_client
from carquery.application.ports.classifier import ClassifierFailed, Trouble
from carquery_emulators.openai import OpenAiEmulator
from tests.adapters.openai.asking import KEY, MODEL, asking, served
from tests.patience import patience

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def foreign_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the library and its HTTP client would read."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, NOBODY)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-foreign")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-foreign")
    monkeypatch.setenv("OPENAI_BASE_URL", NOBODY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-foreign")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-foreign")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Foreign: foreign\nAuthorization: Bearer sk-foreign")


@pytest.mark.usefixtures("foreign_environment")
async def test_nothing_of_the_environment_is_sent() -> None:
    seen: list[dict[str, str]] = []

    async def note(request: web.Request) -> web.Response:
        seen.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response(status=500)

    async with (
        served(note) as base_url,
        open_client(api_key=KEY, base_url=base_url, timeout_seconds=patience()) as client,
    ):
        with pytest.raises(ClassifierFailed):
            await asking(client, MODEL).classify("продаю камри")

    (headers,) = seen
    assert headers["authorization"] == f"Bearer {KEY}"
    assert "foreign" not in str(headers)
    assert not {"openai-organization", "openai-project", "x-foreign"} & headers.keys()


@pytest.mark.usefixtures("foreign_environment")
async def test_a_proxy_of_the_environment_is_not_used(openai: OpenAiEmulator, client: AsyncOpenAI) -> None:
    await asking(client, MODEL).classify("продаю камри")

    assert len(openai.journal) == 1


@pytest.mark.usefixtures("foreign_environment")
async def test_the_official_api_is_asked_unless_another_is_named() -> None:
    async with open_client(api_key=KEY, timeout_seconds=patience()) as client:
        assert str(client.base_url).rstrip("/") == OFFICIAL_API


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    """It would take key and message along."""
    seen: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async with (
        served(redirect) as base_url,
        open_client(api_key=KEY, base_url=base_url, timeout_seconds=patience()) as client,
    ):
        with pytest.raises(ClassifierFailed) as failed:
            await asking(client, MODEL).classify("продаю камри")

    assert failed.value.trouble is Trouble.UNAVAILABLE
    assert seen == ["/v1/chat/completions"]


async def test_it_is_closed_on_leaving(openai: OpenAiEmulator) -> None:
    async with open_client(api_key=openai.api_key, base_url=openai.base_url, timeout_seconds=patience()) as client:
        await asking(client, MODEL).classify("продаю камри")

    assert client.is_closed()
