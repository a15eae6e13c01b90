"""Every Bot API call, in order of arrival."""

from carquery_emulators.kit.calls import CallJournal


class BotApiJournal(CallJournal):
    """Knows which chat a call is about."""

    def is_busy_with(self, chat_id: int) -> bool:
        """Whether a call that may change this chat is under way."""
        return any(
            call.ok is None
            and (call.method == "answerCallbackQuery" or str(call.params.get("chat_id")) == str(chat_id))
            for call in self[-200:]
        )
