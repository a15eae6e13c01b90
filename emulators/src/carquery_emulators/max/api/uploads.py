"""Where a bot brings files, and where it gets those of customers."""

from aiohttp import web

from carquery_emulators.kit.answers import cut
from carquery_emulators.kit.json_types import Json
from carquery_emulators.max.api.asked import MaxRequest
from carquery_emulators.max.api.errors import bad_payload
from carquery_emulators.max.faults import DOWNLOAD, UPLOAD, Faults
from carquery_emulators.max.files import FileKind, UrlExpired
from carquery_emulators.max.state import MaxState

_KINDS: dict[str, FileKind] = {"image": "image", "video": "video", "audio": "audio", "file": "file"}
_TOLD_BEFORE = frozenset({"video", "audio"})
"""Of these the token comes with the address, and the upload is answered with XML."""
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<retval>1</retval>'


class Uploads:
    def __init__(self, state: MaxState, faults: Faults) -> None:
        self._state = state
        self._faults = faults

    async def new_slot(self, asked: MaxRequest) -> Json:
        """Raises MaxError: no such type."""
        kind = _KINDS.get(asked.needed("type"))
        if kind is None:
            raise bad_payload("type: must be image, video, audio or file")
        slot = f"slot{self._state.new_number():06d}"
        body: Json = {"url": f"{self._state.host}/upload/{slot}"}
        if kind in _TOLD_BEFORE:
            file = self._state.files.add(b"", kind)
            self._state.slots[slot] = file
            return {**body, "token": file.token}
        self._state.slots[slot] = kind
        return body

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The multipart form's field `data`; one file to an address."""
        if (fault := self._faults.take(UPLOAD)) is not None:
            return cut(request) if fault.how in {"drop", "refuse"} else web.Response(status=500)
        slot = self._state.slots.pop(request.match_info["slot"], None)
        if slot is None:
            return web.Response(status=404)
        form = await request.post()
        part = form.get("data")
        if not isinstance(part, web.FileField):
            return web.Response(status=400)
        content = part.file.read()
        if not isinstance(slot, str):
            return web.Response(text=_XML, content_type="application/xml")
        file = self._state.files.add(content, _KINDS[slot], name=part.filename, mime_type=part.content_type)
        if slot == "image":
            return web.json_response({"photos": {f"key{file.number}": {"token": file.token}}})
        return web.json_response({"token": file.token})

    async def download(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.take(DOWNLOAD)
        if fault is not None and fault.how in {"drop", "refuse"}:
            return cut(request)
        if fault is not None:
            return web.Response(status=403 if fault.how == "expired" else 500)
        try:
            address, expires = int(request.query.get("r", "")), int(request.query.get("expires", ""))
            file = self._state.files.at(request.match_info["token"], address, expires)
        except (UrlExpired, ValueError):
            return web.Response(status=403, text="URL expired")
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file.mime_type)
