"""Photos as files of the deal."""

from dataclasses import replace

from carquery.adapters.amocrm.reasons import AMOCRM
from carquery.application.ports.crm import CrmBusy, CrmMade
from carquery.domain.answers import Photos
from carquery.domain.attachments import Attachments, SentFile
from carquery.domain.contact import Handle
from carquery.domain.effects import Effect
from carquery.domain.ids import FileId
from carquery.domain.lead import Lead
from tests.adapters.amocrm.account import a_picture, an_account
from tests.builders import NAMESAKE, a_full_lead


def words_of(made: CrmMade) -> list[str]:
    """What the staff reads of what was left out."""
    return [AMOCRM.reasons.russian(reason) for reason in made.left_out]


async def test_photos_arrive_whole_named_and_attached() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_full_lead())
        lead = await account.made(Effect.FILES, lead)

        attached = account.emulator.world.lead_files[lead.made[Effect.LEAD]]
        files = [account.emulator.world.files[uuid] for uuid in attached]
        assert [file.name for file in files] == [f"{lead.reference}-1.jpg", f"{lead.reference}-2.jpg"]
        assert [file.content for file in files] == [a_picture(photo).content for photo in lead.photos]


async def test_a_repeat_after_a_failed_upload_uploads_only_what_is_missing() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_full_lead())
        half = replace(lead, answers={**lead.answers, "photos": Photos((FileId("photo-1"),))})
        await account.make(Effect.FILES, half)

        await account.make(Effect.FILES, lead)

        assert account.emulator.world.counts()["files"] == 2
        assert len(account.emulator.world.files) == 2


async def test_a_failed_upload_is_tried_again_and_costs_nothing_else() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_full_lead())
        account.emulator.faults.add("refuse", host="drive")

        first, second = await account.make(Effect.FILES, lead), await account.make(Effect.FILES, lead)

        assert not isinstance(first[0], CrmMade)
        assert isinstance(second[0], CrmMade)
        assert account.emulator.world.counts()["files"] == 2


async def test_without_the_scope_the_note_says_that_the_photos_are_missing() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_full_lead())
        account.emulator.faults.add("403 scope", host="drive", times=None)

        (outcome,) = await account.make(Effect.FILES, lead)

        assert isinstance(outcome, CrmMade)
        assert words_of(outcome) == ["фотографии (2): у интеграции нет доступа к файлам"]
        note = account.emulator.world.notes[lead.made[Effect.NOTE]].text
        assert words_of(outcome)[0] in note


async def test_a_photo_that_telegram_no_longer_has_is_left_out_and_named() -> None:
    async with an_account() as account:
        account.photos.gone.add(FileId("photo-1"))
        lead = await account.made_up_to(Effect.FILES, a_full_lead())

        (outcome,) = await account.make(Effect.FILES, lead)

        assert isinstance(outcome, CrmMade)
        assert words_of(outcome) == ["фотография 1: в мессенджере больше нет"]
        assert account.emulator.world.counts()["files"] == 1
        assert words_of(outcome)[0] in account.emulator.world.notes[lead.made[Effect.NOTE]].text


async def test_photos_are_fetched_from_the_messenger_that_they_came_by() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(
            Effect.FILES, replace(a_full_lead(), customer=NAMESAKE, handle=Handle("MAX", "Анна"))
        )

        await account.make(Effect.FILES, lead)

        assert account.photos.asked == {NAMESAKE.channel}


async def test_photos_wait_for_a_messenger_that_is_away() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_full_lead())
        account.photos.is_away = True

        (outcome,) = await account.make(Effect.FILES, lead)

        assert isinstance(outcome, CrmBusy)
        assert account.emulator.world.counts()["files"] == 0


def a_lead_with_files(*names: str) -> Lead:
    """A lead with two photos, and files beside them."""
    files = tuple(SentFile(FileId(f"file-{name}"), name, "application/pdf") for name in names)
    return replace(a_full_lead(), attachments=Attachments(files=files))


async def test_other_files_arrive_under_their_own_names_and_types() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_lead_with_files("ПТС скан.pdf", "договор.pdf"))
        lead = await account.made(Effect.FILES, lead)

        attached = account.emulator.world.lead_files[lead.made[Effect.LEAD]]
        files = [account.emulator.world.files[uuid] for uuid in attached][2:]
        assert [(file.name, file.content_type) for file in files] == [
            (f"{lead.reference}-file1-ПТС скан.pdf", "application/pdf"),
            (f"{lead.reference}-file2-договор.pdf", "application/pdf"),
        ]
        assert files[0].content == a_picture(FileId("file-ПТС скан.pdf")).content


async def test_a_lead_with_nothing_but_files_has_them_attached_once() -> None:
    async with an_account() as account:
        lead = replace(a_lead_with_files("ПТС.pdf", "ПТС.pdf"), answers={"phone": a_full_lead().answers["phone"]})
        lead = await account.made_up_to(Effect.FILES, lead)

        for _ in range(2):
            await account.make(Effect.FILES, lead)

        assert (account.emulator.world.counts()["files"], len(account.emulator.world.files)) == (2, 2)
        assert await account.crm.find(Effect.FILES, [lead]) == {lead.id: lead.made[Effect.LEAD]}


async def test_files_are_not_found_before_the_last_one_is_attached() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_lead_with_files("ПТС.pdf"))
        await account.make(Effect.FILES, replace(lead, attachments=Attachments()))

        assert await account.crm.find(Effect.FILES, [lead]) == {}


async def test_a_file_that_amocrm_does_not_want_costs_no_other() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_lead_with_files("вирус.exe", "ПТС.pdf"))
        account.emulator.faults.poison("-file1-", "400 plain")

        (outcome,) = await account.make(Effect.FILES, lead)

        assert isinstance(outcome, CrmMade)
        assert [words.partition(":")[0] for words in words_of(outcome)] == ["файл «вирус.exe»"]
        assert account.emulator.world.counts()["files"] == 3
        assert "файл «вирус.exe»" in account.emulator.world.notes[lead.made[Effect.NOTE]].text


async def test_a_file_that_telegram_no_longer_has_is_named() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_lead_with_files("ПТС.pdf"))
        account.photos.gone.add(FileId("file-ПТС.pdf"))

        (outcome,) = await account.make(Effect.FILES, lead)

        assert isinstance(outcome, CrmMade)
        assert words_of(outcome) == ["файл «ПТС.pdf»: в мессенджере больше нет"]


async def test_without_the_scope_the_note_counts_the_files_too() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_lead_with_files("ПТС.pdf"))
        account.emulator.faults.add("403 scope", host="drive", times=None)

        (outcome,) = await account.make(Effect.FILES, lead)

        assert isinstance(outcome, CrmMade)
        assert words_of(outcome) == ["фотографии (2); файлы (1): у интеграции нет доступа к файлам"]
