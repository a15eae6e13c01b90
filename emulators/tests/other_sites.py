"""What a site that is open in the same browser might send to a server on this machine."""

from collections.abc import Mapping

from aiohttp import ClientSession

ANOTHER_NAME: list[Mapping[str, str]] = [
    {"Host": "evil.example"},
    {"Host": "evil.example:PORT"},
    {"Host": "127.0.0.1.evil.example:PORT"},
    {"Host": "localhost"},
    {"Host": "127.0.0.1:1"},
    {"Host": "[::2]:PORT"},
    {"Host": "127.0.0.1:PORT@evil.example"},
    {"Host": ""},
    {"Host": "0.0.0.0:PORT"},
]
"""Headers of a request to a name that leads here, but is not the server's. `PORT` stands for the server's own."""

ANOTHER_SITE: list[Mapping[str, str]] = [
    {"Origin": "http://evil.example"},
    {"Origin": "https://127.0.0.1:PORT"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://localhost"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://127.0.0.1:PORT", "Sec-Fetch-Site": "cross-site"},
]
"""Headers of a request that another site's page makes."""

OF_A_FORM = ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream"]
"""Types of content that a page may send anywhere without asking first."""


def headers_of_its_own(address: str, name: str) -> Mapping[str, str]:
    """The headers that a page sends which the server itself has served by that name."""
    here = address.replace("127.0.0.1", name)
    return {"Origin": here, "Host": here.removeprefix("http://"), "Sec-Fetch-Site": "same-origin"}


async def status_of(
    address: str, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> int:
    """Ask, with a body of bytes if it is given and of JSON if not, and return the status that is answered."""
    port = address.rpartition(":")[2]
    sent = {name: value.replace("PORT", port) for name, value in (headers or {}).items()}
    content = {"data": body} if body is not None else {"json": {"first_name": "Анна"}} if method != "GET" else {}
    async with ClientSession() as http, http.request(method, f"{address}{path}", headers=sent, **content) as answer:
        return answer.status
