"""The playground's OpenAI, and the story of the last message."""

import json

import pytest
from openai import AsyncOpenAI

from carquery.adapters.memory.classifier import MemoryClassifier
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.openai.classifier import OpenAiClassifier
from carquery.adapters.openai.client import open_client
from carquery.adapters.openai.prices import price_of
from carquery.application.free_text.read_message import ClosedModels, Reading
from carquery.application.ports.classifier import ClassifierFailed
from carquery.domain.forms.form import Service
from carquery.domain.ids import MessageId
from carquery.domain.understanding import Entities, Understanding
from carquery.entrypoints.playground.emulated_openai import LARGE_MODEL, SMALL_MODEL, open_openai
from carquery.entrypoints.playground.free_text_monitor import MOODS, FreeTextMonitor
from carquery_emulators.openai import OpenAiEmulator
from tests.builders import NOW, a_call
from tests.patience import patience


def model(client: AsyncOpenAI, name: str) -> OpenAiClassifier:
    return OpenAiClassifier(client, name, price_of(name).price)


async def heard_by(name: str, text: str) -> Understanding:
    """What the bot gets to hear from a model of the playground."""
    async with (
        open_openai() as openai,
        open_client(api_key=openai.api_key, base_url=openai.base_url, timeout_seconds=patience()) as client,
    ):
        return (await model(client, name).classify(text)).understanding


async def test_the_models_know_what_the_rules_know() -> None:
    understanding = await heard_by(SMALL_MODEL, "продаю камри 2018, пробег 120к, хочу 2 ляма")

    assert understanding.intent is Service.SELL
    assert understanding.entities == Entities(
        brand="Toyota", model="Camry", year=2018, mileage=120_000, price=2_000_000
    )


async def test_the_small_model_is_unsure_where_the_large_one_is_not() -> None:
    assert (await heard_by(SMALL_MODEL, "мне бы машину")).confidence == 0.5
    assert (await heard_by(LARGE_MODEL, "мне бы машину")).confidence == 0.8


async def test_a_greeting_is_greeted() -> None:
    assert "Здравствуйте" in (await heard_by(SMALL_MODEL, "добрый день!")).reply


@pytest.mark.parametrize("mood", [mood for mood, how in MOODS.items() if how not in {None, "slow", "low confidence"}])
async def test_every_mood_reaches_the_bot(mood: str) -> None:
    async with (
        open_openai() as openai,
        open_client(api_key=openai.api_key, base_url=openai.base_url, timeout_seconds=patience()) as client,
    ):
        monitor = FreeTextMonitor(openai)

        assert monitor.behave(mood)
        with pytest.raises(ClassifierFailed):
            await model(client, SMALL_MODEL).classify("привет")
        assert monitor.behave("works")
        await model(client, SMALL_MODEL).classify("привет")


def test_a_new_mood_opens_the_doors() -> None:
    closed_models, asked = ClosedModels(SettableClock(NOW)), MemoryClassifier("gpt-4o")
    monitor = FreeTextMonitor(OpenAiEmulator())
    monitor.watch(closed_models)
    closed_models.close(asked, seconds=3600)

    monitor.behave("works")

    assert closed_models.is_open(asked)


def test_there_is_no_other_mood() -> None:
    monitor = FreeTextMonitor(OpenAiEmulator())

    assert not monitor.behave("cheerful")
    assert monitor.showing().mood == "works"


def test_the_story_names_who_was_asked_and_what_was_understood() -> None:
    monitor = FreeTextMonitor(OpenAiEmulator())
    understanding = Understanding(Service.SELL, 0.9, Entities(brand="Toyota", year=2018))

    reading = Reading(MessageId("m"), understanding, own=understanding)
    monitor.note(reading, [a_call(MessageId("m"), model="rules", latency=0.0004)])

    story = monitor.showing().last
    assert story is not None
    assert [(asked.name, asked.outcome, asked.confidence) for asked in story.asked] == [("rules", "answered", 0.9)]
    assert (story.wish, story.offered, story.stated) == ("продать авто", "sell", (("Марка", "Toyota"), ("Год", "2018")))
    assert json.dumps(story.stated)
