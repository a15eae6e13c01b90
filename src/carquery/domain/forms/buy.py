"""Buying a car the customer has in mind."""

from carquery.domain.answers import Option
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.shared_steps import BUDGET, COMMENT, NAME, PHONE, YEAR, car
from carquery.domain.forms.wish import Wish
from carquery.domain.steps import ByChoice, ByYear, Step
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
        replace(
            YEAR, name="year_from", title="Год выпуска, от", prompt="Не старше какого года?", kind=ByYear(is_least=True)
        ),
        Step(
            name="transmission",
            title="Коробка передач",
            prompt="Какая коробка передач?",
            kind=ByChoice(
                choices=(
                    Option("automatic", "Автомат", said=r"акпп|автоматическ\w+|типтроник"),
                    Option("manual", "Механика", said=r"мкпп|(?:на )?ручк[еау]|механическ\w+|мехах?"),
                    Option("robot", "Робот", said=r"dsg|дсг|роботизированн\w+"),
                    Option("cvt", "Вариатор", said=r"cvt|вариаторн\w+"),
                    Option("any", "Не важно"),
                ),
                undecided="any",
                of_the_car=True,
            ),
        ),
        Step(
            name="drive",
            title="Привод",
            prompt="Какой привод?",
            kind=ByChoice(
                choices=(
                    Option("front", "Передний", also=r"на передн\w+|перед(?:ок|ке|ка)", said=r"переднеприводн\w+|fwd"),
                    Option("rear", "Задний", also=r"на задн\w+", said=r"заднеприводн\w+|rwd"),
                    Option("all", "Полный", said=r"полноприводн\w+|4 ?[хx] ?4|[4а](?:wd|вд)|awd|все колеса"),
                    Option("any", "Не важно"),
                ),
                undecided="any",
                of_the_car=True,
            ),
        ),
        NAME,
        PHONE,
        COMMENT,
    ),
)
