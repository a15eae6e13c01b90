"""Help with choosing a car."""

from typing import Final

from carquery.domain.answers import Option
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.shared_steps import BUDGET, COMMENT, NAME, PHONE, read_car, read_own_words
from carquery.domain.forms.wish import Wish
from carquery.domain.meaning import Meaning
from carquery.domain.steps import ByChoice, Step

_RIDES: Final = r"(?:езд\w+|езж\w+|ката\w+|гоня\w+|передвига\w+|мота\w+)"
_CARS: Final = r"(?:машин|автомобил|тачк|авто)\w*"
_CITY: Final = (
    rf"под город|{_RIDES} (?:\w+ ){{0,2}}(?:по|в) город[уе]|по городу (?:\w+ )?{_RIDES}"
    rf"|городск\w+ (?:{_CARS}|малолитраж\w+)"
)
_FAMILY: Final = (
    rf"(?:для|под|на|в) (?:(?:больш\w+|наш\w+|молод\w+|всю|всей) )?семь[июе]|семейн\w+ {_CARS}|{_CARS} семейн\w+"
    r"|(?:возить|катать|развозить) (?:\w+ )?(?:дет\w+|ребенка|малыш\w+|семью)"
    r"|дет(?:ей|ишек) (?:\w+ ){0,2}(?:возить|катать|развозить)"
    r"|(?:двое|трое|четверо|пятеро) (?:дет|пацан)\w+"
)
_WORK: Final = (
    r"(?<!из )(?<!из-)под (?:такси|работу|доставку|бизнес)|для (?:доставки|бизнеса|фирмы)|таксовать|таксую|таксуем"
    r"|(?:работать|поработать|пойти|пойду|выйти|выхожу|иду|устроил\w+|подработ\w+|подрабатывать) (?:\w+ )?в такси"
    r"|в такси (?:по)?работать"
    rf"|{_RIDES} по работе|рабоч\w+ (?:{_CARS}|лошадк\w+)"
)
_TRAVEL: Final = (
    r"(?:авто)?путешеств\w+|(?:дальн|длинн|длительн)\w+ (?:поезд|дорог|расстоян|дистанц|путешеств)\w+|дальняк\w*"
    rf"|{_RIDES} (?:\w+ ){{0,2}}(?:на море|к морю|по (?:стране|россии|трассе|трассам))|(?:на море|по трассе) {_RIDES}"
)
_OFFROAD: Final = (
    r"бездорожь\w+|(?:для|под|на) (?:охот[уы]|рыбалк[уи])|off-?road|офф?роуд\w*"
    rf"|{_RIDES} (?:\w+ ){{0,2}}по (?:грязи|лесу|лесам|полям|горам)|по (?:грязи|лесу|лесам|полям|горам) {_RIDES}"
)
_FIRST: Final = (
    rf"перв\w+ (?:в жизни )?(?:(?:сво|мо)[юеяй]\w* )?{_CARS}(?! (?:\w+ ){{0,2}}(?:был|прода|разби|сда)\w+)"
    rf"|(?:машин|тачк)\w* (?:\w+ )?перв(?:ая|ую)(?! хозя)|новичк[уа]|начинающ\w+ водител\w+"
    r"|для начинающ(?:ей|его)(?! \w)"
    r"|(?:только|недавно|вот) (?:что )?(?:\w+ )?(?:(?:получил|сдал)\w* (?:на )?прав[ао]?"
    r"|(?:на )?права (?:получил|сдал)\w*)|после автошколы"
)

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
                    Option("city", "Для города", said=_CITY),
                    Option("family", "Для семьи", also=r"семейн\w+", said=_FAMILY),
                    Option("work", "Для работы и такси", also=r"таксова\w+", said=_WORK),
                    Option("travel", "Для путешествий", said=_TRAVEL),
                    Option("offroad", "Для бездорожья", said=_OFFROAD),
                    Option("first", "Первый автомобиль", also=r"перв\w+ (?:машин|авто|тачк)\w*", said=_FIRST),
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
                    Option("hatchback", "Хэтчбек", said=r"х[еэ]т?ч(?:б[еэ]к)?\w{0,2}"),
                    Option("wagon", "Универсал"),
                    Option("crossover", "Кроссовер", said=r"паркетник\w*"),
                    Option("suv", "Внедорожник", said=r"джип\w{0,2}|рамник\w*"),
                    Option("minivan", "Минивэн", said=r"мини ?в[еэ]н\w{0,2}"),
                    Option("coupe", "Купе"),
                    Option("pickup", "Пикап"),
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
