"""Which updates are confirmed to Telegram."""

from carquery.adapters.telegram.updates.offset import Offset


def asked(offset: Offset) -> int | None:
    """Ask Telegram with the offset, which confirms all below it."""
    value = offset.value
    offset.confirmed(value)
    return value


def test_nothing_is_confirmed_before_anything_came() -> None:
    assert asked(Offset()) is None


def test_the_offset_waits_for_the_oldest_update_in_hand() -> None:
    offset = Offset()
    for update in (10, 11, 12):
        offset.take(update)
    offset.finish(11)
    offset.finish(12)

    assert offset.value == 10
    offset.finish(10)
    assert offset.value == 13


def test_an_update_in_hand_or_done_is_not_taken_again() -> None:
    offset = Offset()
    offset.take(10)
    offset.take(11)
    offset.finish(11)

    assert not offset.take(10)
    assert not offset.take(11)


def test_a_confirmed_update_may_come_again_and_is_taken() -> None:
    offset = Offset()
    offset.take(10)
    offset.finish(10)
    asked(offset)

    assert offset.take(10)


def test_updates_out_of_order_are_all_confirmed() -> None:
    offset = Offset()
    for update in (20, 10):
        offset.take(update)
        offset.finish(update)

    assert asked(offset) == 21
    assert asked(offset) == 21


def test_ids_may_start_anew_at_a_lower_number() -> None:
    """After a week without updates Telegram continues at a random one (Bot API, Update)."""
    offset = Offset()
    offset.take(900)
    offset.finish(900)
    asked(offset)

    offset.take(5)
    assert offset.value == 5
    offset.finish(5)
    assert asked(offset) == 6
