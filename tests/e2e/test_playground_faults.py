"""The playground's fault switches, in a real browser: leads that survive what amoCRM does to them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import IN_A_BROWSER, a_page
from tests.e2e.playing import have_a_car_checked, is_delivered_once, played, the_card

pytestmark = IN_A_BROWSER


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, tmp_path: Path) -> AsyncIterator[Page]:
    """The page, with the fault switches unfolded."""
    async with played(tmp_path) as address, a_page(browser, address) as page:
        await page.get_by_text("Сбои amoCRM").click()
        yield page


async def test_a_lost_answer_makes_no_second_deal_even_if_somebody_sends_the_lead_again(page: Page) -> None:
    await page.get_by_label("При создании").select_option("сделки")
    await page.get_by_role("button", name="Ответ теряется").click()
    await have_a_car_checked(page)

    await expect(the_card(page)).to_contain_text("Ответ потерян")
    await expect(the_card(page).locator(".unsure")).to_contain_text("бот ещё не знает")
    async with page.expect_response("**/resubmit") as response:
        await the_card(page).get_by_role("button", name="Отправить снова").click()
    assert (await response.value).ok

    await is_delivered_once(page)


async def test_a_revoked_authorisation_holds_leads_up_until_the_next_login(page: Page) -> None:
    await page.get_by_role("button", name="Отозвать доступ").click()
    await have_a_car_checked(page)

    await expect(the_card(page)).to_contain_text("Ждёт amoCRM")
    await expect(page.get_by_role("status").filter(has_text="Бот не обращается к amoCRM")).to_contain_text(
        "amocrm login"
    )

    await page.get_by_role("button", name="Войти заново").click()
    await is_delivered_once(page)


async def test_an_expired_token_is_renewed_unnoticed(page: Page) -> None:
    await page.get_by_role("button", name="Токен устарел").click()
    await have_a_car_checked(page)

    await is_delivered_once(page)
    await expect(the_card(page).locator(".lead-trouble")).to_have_count(0)


async def test_one_press_mends_everything(page: Page) -> None:
    for switch in ("Медленная", "Блокирует (403)", "Поиск отстаёт"):
        await page.get_by_role("switch", name=switch).click()
    await expect(page.get_by_role("switch", checked=True)).to_have_count(3)
    await have_a_car_checked(page)
    await expect(the_card(page)).to_contain_text("Ждёт amoCRM")

    await page.get_by_role("button", name="Исправить всё").click()
    await expect(page.get_by_role("switch", checked=True)).to_have_count(0)
    await is_delivered_once(page)
