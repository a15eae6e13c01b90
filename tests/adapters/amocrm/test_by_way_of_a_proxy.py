"""amoCRM is reached the way that the environment says."""

import pytest

from tests.adapters.amocrm.connecting import ACCOUNT, a_client, a_server, answering, says
from tests.proxies import Kind, a_proxy

FINE = says(200, {"id": 1}, "application/hal+json")
NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, *map(str.upper, NAMES)):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, kind: Kind, variable: str) -> None:
    async with a_proxy(kind) as proxy, a_server(answering(FINE)) as server, a_client(server.base_url) as client:
        monkeypatch.setenv(variable, proxy.url())

        assert await client.read(ACCOUNT) == {"id": 1}
        assert proxy.passed == 1


async def test_a_proxy_need_not_say_that_it_speaks_http(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_proxy("http") as proxy, a_server(answering(FINE)) as server, a_client(server.base_url) as client:
        monkeypatch.setenv("HTTP_PROXY", proxy.url().removeprefix("http://"))

        assert await client.read(ACCOUNT) == {"id": 1}
        assert proxy.passed == 1


@pytest.mark.parametrize("elsewhere", [{"HTTPS_PROXY": "{}"}, {"HTTP_PROXY": "{}", "NO_PROXY": "amocrm.ru, 127.0.0.1"}])
async def test_a_proxy_for_others_is_not(monkeypatch: pytest.MonkeyPatch, elsewhere: dict[str, str]) -> None:
    async with a_proxy("http") as proxy, a_server(answering(FINE)) as server, a_client(server.base_url) as client:
        for name, value in elsewhere.items():
            monkeypatch.setenv(name, value.format(proxy.url()))

        assert await client.read(ACCOUNT) == {"id": 1}
        assert proxy.passed == 0
