"""The playground's page as a person sees it, in a real browser."""

from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Browser, FilePayload, expect

from carquery.entrypoints.playground.lead_cards import CrmContact, CrmRecord, LeadCard
from tests.browser import IN_A_BROWSER
from tests.entrypoints.playground.fake_telegram import FakeBoard, FakeTelegram, opened

pytestmark = IN_A_BROWSER

HOSTILE = "<img src=x onerror=document.title='взлом'> 🚗 жирный"


def a_message(number: int, text: str, **given: object) -> dict[str, Any]:
    defaults = {"id": number, "from": "bot", "entities": [], "buttons": [], "edited": False, "date": 1_700_000_000}
    return {**defaults, "text": text, **given}


def a_picture(name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": b"\x89PNG"}


async def test_a_chat_is_shown_as_telegram_shows_it_and_its_buttons_answer(browser: Browser) -> None:
    telegram = FakeTelegram()
    bold = {"type": "bold", "offset": HOSTILE.index("жирный") + 1, "length": 6}  # UTF-16: the car counts twice
    buttons = [[{"text": "Да", "data": "yes"}], [{"text": "Политика", "url": "https://example.com/"}]]
    anna = telegram.add_customer("Анна", a_message(1, HOSTILE, entities=[bold], buttons=buttons))
    telegram.add_customer("Игорь", a_message(1, "Здравствуйте!", edited=True), unread=3)

    async with opened(browser, telegram, FakeBoard()) as page:
        message = page.locator(".message")
        await expect(message).to_contain_text(HOSTILE)
        await expect(message.locator("strong")).to_have_text("жирный")
        await expect(message.locator("img")).to_have_count(0)

        yes = message.get_by_role("button", name="Да")
        async with page.expect_response("**/press"):
            await yes.click()
        await expect(yes).to_have_attribute("aria-busy", "true")
        assert telegram.asked == [("press", {"message_id": 1, "data": "yes"})]

        answer = {"type": "callback_answer", "customer": anna, "callback_query_id": "1", "show_alert": True}
        telegram.tell({**answer, "text": "Кнопка больше не активна"})
        alert = page.get_by_role("dialog")
        await expect(alert).to_contain_text("Кнопка больше не активна")
        await expect(yes).to_have_attribute("aria-busy", "false")
        await alert.get_by_role("button").click()
        await expect(alert).to_have_count(0)

        await page.get_by_role("button", name="Игорь, непрочитанных: 3").click()
        await expect(message).to_contain_text("изменено")
        assert await page.title() != "взлом"


async def test_a_customer_writes_and_shares_the_phone_after_a_confirmation(browser: Browser) -> None:
    telegram = FakeTelegram()
    share = {"text": "📱 Поделиться номером", "request_contact": True}
    anna = telegram.add_customer("Анна", reply_keyboard={"rows": [[share]]})

    async with opened(browser, telegram, FakeBoard()) as page:
        await page.get_by_role("button", name="Запустить").click()
        telegram.chats[anna]["messages"] = [a_message(1, "Ваш телефон?")]
        telegram.tell({"type": "chat", "customer": anna})
        await expect(page.locator(".message")).to_contain_text("Ваш телефон?")

        field = page.get_by_role("textbox", name="Сообщение")
        await field.fill("первая")
        await field.press("Shift+Enter")
        await field.press_sequentially("вторая")
        await field.press("Enter")
        await expect(field).to_have_value("")
        await page.get_by_role("button", name="Поделиться номером").click()
        await page.get_by_role("dialog").get_by_role("button", name="Поделиться").click()
        await page.locator("#files").set_input_files([a_picture("car.png"), a_picture("wheel.png")])
        async with page.expect_response("**/photos"):
            await page.get_by_role("dialog").get_by_role("button", name="Отправить").click()

    assert telegram.asked == [
        ("text", {"text": "/start"}),
        ("text", {"text": "первая\nвторая"}),
        ("contact", {}),
        ("photos", {"names": ["car.png", "wheel.png"]}),
    ]


async def test_a_new_customer_needs_one_press_of_enter(browser: Browser) -> None:
    """In a form, Enter presses the first submit button: it once was the one that calls off."""
    telegram = FakeTelegram()
    telegram.add_customer("Анна")

    async with opened(browser, telegram, FakeBoard()) as page:
        await page.get_by_role("button", name="Новый клиент").click()
        await page.keyboard.press("Enter")
        await expect(page.locator("#customers li")).to_have_count(2)
        await expect(page.locator("#customers [aria-current]")).to_contain_text("Дмитрий")


async def test_a_lead_that_arrives_stands_out_with_what_the_crm_has(browser: Browser) -> None:
    telegram = FakeTelegram()
    telegram.add_customer("Анна")
    board = FakeBoard()

    async with opened(browser, telegram, board) as page:
        await expect(page.get_by_text("Заявок пока нет")).to_be_visible()
        board.put_up = [
            LeadCard(
                reference="CQ-7K3M9X",
                service="sell",
                title="Продажа авто",
                status="delivered",
                phone="+79161234567",
                created_at=datetime.now(UTC),
                crm=CrmRecord(contact=CrmContact(id=1, name="Анна Смирнова")),
            )
        ]

        lead = page.get_by_role("article", name="Заявка CQ-7K3M9X")
        await expect(lead).to_contain_text("+7 916 123-45-67")
        await expect(lead).to_contain_class("fresh")
        await expect(lead.locator(".made")).to_have_text(["КонтактАнна Смирнова"])
        await expect(lead.locator(".awaited")).to_have_count(3)
