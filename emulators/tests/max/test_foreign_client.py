"""A client that is not ours, `maxapi` from PyPI, gets on with the emulator: it is not only our idea of MAX.

It is the library most bots in MAX are written with. What it reads of answers and updates it checks with pydantic.
"""

from collections.abc import AsyncIterator, Callable, Coroutine

import pytest
from aiohttp import TCPConnector
from maxapi import Bot
from maxapi.client.default import DefaultConnectionProperties
from maxapi.enums.parse_mode import TextFormat
from maxapi.enums.sender_action import SenderAction
from maxapi.enums.update import UpdateType
from maxapi.exceptions.max import InvalidToken, MaxApiError
from maxapi.types import BotCommand, CallbackButton, InputMedia, InputMediaBuffer, Message
from maxapi.types.attachments import Image
from maxapi.types.attachments.attachment import Attachment
from maxapi.types.attachments.upload import AttachmentUpload
from maxapi.types.updates import UpdateUnionAdapter
from maxapi.types.updates.message_callback import MessageForCallback
from maxapi.utils.inline_keyboard import InlineKeyboardBuilder

from carquery_emulators.max import A_PHOTO, BOUNDLESS, MaxCustomer, MaxEmulator
from tests.private_root import PrivateRoot

Outgoing = Attachment | InputMedia | InputMediaBuffer | AttachmentUpload


@pytest.fixture
async def client(max_: MaxEmulator) -> AsyncIterator[Bot]:
    bot = Bot(max_.token, after_input_media_delay=1e-3, default_connection=DefaultConnectionProperties(max_retries=0))
    bot.set_api_url(max_.base_url)
    yield bot
    await bot.close_session()


def a_keyboard(buttons: int = 1) -> list[Outgoing]:
    row = [CallbackButton(text="Дальше", payload="go")] * buttons
    return [InlineKeyboardBuilder().row(*row).as_markup()]  # type: ignore[no-untyped-call]  # its own slip


async def test_it_writes_edits_reads_and_deletes(client: Bot, anna: MaxCustomer) -> None:
    sent = await client.send_message(
        user_id=anna.id, text="<b>Здравствуйте</b>", format=TextFormat.HTML, attachments=a_keyboard()
    )
    assert sent is not None
    assert sent.message.body is not None
    mid = sent.message.body.mid

    read = await client.get_message(mid)
    edited = await client.edit_message(mid, text="Так")

    assert isinstance(read, Message)
    assert read.body is not None
    assert (read.body.text, anna.chat.messages[0].text) == ("Здравствуйте", "Так")
    assert edited is not None
    assert edited.success
    assert (await client.delete_message(mid)).success
    assert anna.chat.messages == []


async def test_it_answers_a_press_with_an_edit_and_a_notification(client: Bot, anna: MaxCustomer) -> None:
    await client.send_message(user_id=anna.id, text="?", attachments=a_keyboard())
    await anna.press("Дальше")
    update = UpdateUnionAdapter.validate_python((await client.get_updates())["updates"][0])
    assert update.update_type == UpdateType.MESSAGE_CALLBACK

    answer = MessageForCallback(text="Вот", attachments=[])
    await client.send_callback(update.callback.callback_id, answer, notification="Готово")

    assert (anna.chat.last_message.text, anna.chat.last_message.labels) == ("Вот", [])
    assert anna.chat.alerts[-1].text == "Готово"


async def test_it_brings_a_picture(client: Bot, anna: MaxCustomer) -> None:
    picture: list[Outgoing] = [InputMediaBuffer(A_PHOTO, filename="car.png")]

    sent = await client.send_message(user_id=anna.id, attachments=picture)

    assert sent is not None
    assert sent.message.body is not None
    assert [type(part) for part in sent.message.body.attachments or []] == [Image]
    assert anna.chat.last_message.photo is not None


@pytest.mark.filterwarnings("ignore:URL:UserWarning")  # it warns of webhooks without HTTPS, on loopback too
async def test_it_sees_itself_its_commands_and_its_subscriptions(client: Bot, anna: MaxCustomer) -> None:
    me = await client.get_me()
    commands = await client.set_commands(BotCommand(name="start", description="Начать"))
    subscribed = await client.subscribe_webhook("http://127.0.0.1:9/hook", [UpdateType.MESSAGE_CREATED], "s3cret")
    listed = await client.get_subscriptions()
    unsubscribed = await client.unsubscribe_webhook("http://127.0.0.1:9/hook")

    assert me.is_bot
    assert [command.name for command in commands.commands or []] == ["start"]
    assert (subscribed.success, unsubscribed.success) == (True, True)
    assert [one.url for one in listed.subscriptions] == ["http://127.0.0.1:9/hook"]
    assert (await client.send_action(anna.chat.id, SenderAction.TYPING_ON)).success


Act = Callable[[MaxCustomer], Coroutine[object, object, object]]


@pytest.mark.parametrize(
    "act",
    [
        lambda anna: anna.start("ad_7"),
        lambda anna: anna.send_text("раз"),
        lambda anna: anna.share_contact(),
        lambda anna: anna.send_album(2, videos=1, captions=["вот"]),
        lambda anna: anna.send_document(name="птс.pdf"),
        lambda anna: anna.send_voice("хочу Весту"),
        lambda anna: anna.send_sticker(),
        lambda anna: anna.send_other("location"),
        lambda anna: anna.send_other("share"),
        lambda anna: anna.forward("Лада седан"),
        lambda anna: anna.block(),
        lambda anna: anna.remove_dialog(),
        lambda anna: anna.clear_dialog(),
        lambda anna: anna.mute(),
        lambda anna: anna.unmute(),
    ],
)
async def test_it_reads_every_update(act: Act, client: Bot, anna: MaxCustomer) -> None:
    await act(anna)

    for update in (await client.get_updates())["updates"]:
        assert UpdateUnionAdapter.validate_python(update).update_type.value == update["update_type"]


async def test_it_knows_a_refusal_when_it_sees_one(max_: MaxEmulator, client: Bot, anna: MaxCustomer) -> None:
    with pytest.raises(MaxApiError) as too_wide:
        await client.send_message(user_id=anna.id, text="?", attachments=a_keyboard(buttons=8))
    await anna.block()
    with pytest.raises(MaxApiError) as stopped:
        await client.send_message(user_id=anna.id, text="?")
    max_.fail("GET /me", how="401")
    with pytest.raises(InvalidToken):
        await client.get_me()

    assert (too_wide.value.code, stopped.value.code) == (400, 403)


async def test_it_trusts_a_root_that_it_is_given(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = PrivateRoot.made_in(tmp_path_factory.mktemp("root"))
    async with MaxEmulator(tls=root.server, rates=BOUNDLESS) as max_:
        connector = TCPConnector(ssl=root.client)
        bot = Bot(max_.token, default_connection=DefaultConnectionProperties(connector=connector))
        bot.set_api_url(max_.base_url)
        assert (await bot.get_me()).is_bot
        await bot.close_session()
        await connector.close()
