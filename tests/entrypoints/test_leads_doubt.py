"""`carquery leads doubt`: after a backup was restored."""

from carquery.domain.effects import Effect
from tests.entrypoints.leads_desk import LeadsDesk, a_delivered_lead, a_pending_lead


def test_undelivered_leads_are_put_in_doubt(desk: LeadsDesk) -> None:
    waiting, delivered = a_pending_lead(1), a_delivered_lead(2)
    desk.has(waiting, delivered)

    ended = desk.run("doubt", "--yes")

    assert (ended.exit_code, ended.stdout.split()[0]) == (0, "1")
    intent = desk.stored(waiting).intent
    assert intent is not None
    assert intent.effect is Effect.CONTACT
    assert desk.stored(delivered) == delivered


def test_none_is_put_in_doubt_unasked(desk: LeadsDesk) -> None:
    waiting = a_pending_lead()
    desk.has(waiting)

    ended = desk.run("doubt")

    assert (ended.exit_code, "--yes" in ended.stderr) == (2, True)
    assert desk.stored(waiting) == waiting
