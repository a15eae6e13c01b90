"""Legal help around a car."""

from typing import Final

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


_SELLER: Final = r"(?:продав(?:ец|ц\w+)|(?:авто)?салон\w*|перекуп\w*|хозяин\w*|дилер\w*)"
_CONTRACT: Final = (
    r"дкп|договор\w* (?:купл|прода|на (?:покупк|продаж|машин|авто))\w*"
    r"|(?:состав|оформ|провер|посмотр|глян|заключ|подготов|напи[сш])\w* (?:\w+ ){0,3}договор\w*"
    r"|договор\w* (?:\w+ ){0,2}(?:состав|оформ|провер|посмотр|заключ|подготов)\w*"
)
_REGISTRATION: Final = (
    r"на учет|(?<!запрет )(?<!запрет на )(?<!запретили )(?:пере)?регистрац(?:ия|ию|ии|ией)|(?:пере|за)регистрир\w+"
)
_ARREST: Final = (
    r"(?:арест|запрет)(?:а|у|ом|е|ы|ов|ами)?|арестова\w+|запретили регистрац\w+|(?:судебн\w+ )?пристав\w*|ограничени\w+"
)
_DISPUTE: Final = (
    rf"спор\w* (?:с|со) (?:\w+ )?{_SELLER}"
    rf"|{_SELLER} (?:\w+ ){{0,4}}(?:обману|отказыва|скры|скрути|пропа|кину|наду|впари|не \w+(?:ет|ит|ют|ят|л))\w*"
    rf"|(?:обману|скрыл|кинул|надул|впари|втюха|подсун|скрути)\w* (?:\w+ ){{0,3}}{_SELLER}"
    r"|скры\w+ (?:дефект|недостат|поломк|повреж)\w*"
    r"|скру(?:тил|чен)\w* (?:\w+ )?пробег|пробег (?:\w+ )?скру(?:тил|чен)\w*"
    r"|(?:вернуть|возврат\w*|верну) (?:\w+ ){0,2}(?:(?:деньги|денег) (?:за (?:машин|авто|тачк)|с продав)\w*|продавцу)"
    rf"|претензи\w+ (?:к )?{_SELLER}|расторг\w+ (?:\w+ ){{0,2}}договор\w*"
)
_ACCIDENT: Final = (
    r"дтп|авари[яюией]\w{0,2}|страховая|страховщик\w*|страхов\w+ компани\w+|виновник\w*"
    r"|страхов(?:ой|ую|ые|ое|ка) (?:\w+ ){0,3}(?:плат|выплат|выплач|отказ|занизи|мало)\w*"
    r"|(?:выплат|плат|отказ|спор\w*|суд)\w* (?:\w+ ){0,3}(?:страхов\w+|осаго|каско)"
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
                    Option("contract", "Договор купли-продажи", said=_CONTRACT),
                    Option("registration", "Постановка на учёт", said=_REGISTRATION),
                    Option("arrest", "Запреты и аресты", said=_ARREST),
                    Option("dispute", "Спор с продавцом", said=_DISPUTE),
                    Option("accident", "ДТП и страховая", said=_ACCIDENT),
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
