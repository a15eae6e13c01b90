"""How few messages and presses a request takes, from the first one to «Отправить»: the table in docs/hearing.md."""

import pytest

from carquery.adapters.dealership_file.file import DealershipFile
from tests.stories.playing import play
from tests.stories.story import FOLDER, Press, Say, ShareContact, Story, Turn

DEALERSHIP = DealershipFile(FOLDER / "dealership.toml")
SKIP, SEND = Press("Пропустить"), Press("Отправить")
ADVERT = "Продам Kia Sportage 2017 г.в., пробег 98 000 км, цена 1 850 000 руб."
ADVERT_WITH_PHONE = f"{ADVERT} Тел. 8 916 330-47-58, Дмитрий"
WANTED = "киа рио не старше 2019 года, до 1,4 млн, автомат, передний привод, 8 916 330-47-58, Дмитрий"
PHONE = Say("8 916 330-47-58")

FEWEST: list[tuple[str, int, str | None, tuple[Turn, ...]]] = [
    ("sell from an advert in the form", 4, "sell", (Say(ADVERT_WITH_PHONE), SKIP, SKIP, SEND)),
    (
        "sell from an advert as the first message",
        8,
        None,
        (Say(ADVERT), Say("да"), Press("Оставить всё"), SKIP, Say("Дмитрий"), PHONE, SKIP, SEND),
    ),
    ("buy", 3, "buy", (Say(WANTED), SKIP, SEND)),
    (
        "find",
        5,
        "find",
        (Press("Для семьи"), Say("до 2 млн, Skoda, универсал"), Say("Иван, 8 916 330-47-58"), SKIP, SEND),
    ),
    ("check", 6, "check", (Press("Комплексная"), Say("киа рио"), SKIP, Say("Иван, 8 916 330-47-58"), SKIP, SEND)),
    (
        "legal",
        5,
        "legal",
        (Press("Запреты"), Say("на машине запрет регистрации"), Say("Иван, 8 916 330-47-58"), SKIP, SEND),
    ),
    ("callback", 2, None, (Say("позвоните мне 8 916 330-47-58, Сергей"), SEND)),
    ("callback with the contact card", 3, "callback", (Say("Сергей"), ShareContact(), SEND)),
]


@pytest.mark.parametrize(("name", "most", "start", "turns"), FEWEST, ids=[row[0] for row in FEWEST])
async def test_a_request_takes_few_actions(name: str, most: int, start: str | None, turns: tuple[Turn, ...]) -> None:
    played = await play(Story(name, "", start, turns, {}), DEALERSHIP)

    assert played.troubles == []
    assert len(turns) <= most
    assert len(played.dealership.stored_leads) == 1
