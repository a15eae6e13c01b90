"""Whatever customers type, what is shown satisfies MAX, and no label is cut that need not be."""

from collections.abc import Sequence

import pytest

from carquery.adapters.max.api.keyboards import CallbackButton, RequestContactButton, UrlButton
from carquery.adapters.max.channel import MAX
from carquery.adapters.max.rendering.html import LONGEST_TEXT, html_of
from carquery.adapters.max.rendering.keyboard import MOST_ROWS, keyboard_of, laid_out
from carquery.adapters.messenger.button_data import unpack
from carquery.adapters.messenger.buttons import free_button
from carquery.adapters.messenger.message import Button, ContactButton, LinkButton, Message
from carquery.adapters.messenger.presenter import present
from carquery.adapters.telegram.channel import TELEGRAM
from carquery.application.marked_text import Marked, bold, code, italic, naming, plain, quote, units
from carquery.application.presses import FreeVerb
from carquery.application.screens import Menu, screen_of
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId
from tests.builders import NOW, TERMS, a_dialog, a_reviewed_dialog


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (plain("a < b & c > d \"e\""), 'a &lt; b &amp; c &gt; d "e"'),
        (bold("Шаг <1>") + "\n" + italic("или") + code("&") + quote("раз"),
         "<b>Шаг &lt;1&gt;</b>\n<i>или</i><code>&amp;</code><blockquote>раз</blockquote>"),
        (naming(CustomerId(MAX, "5"), "Анна"), '<a href="max://user/5">Анна</a>'),
        (naming(CustomerId(TELEGRAM, "5"), "Анна"), "Анна"),
    ],
)  # fmt: skip
def test_marks_are_tags_and_everything_else_stands_as_it_was_written(text: Marked, html: str) -> None:
    assert html_of(text) == html


@pytest.mark.parametrize("typed", ["<" * 3900, "я" * 3999, "🚗" * 1990, "&<>" * 1300, "&" * 900])
def test_a_text_that_is_too_long_with_its_tags_loses_the_end_of_its_longest_part(typed: str) -> None:
    written = html_of(bold("Проверьте") + "\n\n" + typed + "\n\n" + bold("Всё верно?"))

    assert units(written) <= LONGEST_TEXT
    assert written.startswith("<b>Проверьте</b>")
    assert written.endswith("<b>Всё верно?</b>")
    assert units(written) > LONGEST_TEXT * 0.9 or "…" not in written


def labelled(*labels: str) -> tuple[Button, ...]:
    return tuple(free_button(label, FreeVerb.STAY) for label in labels)


@pytest.mark.parametrize(
    ("row", "lengths"),
    [
        (labelled("🚗 Продать авто", "🛒 Купить авто"), [1, 1]),
        (labelled("⬅️ Назад", "🏠 Меню"), [2]),
        (labelled("✏️ Изменить", "❌ Отменить"), [2]),
        (labelled("2026", "2025", "2024", "2023"), [2, 2]),
        (labelled("Да", "Нет"), [2]),
        (labelled("1", "2", "3", "4", "5", "6", "7"), [4, 3]),
        (labelled("раз", "два", "три", "2026", "2025"), [3, 2]),
        (labelled("500 тыс. – 1 млн ₽"), [1]),
        ((*labelled("1", "2", "3"), ContactButton("Я")), [2, 2]),
        ((LinkButton("Договор", "https://a.ru"), *labelled("Нет")), [2]),
    ],
)
def test_a_row_is_broken_where_labels_would_be_cut(row: tuple[Button, ...], lengths: Sequence[int]) -> None:
    rows = laid_out((row,))

    assert [len(one) for one in rows] == lengths
    assert [button for one in rows for button in one] == list(row)


def test_more_rows_than_there_may_be_stand_side_by_side() -> None:
    rows = laid_out(tuple(labelled(f"Заявка номер {number}") for number in range(61)))

    assert len(rows) <= MOST_ROWS
    assert sum(map(len, rows)) == 61


def test_buttons_carry_what_they_carry_everywhere() -> None:
    view = present(screen_of(a_dialog(step="phone")), at=NOW)
    assert isinstance(view, Message)

    (keyboard,) = keyboard_of(view)

    buttons = [button for row in keyboard.payload.buttons for button in row]
    assert isinstance(buttons[0], RequestContactButton)
    assert all(unpack(button.payload) for button in buttons if isinstance(button, CallbackButton))


def test_the_policy_is_a_link() -> None:
    view = present(screen_of(a_dialog(service=Service.CALLBACK, terms=TERMS)), at=NOW)
    assert isinstance(view, Message)

    (keyboard,) = keyboard_of(view)

    assert any(isinstance(button, UrlButton) for row in keyboard.payload.buttons for button in row)


@pytest.mark.parametrize("screen", [Menu(), screen_of(a_reviewed_dialog()), screen_of(a_dialog(step="year"))])
def test_no_label_of_usual_screens_is_cut(screen: object) -> None:
    view = present(screen, at=NOW)  # type: ignore[arg-type]  # of a union
    assert isinstance(view, Message)

    room = {1: 20, 2: 10, 3: 5, 4: 3}
    for row in laid_out(view.rows):
        assert all(len(button.label.replace("\ufe0f", "")) <= room[len(row)] for button in row)


def test_a_message_without_buttons_has_nothing_attached() -> None:
    assert keyboard_of(Message((plain("Спасибо"),))) == ()
