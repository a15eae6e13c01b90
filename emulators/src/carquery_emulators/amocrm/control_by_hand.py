"""What salespeople do by hand, in the control API: `POST /control/leads/{id}/{act}`, `…/contacts/{id}/merge`."""

from collections.abc import Callable, Mapping
from typing import Final

from aiohttp import web

from carquery_emulators.amocrm.account.salesperson import NotDone, Salesperson
from carquery_emulators.amocrm.account.world import World
from carquery_emulators.kit.control import ControlRefused, checked, done, read_body, read_number
from carquery_emulators.kit.json_types import Json

ACTS: Final[Mapping[str, Callable[[Salesperson, int, Json], None]]] = {
    "call": lambda who, lead, body: who.call(lead, on_contact=body.get("on_contact") is True),
    "write": lambda who, lead, _: who.write(lead),
    "note": lambda who, lead, body: who.note(lead, str(body.get("text", "Позвонил клиенту"))),
    "complete": lambda who, lead, body: who.complete_tasks(lead, str(body.get("result", ""))),
    "move": lambda who, lead, body: who.move(lead, _number(body, "status"), _optional(body, "pipeline")),
    "close": lambda who, lead, body: who.close(lead, is_won=body.get("won", True) is True),
    "hand_over": lambda who, lead, body: who.hand_over(lead, _number(body, "to")),
    "delete": lambda who, lead, _: who.delete(lead),
    "merge": lambda who, lead, body: who.merge(lead, _number(body, "into")),
    "customer": lambda who, lead, body: who.hear_of(str(body.get("kind", "incoming_call")), lead),
}
"""By name, with what the body says; `user` in it is who does it, else the first who is no administrator."""


def by_hand_routes(world: World) -> list[web.RouteDef]:
    """Routes under `/control`."""
    by_hand = _ByHand(world)
    return [
        web.post("/control/leads/{id}/{act}", checked(by_hand.on_lead)),
        web.post("/control/contacts/{id}/merge", checked(by_hand.merge_contacts)),
    ]


class _ByHand:
    def __init__(self, world: World) -> None:
        self._world = world

    async def on_lead(self, request: web.Request) -> web.StreamResponse:
        body, name = await read_body(request), request.match_info["act"]
        act = ACTS.get(name)
        if act is None:
            raise ControlRefused(f"nobody can {name!r}; there are {', '.join(ACTS)}")
        with_id = read_number(request.match_info["id"])
        return self._done(lambda: act(self._who(body), with_id, body))

    async def merge_contacts(self, request: web.Request) -> web.StreamResponse:
        body, contact = await read_body(request), read_number(request.match_info["id"])
        return self._done(lambda: self._who(body).merge_contacts(contact, _number(body, "into")))

    def _done(self, act: Callable[[], None]) -> web.StreamResponse:
        try:
            act()
        except NotDone as refused:
            raise ControlRefused(str(refused)) from refused
        return done()

    def _who(self, body: Json) -> Salesperson:
        usual = next((user.id for user in self._world.users.values() if user.is_active and not user.is_admin), 0)
        return Salesperson(self._world, _optional(body, "user") or usual)


def _number(body: Json, name: str) -> int:
    if body.get(name) is None:
        raise ControlRefused(f"{name!r} is missing")
    return read_number(body[name])


def _optional(body: Json, name: str) -> int | None:
    return None if body.get(name) is None else read_number(body[name])
