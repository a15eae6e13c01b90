"""Files that a page sends in a form."""

from aiohttp import web

from carquery_emulators.kit.control import ControlRefused


async def parts_of(request: web.Request, what: str) -> list[web.FileField]:
    """The files of a form. Raises ControlRefused: there is none."""
    if not request.content_type.startswith("multipart/"):
        raise ControlRefused(f"multipart/form-data with one or more {what} is expected")
    parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
    if not parts:
        raise ControlRefused(f"none of the {what} is in the request")
    return parts
