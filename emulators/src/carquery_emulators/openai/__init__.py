"""OpenAI's API for tests and for trying programs out: real HTTP, on this machine only."""

from carquery_emulators.openai.brain import Brain, always, nothing_to_say
from carquery_emulators.openai.control import control_routes
from carquery_emulators.openai.emulator import OpenAiEmulator
from carquery_emulators.openai.faults import Fault, Faults, How
from carquery_emulators.openai.journal import ModelReply, ModelRequest
from carquery_emulators.openai.models import MODELS, Model
from carquery_emulators.openai.tokens import CountTokens, estimated
from carquery_emulators.openai.usage import Usage

__all__ = [
    "MODELS",
    "Brain",
    "CountTokens",
    "Fault",
    "Faults",
    "How",
    "Model",
    "ModelReply",
    "ModelRequest",
    "OpenAiEmulator",
    "Usage",
    "always",
    "control_routes",
    "estimated",
    "nothing_to_say",
]
