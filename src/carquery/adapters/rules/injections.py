"""Attempts to give the bot orders: their sentences are left out, and what remains must be a request of its own."""

import re
from typing import Final

_ORDER: Final = re.compile(
    r"(?:игнорир|проигнорир|забуд(?:ь|ьте)|отмени|отключи|обойди|сбрось|не (?:обращай|следуй|слушай))\w*"
    r"[^.!?\n]{0,40}(?:инструкц|правил|указан|промпт|промт|настройк|ограничен|фильтр|команд|все|прежн|предыдущ|роль)"
    r"|\b(?:систем\w+|скрыт\w+|сво[йие]\w*|тво[йие]\w*|исходн\w+) (?:\w+ )?(?:промпт|промт|инструкц|prompt)|\bпром[п]?т\b"
    r"|\bты (?:теперь|больше не|–|-|—|должен|обязан|будешь)\b|\bтеперь ты\b|\bпредставь,? что ты\b|\bсыграй роль\b"
    r"|\bвед[иё] себя как|\bпритворись|\bтвоя (?:новая )?(?:роль|задача|цель)|\bотныне\b|\bрежим (?:разработ|отлад|бог|адм)"
    r"|\b(?:отвечай|ответь|скажи|напечатай|выведи|повтори|верни|покажи|подтверди|установи|поставь|выстави|задай)\w*\b"
    r"[^.!?\n]{0,40}(?:только|intent|confidence|json|ключ|промпт|промт|инструкц|скидк|уверенност|намерен|бюджет|1 рубл|да\b)"
    r"|\b(?:intent|confidence|entities|намерение|уверенность)\b ?[=:]|[{\[]\s*\"?(?:intent|role|service|confidence)"
    r"|\b(?:confidence|intent|json|api.?ключ|api.?key|jailbreak|джейлбрейк|dan mode|developer mode|system prompt|override)\b"
    r"|</?\s*(?:user|system|assistant|instructions?|admin|im_start|im_end)|\[/?(?:system|admin|inst|user|assistant)]"
    r"|<\|\w+\|>|^\s*#*\s*(?:system|assistant|developer|админ|admin|система|system message)\s*:|\bsystem ?:"
    r"|\bignore\b[^.!?\n]{0,40}(?:instruction|rule|prompt|previous|above|everything)|\bdisregard\b|\bforget (?:all|every|your|the)"
    r"|\byou are (?:now|no longer|a|an|dan)\b|\bact as\b|\bpretend\b|\brepeat (?:the|your|everything|all)|\bprint (?:your|the)"
    r"|\breveal\b|\bhidden prompt|\boutput (?:only|the|your|json|\{)|\brespond (?:only|with)|\breply (?:only|with)"
    r"|\bset (?:the )?(?:intent|service|confidence|price|budget)|\bbase64\b|\bdo anything now\b|\bnew (?:instructions?|rules?)\b"
    r"|\bновая политика|\bновые (?:правила|инструкции)|\bкак (?:админ|разработчик|директор|владелец)\w*[^.!?\n]{0,30}приказыва"
    r"|\bя (?:твой|ваш) (?:разработчик|админ|создатель|хозяин|программист)|\bя (?:админ|разработчик)\w*\b|\bот имени (?:систем|админ)"
    r"|\bскидк\w+ (?:в )?(?:[5-9][0-9]|100)\b|\bза (?:1|один) рубл|\bюридически обязыв|\bбез (?:каких-либо )?ограничений\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[^.!?\n;]*[.!?\n;]+(?=\s|$)|[^.!?\n;]+$|.+?$", re.DOTALL)
_TURN: Final = re.compile(
    r"(?:\bна самом деле\b|\bа вообще\b|\bвообще[- ]то\b|\bа если серьезно\b|\bесли серьезно\b|\bшучу\b|\bкстати\b"
    r"|\bмне правда\b|\bно мне\b|\bа мне\b|\bно вообще\b|\bactually\b|\bseriously\b)"
)
_OWN_WISH: Final = re.compile(
    r"\b(?:хочу|хотим|хотел[аи]? бы|нуж(?:ен|на|но|ны)|надо|ищу|ищем|куплю|покупаю|продаю|продам|продаем|интересует|помогите"
    r"|подберите|посоветуйте|проверьте|проверить|оцените|подскажите|пробейте|планирую|need|want|looking for|please check)\b"
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
        if turn is None:
            parts.append(sentence)
        else:
            parts += [sentence[: turn.start()], sentence[turn.start() :]]
    return [part.strip() for part in parts if part.strip()]
