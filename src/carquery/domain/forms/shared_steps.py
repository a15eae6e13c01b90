"""Steps that several forms ask in the same words."""

from carquery.domain.answers import Option
from carquery.domain.meaning import Meaning
from carquery.domain.money import Rubles, read_rubles, says_more_than_rubles
from carquery.domain.steps import ByChoice, ByPhone, ByText, ByYear, Step
from carquery.domain.typed_names import read_name
from carquery.domain.typed_year import says_more_than_years
from carquery.domain.values import replace
from carquery.domain.words import Words, read_words


def read_car(typed: str) -> Words:
    """Read a make and model, or what the customer calls them: 2 … 64 characters. Raises AnswerRefused."""
    return read_words(
        typed,
        shortest=2,
        longest=64,
        needs_alphanumeric=True,
        hint="Напишите марку и модель, от 2 до 64 символов, например Toyota Camry",
    )


def read_own_words(typed: str) -> Words:
    """Read the text of «Другое»: 2 … 200 characters. Raises AnswerRefused."""
    return read_words(
        typed,
        shortest=2,
        longest=200,
        needs_alphanumeric=True,
        hint="Напишите своими словами, от 2 до 200 символов",
    )


def read_comment(typed: str) -> Words:
    """Read a comment: up to 1000 characters. Raises AnswerRefused."""
    return read_words(typed, shortest=1, longest=1000, multiline=True, hint="Напишите комментарий, до 1000 символов")


CAR = Step(
    name="car_brand",
    means=Meaning.CAR,
    title="Автомобиль",
    prompt="Какой автомобиль?",
    example="Toyota Camry",
    takes_any_words=True,
    kind=ByText(read_car),
)

YEAR = Step(
    name="year",
    means=Meaning.YEAR,
    title="Год выпуска",
    prompt="Какого он года?",
    typing_prompt="Напишите год выпуска",
    example="2009",
    says_more=says_more_than_years,
    kind=ByYear(),
)

BUDGET = Step(
    name="budget",
    means=Meaning.BUDGET,
    title="Бюджет",
    prompt="На какой бюджет рассчитываете?",
    typing_prompt="Напишите наибольшую сумму в рублях",
    example="1 200 000 или 1,2 млн",
    says_more=says_more_than_rubles,
    kind=ByChoice(
        choices=(
            Option("to500k", "до 500 тыс. ₽", Rubles(500_000)),
            Option("to1m", "до 1 млн ₽", Rubles(1_000_000)),
            Option("to1500k", "до 1,5 млн ₽", Rubles(1_500_000)),
            Option("to2m", "до 2 млн ₽", Rubles(2_000_000)),
            Option("to3m", "до 3 млн ₽", Rubles(3_000_000)),
            Option("to5m", "до 5 млн ₽", Rubles(5_000_000)),
            Option("over5m", "больше 5 млн ₽", Rubles(5_000_000)),
        ),
        own=Option("own", "Указать свою сумму"),
        read=read_rubles,
    ),
)

NAME = Step(
    name="name",
    means=Meaning.NAME,
    title="Имя",
    prompt="Как к вам обращаться?",
    example="Анна",
    personal=True,
    takes_captions=False,
    takes_any_words=True,
    kind=ByText(read_name),
)

PHONE = Step(
    name="phone",
    means=Meaning.PHONE,
    title="Телефон",
    prompt="По какому номеру вам позвонить? Нажмите «Поделиться номером» или напишите его.",
    example="+7 916 123-45-67",
    personal=True,
    kind=ByPhone(),
)

COMMENT = Step(
    name="comment",
    means=Meaning.COMMENT,
    title="Комментарий",
    prompt="Хотите что-нибудь добавить?",
    optional=True,
    personal=True,
    takes_any_words=True,
    kind=ByText(read_comment),
)


def car(prompt: str) -> Step:
    """The question about the car, in the words of one form."""
    return replace(CAR, prompt=prompt)
