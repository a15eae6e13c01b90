"""Who reads free text beside the built-in classifier, and what it may cost."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.variables.addresses import PrivateAddress
from carquery.entrypoints.settings.variables.numbers import DECIMAL

ModelName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w.:/-]+$")]


class OpenAiSettings(SettingsPart):
    """The OpenAI API, or one that speaks like it."""

    openai_api_key: SecretStr | None = Field(
        default=None,
        description="a key of your OpenAI project, or nothing: the built-in classifier alone reads free text",
    )
    openai_base_url: PrivateAddress = Field(
        default="https://api.openai.com/v1", description="the API's address, such as https://api.openai.com/v1"
    )
    openai_model: ModelName = Field(default="gpt-4o-mini", description="a model's name, such as gpt-4o-mini")
    openai_fallback_model: ModelName = Field(default="gpt-4o", description="a model's name, such as gpt-4o")
    openai_ask: Literal["always", "unsure"] = Field(
        default="always", description="always, or unsure: only for what the built-in classifier is unsure of"
    )
    openai_daily_budget_usd: Annotated[Decimal, DECIMAL] = Field(
        default=Decimal(5), ge=0, le=10_000, description="US dollars a day, 0 … 10000"
    )

    @property
    def models(self) -> tuple[str, ...]:
        """The models to ask, in their order, each once."""
        return tuple(dict.fromkeys((self.openai_model, self.openai_fallback_model)))
