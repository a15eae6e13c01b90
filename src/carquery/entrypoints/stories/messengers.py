"""The emulated messengers that stories can be played in."""

from carquery.entrypoints.stories.actor import EmulatedMessenger


def emulated(channel: str) -> EmulatedMessenger:
    """That of a channel, such as `max`."""
    if channel == "max":
        from carquery.entrypoints.stories.in_max import StoriesInMax

        return StoriesInMax()
    from carquery.entrypoints.stories.in_telegram import StoriesInTelegram

    return StoriesInTelegram()
