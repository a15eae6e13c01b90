"""The Bot API's addresses: `/bot{token}/{method}` and `/file/bot{token}/{path}`."""

from aiohttp import web

from carquery_emulators.kit.answers import ConnectionCut, ProxyPage, cut, proxy_page
from carquery_emulators.telegram.api.bot_api import BotApi
from carquery_emulators.telegram.api.errors import BotApiError
from carquery_emulators.telegram.api.parameters import read_parameters
from carquery_emulators.telegram.faults import DOWNLOAD, Faults
from carquery_emulators.telegram.files import Files

UPLOAD_LIMIT = 50 * 1024 * 1024  # bytes. Source: Bot API, «Sending files»


class BotApiServer:
    """Speaks HTTP for a BotApi; any other token than its own is refused with 401."""

    def __init__(self, api: BotApi, files: Files, faults: Faults, *, token: str) -> None:
        self._api = api
        self._files = files
        self._faults = faults
        self._token = token

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/bot{token}/{method}", self._call, allow_head=False),
            web.post("/bot{token}/{method}", self._call),
            web.get("/file/bot{token}/{path:.+}", self._download, allow_head=False),
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._token:
            return _refusal(BotApiError(401, "Unauthorized"))
        try:
            parameters = await read_parameters(request)
            result = await self._api.call(request.match_info["method"], parameters)
        except BotApiError as refused:
            return _refusal(refused)
        except ProxyPage:
            return proxy_page()
        except ConnectionCut:
            return cut(request)
        return web.json_response({"ok": True, "result": result})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._token:
            return _refusal(BotApiError(401, "Unauthorized"))
        fault = self._faults.take(DOWNLOAD)
        if fault is not None and fault.how in {"drop", "refuse"}:
            return cut(request)
        if fault is not None:
            return _refusal(BotApiError(500, "Internal Server Error"))
        file = self._files.at(request.match_info["path"])
        if file is None:
            return _refusal(BotApiError(404, "Not Found"))
        return web.Response(body=file.content, content_type=file.mime_type or "application/octet-stream")


def _refusal(refused: BotApiError) -> web.StreamResponse:
    headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after is not None else {}
    return web.json_response(refused.to_json(), status=refused.code, headers=headers)
