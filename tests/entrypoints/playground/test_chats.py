"""The playground's two messengers: the same people in both, and where the page finds what they sent."""

from carquery.adapters.max.channel import AttachmentKind, AttachmentPlace
from carquery.adapters.max.channel import customer_of_user as of_max
from carquery.domain.answers import Photos
from carquery.domain.ids import FileId
from carquery.entrypoints.playground.chats import EmulatedChats, messenger_of
from carquery.entrypoints.playground.lead_cards import MaxSwitches
from carquery_emulators.max import MaxEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests.builders import a_lead, a_lead_with_files


def chats() -> EmulatedChats:
    emulated = EmulatedChats(TelegramEmulator(), MaxEmulator())
    emulated.move_in()
    return emulated


async def test_pictures_are_found_where_they_were_sent() -> None:
    emulated = chats()
    anna = next(iter(emulated.max.customers.values()))
    await anna.send_album(2)
    message = anna.chat.messages[-1]
    there, gone = (AttachmentPlace(AttachmentKind.IMAGE, mid, 1).file for mid in (message.id, "mid.of.an.earlier.run"))
    from_max = a_lead_with_files(customer=of_max(anna.id), photos=Photos((there, gone, FileId("nonsense"))))
    from_telegram = a_lead_with_files()

    assert emulated.photos_of(from_max) == (f"/max/control/files/{message.photos[1]}",)
    assert emulated.photos_of(from_telegram) == ("/control/files/front",)
    assert (messenger_of(from_max), messenger_of(from_telegram)) == ("MAX", "Telegram")
    assert messenger_of(a_lead(customer=None)) is None


def test_max_is_set_as_its_faults_for_good_say() -> None:
    emulated = chats()
    emulated.max.fail("POST /messages", how="503")
    once = emulated.max_switches()
    emulated.max.fail("*", how="delay", times=None)

    assert (once, emulated.max_switches()) == (MaxSwitches(), MaxSwitches(slow=True))
    assert [customer.phone for customer in emulated.max.customers.values()] == [
        customer.phone for customer in emulated.telegram.customers.values()
    ]
