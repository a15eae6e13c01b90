"""Every call of MAX's API, in order of arrival."""

from carquery_emulators.kit.calls import CallJournal


class MaxJournal(CallJournal):
    """Knows which chat a call is about."""

    def is_busy_with(self, chat_id: int) -> bool:
        """Whether a call that may change this chat is under way."""
        return any(call.ok is None and call.chat_id == chat_id for call in self[-200:])
