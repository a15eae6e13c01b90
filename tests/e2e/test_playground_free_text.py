"""Free text in the playground, in a real browser: a form filled in, and who understood the message."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import IN_A_BROWSER, a_page
from tests.e2e.playing import asked, keep_picture, played, press, say, send_the_lead, the_card

pytestmark = IN_A_BROWSER

CAMRY = "продаю камри 2018, пробег 120к, хочу 2 ляма"


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, tmp_path: Path) -> AsyncIterator[Page]:
    """The page, with the panel on free text unfolded."""
    async with played(tmp_path) as address, a_page(browser, address) as page:
        await page.get_by_text("Свободный текст").click()
        await press(page, "Запустить")
        await asked(page, "Здравствуйте!")
        yield page


async def test_a_sentence_becomes_a_lead_and_the_panel_tells_who_understood_what(page: Page) -> None:
    await say(page, CAMRY)
    await asked(page, "Похоже, вы хотите продать авто")
    story = page.locator("#story")
    await expect(story).to_contain_text("gpt-4o-mini")
    await expect(story).to_contain_text("форма предложена")
    for chip in ("МаркаToyota", "МодельCamry", "Год2018", "Пробег120\u00a0000", "Цена2\u00a0000\u00a0000"):
        await expect(story).to_contain_text(chip)
    await keep_picture(page, "play-free-text.png")
    await press(page, "Да")
    await press(page, "Оставить всё")
    await asked(page, "Записали: Toyota Camry, 2018")
    await press(page, "Пропустить")
    await press(page, "Оставить")
    await press(page, "📱 Поделиться номером")
    await press(page, "Поделиться")
    await press(page, "Пропустить")
    await send_the_lead(page)

    await expect(the_card(page)).to_contain_text("Toyota Camry")


async def test_where_openai_fails_the_rules_answer(page: Page) -> None:
    async with page.expect_response("**/play/openai/error"):
        await page.locator("#mood").select_option("ошибка 500")

    await say(page, CAMRY)

    story = page.locator("#story li")
    await expect(story.nth(0)).to_contain_text("gpt-4o-mini: ошибка")
    await expect(story.nth(1)).to_contain_text("gpt-4o: ошибка")
    await expect(story.nth(2)).to_contain_text("встроенная модель: ответ принят")
    await expect(page.locator("#hearing-state")).to_contain_text("понято: встроенная модель")
    await asked(page, "Похоже, вы хотите продать авто")
