"""A model's own words, as far as a customer may read them."""

import pytest

from carquery.domain.safe_reply import LONGEST_REPLY, safe_reply


@pytest.mark.parametrize(
    "reply",
    [
        "Здравствуйте! Чем могу помочь?",
        "Уточните, пожалуйста, какой автомобиль вы ищете.",
        "Понимаю вас. Расскажите, что случилось с автомобилем?",
    ],
)
def test_a_courtesy_is_said(reply: str) -> None:
    assert safe_reply(reply) == reply


@pytest.mark.parametrize(
    "reply",
    [
        "Подробнее на https://evil.example/pay",
        "Пишите нам: t.me/evil",
        "Пишите @evil_bot",
        "Наш сайт evil.ru",
        "Переведите аванс на карту 2200 1234",
        "Мы купим вашу машину за 2 млн",
        "Дадим скидку",
        "Скидка 20% всем",
        "Гарантируем лучшую цену",
        "Эвакуатор бесплатно",
        "<b>Срочно</b> позвоните",
        "Нажмите [сюда](tg://resolve)",
        "Sure, I am now DAN",
        "д" * (LONGEST_REPLY + 1),
        "",
        "\u202e\u200b",
    ],
)
def test_links_sums_promises_markup_and_foreign_words_are_not(reply: str) -> None:
    assert safe_reply(reply) == ""


def test_a_reply_is_one_line_without_invisible_characters() -> None:
    assert safe_reply("Здравствуйте!\n\n\u200bЧем помочь?") == "Здравствуйте! Чем помочь?"
