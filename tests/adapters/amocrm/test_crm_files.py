"""Photos as files of the deal."""

from dataclasses import replace

from carquery.application.ports.crm import CrmBusy, CrmMade
from carquery.domain.answers import Photos
from carquery.domain.ids import FileId
from carquery.domain.lead import Effect
from tests.adapters.amocrm.account import a_full_lead, a_picture, an_account


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
        assert outcome.left_out == ("фотографии (2): у интеграции нет доступа к файлам",)
        note = account.emulator.world.notes[lead.made[Effect.NOTE]].text
        assert outcome.left_out[0] in note


async def test_a_photo_that_telegram_no_longer_has_is_left_out_and_named() -> None:
    async with an_account() as account:
        account.photos.gone.add(FileId("photo-1"))
        lead = await account.made_up_to(Effect.FILES, a_full_lead())

        (outcome,) = await account.make(Effect.FILES, lead)

        assert isinstance(outcome, CrmMade)
        assert outcome.left_out == ("фотография 1: в Telegram больше нет",)
        assert account.emulator.world.counts()["files"] == 1
        assert outcome.left_out[0] in account.emulator.world.notes[lead.made[Effect.NOTE]].text


async def test_photos_wait_for_a_messenger_that_is_away() -> None:
    async with an_account() as account:
        lead = await account.made_up_to(Effect.FILES, a_full_lead())
        account.photos.is_away = True

        (outcome,) = await account.make(Effect.FILES, lead)

        assert isinstance(outcome, CrmBusy)
        assert account.emulator.world.counts()["files"] == 0
