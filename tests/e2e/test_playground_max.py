"""MAX in the playground, in a real browser: its chat beside Telegram's, the same bot, the same amoCRM."""

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser import IN_A_BROWSER, a_page
from tests.e2e.playing import IN_MAX, asked, keep_picture, played, press, say, send_the_lead, the_card

pytestmark = IN_A_BROWSER


async def test_a_request_from_max_stands_in_the_same_crm_and_says_its_messenger(
    browser: Browser, tmp_path: Path
) -> None:
    async with played(tmp_path) as address, a_page(browser, address) as page:
        chat = page.locator("#max-chat")
        await press(page, "Запустить", where=IN_MAX)
        await page.get_by_text("Сбои MAX").click()
        await press(page, "Событие ещё раз", where=".leads")
        await press(page, "Ответ теряется", where=".leads")
        await press(page, "🛠 Проверить авто", where=IN_MAX)
        await press(page, "Юридическая чистота", where=IN_MAX)
        await asked(page, "Шаг 2 из 6")
        await say(page, "Lada Vesta", where=IN_MAX)
        await press(page, "Пропустить", where=IN_MAX)
        await press(page, "Оставить", where=IN_MAX)
        await asked(page, "Шаг 5 из 6")
        await press(page, "📱 Поделиться номером", where=IN_MAX)
        await press(page, "Поделиться", where="dialog")
        await asked(page, "Шаг 6 из 6")
        await press(page, "Пропустить", where=IN_MAX)
        await send_the_lead(page, where=IN_MAX)

        await expect(the_card(page).locator(".lead-messenger")).to_have_text("MAX")
        await expect(the_card(page)).to_contain_text("+7 916 123-45-67")
        await expect(the_card(page).get_by_text("В amoCRM", exact=True)).to_be_visible()
        await expect(chat.get_by_role("button", name="Запустить")).to_be_hidden()
        await page.get_by_text("Сбои MAX").click()
        await press(page, "Запустить")
        await expect(page.get_by_role("button", name="🚗 Продать авто").first).to_be_visible()
        await keep_picture(page, "play-max.png")
