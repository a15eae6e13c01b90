"""The playground's guided first minute, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import IN_A_BROWSER, a_page
from tests.e2e.playing import played

pytestmark = IN_A_BROWSER

FOLLOWED = "async ([step, state]) => (await import('/page/hints.js')).followed(step, state)"


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, tmp_path: Path) -> AsyncIterator[Page]:
    async with played(tmp_path) as address, a_page(browser, address) as page:
        yield page


def state(*statuses: str, down: bool = False, heard: bool = False) -> dict[str, Any]:
    """What the page knows, with leads of these statuses."""
    leads = [{"status": status} for status in statuses]
    return {"leads": leads, "switches": {"down": down}, "hearing": {"last": {} if heard else None}}


async def test_one_hint_follows_the_other_until_they_are_not_wanted(page: Page) -> None:
    hints = page.get_by_role("region", name="Первая минута")
    await expect(hints).to_contain_text("Шаг 1 из 3")

    await hints.get_by_role("button", name="Вставить пример").click()
    await expect(page.get_by_role("textbox", name="Сообщение")).to_be_visible()
    await page.get_by_role("textbox", name="Сообщение").press("Enter")
    await expect(hints).to_contain_text("Шаг 2 из 3")
    await hints.get_by_role("button", name="Выключить amoCRM").click()
    await expect(hints).to_contain_text("отправьте заявку: она дождётся")

    await hints.get_by_role("button", name="Скрыть подсказки").click()
    await page.reload()
    await expect(page.get_by_text("недоступна", exact=True)).to_be_visible()  # the leads are drawn, and hints would be
    await expect(hints).to_have_count(0)


async def test_a_hint_was_followed_when_what_it_asks_for_has_happened(page: Page) -> None:
    for step, now, then in (
        (0, state(), 0),
        (0, state(heard=True), 1),
        (0, state("delivered"), 1),
        (1, state("delivered"), 1),
        (1, state("delivered", down=True), 1),
        (1, state("failed", down=True), 2),
        (2, state("failed"), 2),
        (2, state("delivered", down=True), 2),
        (2, state("delivered", "delivered"), 3),
        (3, state("pending"), 3),
    ):
        assert await page.evaluate(FOLLOWED, [step, now]) == then, (step, now)
