"""Photos: one by one, in albums, at most ten; and other files beside them."""

import math

from carquery_emulators.telegram import A_PHOTO, Customer, TelegramEmulator
from tests.e2e.journeys import JOURNEYS, SEND, give, walk_to
from tests.e2e.running_bot import RunningBot, running_bot


async def sent_with_photos(bot: RunningBot, anna: Customer, done: str) -> int:
    """Finish the form from the photos on; the number of photos in the stored lead."""
    await give(anna, f"[{done}]")
    for _, answer in JOURNEYS["sell"][5:]:
        await give(anna, answer)
    await give(anna, f"[{SEND}]")
    return len((await bot.only_lead()).photos)


async def asked_again(telegram: TelegramEmulator) -> None:
    """The bot has asked for more, with what it was given before in hand."""
    before = len(telegram.calls_of("getUpdates"))
    await telegram.wait_for(lambda: len(telegram.calls_of("getUpdates")) > before)


async def test_single_photos_add_up(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "photos")
    for _ in range(2):
        await anna.send_photo()
        await anna.reply()

    assert await sent_with_photos(bot, anna, "Готово (2)") == 2


async def test_an_album_gets_one_reply(bot: RunningBot, telegram: TelegramEmulator, anna: Customer) -> None:
    await walk_to(anna, "sell", "photos")
    sent = len(telegram.calls_of("sendMessage"))

    await anna.send_album(10)
    await anna.reply()

    assert len(telegram.calls_of("sendMessage")) == sent + 1
    assert await sent_with_photos(bot, anna, "Готово (10)") == 10


async def test_an_album_that_trickles_in_gets_one_reply(
    telegram: TelegramEmulator, anna: Customer, database_url: str
) -> None:
    async with running_bot(telegram, database_url=database_url, album_pause=math.inf):
        await walk_to(anna, "sell", "photos")
        sent = len(telegram.calls_of("sendMessage"))

        await anna.send_album(8)
        template = telegram.queue[-1]["message"]
        for number in (9, 10):
            await asked_again(telegram)
            another = {"message_id": template["message_id"] + number, "photo": telegram.state.files.add_photo(A_PHOTO)}
            telegram.inject({"message": {**template, **another}})
        await anna.chat.wait_for(lambda chat: "Готово (10)" in chat.visible_buttons)

        assert len(telegram.calls_of("sendMessage")) == sent + 1


async def test_the_rest_of_an_album_that_was_cut_off_is_taken(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    """Killed in mid-album, the bot gets all of it again: what it had taken, and what it had not."""
    await walk_to(anna, "sell", "photos")
    first = await anna.send_album(2)
    await anna.reply()
    album = next(m for m in anna.chat.messages if m.album).album

    for update in first:
        telegram.repeat(update)
    await anna.send_photo()
    telegram.queue[-1]["message"]["media_group_id"] = album
    await anna.chat.wait_for(lambda chat: "Готово (3)" in chat.visible_buttons)


async def test_image_documents_count_as_photos(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "photos")
    await anna.send_album(2, documents=True)
    await anna.reply()

    assert await sent_with_photos(bot, anna, "Готово (2)") == 2


async def test_the_eleventh_photo_is_refused_and_ten_are_kept(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "photos")
    await anna.send_album(10)
    await anna.reply()

    await anna.send_photo()
    refused = await anna.reply()

    assert "до 10 фото" in refused.message.text
    assert await sent_with_photos(bot, anna, "Готово (10)") == 10


async def test_photos_can_be_taken_away(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "photos")
    await anna.send_photo()
    await anna.reply()

    emptied = await give(anna, "[Убрать ответ]")

    assert "Пропустить" in emptied.message.labels


async def test_what_is_sent_beside_photos_reaches_the_lead(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    await walk_to(anna, "sell", "photos")
    sent = len(telegram.calls_of("sendMessage"))

    await anna.send_album(2, videos=1, captions=["царапина слева", None, "звук мотора"])
    album = await anna.reply()
    await anna.send_document(b"%PDF-1.7", name="ПТС.pdf", mime_type="application/pdf")
    document = await anna.reply()
    await anna.send_upload("video", size=21 * 1024 * 1024)
    too_large = await anna.reply()

    assert len(telegram.calls_of("sendMessage")) == sent + 3
    assert "Файл приложим к заявке (1 из 5). Записали в комментарий" in album.message.text
    assert "Файл приложим к заявке (2 из 5)" in document.message.text
    assert "Файл больше 20 МБ" in too_large.message.text
    assert await sent_with_photos(bot, anna, "Готово (2)") == 2
    lead = await bot.only_lead()
    assert [file.name for file in lead.files] == ["видео.mp4", "ПТС.pdf"]
    assert lead.answers["comment"].shown == "царапина слева\nзвук мотора"
