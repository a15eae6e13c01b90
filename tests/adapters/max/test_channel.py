"""What customers, inputs and files of MAX are called."""

import pytest

from carquery.adapters.max.channel import (
    AttachmentKind,
    AttachmentPlace,
    chat_link,
    customer_of_user,
    handle_of_user,
    input_of,
    press_of,
    read_press,
    user_of,
)
from carquery.adapters.max.known_chats import KnownChats
from carquery.domain.ids import Channel, CustomerId, FileId

ANNA, BORIS, VERA = (customer_of_user(number) for number in (1, 2, 3))


def test_a_customer_is_the_user_by_number() -> None:
    assert str(ANNA) == "max:1"
    assert user_of(ANNA) == 1


@pytest.mark.parametrize(
    ("username", "shown"), [("anna", "MAX: id 1 (anna)"), (None, "MAX: id 1"), ("", "MAX: id 1")], ids=str
)
def test_the_handle_is_the_id_and_what_else_there_is(username: str | None, shown: str) -> None:
    assert handle_of_user(1, username).shown == shown


def test_no_address_opens_a_chat() -> None:
    assert chat_link(ANNA, handle_of_user(1, "anna")) == "ответить можно только через бота"
    assert chat_link(CustomerId(Channel("elsewhere"), "1"), None) is None


@pytest.mark.parametrize(
    "place",
    [
        AttachmentPlace(AttachmentKind.IMAGE, "mid.0a1b", 0),
        AttachmentPlace(AttachmentKind.FILE, "mid.0a:1b", 11, is_forwarded=True),
    ],
    ids=lambda place: place.file,
)
def test_a_files_name_says_where_it_stands(place: AttachmentPlace) -> None:
    assert AttachmentPlace.read(place.file) == place


@pytest.mark.parametrize("name", ["", "AgACAgIAAx", "image:0:", "image:x:mid.1", "image:²:mid.1", "sticker:0:mid.1"])
def test_another_name_is_none_of_ours(name: str) -> None:
    assert AttachmentPlace.read(FileId(name)) is None


def test_a_press_says_whose_it_is() -> None:
    assert read_press(press_of(1, "f9LH:odd")) == (1, "f9LH:odd")


def test_inputs_are_called_alike_only_if_all_their_parts_are() -> None:
    names = {input_of("press", "a", 1, "b"), input_of("press", "a", 1, "c"), input_of("press", "a", 2, "b")}

    assert len(names) == 3
    assert input_of("press", "a", 1, "b") in names
    assert max(map(len, names)) == 24
    assert input_of("\ud800")


def test_the_customers_heard_of_longest_ago_are_forgotten_first() -> None:
    chats = KnownChats(most=2)
    for customer, chat in ((ANNA, 10), (BORIS, 20), (ANNA, 11), (VERA, 30)):
        chats.learn(customer, chat)

    assert [chats.chat_of(customer) for customer in (ANNA, BORIS, VERA)] == [11, None, 30]
