"""Who the bot is, its commands, and what it is shown to be doing."""

from carquery_emulators.kit.json_types import Json
from carquery_emulators.max.api.asked import MaxRequest
from carquery_emulators.max.api.errors import bad_payload
from carquery_emulators.max.api.messages import DONE
from carquery_emulators.max.state import TYPING_SECONDS, MaxState

# Source: dev.max.ru, docs-api, objects/BotCommand, as of 2026
COMMANDS_LIMIT = 32
NAME_LIMIT, DESCRIPTION_LIMIT = 64, 128
_ACTIONS = frozenset({"typing_on", "sending_photo", "sending_video", "sending_audio", "sending_file", "mark_seen"})


class Signals:
    """Raises MaxError as the platform refuses."""

    def __init__(self, state: MaxState) -> None:
        self._state = state

    async def me(self, _: MaxRequest) -> Json:
        return {**self._state.bot, "description": "", "commands": self._state.commands}

    async def set_commands(self, asked: MaxRequest) -> Json:
        listed = asked.body.get("commands")
        if not isinstance(listed, list) or len(listed) > COMMANDS_LIMIT:
            raise bad_payload(f"commands: a list of at most {COMMANDS_LIMIT} is expected")
        self._state.commands = [_command(raw) for raw in listed]
        for chat in self._state.chats.values():
            self._state.announce(chat)
        return {"commands": self._state.commands}

    async def act(self, asked: MaxRequest) -> Json:
        chat = self._state.let_write(self._state.known_chat(asked.whole("chat_id") or 0))
        if asked.body.get("action") not in _ACTIONS:
            raise bad_payload("action: unknown")
        if asked.body["action"] == "typing_on":
            chat.typing_until = self._state.clock() + TYPING_SECONDS
            self._state.changes.tell("typing", customer=chat.user_id, until=chat.typing_until)
        return DONE


def _command(raw: object) -> Json:
    if not isinstance(raw, dict):
        raise bad_payload("commands: an object is expected")
    name, description = raw.get("name"), raw.get("description")
    if not isinstance(name, str) or not 1 <= len(name) <= NAME_LIMIT:
        raise bad_payload(f"commands: name must have 1 to {NAME_LIMIT} characters")
    if description is None:
        return {"name": name}
    if not isinstance(description, str) or not 1 <= len(description) <= DESCRIPTION_LIMIT:
        raise bad_payload(f"commands: description must have 1 to {DESCRIPTION_LIMIT} characters")
    return {"name": name, "description": description}
