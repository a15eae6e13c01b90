"""Photos, files and the words under them: wherever they come, nothing of them is lost."""

import asyncio

import pytest

from carquery.adapters.memory.classifier import MemoryClassifier
from carquery.application.conversation.take_message import FOR_MANAGER, TakeMessage
from carquery.application.screens import (
    NOT_HERE,
    ConsentRequest,
    FormOffer,
    FreeAnswer,
    LeaveWarning,
    Menu,
    Question,
    SetAside,
    Summary,
)
from carquery.domain.answers import Photos
from carquery.domain.attachments import MOST_FILES, TOO_LARGE, TOO_MANY_FILES, TOO_MANY_PHOTOS, Attachments, Parcel
from carquery.domain.car import Kilometers
from carquery.domain.dialog import MOST_ASIDES, NO_ROOM, NOTED, PASSED_ON, Dialog
from carquery.domain.forms.form import Service
from carquery.domain.ids import FileId, Reference
from carquery.domain.steps import PHOTOS_EXPECTED
from carquery.domain.typed_commands import Command
from carquery.domain.words import Words
from tests.application.in_memory import Dealership, shown
from tests.application.understanding import said
from tests.builders import TERMS, a_dialog, a_file, a_reviewed_dialog, an_arrival

PHOTO = FileId("one")
A_PHOTO = Parcel(photos=(PHOTO,))
A_VIDEO = Parcel(files=(a_file("видео.mp4"),))


def a_photo_with(*words: str) -> Parcel:
    return Parcel(photos=(PHOTO,), words=words)


async def dialog_of(dealership: Dealership) -> Dialog:
    dialog = await dealership.dialog()
    assert dialog is not None
    return dialog


async def test_photos_at_their_step_are_its_answer(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="photos"))

    question = shown(await take.enclosed(an_arrival(), A_PHOTO), Question)

    assert (question.dialog.answers["photos"], question.dialog.at) == (Photos((PHOTO,)), "photos")
    assert (question.hint, question.dialog.remark) == ("", "")


@pytest.mark.parametrize("step", ["car_brand", "year", "mileage", "price", "name", "phone", "comment"])
async def test_a_photo_that_comes_at_another_step_is_one_of_the_photos(
    dealership: Dealership, take: TakeMessage, step: str
) -> None:
    await dealership.has_open(a_dialog(step=step))

    question = shown(await take.enclosed(an_arrival(), Parcel(photos=(FileId("late"),))), Question)

    photos = question.dialog.answers["photos"]
    assert isinstance(photos, Photos)
    assert photos.files[-1] == "late"
    assert question.dialog.at == step
    assert question.dialog.remark == f"Фото приложим к заявке ({len(photos.files)} из 10)"


async def test_a_form_that_asks_for_no_photos_keeps_them_too(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(service=Service.LEGAL, step="description"))

    question = shown(await take.enclosed(an_arrival(), A_PHOTO), Question)

    assert question.dialog.attachments.photos == (PHOTO,)
    assert "Фото приложим к заявке (1 из 10)" in question.dialog.remark


@pytest.mark.parametrize(
    "dialog",
    [
        a_dialog(step="photos"),
        a_dialog(step="comment"),
        a_dialog(service=Service.LEGAL, step="description"),
        a_dialog(service=Service.BUY, step="budget"),
        a_dialog(service=Service.CALLBACK),
        a_reviewed_dialog(),
        a_dialog(service=Service.CALLBACK, terms=TERMS),
    ],
    ids=lambda dialog: f"{dialog.form.service} {dialog.at} {dialog.asks_consent}",
)
async def test_a_file_is_kept_wherever_it_comes_and_the_question_stands(
    dealership: Dealership, take: TakeMessage, dialog: Dialog
) -> None:
    await dealership.has_open(dialog)

    reply = await take.enclosed(an_arrival(), A_VIDEO)

    assert isinstance(reply.screen, Question | Summary | ConsentRequest)
    after = reply.screen.dialog
    assert (after.at, after.attachments.files) == (dialog.at, A_VIDEO.files)
    assert after.remark == "Файл приложим к заявке (1 из 5)"
    assert await dealership.dialog() == after


async def test_the_sixth_file_is_refused_and_five_stay(dealership: Dealership, take: TakeMessage) -> None:
    files = tuple(a_file(f"{number}.pdf") for number in range(MOST_FILES + 1))
    await dealership.has_open(a_dialog(step="mileage"))

    await take.enclosed(an_arrival(1), Parcel(files=files[:MOST_FILES]))
    question = shown(await take.enclosed(an_arrival(2), Parcel(files=files[MOST_FILES:])), Question)

    assert question.dialog.attachments.files == files[:MOST_FILES]
    assert question.dialog.remark == TOO_MANY_FILES


async def test_of_too_many_photos_the_first_ten_stay(dealership: Dealership, take: TakeMessage) -> None:
    photos = tuple(FileId(str(number)) for number in range(11))
    await dealership.has_open(a_dialog(step="photos"))

    question = shown(await take.enclosed(an_arrival(), Parcel(photos=photos)), Question)

    assert (question.dialog.answers["photos"], question.dialog.remark) == (Photos(photos[:10]), TOO_MANY_PHOTOS)


async def test_a_file_that_is_too_large_is_refused_by_its_size(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="photos"))

    question = shown(await take.enclosed(an_arrival(), Parcel(too_large=1)), Question)

    assert question.dialog.remark == TOO_LARGE
    assert "photos" not in question.dialog.answers


async def test_photos_sent_at_once_are_all_kept(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="photos"))
    photos = [FileId(f"photo-{number}") for number in range(4)]

    await asyncio.gather(*(take.enclosed(an_arrival(at), Parcel((photo,))) for at, photo in enumerate(photos)))

    kept = (await dialog_of(dealership)).answers["photos"]
    assert isinstance(kept, Photos)
    assert sorted(kept.files) == photos


async def test_what_fits_of_an_album_is_kept_and_the_rest_is_named(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="photos"))
    album = Parcel(photos=(PHOTO,), files=A_VIDEO.files, too_large=1, words=("царапина", "салон"))

    question = shown(await take.enclosed(an_arrival(), album), Question)

    dialog = question.dialog
    assert (dialog.answers["photos"], dialog.attachments.files) == (Photos((PHOTO,)), A_VIDEO.files)
    assert dialog.asides == ("царапина", "салон")
    assert dialog.remark == f"Файл приложим к заявке (1 из 5). {TOO_LARGE}. {NOTED}"


async def test_a_file_sent_twice_is_kept_once(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    for number in range(2):
        await take.enclosed(an_arrival(number), Parcel((PHOTO,), A_VIDEO.files))

    dialog = await dialog_of(dealership)
    assert (dialog.answers["photos"], dialog.attachments.files) == (Photos((PHOTO,)), A_VIDEO.files)


# Words under them


async def test_the_words_under_an_album_are_shown_at_the_comment(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="photos"))
    words = ("царапина слева", "салон без дефектов", "ПТС оригинал")

    await take.enclosed(an_arrival(1), a_photo_with(*words))
    for number, text in enumerate(("готово", "Анна", "+7 916 123-45-67"), start=2):
        await take(an_arrival(number), text)

    dialog = await dialog_of(dealership)
    assert dialog.at == "comment"
    assert dialog.known == Words("\n".join(words))


@pytest.mark.parametrize(
    ("said", "comment"),
    [
        ("оставить", "царапина слева"),
        ("пропустить", "царапина слева"),
        ("звоните вечером", "звоните вечером\nцарапина слева"),
    ],
)
async def test_whatever_is_said_at_the_comment_they_stay_in_it(
    dealership: Dealership, take: TakeMessage, said: str, comment: str
) -> None:
    await dealership.has_open(a_dialog(step="comment").say_aside("царапина слева"))

    summary = shown(await take(an_arrival(), said), Summary)

    assert summary.dialog.answers["comment"] == Words(comment)
    assert summary.dialog.asides == ()


async def test_at_the_summary_they_can_be_changed_like_any_answer(dealership: Dealership, take: TakeMessage) -> None:
    at_summary = a_dialog(step="comment").say_aside("царапина слева").skip()
    await dealership.has_open(at_summary.edit("comment"))

    summary = shown(await take(an_arrival(), "царапин нет"), Summary)

    assert summary.dialog.answers["comment"] == Words("царапин нет")


async def test_what_finds_no_room_in_the_comment_goes_along_with_the_lead(
    dealership: Dealership, take: TakeMessage
) -> None:
    await dealership.has_open(a_dialog(step="comment"))

    await take.enclosed(an_arrival(1), a_photo_with("я" * 900))
    await take.enclosed(an_arrival(2), a_photo_with("ю" * 900))

    dialog = await dialog_of(dealership)
    assert (dialog.answers["comment"], dialog.asides) == (Words("я" * 900), ("ю" * 900,))
    assert ("Вы также писали", "ю" * 900) in dialog.lines


async def test_a_form_without_a_comment_has_them_go_along(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_reviewed_dialog(service=Service.CALLBACK))

    summary = shown(await take.enclosed(an_arrival(), a_photo_with("вот она")), Summary)

    assert summary.dialog.asides == ("вот она",)
    assert summary.dialog.remark == f"Фото приложим к заявке (1 из 10). {PASSED_ON}"


async def test_a_photo_with_words_at_the_comment_is_both(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(service=Service.BUY, step="comment"))

    summary = shown(await take.enclosed(an_arrival(), a_photo_with("хочу такую же")), Summary)

    assert summary.dialog.answers["comment"] == Words("хочу такую же")
    assert summary.dialog.attachments.photos == (PHOTO,)
    assert summary.dialog.remark == "Фото приложим к заявке (1 из 10)"


async def test_words_that_answer_the_question_are_its_answer(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    question = shown(await take.enclosed(an_arrival(), a_photo_with("120 тыс")), Question)

    assert (question.dialog.at, question.dialog.answers["mileage"]) == ("price", Kilometers(120_000))
    assert question.dialog.remark == "Фото приложим к заявке (1 из 10)"


@pytest.mark.parametrize("step", ["mileage", "name", "phone"])
async def test_words_that_are_no_answer_are_kept_for_the_comment(
    dealership: Dealership, take: TakeMessage, step: str
) -> None:
    await dealership.has_open(a_dialog(step=step))

    question = shown(await take.enclosed(an_arrival(), a_photo_with("вот это на левом крыле")), Question)

    assert (question.dialog.at, question.dialog.asides) == (step, ("вот это на левом крыле",))
    assert question.dialog.remark.endswith(NOTED)


async def test_before_consent_words_wait_beside_the_question(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(service=Service.BUY, step="name", terms=TERMS))

    request = shown(await take.enclosed(an_arrival(), a_photo_with("вот такую")), ConsentRequest)

    assert request.dialog.asides == ("вот такую",)


@pytest.mark.parametrize(("word", "at"), [("готово", "name"), ("Пропустить!", "name"), ("назад", "price")])
async def test_a_word_under_a_photo_does_what_its_button_does(
    dealership: Dealership, take: TakeMessage, word: str, at: str
) -> None:
    await dealership.has_open(a_dialog(step="photos"))

    question = shown(await take.enclosed(an_arrival(), a_photo_with(word)), Question)

    assert (question.dialog.at, question.dialog.answers["photos"]) == (at, Photos((PHOTO,)))
    assert question.dialog.asides == ()


async def test_leaving_with_a_photo_asks_first_and_keeps_it(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="photos"))

    shown(await take.enclosed(an_arrival(), a_photo_with("меню")), LeaveWarning)

    assert (await dialog_of(dealership)).answers["photos"] == Photos((PHOTO,))


async def test_a_word_that_has_no_button_there_costs_no_photo(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog())

    question = shown(await take.enclosed(an_arrival(), a_photo_with("назад")), Question)

    assert question.hint == NOT_HERE[Command.BACK]
    assert question.dialog.answers["photos"] == Photos((PHOTO,))


async def test_words_written_anew_under_a_photo_are_kept_too(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="photos").enclose(Parcel(photos=(PHOTO,))))

    question = shown(await take.words_edited(an_arrival(), "царапина слева"), Question)

    assert (question.dialog.asides, question.dialog.remark) == (("царапина слева",), NOTED)


async def test_words_are_noted_once(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_reviewed_dialog(service=Service.BUY))

    for number in range(2):
        await take.enclosed(an_arrival(number), Parcel(words=("вот такую", "вот такую", "белую")))
    await take.words_edited(an_arrival(3), "белую")

    comment = (await dialog_of(dealership)).answers["comment"].shown
    assert (comment.count("вот такую"), comment.count("белую")) == (1, 1)


async def test_there_is_an_end_to_what_is_said_aside(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="photos"))

    for number in range(20):
        await take.enclosed(an_arrival(number), Parcel(words=(f"{number}" * 900,)))

    dialog = await dialog_of(dealership)
    assert dialog.remark == NO_ROOM
    assert 1000 < sum(map(len, dialog.asides)) <= MOST_ASIDES + 1000


async def test_a_remark_is_told_once(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="mileage"))
    await take.enclosed(an_arrival(1), A_VIDEO)

    question = shown(await take(an_arrival(2), "много"), Question)

    assert (question.hint != "", question.dialog.remark) == (True, "")


# Text where photos are asked for


async def test_a_text_at_the_photos_is_kept_for_the_comment(dealership: Dealership, take: TakeMessage) -> None:
    text = "Есть скол на капоте.\nОстальное цело"
    await dealership.has_open(a_dialog(step="photos"))

    question = shown(await take(an_arrival(), text), Question)

    assert (question.dialog.at, question.dialog.asides) == ("photos", (text,))
    assert (question.hint, question.dialog.remark) == (PHOTOS_EXPECTED, NOTED)


async def test_a_question_at_the_photos_is_kept_for_the_manager(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="photos"))

    question = shown(await take(an_arrival(), "а сколько фото надо?"), Question)

    assert (question.dialog.at, question.dialog.asides) == ("photos", ("а сколько фото надо?",))
    assert question.dialog.remark == FOR_MANAGER


@pytest.mark.parametrize("text", ["нет", "Не надо!", "нет, спасибо", "потом", "-", "фото позже пришлю"])
async def test_who_has_no_photos_goes_on(dealership: Dealership, take: TakeMessage, text: str) -> None:
    await dealership.has_open(a_dialog(step="photos"))

    question = shown(await take(an_arrival(), text), Question)

    assert (question.dialog.at, question.dialog.asides, "photos" in question.dialog.answers) == ("name", (), False)


@pytest.mark.parametrize("text", ["всё", "👍 👍", "да"])
async def test_a_word_at_the_photos_that_tells_nothing_is_not_kept(
    dealership: Dealership, take: TakeMessage, text: str
) -> None:
    before = a_dialog(step="photos")
    await dealership.has_open(before)

    assert (await take(an_arrival(), text)).screen == Question(before, PHOTOS_EXPECTED)


# Outside any form


async def test_the_words_under_a_picture_are_read_outside_a_dialog(dealership: Dealership, take: TakeMessage) -> None:
    await take.enclosed(an_arrival(), a_photo_with("сколько дадите", "за такую?"))

    assert [call.text for call in dealership.chain.journal.calls] == ["сколько дадите\nза такую?"]
    assert (await dealership.visit()).waiting == Attachments(photos=(PHOTO,))


async def test_what_comes_outside_a_form_is_put_into_the_next_one(dealership: Dealership, take: TakeMessage) -> None:
    menu = shown(await take.enclosed(an_arrival(), Parcel((PHOTO,), A_VIDEO.files)), Menu)

    visit, screen = dealership.navigator(await dealership.visit(), Service.SELL)

    assert menu.notice == SetAside(waits=True)
    assert isinstance(screen, Question)
    assert (screen.dialog.answers["photos"], screen.dialog.attachments.files) == (Photos((PHOTO,)), A_VIDEO.files)
    assert visit.waiting == Attachments()


async def test_who_asks_for_a_person_takes_along_what_was_sent(dealership: Dealership, take: TakeMessage) -> None:
    await dealership.has_open(a_dialog(step="mileage"))
    await take.enclosed(an_arrival(), Parcel((PHOTO,), A_VIDEO.files, words=("царапина слева",)))

    _, screen = dealership.navigator(await dealership.visit(), Service.CALLBACK)

    assert isinstance(screen, Question)
    attached, said = screen.dialog.attachments, screen.dialog.asides
    assert (attached.photos, attached.files, said) == ((PHOTO,), A_VIDEO.files, ("царапина слева",))
    assert screen.dialog.remark == f"Фото приложим к заявке (1 из 10). Файл приложим к заявке (1 из 5). {PASSED_ON}"


async def test_a_call_for_which_nothing_was_sent_says_nothing_of_it(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    _, screen = dealership.navigator(await dealership.visit(), Service.CALLBACK)

    assert isinstance(screen, Question)
    assert (screen.dialog.remark, screen.dialog.is_untouched) == ("", True)


async def test_after_sending_it_is_said_that_it_will_be_another_request(
    dealership: Dealership, take: TakeMessage
) -> None:
    await dealership.has_open(None, receipt=Reference("CQ-000001"))

    menu = shown(await take.enclosed(an_arrival(), A_VIDEO), Menu)

    assert menu.notice == SetAside(after_lead=True, waits=True)


async def test_outside_a_form_too_what_is_too_large_is_refused(dealership: Dealership, take: TakeMessage) -> None:
    menu = shown(await take.enclosed(an_arrival(), Parcel(too_large=1)), Menu)

    assert menu.notice == SetAside(TOO_LARGE)


async def test_outside_a_form_the_refusal_is_said_beside_the_answer_to_the_words(
    dealership: Dealership, take: TakeMessage
) -> None:
    answer = shown(await take.enclosed(an_arrival(), Parcel(too_large=1, words=("вот видео",))), FreeAnswer)

    assert answer.notice == f"{TOO_LARGE}."


async def test_an_offer_upon_words_under_a_photo_opens_the_form_with_it() -> None:
    dealership = Dealership(MemoryClassifier("model", said(Service.SELL)))
    take = dealership.take_message
    shown(await take.enclosed(an_arrival(1), a_photo_with("хочу продать эту машину")), FormOffer)

    question = shown(await take(an_arrival(2), "да"), Question)

    assert question.dialog.answers["photos"] == Photos((PHOTO,))
