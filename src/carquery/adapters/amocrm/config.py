"""Where in the account leads go, and which of its custom fields are filled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final


class FieldName(StrEnum):
    """What a custom field may hold. TELEGRAM is a contact's field, the others are a lead's."""

    SERVICE = "SERVICE"
    BRAND = "BRAND"
    YEAR = "YEAR"
    MILEAGE = "MILEAGE"
    PRICE = "PRICE"
    VIN = "VIN"
    SOURCE = "SOURCE"
    TELEGRAM = "TELEGRAM"
    REFERENCE = "REFERENCE"


FIELD_TITLES: Final[Mapping[FieldName, str]] = {
    FieldName.SERVICE: "Услуга",
    FieldName.BRAND: "Марка и модель",
    FieldName.YEAR: "Год выпуска",
    FieldName.MILEAGE: "Пробег, км",
    FieldName.PRICE: "Цена, ₽",
    FieldName.VIN: "VIN",
    FieldName.SOURCE: "Источник",
    FieldName.TELEGRAM: "Telegram",
    FieldName.REFERENCE: "Номер заявки",
}
"""What they are called in amoCRM, where CarQuery made them, and so to whoever reads of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmoCrmConfig:
    """All numbers are the account's own.

    Attributes:
        pipeline_id: None: the main pipeline. status_id: None: the pipeline's first stage.
        responsible_user_id: None: whoever made the token.
        fields: the custom fields to fill.
        task_after: how long after delivery the manager's task is due; zero: no task.
        tags: of each lead, beside the service.
        task_type_id: 1 is «follow-up» in every account.
    """

    pipeline_id: int | None = None
    status_id: int | None = None
    responsible_user_id: int | None = None
    fields: Mapping[FieldName, int] = field(default_factory=dict)
    task_after: timedelta = timedelta(minutes=30)
    tags: tuple[str, ...] = ("CarQuery",)
    task_type_id: int = 1
