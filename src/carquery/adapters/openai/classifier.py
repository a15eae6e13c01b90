"""A model behind the OpenAI API that reads messages."""

from decimal import Decimal
from typing import Final

from openai import APIConnectionError, APIStatusError, AsyncOpenAI

from carquery.adapters.openai.answer import read_answer
from carquery.adapters.openai.prices import Price
from carquery.adapters.openai.prompt import most_input_tokens, most_output_tokens, plain_request, request
from carquery.adapters.openai.troubles import key_unfit, no_answer, refused_request, refuses_schema
from carquery.adapters.openai.wire import Completion, NotUnderstood, Tokens, read_completion
from carquery.application.ports.classifier import Classified, ClassifierFailed, Trouble, Usage
from carquery.domain.masking import Masked, mask


class OpenAiClassifier:
    """Asks one model. Personal data stays here: the model reads placeholders, and may name them."""

    def __init__(self, client: AsyncOpenAI, model: str, price: Price) -> None:
        self._client = client
        self._model = model
        self._price = price
        self._knows_schema = True

    @property
    def name(self) -> str:
        return self._model

    def dearest(self, message: str) -> Decimal:
        return self._dearest(mask(message))

    async def classify(self, message: str) -> Classified:
        masked = mask(message)
        dearest = self._dearest(masked)
        body = await self._ask(masked.text, dearest)
        try:
            completion = read_completion(body)
        except NotUnderstood as reason:
            raise ClassifierFailed(Trouble.UNUSABLE, f"OpenAI: {reason}", Usage(cost=dearest)) from None
        usage = self._usage(completion.tokens, dearest)
        content = _content(completion, usage)
        try:
            return Classified(read_answer(content, masked), usage)
        except NotUnderstood as reason:
            raise ClassifierFailed(Trouble.UNUSABLE, f"ответ модели: {reason}", usage) from None

    async def _ask(self, text: str, dearest: Decimal) -> bytes:
        wanted = request if self._knows_schema else plain_request
        try:
            answer = await self._client.chat.completions.with_raw_response.create(**wanted(self._model, text))
        except APIConnectionError as error:
            raise no_answer(error, dearest) from None
        except APIStatusError as error:
            if self._knows_schema and refuses_schema(error):
                self._knows_schema = False  # from now on, until the process ends
                return await self._ask(text, dearest)
            raise refused_request(error, dearest) from None
        except UnicodeEncodeError:  # its text would show the key
            raise key_unfit() from None
        body: bytes = answer.content
        return body

    def _dearest(self, masked: Masked) -> Decimal:
        return self._price.of(
            input_tokens=most_input_tokens(masked.text), output_tokens=most_output_tokens(self._model)
        )

    def _usage(self, tokens: Tokens | None, dearest: Decimal) -> Usage:
        """What was counted; where nothing was, the most that it may have been."""
        if tokens is None:
            return Usage(cost=dearest)
        cost = self._price.of(input_tokens=tokens.input, output_tokens=tokens.output, cached_tokens=tokens.cached)
        return Usage(tokens.input, tokens.output, cost)


def _content(completion: Completion, usage: Usage) -> str:
    if completion.refusal:
        raise ClassifierFailed(Trouble.REFUSED, "модель отказалась отвечать", usage)
    if completion.finish_reason != "stop":
        reason = completion.finish_reason if completion.finish_reason in _UNFINISHED else "не сказано почему"
        raise ClassifierFailed(Trouble.UNUSABLE, f"ответ модели не окончен ({reason})", usage)
    if not completion.content:
        raise ClassifierFailed(Trouble.UNUSABLE, "пустой ответ модели", usage)
    return completion.content


_UNFINISHED: Final = ("length", "content_filter", "tool_calls", "function_call")
