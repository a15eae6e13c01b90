"""The Bot API: a method's name and parameters in, Telegram's result or refusal out."""

from collections.abc import Awaitable, Callable

from carquery_emulators.kit.faulty_calls import FaultyCalls
from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.api import bot_edits, bot_messages, bot_signals
from carquery_emulators.telegram.api.errors import (
    BotApiError,
    bad_request,
    blocked_by_the_user,
    too_many_requests,
)
from carquery_emulators.telegram.api.parameters import Parameters
from carquery_emulators.telegram.api.polling import Polling
from carquery_emulators.telegram.api.webhook import Webhook
from carquery_emulators.telegram.faults import Fault, Faults
from carquery_emulators.telegram.journal import BotApiJournal
from carquery_emulators.telegram.state import State

_Method = Callable[[State, Parameters], Awaitable[object]]
_METHODS: dict[str, _Method] = {
    "getMe": bot_signals.get_me,
    "sendMessage": bot_messages.send_message,
    "sendPhoto": bot_messages.send_photo,
    "sendDocument": bot_messages.send_document,
    "sendMediaGroup": bot_messages.send_media_group,
    "editMessageText": bot_edits.edit_message_text,
    "editMessageCaption": bot_edits.edit_message_caption,
    "editMessageReplyMarkup": bot_edits.edit_message_reply_markup,
    "deleteMessage": bot_edits.delete_message,
    "answerCallbackQuery": bot_signals.answer_callback_query,
    "sendChatAction": bot_signals.send_chat_action,
    "getFile": bot_signals.get_file,
    "setMyCommands": bot_signals.set_my_commands,
    "getMyCommands": bot_signals.get_my_commands,
    "deleteMyCommands": bot_signals.delete_my_commands,
}
_WEBHOOK_IS_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class BotApi:
    """Runs calls, writes them down, and lets the ordered faults happen."""

    def __init__(
        self, state: State, journal: BotApiJournal, faults: Faults, *, delay_scale: float, deliver_to: str | None
    ) -> None:
        self._state = state
        self._journal = journal
        self._faults = faults
        self._calls = FaultyCalls(journal, state.changes, faults)
        self.polling = Polling(state, delay_scale=delay_scale)
        self.webhook = Webhook(state, self.call, delay_scale=delay_scale, deliver_to=deliver_to)
        self._methods: dict[str, tuple[str, _Method]] = {
            name.lower(): (name, method)
            for name, method in {
                **_METHODS,
                "getUpdates": self._get_updates,
                "setWebhook": self._set_webhook,
                "deleteWebhook": self._delete_webhook,
                "getWebhookInfo": self._get_webhook_info,
            }.items()
        }

    async def call(self, name: str, parameters: Parameters) -> object:
        """Run one method; names are read without regard to case.

        Raises:
            BotApiError: Telegram refuses.
            ConnectionCut, ProxyPage: an ordered fault.
        """
        name, method = self._methods.get(name.lower(), (name, _unknown))
        call = self._journal.open(name, parameters.recorded())
        fault = self._faults.take(name)
        with self._calls.noted(call):
            await self._calls.before(call, fault, None if fault is None else _refusal(fault))
            result = await method(self._state, parameters)
            await self._calls.after(call, fault)
            self._journal.close(call, ok=True, result=result)
        return result

    async def close(self) -> None:
        self._calls.close()
        self.polling.close()
        await self.webhook.close()

    async def _get_updates(self, _: State, parameters: Parameters) -> list[Json]:
        if self.webhook.is_set:
            raise BotApiError(409, _WEBHOOK_IS_ACTIVE)
        return await self.polling.get_updates(parameters)

    async def _set_webhook(self, _: State, parameters: Parameters) -> bool:
        done = await self.webhook.set(parameters)
        if self.webhook.is_set:
            self.polling.end_for_webhook()
        return done

    async def _delete_webhook(self, _: State, parameters: Parameters) -> bool:
        return await self.webhook.delete(parameters)

    async def _get_webhook_info(self, _: State, __: Parameters) -> Json:
        return self.webhook.info()


async def _unknown(_: State, __: Parameters) -> object:
    raise BotApiError(404, "Not Found")


def _refusal(fault: Fault) -> BotApiError | None:
    match fault.how:
        case "401":
            return BotApiError(401, "Unauthorized")
        case "429":
            return too_many_requests(fault.retry_after)
        case "500":
            return BotApiError(500, "Internal Server Error")
        case "blocked":
            return blocked_by_the_user()
        case "bad markup":
            return bad_request("can't parse entities: unexpected end of the string")
        case "no rights":
            return bad_request("not enough rights to send text messages to the chat")
        case _:
            return None
