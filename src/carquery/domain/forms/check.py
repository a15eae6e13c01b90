"""Checking a car before it is bought."""

from carquery.domain.answers import Option
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.shared_steps import COMMENT, NAME, PHONE, car
from carquery.domain.forms.wish import Wish
from carquery.domain.meaning import Meaning
from carquery.domain.steps import ByChoice, ByText, Step
from carquery.domain.vin import read_vin, says_more_than_vin

_TECHNICAL = r"техническ\w+|диагностик\w+|двигател\w+|мотор\w*|подвеск\w+|ходов\w+|кузов\w*"
_LEGAL = r"юридическ\w+|чистот\w+|по базам|залог\w*|арест\w*|запрет\w*|обременени\w+|историю|документ\w+"
_COMPLETE = r"комплекс\w*|полн(?:ая|ую|ой|ое|остью)|все(?:стороннюю)?|обе|и то,? и (?:то|другое)"
_VISIT = r"выезд\w*|съезди\w*|поеха\w+|осмотр\w*|на месте"

CHECK = Form(
    service=Service.CHECK,
    title="Проверка авто",
    button="🛠 Проверить авто",
    wish=Wish(
        wants="проверить авто",
        offered="проверить автомобиль",
        said=("проверить", "проверка", "осмотреть", "выездной осмотр", "проверка перед покупкой", "по базам"),
        gist="inspect a car before purchase",
    ),
    steps=(
        Step(
            name="check_type",
            title="Вид проверки",
            prompt="Какая проверка нужна?",
            kind=ByChoice(
                choices=(
                    Option("technical", "Техническая диагностика", also=_TECHNICAL),
                    Option("legal", "Юридическая чистота", also=_LEGAL),
                    Option("complete", "Комплексная проверка", also=_COMPLETE),
                    Option("visit", "Выездной осмотр", also=_VISIT),
                ),
            ),
        ),
        car("Какой автомобиль проверить? Напишите марку и модель."),
        Step(
            name="vin",
            means=Meaning.VIN,
            title="VIN",
            prompt="Напишите VIN автомобиля, если он есть под рукой.",
            example="XTA210990Y1234567",
            optional=True,
            kind=ByText(read_vin),
            says_more=says_more_than_vin,
        ),
        NAME,
        PHONE,
        COMMENT,
    ),
)
