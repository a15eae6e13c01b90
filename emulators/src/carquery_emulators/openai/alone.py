"""`carquery-emulators openai`."""

import argparse
import importlib
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from carquery_emulators.kit.alone import told
from carquery_emulators.kit.json_types import read_json
from carquery_emulators.openai.brain import Brain, always, nothing_to_say
from carquery_emulators.openai.emulator import API_KEY, OpenAiEmulator
from carquery_emulators.openai.models import MODELS


class AloneOpenAi:
    what = "OpenAI's chat completions and responses with structured output"

    def add_options(self, parser: argparse.ArgumentParser, port: Callable[[str], int]) -> None:
        parser.add_argument("--api-key", default=API_KEY, help="the only one accepted (default: %(default)s)")
        brain = parser.add_mutually_exclusive_group()
        brain.add_argument(
            "--says",
            dest="brain",
            metavar="JSON",
            type=_always,
            default=nothing_to_say,
            help="the object that every model answers, whatever it is asked; what the schema wants besides is empty",
        )
        brain.add_argument(
            "--brain",
            metavar="MODULE:FUNCTION",
            type=_imported,
            help="a function that is given the model and the user's message, and returns what the model says",
        )

    @asynccontextmanager
    async def emulator(self, options: argparse.Namespace) -> AsyncIterator[Sequence[str]]:
        async with OpenAiEmulator(
            options.brain, api_key=options.api_key, host=options.host, port=options.port
        ) as openai:
            facts = {
                "API key": openai.api_key,
                "models": ", ".join(sorted({model.name for model in MODELS.values()})),
                "client": f'OpenAI(base_url="{openai.base_url}", api_key="{openai.api_key}")',
                "control": f"{openai.origin}/control/state",
            }
            models = f"curl -H 'Authorization: Bearer {openai.api_key}' {openai.base_url}/models"
            yield told(f"OpenAI's API listens at {openai.base_url}", facts, attempt=models)


def _always(given: str) -> Brain:
    try:
        said = read_json(given)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise argparse.ArgumentTypeError(f'{given!r} is no JSON object; expected: such as {{"intent": "buy"}}')
    return always(said)


def _imported(given: str) -> Brain:
    """The function, looked for from the working directory too."""
    module, _, function = given.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    try:
        brain: object = getattr(importlib.import_module(module), function)
    except Exception as error:  # whatever the module raises
        raise argparse.ArgumentTypeError(f"{given!r} can't be had ({type(error).__name__}: {error})") from error
    if not callable(brain):
        raise argparse.ArgumentTypeError(f"{given!r} is no function of model and message")
    return brain
