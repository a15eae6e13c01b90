"""Who may use a server on this machine: programs, and its own pages; no other site that is open in the same browser.

Another site may have its name lead to 127.0.0.1 (DNS rebinding), or send what a form could send (CSRF).
Source: OWASP, «Cross-Site Request Forgery Prevention»; WHATWG, «Fetch Metadata».
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Middleware
from yarl import URL

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_READ_ONLY: Final = frozenset({"GET", "HEAD"})
_OWN_SITES: Final = frozenset({"same-origin", "none"})
_SENT_BY_OUR_PAGES: Final = ("application/json", "multipart/form-data")
"""A form can send the latter as well; its Origin gives it away."""


def own_pages_alone(below: str = "/") -> Middleware:
    """Refuse what comes from another site to the paths that begin so."""

    @web.middleware
    async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(below) and (refusal := _refusal(request)) is not None:
            return refusal
        return await handler(request)

    return refuse


def _refusal(request: web.Request) -> web.Response | None:
    if not _is_ours(f"http://{request.headers.get('Host', '')}", request):
        return _refused("this server is called 127.0.0.1 or localhost, with its own port", HTTPStatus.FORBIDDEN)
    if request.method in _READ_ONLY:
        return None
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if (origin is not None and not _is_ours(origin, request)) or (site is not None and site not in _OWN_SITES):
        return _refused("only pages of this server may change anything", HTTPStatus.FORBIDDEN)
    if request.method == "POST" and request.content_type not in _SENT_BY_OUR_PAGES:
        return _refused("Content-Type: application/json is expected", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return None


def _is_ours(address: str, request: web.Request) -> bool:
    try:
        named = URL(address)
    except ValueError:
        return False
    listens_at = None if request.transport is None else request.transport.get_extra_info("sockname")
    is_own_port = listens_at is not None and named.port == listens_at[1]
    return named.scheme == "http" and named.host in LOOPBACK_NAMES and is_own_port


def _refused(error: str, status: HTTPStatus) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)
