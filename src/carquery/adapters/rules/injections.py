"""Attempts to give the bot orders: their sentences are left out, and what remains must be a request of its own."""

import re
from typing import Final

_NEAR: Final = r"[^.!?\n]{0,40}"
_STOP: Final = r"(?:игнорир|проигнорир|забуд(?:ь|ьте)|отмени|отключи|обойди|сбрось|не (?:обращай|следуй|слушай))\w*"
_SAY: Final = (
    r"\b(?:отвечай|ответь|скажи|напечатай|выведи|повтори|верни|покажи|подтверди|установи|поставь|выстави|задай)\w*\b"
)
_RUSSIAN: Final = (
    rf"{_STOP}{_NEAR}(?:инструкц|правил|указан|пром[п]?т|настройк|ограничен|фильтр|команд|все|прежн|предыдущ|роль)",
    r"\b(?:систем\w+|скрыт\w+|сво[йие]\w*|тво[йие]\w*|исходн\w+) (?:\w+ )?(?:пром[п]?т|инструкц|prompt)",
    r"\bпром[п]?т\b",
    r"\bты (?:теперь|больше не|-|должен|обязан|будешь)\b",
    r"\b(?:теперь ты|представь,? что ты|сыграй роль|веди себя как|притворись|отныне)\b",
    r"\bтвоя (?:новая )?(?:роль|задача|цель)",
    r"\bрежим (?:разработ|отлад|бог|адм)",
    rf"{_SAY}{_NEAR}(?:только|intent|confidence|json|ключ|пром[п]?т|инструкц|скидк|уверен|намерен|бюджет|1 рубл|да\b)",
    r"\b(?:намерение|уверенность)\b ?[=:]",
    r"\b(?:джейлбрейк|api.?ключ)\b",
    r"\bнов(?:ая политика|ые правила|ые инструкции)",
    rf"\bкак (?:админ|разработчик|директор|владелец)\w*{_NEAR}приказыва",
    r"\bя (?:твой|ваш) (?:разработчик|админ|создатель|хозяин|программист)",
    r"\bя (?:админ|разработчик)\w*\b",
    r"\bот имени (?:систем|админ)",
    r"\bскидк\w+ (?:в )?(?:[5-9][0-9]|100)\b",
    r"\bза (?:1|один) рубл",
    r"\bюридически обязыв",
    r"\bбез (?:каких-либо )?ограничений\b",
)
_ENGLISH: Final = (
    rf"\bignore\b{_NEAR}(?:instruction|rule|prompt|previous|above|everything)",
    r"\b(?:disregard|pretend|reveal|base64|jailbreak|override|do anything now|act as|hidden prompt)\b",
    r"\bforget (?:all|every|your|the)",
    r"\byou are (?:now|no longer|a|an|dan)\b",
    r"\b(?:repeat|print|output) (?:the|your|everything|all|only|json|\{)",
    r"\b(?:respond|reply|answer) (?:only|with)",
    r"\bset (?:the )?(?:intent|service|confidence|price|budget)",
    r"\bnew (?:instructions?|rules?)\b",
)
_MARKUP: Final = (
    r"\b(?:confidence|intent|entities|json|api.?key|dan mode|developer mode|system prompt)\b",
    r"[{\[]\s*\"?(?:intent|role|service|confidence)",
    r"</?\s*(?:user|system|assistant|instructions?|admin|im_start|im_end)",
    r"\[/?(?:system|admin|inst|user|assistant)]",
    r"<\|\w+\|>",
    r"^\s*#*\s*(?:system|assistant|developer|админ|admin|система|system message)\s*:",
    r"\bsystem ?:",
)
_ORDER: Final = re.compile("|".join((*_RUSSIAN, *_ENGLISH, *_MARKUP)), re.MULTILINE)
_SENTENCE: Final = re.compile(r"(?:[^.!?\n;)]|\)(?!\)))*(?:[.!?\n;]+(?=\s|$)|\)\)+|$)|.+?$", re.DOTALL)
_TURN: Final = re.compile(
    r"\b(?:на самом деле|а вообще|вообще[- ]то|а?,? ?если серьезно|шучу|кстати|ладно|лан|серьезно|если честно|без шуток"
    r"|по делу|мне правда|но мне|а мне|но вообще|actually|seriously)\b"
)
_OWN_WISH: Final = re.compile(
    r"\b(?:хочу|хотим|хотел[аи]? бы|нуж(?:ен|на|но|ны)|надо|ищу|ищем|куплю|покупаю|продаю|продам|продаем|интересует"
    r"|помогите|подберите|посоветуйте|проверьте|проверить|оцените|подскажите|пробейте|планирую|прошу|почем|примете"
    r"|возьмете|need|want|looking for|please check)\b"
)


def without_orders(text: str) -> tuple[str, bool]:
    """A normalised text without the sentences that give orders, and whether there were any.

    What remains counts only if it wishes something itself; else nothing remains.
    """
    if not _ORDER.search(text):
        return text, False
    remains = " ".join(part for part in _parts(text) if not _ORDER.search(part))
    return (remains if _OWN_WISH.search(remains) else ""), True


def _parts(text: str) -> list[str]:
    """Sentences, and what a turn («а вообще …») sets apart in them."""
    parts: list[str] = []
    for sentence in _SENTENCE.findall(text):
        turn = _TURN.search(sentence)
        parts += [sentence] if turn is None else [sentence[: turn.start()], sentence[turn.start() :]]
    return [part.strip() for part in parts if part.strip()]
