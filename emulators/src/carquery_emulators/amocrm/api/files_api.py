"""The drive: a host of its own, on which files are uploaded part by part."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePath
from uuid import uuid4

from carquery_emulators.amocrm.account.rows import StoredFile
from carquery_emulators.amocrm.account.world import World
from carquery_emulators.amocrm.requests.answers import plain_json, problem
from carquery_emulators.amocrm.requests.batches import Batches
from carquery_emulators.amocrm.requests.call import ApiCall, Route
from carquery_emulators.kit.answers import Answer, Refused
from carquery_emulators.kit.json_types import Json

LARGEST_FILE = 314_572_800
LARGEST_PART = 131_072
"""Bytes. Source: API v4, uploading files; real sessions name this or 524288."""
SESSION_SECONDS = 24 * 3600


@dataclass(slots=True)
class _Session:
    """`parts`: those that have come."""

    id: str
    name: str
    size: int
    content_type: str
    user_id: int
    ends_at: float
    parts: list[bytes]

    @property
    def received(self) -> int:
        return sum(len(part) for part in self.parts)


class FilesApi:
    """Each part goes to an address of its own, which is good for one part."""

    def __init__(self, world: World, batches: Batches) -> None:
        self._world = world
        self._batches = batches
        self._sessions: dict[str, _Session] = {}

    def routes(self) -> Sequence[Route]:
        return (
            Route("POST", "/v1.0/sessions", self._open),
            Route("POST", "/v1.0/upload/{uuid}/{id}", self._upload),
            Route("GET", "/v1.0/files/{uuid}", self._get),
        )

    def _open(self, call: ApiCall) -> Answer:
        body = _checked(call.json())
        self._batches.refuse_poisoned(body)
        session = _Session(
            id=str(uuid4()),
            name=body["file_name"],
            size=body["file_size"],
            content_type=body.get("content_type") or "application/octet-stream",
            user_id=call.user_id,
            ends_at=self._world.exact_now() + SESSION_SECONDS,
            parts=[],
        )
        self._sessions[session.id] = session
        return plain_json(
            {
                "session_id": session.id,
                "upload_url": _address(call, session),
                "max_file_size": LARGEST_FILE,
                "max_part_size": LARGEST_PART,
            }
        )

    def _upload(self, call: ApiCall) -> Answer:
        session = self._sessions.get(call.names["uuid"])
        if session is None or session.ends_at < self._world.exact_now() or call.number("id") != len(session.parts):
            return problem(HTTPStatus.NOT_FOUND, "Upload session not found")
        if not call.body or len(call.body) > LARGEST_PART:
            return problem(HTTPStatus.BAD_REQUEST, f"A part must have 1 to {LARGEST_PART} bytes")
        if session.received + len(call.body) > session.size:
            return problem(HTTPStatus.BAD_REQUEST, "More bytes than the session was opened for")
        session.parts.append(call.body)
        if session.received < session.size:
            return plain_json({"session_id": session.id, "next_url": _address(call, session)})
        del self._sessions[session.id]
        return plain_json(_to_json(self._store(session), call.origin))

    def _get(self, call: ApiCall) -> Answer:
        file = self._world.files.get(call.names["uuid"])
        if file is None:
            return problem(HTTPStatus.NOT_FOUND, "File not found")
        return plain_json(_to_json(file, call.origin))

    def _store(self, session: _Session) -> StoredFile:
        file = StoredFile(
            uuid=str(uuid4()),
            version_uuid=str(uuid4()),
            name=session.name,
            content_type=session.content_type,
            content=b"".join(session.parts),
            created_at=self._world.now(),
            created_by=session.user_id,
        )
        self._world.files[file.uuid] = file
        self._world.changed("files")
        return file


def _address(call: ApiCall, session: _Session) -> str:
    """Where the next part goes, by the name by which the drive was asked."""
    return f"{call.origin}/v1.0/upload/{session.id}/{len(session.parts)}"


def _checked(body: object) -> Json:
    """What a session is asked for with. Raises Refused."""
    if not isinstance(body, dict):
        raise Refused(problem(HTTPStatus.BAD_REQUEST, "Invalid request body"))
    if not isinstance(body.get("file_name"), str) or not body["file_name"]:
        raise Refused(problem(HTTPStatus.BAD_REQUEST, "file_name is missing"))
    size = body.get("file_size")
    if not isinstance(size, int) or not 0 < size <= LARGEST_FILE:
        raise Refused(problem(HTTPStatus.BAD_REQUEST, f"file_size must be 1 to {LARGEST_FILE} bytes"))
    return body


def _to_json(file: StoredFile, origin: str) -> Json:
    address = f"{origin}/v1.0/files/{file.uuid}"
    kind = file.content_type.partition("/")[0]
    return {
        "uuid": file.uuid,
        "version_uuid": file.version_uuid,
        "name": file.name,
        "sanitized_name": file.name,
        "size": len(file.content),
        "type": kind if kind in {"image", "video", "audio"} else "file",
        "metadata": {"extension": PurePath(file.name).suffix.removeprefix("."), "mime_type": file.content_type},
        "is_trashed": False,
        "has_multiple_versions": False,
        "previews": [],
        "created_at": file.created_at,
        "created_by": {"id": file.created_by, "type": "user"},
        "updated_at": file.created_at,
        "_links": {
            "self": {"href": address},
            "download": {"href": f"{address}/download"},
            "download_version": {"href": f"{address}/versions/{file.version_uuid}/download"},
        },
    }
