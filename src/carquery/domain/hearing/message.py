"""A text that came while a form is open, and what can be found out about it."""

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Final, Protocol

from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.hearing.asked import PRICE, asked_in, asks_for_a_sum, told_in
from carquery.domain.hearing.heard import AsksUs, Commands, Courtesy, Heard, WantsForm, WantsPerson
from carquery.domain.hearing.phrase import Phrase, parts_of
from carquery.domain.hearing.talk import (
    LIKELIER_THAN_NOT,
    PERSON,
    SOMETHING,
    SURE_TO_LEAVE,
    UPSET,
    about,
    asks_us,
    talk,
    wants,
)
from carquery.domain.typed_commands import asks_for_call
from carquery.domain.understanding import PERHAPS, Entities, Understanding
from carquery.domain.values import dataclass, replace


class Interprets(Protocol):
    """Finds out at once what a text says; the same each time."""

    def understand(self, message: str, /) -> Understanding:
        """What it wants, and all that it mentions."""
        ...

    def mentions(self, message: str, /) -> Entities:
        """What it mentions alone: it costs a fraction to find no more than that."""
        ...


class Once:
    """Asks once for each text."""

    def __init__(self, interpreter: Interprets) -> None:
        self._interpreter = interpreter
        self._understood: dict[str, Understanding] = {}
        self._mentioned: dict[str, Entities] = {}

    def understand(self, message: str, /) -> Understanding:
        if (understood := self._understood.get(message)) is None:
            understood = self._understood[message] = self._interpreter.understand(message)
        return understood

    def mentions(self, message: str, /) -> Entities:
        if (mentioned := self._mentioned.get(message)) is None:
            mentioned = self._mentioned[message] = self._interpreter.mentions(message)
        return mentioned


_DENIED: Final = re.compile(
    r"\b(?:[а-я-]+ть(?:ся)?|[а-я]*(?:подбор|продаж|покупк|проверк|юрист)[а-я]*) (?:(?:мне|нам|уже|больше|пока) )*"
    r"не (?:над|нуж|хо[чт]|треб|буд)[а-я]+|\b(?:пере|раз)думал[а-я]* [а-я]+ть|\bвместо [а-я]+|\bне [а-я-]+"
)
"""«Мне не продать, мне купить», «подбирать уже не нужно, хочу купить»: the wish is in the rest."""
_CERTAIN: Final = 0.95
"""What is no more than a part of a text must want something by itself that surely."""
_WISHES: Final = re.compile(
    r"\b(?:куп|покуп|прода|ищ|подбер|подобр|подбор|подбир|най[дт]|выбрать|провер|осмотр|юр|договор)[а-я]*"
)
"""What is wanted, said in so many words."""
_OF_CALLING: Final = re.compile(r"звон")
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+")
_NO_COMPLAINT: Final = re.compile(
    r"\b(?:жалоб|претензий|нареканий) (?:\w+ ){0,3}(?:нет|не было|никаких)\b"
    r"|\b(?:нет|без) (?:жалоб|претензий|нареканий)\b"
)
_OF_A_CAR: Final = re.compile(
    r"\b(?:коробк|двиг|движ|мотор|подвеск|кузов|ходов|рул[яьюе]|кондиц|стойк|стартер|генератор|датчик|тормоз)\w*"
)
_OF_US: Final = re.compile(
    r"\b(?:вы|вас|вам|вами|ваш\w*|верн\w+|деньги|менеджер\w*|бот\w{0,2}|сервис\w*|ремонт\w*|обман\w*|мошенн\w*)\b"
)


@dataclass(slots=True)
class Message:
    """One text. It is understood when somebody asks."""

    dialog: Dialog
    typed: str
    interpreter: Interprets
    phrase: Phrase = field(init=False)

    def __post_init__(self) -> None:
        self.phrase = Phrase.of(self.typed)

    @property
    def understood(self) -> Understanding:
        """The whole text."""
        return self.interpreter.understand(self.typed)

    @property
    def mentioned(self) -> Entities:
        """What the whole text mentions."""
        return self.interpreter.mentions(self.typed)

    @property
    def told(self) -> Phrase:
        """What it says, without what it asks: «вы робот?» names no gearbox."""
        return Phrase.of(told_in(self.typed, self.interpreter.understand))

    def talk(self, *, least: float) -> Heard | None:
        """What it is, if it is talk with at least that probability; what it says «не» to does not count."""
        if self.is_link:
            return None
        heard = self._talk(self.understood, least)
        if heard is None and _DENIED.search(self.phrase.text) is not None:
            left = self._talk(self.interpreter.understand(_DENIED.sub(" ", self.phrase.text)), least)
            heard = left if isinstance(left, WantsForm) else None
        heard = heard or self._wish_in_a_part()
        if isinstance(heard, Courtesy):
            asked = asked_in(self.typed, self.interpreter.understand)
            return AsksUs(asked[0].topic) if asked else self._behind_courtesy() or heard
        if isinstance(heard, Commands) and self.phrase.holds(_OF_CALLING):
            return None  # «не звоните, напишите»
        if self._tells_of_the_car and isinstance(heard, WantsPerson | WantsForm):
            return None
        if not isinstance(heard, WantsForm):
            return heard
        is_meant = self.wishes_in_words or self.wants_in_context(heard.service)
        return replace(heard, mentioned=self.mentioned) if is_meant else None

    @property
    def _tells_of_the_car(self) -> bool:
        """«Жалоба на коробку: пинается», of who sells it; «нареканий нет»."""
        if self.phrase.holds(_NO_COMPLAINT):
            return True
        is_upset = about(self.understood, UPSET) >= about(self.understood, PERSON)
        is_own = self.dialog.form.service is Service.SELL and self.phrase.holds(_OF_A_CAR)
        return is_own and is_upset and not self.phrase.holds(_OF_US) and not self.wishes_in_words

    @property
    def is_link(self) -> bool:
        """Whether it is an address of a page and nothing else: it wants nothing by itself."""
        return _LINK.fullmatch(self.typed.strip()) is not None

    @property
    def wishes_in_words(self) -> bool:
        """Whether it says in so many words that something is wanted: «купить», «проверьте»."""
        return says_a_wish(self.phrase)

    def _wish_in_a_part(self) -> WantsForm | None:
        """«Я уже определилась, хочу купить пиканто»: what stands around a wish in so many words may hide it."""
        parts = tuple(self.parts)
        for part in parts if len(parts) > 1 else ():
            if _WISHES.search(part.lower()) is not None and _DENIED.search(part.lower()) is None:
                heard = self._talk(self.interpreter.understand(part), _CERTAIN)
                if isinstance(heard, WantsForm):
                    return heard
        return None

    def _behind_courtesy(self) -> Commands | None:
        """«Благодарю вас, но я передумала продавать»: giving up, politely."""
        heard = self._talk(self.interpreter.understand(", ".join(list(self.parts)[1:])), SURE_TO_LEAVE)
        return heard if isinstance(heard, Commands) else None

    def _talk(self, understood: Understanding, least: float) -> Heard | None:
        return talk(understood, self.dialog.form.service, least=least, asks=self.phrase.asks, is_a_word=self._is_a_word)

    def wants_in_context(self, service: Service) -> bool:
        """Whether it wants that also in one breath with what the form is for."""
        said = f"хочу {self.dialog.form.wish.wants}. {self.typed}"
        return wants(self.interpreter.understand(said), service) >= LIKELIER_THAN_NOT

    @property
    def _is_a_word(self) -> bool:
        return len(self.phrase.words) == 1

    @property
    def parts(self) -> Iterator[str]:
        """What stands between commas, stops and lines."""
        return parts_of(self.typed)


def says_a_wish(phrase: Phrase) -> bool:
    """Whether it says in so many words that something is wanted: «купить», «проверьте»."""
    return phrase.holds(_WISHES)


def asks_something(message: Message) -> AsksUs | None:
    """A question that answers nothing that is asked, whatever it is about; `None`: it is put as none."""
    if not message.phrase.is_question or message.phrase.has_figures:
        return None
    form = message.dialog.form
    topic, asking = asks_us(message.understood, of=form.service)
    wishes = wants(message.understood, form.service) >= PERHAPS
    is_of_a_car = topic == PRICE and wishes and asks_for_a_sum(form) and not message.phrase.holds(_OF_A_FEE)
    is_known = asking >= PERHAPS and message.understood.topics[topic] >= _ASKED_LEAST and not is_of_a_car
    return AsksUs(topic if is_known else SOMETHING)


_ASKED_LEAST: Final = 0.4
"""So likely is the topic that is answered: a wrong answer is worse than one by a person."""
_OF_A_FEE: Final = re.compile(r"\b(?:комисси|процент|наценк|подбор|услуг|посредни)")
"""What the dealership takes for its work, not what a car costs."""
_FEW_WORDS: Final = 2


def perhaps_wants_person(message: Message) -> WantsPerson | None:
    """Of several words that answer nothing, and sound most of all like a wish for somebody to talk to."""
    is_told = len(message.phrase.words) > _FEW_WORDS and not message.phrase.has_figures
    return WantsPerson() if is_told and about(message.understood, PERSON) >= PERHAPS else None


def is_remark(message: Message, heard: Heard | None) -> bool:
    """Whether it is a remark for the manager that sounds like talk: «гарантия до 2027», «звоните попозже вечером»."""
    phrase = message.phrase
    if phrase.is_question or phrase.asks or phrase.holds(_ASKS_ANYWHERE):
        return False
    if isinstance(heard, WantsPerson):
        return not heard.is_upset and phrase.holds(_OF_THE_CALL) and not asks_for_call(message.typed)
    return isinstance(heard, AsksUs)


_ASKS_ANYWHERE: Final = re.compile(
    r"\b(?:сколько|скольки|ли|где|вы|(?:под)?скажите|узнать|вопрос|как(?:ие|их|ой|ую|ая))\b(?!-)"
    r"|^(?:а |и )?как (?:до|про|по|к|вас|вам)\w*"
)
_OF_THE_CALL: Final = re.compile(r"^(?!.*(?:челов|оператор|поговор|пообща)).*звон")
