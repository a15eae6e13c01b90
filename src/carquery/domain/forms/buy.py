"""Buying a car the customer has in mind."""

from carquery.domain.answers import Option
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.shared_steps import BUDGET, COMMENT, NAME, PHONE, YEAR, car
from carquery.domain.forms.wish import Wish
from carquery.domain.steps import ByChoice, Step
from carquery.domain.values import replace

BUY = Form(
    service=Service.BUY,
    title="Покупка авто",
    button="🛒 Купить авто",
    wish=Wish(
        wants="купить авто",
        offered="купить автомобиль",
        said=("купить", "покупка", "приобрести", "хочу взять", "купить в рассрочку"),
        gist="a known car",
    ),
    steps=(
        car("Какой автомобиль хотите купить? Напишите марку и модель."),
        BUDGET,
        replace(YEAR, name="year_from", title="Год выпуска, от", prompt="Не старше какого года?"),
        Step(
            name="transmission",
            title="Коробка передач",
            prompt="Какая коробка передач?",
            kind=ByChoice(
                choices=(
                    Option("automatic", "Автомат", also=r"акпп|автоматическ\w+|типтроник"),
                    Option("manual", "Механика", also=r"мкпп|(?:на )?ручк[еау]|механическ\w+|мехах?"),
                    Option("robot", "Робот", also=r"dsg|дсг|роботизированн\w+"),
                    Option("cvt", "Вариатор", also=r"cvt|вариаторн\w+"),
                    Option("any", "Не важно"),
                ),
                undecided="any",
            ),
        ),
        Step(
            name="drive",
            title="Привод",
            prompt="Какой привод?",
            kind=ByChoice(
                choices=(
                    Option("front", "Передний", also=r"переднеприводн\w+|на передн\w+|перед(?:ок|ке|ка)|fwd"),
                    Option("rear", "Задний", also=r"заднеприводн\w+|на задн\w+|rwd"),
                    Option("all", "Полный", also=r"полноприводн\w+|4 ?[хx] ?4|[4а]wd|awd|все колеса"),
                    Option("any", "Не важно"),
                ),
                undecided="any",
            ),
        ),
        NAME,
        PHONE,
        COMMENT,
    ),
)
