"""The Bot API's methods that we use, with the parameters that we give, and what we read of their results.

Names are Telegram's. Source: core.telegram.org/bots/api. Texts are HTML, and links show no previews.
"""

from collections.abc import Sequence
from typing import ClassVar, Final, Literal, Protocol, TypeVar

from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.json import Decoder, decode

from carquery.adapters.telegram.api.keyboards import InlineKeyboardMarkup, Keyboard

Result_co = TypeVar("Result_co", covariant=True)


class Method(Protocol[Result_co]):
    """One call: a struct whose fields are the parameters.

    Attributes:
        method: Telegram's name for it.
        is_repeatable: done twice, it leaves the chat as done once.
    """

    method: ClassVar[str]
    is_repeatable: ClassVar[bool]

    def read(self, result: Raw) -> Result_co:
        """What we need of the result. Raises ValueError, RecursionError: it is not there."""
        ...


class _Once(Struct, frozen=True, kw_only=True):
    """A call of which we only need to know that it was done."""

    is_repeatable: ClassVar[bool] = False

    def read(self, result: Raw) -> None:
        return None


class _Repeatable(_Once, frozen=True, kw_only=True):
    is_repeatable: ClassVar[bool] = True


class _SentMessage(Struct, frozen=True):
    message_id: int


_SENT_MESSAGE: Final = Decoder(_SentMessage)
_UPDATES: Final = Decoder(list[Raw])


class LinkPreviewOptions(Struct, frozen=True):
    is_disabled: bool = True


NO_PREVIEW: Final = LinkPreviewOptions()


class SendMessage(Struct, frozen=True, kw_only=True):
    """Its result: the message's number in the chat."""

    method: ClassVar[str] = "sendMessage"
    is_repeatable: ClassVar[bool] = False

    chat_id: int
    text: str
    reply_markup: Keyboard | UnsetType = UNSET
    parse_mode: str = "HTML"
    link_preview_options: LinkPreviewOptions = NO_PREVIEW

    def read(self, result: Raw) -> int:
        return _SENT_MESSAGE.decode(result).message_id


class EditMessageText(_Repeatable, frozen=True, kw_only=True):
    method: ClassVar[str] = "editMessageText"

    chat_id: int
    message_id: int
    text: str
    reply_markup: InlineKeyboardMarkup | UnsetType = UNSET
    parse_mode: str = "HTML"
    link_preview_options: LinkPreviewOptions = NO_PREVIEW


class EditMessageReplyMarkup(_Repeatable, frozen=True, kw_only=True):
    """Takes the buttons from a message."""

    method: ClassVar[str] = "editMessageReplyMarkup"

    chat_id: int
    message_id: int


class AnswerCallbackQuery(_Repeatable, frozen=True, kw_only=True):
    method: ClassVar[str] = "answerCallbackQuery"

    callback_query_id: str
    text: str | UnsetType = UNSET
    show_alert: bool | UnsetType = UNSET


class SendChatAction(_Once, frozen=True, kw_only=True):
    method: ClassVar[str] = "sendChatAction"

    chat_id: int
    action: Literal["typing"] = "typing"


class GetUpdates(Struct, frozen=True, kw_only=True):
    """Its result: each update as it came, to be read alone."""

    method: ClassVar[str] = "getUpdates"
    is_repeatable: ClassVar[bool] = True

    offset: int | UnsetType = UNSET
    timeout: int
    allowed_updates: Sequence[str]

    def read(self, result: Raw) -> list[Raw]:
        return _UPDATES.decode(result)


class BotUser(Struct, frozen=True):
    """Who we are."""

    username: str | None = None


class GetMe(Struct, frozen=True):
    method: ClassVar[str] = "getMe"
    is_repeatable: ClassVar[bool] = True

    def read(self, result: Raw) -> BotUser:
        return decode(result, type=BotUser)


class WebhookInfo(Struct, frozen=True):
    """Where Telegram brings updates; without `url`, nowhere."""

    url: str = ""
    pending_update_count: int = 0
    last_error_message: str | None = None


class GetWebhookInfo(Struct, frozen=True):
    method: ClassVar[str] = "getWebhookInfo"
    is_repeatable: ClassVar[bool] = True

    def read(self, result: Raw) -> WebhookInfo:
        return decode(result, type=WebhookInfo)


class SetWebhook(_Repeatable, frozen=True, kw_only=True):
    method: ClassVar[str] = "setWebhook"

    url: str
    secret_token: str
    max_connections: int
    allowed_updates: Sequence[str]


class DeleteWebhook(_Repeatable, frozen=True, kw_only=True):
    """Without `drop_pending_updates`: what waits is kept."""

    method: ClassVar[str] = "deleteWebhook"


class BotCommand(Struct, frozen=True):
    command: str
    description: str


class BotCommandScopeChat(Struct, frozen=True):
    chat_id: int
    type: Literal["chat"] = "chat"


class SetMyCommands(_Repeatable, frozen=True, kw_only=True):
    method: ClassVar[str] = "setMyCommands"

    commands: Sequence[BotCommand]
    scope: BotCommandScopeChat | UnsetType = UNSET


class FilePlace(Struct, frozen=True):
    """`file_path`: what to download; None: it is not to be had."""

    file_path: str | None = None


class GetFile(Struct, frozen=True, kw_only=True):
    method: ClassVar[str] = "getFile"
    is_repeatable: ClassVar[bool] = True

    file_id: str

    def read(self, result: Raw) -> FilePlace:
        return decode(result, type=FilePlace)
