"""MAX's addresses: those of the API, where files are brought to, and where they are had from."""

import hmac

from aiohttp import web

from carquery_emulators.kit.answers import ConnectionCut, ProxyPage, cut, proxy_page
from carquery_emulators.kit.own_pages import Handler
from carquery_emulators.max.api.asked import read_asked
from carquery_emulators.max.api.errors import MaxError, NotDoneAnswer, not_found, wrong_token
from carquery_emulators.max.api.max_api import MaxApi
from carquery_emulators.max.api.uploads import Uploads
from carquery_emulators.max.faults import Faults
from carquery_emulators.max.state import MaxState

UPLOAD_LIMIT = 50 * 1024 * 1024
"""Bytes. MAX takes more; this machine's memory need not."""


class MaxServer:
    """Speaks HTTP for a MaxApi; any other token than its own is refused with 401."""

    def __init__(self, api: MaxApi, state: MaxState, faults: Faults) -> None:
        self._api = api
        self._state = state
        self._files = Uploads(state, faults)

    def routes(self) -> list[web.RouteDef]:
        routes = []
        for method in self._api.methods:
            verb, _, path = method.partition(" ")
            routes.append(web.route(verb, path, self._calling(method)))
        return [
            *routes,
            web.post("/upload/{slot}", self._files.upload),
            web.get("/files/{token}", self._files.download, allow_head=False),
        ]

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        """Whatever has no route."""
        return _refusal(not_found("Path") if self._is_known(request) else wrong_token())

    def _calling(self, method: str) -> Handler:
        async def call(request: web.Request) -> web.StreamResponse:
            if not self._is_known(request):
                return _refusal(wrong_token())
            try:
                answer = await self._api.call(method, await read_asked(request))
            except MaxError as refused:
                return _refusal(refused)
            except NotDoneAnswer as refused:
                answer = refused.to_json()
            except ProxyPage:
                return proxy_page()
            except ConnectionCut:
                return cut(request)
            return web.json_response(answer)

        return call

    def _is_known(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), self._state.token.encode())


def _refusal(refused: MaxError) -> web.StreamResponse:
    headers = {} if refused.retry_after is None else {"Retry-After": str(refused.retry_after)}
    return web.json_response(refused.to_json(), status=refused.status, headers=headers)
