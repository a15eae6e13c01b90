"""A wait in vain says what it was for."""

import pytest

from carquery_emulators.kit.patience import NothingHappened, words_of
from carquery_emulators.telegram import TelegramEmulator


async def is_delivered() -> bool:
    """The lead is delivered."""
    return False


def test_a_condition_is_told_in_the_words_of_whoever_wrote_it() -> None:
    assert words_of(is_delivered) == "The lead is delivered."
    assert "1 > 2" in words_of(lambda: 1 > 2)


async def test_a_wait_in_vain_says_what_it_was_for_and_what_stands_there_instead() -> None:
    async with TelegramEmulator() as telegram:
        anna = telegram.customer(501, "Анна")
        await anna.send_text("Ау")

        with pytest.raises(NothingHappened, match=r"waited 0.01 s in vain for: [\s\S]*bot_messages[\s\S]*'Ау'"):
            await anna.chat.wait_for(lambda chat: bool(chat.bot_messages), seconds=0.01)
