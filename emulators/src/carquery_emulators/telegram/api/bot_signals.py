"""The remaining methods: who the bot is, its commands, chat actions, answers to callback queries, files."""

import json
import re

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.api.errors import bad_request
from carquery_emulators.telegram.api.parameters import Parameters
from carquery_emulators.telegram.markup.formatted_text import utf16_length
from carquery_emulators.telegram.state import TYPING_SECONDS, CallbackAnswer, ChatRecord, State

CALLBACK_ANSWER_LIMIT = 200  # characters. Source: Bot API, answerCallbackQuery
_ACTIONS = {
    "typing",
    *("upload_photo", "upload_video", "upload_voice", "upload_document", "upload_video_note"),
    *("record_video", "record_voice", "record_video_note"),
    *("choose_sticker", "find_location"),
}
_COMMAND_NAME = re.compile(r"/?([a-z0-9_]{1,32})")


async def get_me(state: State, _: Parameters) -> Json:
    return {
        **state.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def answer_callback_query(state: State, parameters: Parameters) -> bool:
    query = state.open_query(parameters.text("callback_query_id"))
    text = (parameters.text("text") or "").strip()
    if utf16_length(text) > CALLBACK_ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = CallbackAnswer(query.id, text, parameters.flag("show_alert"), state.clock())
    query.is_answered = True
    query.chat.answers.append(answer)
    query.chat.revision += 1
    state.changes.tell(
        "callback_answer",
        customer=query.chat.id,
        callback_query_id=query.id,
        text=text,
        show_alert=answer.show_alert,
    )
    return True


async def send_chat_action(state: State, parameters: Parameters) -> bool:
    chat = state.chat_to_write_to(parameters.text("chat_id"))
    if parameters.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.typing_until = state.clock() + TYPING_SECONDS
    state.changes.tell("typing", customer=chat.id, until=chat.typing_until)
    return True


async def get_file(state: State, parameters: Parameters) -> Json:
    return state.files.to_download(parameters.text("file_id") or "")


async def set_my_commands(state: State, parameters: Parameters) -> bool:
    listed = parameters.structure("commands")
    if not isinstance(listed, list):
        raise bad_request('can\'t find field "commands"')
    if len(listed) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    scope = parameters.structure("scope")
    if isinstance(scope, dict) and "chat_id" in scope:
        state.known_chat(str(scope["chat_id"]))
    state.commands[_commands_key(parameters)] = [_read_command(command) for command in listed]
    _announce_to_all(state)
    return True


async def get_my_commands(state: State, parameters: Parameters) -> list[Json]:
    return state.commands.get(_commands_key(parameters), [])


async def delete_my_commands(state: State, parameters: Parameters) -> bool:
    state.commands.pop(_commands_key(parameters), None)
    _announce_to_all(state)
    return True


def commands_shown(state: State, chat: ChatRecord, language: str) -> list[Json]:
    """The command menu in this chat: the narrowest scope that has one. Source: Bot API, BotCommandScope."""
    everywhere = {"type": "all_private_chats" if chat.is_private else "all_group_chats"}
    scopes: list[Json] = [{"type": "chat", "chat_id": chat.id}, everywhere, {"type": "default"}]
    for scope in scopes:
        for code in (language, ""):
            commands = state.commands.get((_scope_key(scope), code))
            if commands:
                return commands
    return []


def _read_command(raw: object) -> Json:
    name = _COMMAND_NAME.fullmatch(str(raw.get("command", ""))) if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or name is None:
        raise bad_request("BOT_COMMAND_INVALID")
    description = str(raw.get("description", "")).strip()
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name[1], "description": description}


def _commands_key(parameters: Parameters) -> tuple[str, str]:
    scope = parameters.structure("scope")
    return _scope_key(scope if isinstance(scope, dict) else {"type": "default"}), parameters.text("language_code") or ""


def _scope_key(scope: Json) -> str:
    return json.dumps(scope, sort_keys=True)


def _announce_to_all(state: State) -> None:
    for chat in state.chats.values():
        state.announce(chat)
