"""Help with choosing a car."""

from carquery.domain.answers import Option
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.shared_steps import BUDGET, COMMENT, NAME, PHONE, read_car, read_own_words
from carquery.domain.forms.wish import Wish
from carquery.domain.meaning import Meaning
from carquery.domain.steps import ByChoice, Step

FIND = Form(
    service=Service.FIND,
    title="Подбор авто",
    button="🔎 Подобрать авто",
    wish=Wish(
        wants="подобрать авто",
        offered="подобрать автомобиль",
        said=("подобрать", "подбор", "посоветовать", "помогите выбрать", "какую взять", "под заказ"),
        gist="help choosing or sourcing",
    ),
    steps=(
        Step(
            name="purpose",
            title="Для чего",
            prompt="Для чего вам автомобиль?",
            typing_prompt="Напишите, для чего вам автомобиль",
            takes_any_words=True,
            kind=ByChoice(
                choices=(
                    Option("city", "Для города"),
                    Option("family", "Для семьи", also=r"семейн\w+"),
                    Option("work", "Для работы и такси", also=r"таксова\w+"),
                    Option("travel", "Для путешествий"),
                    Option("offroad", "Для бездорожья"),
                    Option("first", "Первый автомобиль", also=r"перв\w+ (?:машин|авто|тачк)\w*"),
                ),
                own=Option("own", "Другое"),
                read=read_own_words,
            ),
        ),
        BUDGET,
        Step(
            name="brand_preference",
            means=Meaning.CAR,
            title="Марка",
            prompt="Какую марку предпочитаете? Напишите или нажмите «Любая».",
            example="Toyota или Kia",
            takes_any_words=True,
            kind=ByChoice(choices=(Option("any", "Любая"),), read=read_car, undecided="any"),
        ),
        Step(
            name="body_type",
            title="Кузов",
            prompt="Какой кузов?",
            kind=ByChoice(
                choices=(
                    Option("sedan", "Седан"),
                    Option("hatchback", "Хэтчбек", also=r"х[еэ]т?чб[еэ]к\w*|х[эе]ч"),
                    Option("wagon", "Универсал"),
                    Option("crossover", "Кроссовер", also=r"паркетник\w*"),
                    Option("suv", "Внедорожник", also=r"джип\w{0,2}|рамник\w*"),
                    Option("minivan", "Минивэн"),
                    Option("coupe", "Купе"),
                    Option("pickup", "Пикап"),
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
