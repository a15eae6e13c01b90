"""What buttons carry: the same as before, and nothing that somebody else may have written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.adapters.messenger.button_data import pack, unpack
from carquery.application.presses import DialogPress, DialogVerb, FreePress, FreeVerb, Press
from carquery.application.screens import Place
from carquery.domain.dialog import Revision
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import DialogId
from carquery.domain.visit import Button
from tests.builders import NOW

BUTTON = Button(DialogId("0123456789ABC"), Revision(7))
LONGEST = 64
"""Bytes that the messenger with the least room takes. Source: Bot API, InlineKeyboardButton."""

ARGUMENTS = sorted(
    {
        *(step.name for form in FORMS.values() for step in form.steps),
        *(option.code for form in FORMS.values() for step in form.steps for option in step.kind.options(NOW.date())),
        *Service,
        *Place,
        "0",
        "",
    }
)


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_everything_that_a_button_may_say_fits_and_comes_back(argument: str) -> None:
    presses: list[Press] = [
        *(DialogPress(Button(BUTTON.dialog, Revision(999_999_999)), verb, argument) for verb in DialogVerb),
        *(FreePress(verb, argument) for verb in FreeVerb),
    ]

    for press in presses:
        assert len(pack(press).encode()) <= LONGEST
        assert unpack(pack(press)) == press


@pytest.mark.parametrize(
    ("data", "press"),
    [
        ("d:0123456789ABC:7:p:to1m", DialogPress(BUTTON, DialogVerb.PICK, "to1m")),
        ("d:0123456789ABC:7:!:", DialogPress(BUTTON, DialogVerb.SEND)),
        ("d:0123456789ABC:7:g:menu", DialogPress(BUTTON, DialogVerb.GO, "menu")),
        ("f:m:sell", FreePress(FreeVerb.OPEN, "sell")),
        ("f:o:question", FreePress(FreeVerb.OPEN_BESIDE, "question")),
        ("f:y:0123456789ABC", FreePress(FreeVerb.ACCEPT, "0123456789ABC")),
        ("f:x:", FreePress(FreeVerb.ERASE)),
    ],
)
def test_buttons_that_stand_in_chats_keep_their_meaning(data: str, press: Press) -> None:
    assert (pack(press), unpack(data)) == (data, press)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "menu",
        "d:0123456789ABC:7:p",
        "d:0123456789abc:7:p:to1m",
        "d:0123456789ABC:-7:p:to1m",
        "d:0123456789ABC:1234567890:p:to1m",
        "d:0123456789ABC:7:?:to1m",
        "d:0123456789ABC:7:p:до 1 млн",
        "d:0123456789ABC:٧:p:to1m",
        "d:0123456789ABC:7:p:" + "a" * 21,
        "f:?:sell",
        "f:m:sell\n",
        "f:m:sell:buy",
        "g:m:sell",
        "d2:0123456789ABC:7:p:to1m",
    ],
)
def test_what_is_forged_or_of_another_version_is_no_press(data: str) -> None:
    assert unpack(data) is None


@given(st.text(max_size=80))
def test_whatever_comes_is_a_press_that_would_carry_the_same_or_none(data: str) -> None:
    press = unpack(data)

    assert press is None or unpack(pack(press)) == press
