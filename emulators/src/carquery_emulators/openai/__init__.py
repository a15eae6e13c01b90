"""OpenAI's API for tests and the playground: real HTTP, loopback only, nothing of CarQuery in it."""

from carquery_emulators.openai.brain import Brain, keyword_brain
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
    "control_routes",
    "estimated",
    "keyword_brain",
]
