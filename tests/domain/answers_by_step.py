"""One good answer for each step of each form, as a customer would give it."""

from carquery.domain.answers import Given, Picked, SharedContact, Typed
from carquery.domain.attachments import Parcel
from carquery.domain.dialog import Dialog
from carquery.domain.ids import FileId

GOOD_ANSWERS: dict[str, Given] = {
    "car_brand": Typed("Toyota Camry"),
    "year": Typed("2018 г."),
    "mileage": Typed("120 тыс"),
    "price": Typed("1,2 млн"),
    "budget": Picked("to2m"),
    "year_from": Typed("18"),
    "transmission": Picked("automatic"),
    "drive": Typed("полный"),
    "purpose": Picked("family"),
    "brand_preference": Picked("any"),
    "body_type": Typed("Кроссовер"),
    "check_type": Picked("complete"),
    "vin": Typed("xta210990y1234567"),
    "question_type": Picked("contract"),
    "description": Typed("Продавец не отдаёт ПТС после оплаты"),
    "name": Typed("Анна"),
    "phone": SharedContact("79161234567", own=True),
    "comment": Typed("Звоните после шести"),
}


def answered_well(dialog: Dialog) -> Dialog:
    """The dialog after a good answer to the step where it stands; a photo is one to the step that asks for them."""
    assert dialog.at is not None
    if dialog.at == "photos":
        return dialog.enclose(Parcel(photos=(FileId("photo-1"),)))
    return dialog.answer(GOOD_ANSWERS[dialog.at])
