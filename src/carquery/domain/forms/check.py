"""Checking a car before it is bought."""

from typing import Final

from carquery.domain.answers import Option
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.shared_steps import COMMENT, NAME, PHONE, car
from carquery.domain.forms.wish import Wish
from carquery.domain.meaning import Meaning
from carquery.domain.steps import ByChoice, ByText, Step
from carquery.domain.vin import read_vin, says_more_than_vin

_TECHNICAL: Final = r"техническ\w+|диагностик\w+|двигател\w+|мотор\w*|подвеск\w+|ходов\w+|кузов\w*"
_LEGAL: Final = (
    r"юридическ\w+(?! (?:помощ|консульт|вопрос))|чистот\w+|по базам|историю|документ\w+"
    r"|залог\w*|арест\w*|запрет\w*|обременени\w+"
)
_COMPLETE: Final = r"комплекс\w*|полн(?:ая|ую|ой|ое|остью)|все(?:стороннюю)?|обе|и то,? и (?:то|другое)"
_VISIT: Final = r"выезд\w*|съезди\w*|поеха\w+|осмотр\w*|на месте"

_LOOKS: Final = r"(?:провер|посмотр|глян|осмотр|диагност|проб(?:ит|ей|ив|ь)|узна)\w*"
_PARTS: Final = r"(?:двиг\w+|движ(?:ок|ка)|мотор\w*|подвеск\w+|ходов\w+|кузов\w*|лкп|коробк\w+)"
_PAPERS: Final = r"(?:документ\w*|историю(?! обслуж)|чистоту)"
_SAYS_TECHNICAL: Final = (
    r"(?:техническ\w+|тех) (?:диагност|состоян|осмотр|провер|част)\w*|технически|техсостояни\w+|по (?:технике|железу)"
    r"|диагностик\w+|толщиномер\w*|на (?:битость|крашеность)"
    rf"|{_LOOKS}[ ,]+(?:\w+[ ,]+){{0,3}}{_PARTS}|{_PARTS} (?:\w+ )?{_LOOKS}"
)
_SAYS_LEGAL: Final = (
    r"юридическ\w+ (?:\w+ )?(?:чистот|провер|част|сторон)\w*|юридически|юр\.? ?(?:чистот|провер)\w*"
    r"|чистот\w+ (?:сделки|документов|авто\w*|машины)|(?:по|через) (?:\w+ )?баз(?:ам|е|ы|у)|автотеку"
    r"|на (?:\w+ )?(?:залог\w*|арест\w*|запрет\w*|ограничени\w+|обременени\w+|угон\w*|кредит\w*)"
    r"|(?:нет ли|есть ли) (?:\w+ ){0,3}(?:залог|арест|запрет|ограничени|обременени)\w*"
    r"|в (?:залоге|угоне|розыске|аресте|кредите) ли|(?:ли|не) (?:\w+ )?в (?:залоге|угоне|розыске|аресте)"
    rf"|{_LOOKS}[ ,]+(?:\w+[ ,]+){{0,3}}{_PAPERS}|{_PAPERS} (?:\w+ )?{_LOOKS}|{_LOOKS} по (?:вин|vin)\w*"
)
_SAYS_COMPLETE: Final = (
    rf"комплексн\w+|в комплексе|полн(?:ая|ую|ой) провер\w+|{_LOOKS} (?:\w+ ){{0,3}}(?:полностью|от и до|целиком"
    rf"|со всех сторон|по полной)|(?:полностью|от и до|по полной|всесторонне) {_LOOKS}"
)
_SAYS_VISIT: Final = (
    r"выездн\w+|(?:с|со|на|нужен|закажу|заказать|вызвать) выезд\w*"
    r"|выезд\w* (?:специалист|мастер|эксперт|механик|диагност|на осмотр|на место|к продавц)\w*"
    rf"|(?:съезди\w*|выеха\w*|выед\w+|подъеха\w*|поехать) (?:\w+ ){{0,4}}{_LOOKS}|{_LOOKS} (?:\w+ ){{0,5}}на месте"
)

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
                    Option("technical", "Техническая диагностика", also=_TECHNICAL, said=_SAYS_TECHNICAL),
                    Option("legal", "Юридическая чистота", also=_LEGAL, said=_SAYS_LEGAL),
                    Option("complete", "Комплексная проверка", also=_COMPLETE, said=_SAYS_COMPLETE),
                    Option("visit", "Выездной осмотр", also=_VISIT, said=_SAYS_VISIT),
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
