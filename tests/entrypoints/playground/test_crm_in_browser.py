"""The page's CRM as a manager sees it, and its fault switches, in a real browser."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playwright.async_api import Browser, Locator, Page, expect

from carquery.entrypoints.playground.lead_cards import (
    Closed,
    CrmContact,
    CrmDeal,
    CrmFile,
    CrmNote,
    CrmRecord,
    CrmTask,
    LeadCard,
    Pipeline,
    Showing,
    Stage,
)
from tests.browser import IN_A_BROWSER
from tests.entrypoints.playground.fake_telegram import FakeBoard, FakeTelegram, opened

pytestmark = IN_A_BROWSER

HOSTILE = "<img src=x onerror=document.title='взлом'>"
NOON = datetime(2026, 6, 15, 12, 0, 7, tzinfo=UTC)
IN_AN_HOUR = datetime.now(UTC) + timedelta(hours=1)

A_CARD = LeadCard(
    reference="CQ-7K3M9X",
    service="sell",
    title="Продажа авто",
    status="pending",
    name="Анна",
    created_at=datetime.now(UTC),
)
A_CONTACT = CrmContact(id=1, name="Анна", phone="+79161234567", telegram="@anna")
A_DEAL = CrmDeal(id=2, title="Продажа авто · CQ-7K3M9X", price=900_000, stage="Первичный контакт", tags=("CarQuery",))
A_PIPELINE = Pipeline("Продажи", (Stage("Первичный контакт", 1),))


def a_board(*cards: LeadCard, closed: Closed | None = None) -> FakeBoard:
    board = FakeBoard(*cards)
    board.around = Showing(pipeline=A_PIPELINE, closed=closed)
    return board


def the_card(page: Page) -> Locator:
    return page.get_by_role("article", name="Заявка CQ-7K3M9X")


async def test_a_delivered_lead_stands_in_its_stage_with_everything_unfolded(browser: Browser) -> None:
    crm = CrmRecord(
        contact=A_CONTACT,
        deal=replace(A_DEAL, fields=(("Год выпуска", "2018"),)),
        note=CrmNote(f"Заявка CQ-7K3M9X\nПожелание: {HOSTILE}"),
        task=CrmTask("Позвонить клиенту", NOON),
        files=(CrmFile("CQ-7K3M9X-1.png", "/control/files/one"),),
    )
    board = a_board(replace(A_CARD, status="delivered", place="stage", made=("contact", "lead"), crm=crm))

    async with opened(browser, FakeTelegram(), board) as page:
        await expect(page.get_by_text("Воронка «Продажи»")).to_be_visible()
        await expect(page.get_by_role("heading", level=3)).to_have_text(["Первичный контакт 1 сделка"])
        await expect(the_card(page).locator(".made")).to_have_count(5)
        await expect(the_card(page)).to_contain_text("Telegram: @anna")
        await expect(the_card(page)).to_contain_text(HOSTILE)
        await the_card(page).get_by_text("Поля: 1").click()
        await expect(the_card(page).get_by_role("definition")).to_have_text("2018")

        await the_card(page).get_by_role("button", name="Открыть фотографию 1 из amoCRM").click()
        await expect(page.get_by_role("dialog", name="Фотография")).to_be_visible()
        await page.keyboard.press("Escape")
        assert await page.title() != "взлом"


async def test_only_the_newest_card_is_unfolded_and_folding_survives_a_change(browser: Browser) -> None:
    older = replace(A_CARD, reference="CQ-000001", name="Борис")
    board = a_board(A_CARD, older)

    async with opened(browser, FakeTelegram(), board) as page:
        rows = the_card(page).get_by_role("listitem")
        await expect(rows).to_have_count(4)
        await expect(page.get_by_role("article", name="Заявка CQ-000001").get_by_role("listitem")).to_have_count(0)

        fold = the_card(page).locator("summary").first
        await fold.focus()
        await page.keyboard.press("Enter")
        await expect(rows).to_have_count(0)
        contact = CrmRecord(contact=A_CONTACT)
        board.put_up[0] = replace(A_CARD, status="delivering", made=("contact",), calling="lead", crm=contact)
        await expect(the_card(page)).to_contain_text("Передаётся в amoCRM")
        await expect(the_card(page)).to_contain_text("Контакт ✓Сделка …Примечание –Задача –")
        await expect(rows).to_have_count(0)
        await expect(fold).to_be_focused()


NOT_THERE = [
    (replace(A_CARD, status="failed", failure="нет связи", next_attempt_at=IN_AN_HOUR), "Не вышло", "Повторим в"),
    (
        replace(A_CARD, status="failed", calling="lead", failure="связь оборвалась", next_attempt_at=IN_AN_HOUR),
        "Ответ потерян",
        "Посмотрим, дошло ли",
    ),
    (replace(A_CARD, status="dead", failure="воронки нет"), "Нужен человек", "Сама больше не отправится"),
    (replace(A_CARD, next_attempt_at=IN_AN_HOUR), "Ждёт отправки", "Ждёт до"),
]


async def test_a_lead_that_is_not_there_says_why_and_what_comes_next(browser: Browser) -> None:
    cards = [replace(card, reference=f"CQ-00000{number}") for number, (card, _, _) in enumerate(NOT_THERE)]

    async with opened(browser, FakeTelegram(), a_board(*cards)) as page:
        await expect(page.get_by_role("heading", name="В пути")).to_contain_text("4 заявки")
        for card, (_, badge, words) in zip(cards, NOT_THERE, strict=True):
            shown = page.get_by_role("article", name=f"Заявка {card.reference}")
            await expect(shown.get_by_text(badge, exact=True)).to_be_visible()
            await expect(shown).to_contain_text(words)


async def test_what_stands_in_the_crm_unknown_to_the_bot_is_marked(browser: Browser) -> None:
    crm = CrmRecord(contact=A_CONTACT, deal=A_DEAL)
    lost = replace(A_CARD, status="failed", place="stage", made=("contact",), calling="lead", crm=crm)

    async with opened(browser, FakeTelegram(), a_board(lost)) as page:
        await expect(the_card(page).locator(".made")).to_have_count(1)
        await expect(the_card(page).locator(".unsure")).to_contain_text("бот ещё не знает")


async def test_a_closed_crm_is_told_with_the_time_at_which_the_bot_tries_again(browser: Browser) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=30)
    board = a_board(A_CARD, closed=Closed("аккаунт amoCRM не оплачен", until))

    async with opened(browser, FakeTelegram(), board) as page:
        line = page.get_by_role("status").filter(has_text="аккаунт amoCRM не оплачен")
        await expect(line).to_be_visible()
        await expect(the_card(page).get_by_text("Ждёт amoCRM", exact=True)).to_be_visible()

        board.around = replace(board.around, closed=None)
        await expect(line).to_have_count(0)
        await expect(the_card(page).get_by_text("Ждёт отправки", exact=True)).to_be_visible()


async def test_a_failed_lead_is_sent_again_by_a_button_that_keeps_the_focus(browser: Browser) -> None:
    board = a_board(replace(A_CARD, status="dead", failure="воронки нет"))

    async with opened(browser, FakeTelegram(), board) as page:
        again = the_card(page).get_by_role("button", name="Отправить снова")
        await again.focus()
        async with page.expect_response("**/resubmit"):
            await page.keyboard.press("Enter")
        assert board.asked == ["resubmit CQ-7K3M9X"]
        await expect(page.get_by_text("Заявка CQ-7K3M9X отправляется снова")).to_be_visible()

        board.put_up = [replace(A_CARD, status="failed", failure="воронки всё нет")]
        await expect(the_card(page)).to_contain_text("Воронки всё нет")
        await expect(again).to_be_focused()
        await expect(again).to_be_enabled()

        board.put_up = [replace(A_CARD, status="delivered")]
        await expect(again).to_have_count(0)
        await expect(the_card(page).locator("summary").first).to_be_focused()


async def test_switches_show_how_amocrm_is_set_whoever_has_set_it(browser: Browser) -> None:
    board = a_board()

    async with opened(browser, FakeTelegram(), board) as page:
        await page.get_by_text("Сбои amoCRM").click()
        down = page.get_by_role("switch", name="Недоступна")
        slow = page.get_by_role("switch", name="Медленная")
        await down.focus()
        await page.keyboard.press("Space")
        await expect(down).to_be_checked()
        await slow.click()
        await expect(slow).to_be_checked()
        assert board.asked == ['switch {"down": true}', 'switch {"slow": 3}']
        await expect(page.get_by_text("недоступна, медленная", exact=True)).to_be_visible()

        await slow.click()
        await expect(slow).not_to_be_checked()
        assert board.asked[-1] == 'switch {"slow": 0}'

        board.around = replace(board.around, switches=replace(board.around.switches, down=False))
        await expect(down).not_to_be_checked()
        await expect(page.get_by_text("всё работает", exact=True)).to_be_visible()


async def test_mishaps_strike_the_chosen_request_once_and_say_so(browser: Browser) -> None:
    board = a_board()

    async with opened(browser, FakeTelegram(), board) as page:
        await page.get_by_text("Сбои amoCRM").click()
        await page.get_by_role("button", name="Ответ теряется").click()
        await expect(page.get_by_text("Ответ теряется: при создании чего угодно, один раз")).to_be_visible()
        await page.get_by_label("При создании").select_option("примечания")
        await page.get_by_role("button", name="500 после записи").click()
        await expect(page.get_by_text("500 после записи: при создании примечания, один раз")).to_be_visible()
        await page.get_by_role("button", name="Токен устарел").click()
        await page.get_by_role("button", name="Отозвать доступ").click()
        await expect(page.get_by_text("Доступ отозван")).to_be_visible()
        await page.get_by_role("button", name="Исправить всё").click()
        await expect(page.get_by_text("amoCRM снова работает")).to_be_visible()

    assert board.asked == [
        "drop POST ^/api/v4/(contacts|leads|leads/notes|tasks)$",
        "500 after POST ^/api/v4/leads/notes$",
        "expire tokens",
        "revoke tokens",
        "mend",
        "log in",
    ]
