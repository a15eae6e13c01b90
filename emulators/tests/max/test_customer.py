"""What people do, and how MAX tells the bot of it."""

import hashlib
import hmac
from typing import Any

import pytest

from carquery_emulators.max import A_PHOTO, KINDS, ButtonNotShown, MaxCustomer, MaxEmulator, MaxKind
from emulators.tests.max.doubles import Client


async def told(bot: Client) -> Any:
    """The latest update."""
    return (await bot.done("GET /updates"))["updates"][0]


async def attached(bot: Client) -> list[Any]:
    attachments: list[Any] = (await told(bot))["message"]["body"]["attachments"]
    return attachments


async def test_pictures_that_are_sent_together_are_one_message(bot: Client, anna: MaxCustomer) -> None:
    await anna.send_album([A_PHOTO, A_PHOTO], videos=1, captions=["Вот она"])

    body = (await told(bot))["message"]["body"]
    assert [part["type"] for part in body["attachments"]] == ["image", "image", "video"]
    assert body["text"] == "Вот она"


def proof_of(payload: dict[str, Any], token: str) -> str:
    card = payload["vcf_info"].replace(r"\r\n", "\r\n")
    return hmac.new(token.encode(), card.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("literal", [False, True])
async def test_ones_own_card_is_proved_by_its_hash(
    literal: bool,  # noqa: FBT001
    max_: MaxEmulator,
    bot: Client,
    anna: MaxCustomer,
) -> None:
    await anna.share_contact(literal_breaks=literal)

    payload = (await attached(bot))[0]["payload"]
    assert "cell:79161234567" in payload["vcf_info"]
    assert (r"\r\n" in payload["vcf_info"]) == literal
    assert payload["hash"] == proof_of(payload, max_.token)
    assert payload["max_info"]["user_id"] == anna.id


async def test_other_cards_are_not(max_: MaxEmulator, bot: Client, anna: MaxCustomer) -> None:
    await anna.share_contact(proof="wrong")
    wrong = (await attached(bot))[0]["payload"]
    await anna.share_contact(proof="missing")
    missing = (await attached(bot))[0]["payload"]
    await anna.share_contact(other_user_id=77)
    others = (await attached(bot))[0]["payload"]

    assert wrong["hash"] != proof_of(wrong, max_.token)
    assert "hash" not in missing
    assert ("hash" in others, others["max_info"]["user_id"]) == (False, 77)


async def test_buttons_do_what_they_are_for(bot: Client, anna: MaxCustomer) -> None:
    rows = [
        [{"type": "request_contact", "text": "Номер"}],
        [{"type": "message", "text": "Да"}],
        [{"type": "request_geo_location", "text": "Я тут"}],
        [{"type": "link", "text": "Сайт", "url": "https://example.org"}],
    ]
    keyboard = {"type": "inline_keyboard", "payload": {"buttons": rows}}
    await bot.done("POST /messages", {"text": "?", "attachments": [keyboard]}, user_id=anna.id)

    await anna.press("Номер")
    assert (await attached(bot))[0]["type"] == "contact"
    await anna.press("Да")
    assert (await told(bot))["message"]["body"]["text"] == "Да"
    await anna.press("Я тут")
    assert (await attached(bot))[0]["type"] == "location"
    for label in ("Сайт", "Чего нет"):
        with pytest.raises(ButtonNotShown):
            await anna.press(label)


async def test_what_was_said_may_be_written_down(bot: Client, anna: MaxCustomer) -> None:
    await anna.send_voice("Хочу Весту")

    assert (await attached(bot))[0]["transcription"] == "Хочу Весту"


async def test_what_was_passed_on_has_its_text_in_the_link(bot: Client, anna: MaxCustomer) -> None:
    await anna.forward("Лада седан")

    message = (await told(bot))["message"]
    assert (message["body"], message["link"]["message"]["text"]) == (None, "Лада седан")


async def test_a_correction_names_the_same_message(bot: Client, anna: MaxCustomer) -> None:
    await anna.send_text("раз")
    await anna.edit_text(anna.chat.messages[-1].id, "два")

    update = await told(bot)
    assert update["update_type"] == "message_edited"
    assert update["message"]["body"]["mid"] == anna.chat.messages[-1].id
    assert update["message"]["body"]["text"] == anna.chat.messages[-1].text == "два"


@pytest.mark.parametrize(("payload", "passed"), [("ad_7", "ad_7"), ("x" * 128, "x" * 128), ("x" * 129, None)])
async def test_a_deep_link_brings_a_short_payload(
    payload: str, passed: str | None, bot: Client, anna: MaxCustomer
) -> None:
    await anna.start(payload)

    assert (await told(bot))["payload"] == passed


async def test_what_befalls_the_dialog_is_told(max_: MaxEmulator, anna: MaxCustomer) -> None:
    await anna.remove_dialog()
    await anna.clear_dialog()
    await anna.mute()
    await anna.unmute()
    await anna.send_text("раз")
    await anna.delete(anna.chat.messages[-1].id)

    assert [update["update_type"] for update in max_.queue] == [
        "bot_stopped",
        "dialog_removed",
        "dialog_cleared",
        "dialog_muted",
        "dialog_unmuted",
        "message_created",
        "message_removed",
    ]


@pytest.mark.parametrize("kind", KINDS)
async def test_all_kinds_of_messages_come(kind: MaxKind, bot: Client, anna: MaxCustomer) -> None:
    await anna.send_other(kind)

    assert len(await attached(bot)) == 1


async def test_a_reply_is_waited_for_until_the_update_is_taken(bot: Client, anna: MaxCustomer) -> None:
    await anna.send_text("Здравствуйте")
    marker = (await bot.done("GET /updates"))["marker"]
    await bot.done("POST /messages", {"text": "И вам"}, user_id=anna.id)
    await bot.done("GET /updates", marker=marker, timeout=0)

    assert (await anna.reply()).text == "И вам"
