"""Ways to fail."""

from dataclasses import dataclass
from typing import Final

from tests.switch import Line

START: Final = "at the start"
MID_WORK: Final = "in mid-work"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to fail. `ends`: when the process ends for it, for waiting would change nothing."""

    name: str
    line: Line = Line.PASSES
    words: bytes = b""
    ends: frozenset[str] = frozenset()


def _http(status: str, content_type: str, body: str) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()


def _page(status: str) -> bytes:
    return _http(status, "text/html", "<h1>nginx</h1>\r\n")


def _json(status: str, body: str) -> bytes:
    return _http(status, "application/json", body)


_NO_TOKEN: Final = '{"ok":false,"error_code":401,"description":"Unauthorized"}'
_NO_LOGIN: Final = '{"title":"Unauthorized","type":"https://httpstatus.es/401","status":401,"detail":"wrong token"}'
_NO_KEY: Final = '{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}'
_NO_PASSWORD: Final = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0\0"
_AT_START: Final = frozenset({START})

REFUSES: Final = Way("refuses", Line.REFUSES)
HANGS: Final = Way("hangs", Line.HANGS)
RESETS: Final = Way("resets", Line.CUTS)
PAGE: Final = Way("502 page", Line.SAYS, _page("502 Bad Gateway"))
NONSENSE: Final = Way("nonsense", Line.SAYS, _json("200 OK", "null"))
SIGN_IN: Final = Way("nonsense", Line.SAYS, _http("200 OK", "text/html", "<html>\n"))
HTTP: Final = (REFUSES, HANGS, RESETS, PAGE, NONSENSE)
STORE: Final = (REFUSES, HANGS, RESETS, SIGN_IN)

NO_TOKEN: Final = Way("denied", Line.SAYS, _json("401 Unauthorized", _NO_TOKEN), frozenset({START, MID_WORK}))
NO_SOCKS: Final = Way("denied", Line.SAYS, b"\x05\xff")
NO_PROXY: Final = Way("denied", Line.SAYS, b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
NO_REDIS: Final = Way("denied", Line.SAYS, b"-NOAUTH Authentication required.\r\n" * 4, _AT_START)
NO_POSTGRES: Final = Way(
    "denied", Line.SAYS, b"E" + (len(_NO_PASSWORD) + 4).to_bytes(4, "big") + _NO_PASSWORD, _AT_START
)
NO_LOGIN: Final = Way("denied", Line.SAYS, _json("401 Unauthorized", _NO_LOGIN))
NO_KEY: Final = Way("denied", Line.SAYS, _json("401 Unauthorized", _NO_KEY))
BLOCKED: Final = Way("403 page", Line.SAYS, _page("403 Forbidden"))
UNPAID: Final = Way("402", Line.SAYS, _page("402 Payment Required"))
LOCKED: Final = Way("locked")
READ_ONLY: Final = Way("read-only")
