"""Legal help around a car."""

from carquery.domain.answers import Option
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.shared_steps import COMMENT, NAME, PHONE, read_own_words
from carquery.domain.forms.wish import Wish
from carquery.domain.meaning import Meaning
from carquery.domain.steps import ByChoice, ByText, Step
from carquery.domain.words import Words, read_words


def read_description(typed: str) -> Words:
    """Read what happened: 10 … 2000 characters. Raises AnswerRefused."""
    return read_words(
        typed,
        shortest=10,
        longest=2000,
        multiline=True,
        hint="Опишите ситуацию, от 10 до 2000 символов, например: продавец не отдаёт ПТС после оплаты",
    )


LEGAL = Form(
    service=Service.LEGAL,
    title="Юридическая помощь",
    button="⚖️ Юрпомощь",
    wish=Wish(
        wants="получить юридическую помощь",
        offered="разобраться с документами",
        said=("юрист", "юридическая помощь", "договор", "поставить на учет", "снять запрет", "вернуть деньги"),
        gist="papers, registration, disputes, fines",
    ),
    steps=(
        Step(
            name="question_type",
            title="Вопрос",
            prompt="С чем нужна помощь?",
            typing_prompt="Напишите, с чем нужна помощь",
            takes_any_words=True,
            kind=ByChoice(
                choices=(
                    Option("contract", "Договор купли-продажи"),
                    Option("registration", "Постановка на учёт"),
                    Option("arrest", "Запреты и аресты"),
                    Option("dispute", "Спор с продавцом"),
                    Option("accident", "ДТП и страховая"),
                ),
                own=Option("own", "Другое"),
                read=read_own_words,
            ),
        ),
        Step(
            name="description",
            means=Meaning.SITUATION,
            title="Описание",
            prompt="Опишите ситуацию.",
            example="продавец не отдаёт ПТС после оплаты",
            takes_any_words=True,
            kind=ByText(read_description),
        ),
        NAME,
        PHONE,
        COMMENT,
    ),
)
