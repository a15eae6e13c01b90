"""The amoCRM account: how it lets us in, and where in it leads go."""

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field, SecretStr

from carquery.entrypoints.settings.crm import CrmChoice
from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.variables.addresses import AccountAddress, PageAddress
from carquery.entrypoints.settings.variables.complaints import Complaint
from carquery.entrypoints.settings.variables.numbers import WHOLE, Minutes
from carquery.entrypoints.settings.variables.secrets import SecretKeys

EXAMPLE_ACCOUNT: Final = "https://example.amocrm.ru"

CrmNumber = Annotated[int, WHOLE, Field(ge=1, lt=1 << 63)]
_FIELD: Final = Field(
    default=None, description="a custom field's number, or nothing (carquery amocrm fields shows them)"
)


class AmoCrmSettings(SettingsPart):
    """Everything about amoCRM. `secret_key` seals its tokens in the database."""

    amocrm_mock_mode: bool = Field(default=False, description="true or false")
    amocrm_base_url: AccountAddress = Field(
        default=EXAMPLE_ACCOUNT, description="your account's address, such as https://dealer.amocrm.ru"
    )
    amocrm_client_id: str | None = Field(default=None, description="the integration's ID, from its «keys and access»")
    amocrm_client_secret: SecretStr | None = Field(
        default=None, description="the integration's secret key, from its «keys and access»"
    )
    amocrm_redirect_uri: PageAddress | None = Field(
        default=None, description="the redirect address that the integration was made with, to the letter"
    )
    amocrm_long_lived_token: SecretStr | None = Field(
        default=None, description="a long-lived token of the integration, instead of its ID, secret key and address"
    )
    amocrm_pipeline_id: CrmNumber | None = Field(
        default=None, description="a pipeline's number, or nothing: the main one"
    )
    amocrm_status_id: CrmNumber | None = Field(
        default=None, description="the number of a stage of that pipeline, or nothing: its first one"
    )
    amocrm_responsible_user_id: CrmNumber | None = Field(
        default=None, description="a user's number, or nothing: the one who made the token"
    )
    amocrm_task_minutes: Minutes = Field(
        default=30, ge=0, le=100_000, description="minutes, 0 … 100000, or a time such as 2h; 0: no task is made"
    )
    amocrm_field_service: CrmNumber | None = _FIELD
    amocrm_field_brand: CrmNumber | None = _FIELD
    amocrm_field_year: CrmNumber | None = _FIELD
    amocrm_field_mileage: CrmNumber | None = _FIELD
    amocrm_field_price: CrmNumber | None = _FIELD
    amocrm_field_vin: CrmNumber | None = _FIELD
    amocrm_field_source: CrmNumber | None = _FIELD
    amocrm_field_telegram: CrmNumber | None = _FIELD
    amocrm_field_reference: CrmNumber | None = _FIELD
    secret_key: SecretKeys | None = Field(
        default=None,
        description="16 or more random characters, such as `openssl rand -base64 32` gives; new,old to change it",
    )

    def contradictions(self) -> Iterator[Complaint]:
        yield from super().contradictions()
        oauth = ("amocrm_client_id", "amocrm_client_secret", "amocrm_redirect_uri")
        missing = tuple(name for name in oauth if getattr(self, name) is None)
        if 0 < len(missing) < len(oauth):
            beside = ", ".join(name.upper() for name in oauth if name not in missing)
            yield Complaint(missing, f"missing beside {beside}")
        if self.crm is CrmChoice.AMOCRM and self.amocrm_base_url == EXAMPLE_ACCOUNT:
            expected = "your account's address, such as https://dealer.amocrm.ru"
            yield Complaint(("amocrm_base_url",), "missing", expected)

    @property
    def crm(self) -> CrmChoice:
        """Where leads are delivered to."""
        if self.amocrm_mock_mode:
            return CrmChoice.MEMORY
        has_access = self.amocrm_long_lived_token is not None or self.amocrm_client_id is not None
        return CrmChoice.AMOCRM if has_access else CrmChoice.NONE

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The keys to seal with (the first) and to open with (all)."""
        given = "" if self.secret_key is None else self.secret_key.get_secret_value()
        return tuple(key.strip() for key in given.split(",") if key.strip())
