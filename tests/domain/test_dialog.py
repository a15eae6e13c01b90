"""How a dialog moves."""

import pytest

from carquery.domain.answers import Option, Photos, Picked, Typed
from carquery.domain.attachments import TOO_MANY_PHOTOS, Parcel
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dialog import Dialog, NotOffered
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import FileId
from carquery.domain.money import Rubles
from carquery.domain.refusals import AnswerRefused
from carquery.domain.vin import Vin
from carquery.domain.words import Words
from tests.builders import TERMS, a_dialog, a_reviewed_dialog


@pytest.mark.parametrize("service", list(Service))
def test_good_answers_lead_to_the_summary(service: Service) -> None:
    dialog = a_reviewed_dialog(service=service)

    assert dialog.is_at_summary
    assert set(dialog.answers) == {step.name for step in FORMS[service].steps}


def test_back_returns_to_the_step_before_and_keeps_its_answer() -> None:
    dialog = a_dialog(step="mileage").back()

    assert dialog.at == "year"
    assert dialog.known == dialog.answers["year"]


def test_there_is_no_way_back_from_the_first_step() -> None:
    with pytest.raises(NotOffered):
        a_dialog().back()


def test_an_edited_field_returns_to_the_summary() -> None:
    edited = a_reviewed_dialog(service=Service.SELL).edit("car_brand").answer(Typed("Lada Vesta"))

    assert edited.is_at_summary
    assert edited.answers["car_brand"] == Words("Lada Vesta")


def test_back_from_an_edited_field_changes_nothing() -> None:
    before = a_reviewed_dialog(service=Service.SELL)

    after = before.edit("car_brand").back()

    assert after.is_at_summary
    assert after.answers == before.answers


def test_a_required_step_cannot_be_skipped() -> None:
    with pytest.raises(NotOffered):
        a_dialog().skip()


def test_a_suggestion_is_kept_with_one_press() -> None:
    dialog = a_dialog(service=Service.CALLBACK, suggestions={"name": PersonName("Анна")})

    assert dialog.known == PersonName("Анна")
    assert dialog.keep().answers["name"] == PersonName("Анна")


def test_an_own_sum_is_typed_after_its_button() -> None:
    dialog = a_dialog(step="budget", service=Service.BUY).answer(Picked("own"))

    assert dialog.typing
    assert dialog.answer(Typed("1 350 000")).answers["budget"] == Rubles(1_350_000)


def test_an_own_sum_may_be_typed_without_its_button() -> None:
    assert a_dialog(step="budget", service=Service.BUY).answer(Typed("1,35 млн")).answers["budget"] == Rubles(1_350_000)


def test_back_from_typing_shows_the_options_again() -> None:
    dialog = a_dialog(step="budget", service=Service.BUY).answer(Picked("own")).back()

    assert dialog.at == "budget"
    assert not dialog.typing


def test_other_takes_the_customers_own_words() -> None:
    dialog = a_dialog(service=Service.FIND).answer(Picked("own")).answer(Typed("Для дачи"))

    assert dialog.answers["purpose"] == Words("Для дачи")


def test_a_year_before_those_on_offer_is_typed() -> None:
    dialog = a_dialog(step="year").answer(Picked("earlier")).answer(Typed("2009"))

    assert dialog.answers["year"].shown == "2009"


def test_an_ambiguous_mileage_offers_both_readings() -> None:
    unsure = a_dialog(step="mileage").answer(Typed("120"))

    assert unsure.at == "mileage"
    assert [reading.shown.replace("\u00a0", " ") for reading in unsure.readings] == ["120 км", "120 000 км"]
    assert unsure.choose(1).answers["mileage"].shown.replace("\u00a0", " ") == "120 000 км"


def test_an_ambiguous_sum_offers_the_likely_reading() -> None:
    unsure = a_dialog(step="price").answer(Typed("900"))

    assert unsure.readings == (Rubles(900_000),)


def test_a_typed_answer_replaces_the_readings() -> None:
    dialog = a_dialog(step="mileage").answer(Typed("120")).answer(Typed("95 000"))

    assert dialog.at == "price"


def test_photos_gather_until_the_customer_is_done() -> None:
    dialog = a_dialog(step="photos").enclose(_photos(0, 2)).enclose(_photos(2, 3))

    assert dialog.at == "photos"
    assert dialog.keep().at == "name"
    assert dialog.answers["photos"] == Photos(_photos(0, 3).photos)


def test_the_eleventh_photo_is_refused_and_ten_are_kept() -> None:
    dialog = a_dialog(step="photos").enclose(_photos(0, 10)).enclose(_photos(10, 11))

    assert (dialog.answers["photos"], dialog.remark) == (Photos(_photos(0, 10).photos), TOO_MANY_PHOTOS)


def test_of_an_album_beyond_ten_the_first_ten_are_kept() -> None:
    dialog = a_dialog(step="photos").enclose(_photos(0, 7)).enclose(_photos(7, 14))

    assert dialog.answers["photos"] == Photos(_photos(0, 10).photos)
    assert "10 фото" in dialog.remark


def test_skipping_a_step_that_has_an_answer_keeps_it() -> None:
    dialog = a_dialog(step="photos").enclose(_photos(0, 1)).skip()

    assert dialog.answers["photos"] == Photos(_photos(0, 1).photos)


def test_an_optional_answer_can_be_taken_away() -> None:
    dialog = a_reviewed_dialog(service=Service.SELL).edit("comment").clear()

    assert "comment" not in dialog.answers
    assert dialog.skip().is_at_summary


def test_consent_stands_before_the_first_personal_step() -> None:
    dialog = a_dialog(step="name", service=Service.CHECK, terms=TERMS)

    assert dialog.asks_consent
    with pytest.raises(AnswerRefused):
        dialog.answer(Typed("Анна"))
    assert not dialog.consent().asks_consent


def test_every_change_makes_older_buttons_stale() -> None:
    first = a_dialog()
    second = first.answer(Typed("Toyota"))

    assert second.revision > first.revision


def test_an_option_that_is_not_offered_is_refused() -> None:
    with pytest.raises(AnswerRefused):
        a_dialog(step="transmission", service=Service.BUY).answer(Picked("warp"))


def test_a_budget_answers_with_its_upper_end() -> None:
    budget = a_dialog(step="budget", service=Service.BUY).answer(Typed("до 1,5 млн ₽")).answers["budget"]

    assert budget == Option("to1500k", "до 1,5 млн ₽", Rubles(1_500_000))


def _photos(first: int, end: int) -> Parcel:
    return Parcel(tuple(FileId(f"photo-{number}") for number in range(first, end)))


STATED = {"car_brand": Words("Toyota Camry"), "year": ModelYear(2018), "mileage": Kilometers(120_000)}


def test_all_suggestions_are_kept_up_to_the_first_step_without_one_and_named() -> None:
    kept = a_dialog(suggestions={**STATED, "name": PersonName("Анна")}).keep_all()

    assert (kept.at, dict(kept.answers)) == ("price", STATED)
    assert kept.remark == "Записали: Toyota Camry, 2018, 120\u00a0000\u00a0км"


def test_keeping_all_is_one_change() -> None:
    dialog = a_dialog(suggestions=STATED)

    assert dialog.keep_all().revision == dialog.revision + 1


def test_keeping_all_stops_where_consent_is_due() -> None:
    known = {"car_brand": Words("Lada"), "vin": Vin("XTA210990Y1234567"), "name": PersonName("Анна")}
    dialog = a_dialog(step="car_brand", service=Service.CHECK, suggestions=known, terms=TERMS)

    kept = dialog.keep_all()

    assert kept.asks_consent
    assert "name" not in kept.answers


def test_keeping_all_may_lead_to_the_summary() -> None:
    known = {"name": PersonName("Анна"), "phone": Phone("+79161234567")}

    assert a_dialog(service=Service.CALLBACK, suggestions=known).keep_all().is_at_summary


@pytest.mark.parametrize(
    "dialog",
    [
        a_dialog(),
        a_dialog(suggestions={"car_brand": Words("Lada")}),
        a_dialog(step="year", suggestions=STATED).back(),  # the brand was answered anew
        a_dialog(step="price", suggestions=STATED),
        a_reviewed_dialog(service=Service.SELL, suggestions=STATED).edit("car_brand"),
        a_reviewed_dialog(service=Service.SELL, suggestions=STATED),
    ],
)
def test_keeping_all_takes_two_suggestions_in_a_row(dialog: Dialog) -> None:
    assert not dialog.can_keep_all
    with pytest.raises(NotOffered):
        dialog.keep_all()
