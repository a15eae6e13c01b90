"""A chat that is recorded is a story that can be played."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from carquery.domain.dealership.dealership import NEUTRAL
from carquery.domain.lead import Lead
from carquery.domain.visit import Visit
from carquery.entrypoints.stories.reading import read_stories
from carquery.entrypoints.stories.recording import Recorder
from carquery.entrypoints.stories.story import (
    Expected,
    FileKind,
    Rewrite,
    Say,
    SendFile,
    SendPhotos,
    SendSticker,
    ShareContact,
    Story,
)
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.builders import a_dialog, a_full_lead, a_visit


@pytest.fixture
def anna() -> Customer:
    return TelegramEmulator().customer(7, "Анна")


def recorded(customer: Customer, folder: Path, *, visit: Visit | None = None, leads: Sequence[Lead] = ()) -> Story:
    text = Recorder(lambda: NEUTRAL).story(customer, visit, leads, name="told")
    (folder / "told.yaml").write_text(text, "utf-8")
    found = read_stories(folder / "told.yaml", dealership=NEUTRAL)
    assert found.mistakes == ()
    (story,) = found.stories
    return story


async def test_each_act_is_a_turn(anna: Customer, tmp_path: Path) -> None:
    await anna.send_text("/start sell__avito")
    await anna.send_text("лада веста: 2018")
    await anna.edit_text(anna.chat.messages[-1].id, "лада гранта")
    await anna.send_album(3, captions=("вот она",))
    await anna.send_document(name="птс.pdf", mime_type="application/pdf")
    await anna.send_upload("voice")
    await anna.send_other("sticker")
    await anna.share_contact()

    story = recorded(anna, tmp_path)

    assert story.start == "sell__avito"
    assert story.turns == (
        Say("лада веста: 2018"),
        Rewrite(1, "лада гранта"),
        SendPhotos(3, "вот она"),
        SendFile(FileKind.FILE, "птс.pdf"),
        SendFile(FileKind.VOICE),
        SendSticker(),
        ShareContact(),
    )


async def test_what_came_of_it_is_expected(anna: Customer, tmp_path: Path) -> None:
    await anna.send_text("/start")
    await anna.send_text("120 тыс")
    dialog = a_dialog(step="mileage")

    story = recorded(anna, tmp_path, visit=a_visit(dialog=dialog))

    assert story.start == ""
    assert story.expected == Expected(
        form="sell",
        answers={"car_brand": ("Toyota Camry",), "year": ("2018",)},
        lead=False,
        keeps_form_open=True,
    )


async def test_a_request_that_was_sent_is_expected(anna: Customer, tmp_path: Path) -> None:
    await anna.send_text("/start sell")
    await anna.send_text("лада веста")
    lead = a_full_lead()

    story = recorded(anna, tmp_path, visit=a_visit(), leads=(lead,))

    assert (story.expected.form, story.expected.lead, story.expected.keeps_form_open) == ("sell", True, False)
