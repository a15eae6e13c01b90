"""Attempts to give the bot orders: their sentences are left out, and what remains must be a request of its own."""

import re
from typing import Final

_NEAR: Final = r"[^.!?\n]{0,40}"
_META: Final = r"(?:intent|confidence|json|ключ|пром[п]?т|инструкц|скидк|уверен|намерен|конфигур|команд)"
_STOP: Final = r"(?:игнорир|проигнорир|забуд(?:ь|ьте)|отмени|отключи|обойди|сбрось|не (?:обращай|следуй|слушай))\w*"
_ABOVE: Final = (
    r"(?:инструкц|правил|указан|пром[п]?т|настройк|ограничен|фильтр|команд|все|прежн|предыдущ|роль|текст|выше)"
)
_BOT: Final = r"(?:бот|клиент|модель|ии|нейросет\w*|ассистент|помощник|продавец|менеджер|робот)"
_COMMANDED: Final = (
    r"(?!х\w{1,2}нд|(?:кашк|трамв|кр|дав|случ|кит|м|забир|предлаг|приезж|подбир)ай\b)[а-я]{2,}(?:[ауюя]й)\b"
)
"""A verb that orders, at the beginning of what is said: «отвечай», «голосуй». Customers say «отвечайте», or ask."""
_RUSSIAN: Final = (
    # What it was told before
    rf"{_STOP}{_NEAR}{_ABOVE}",
    r"\b(?:систем\w+|скрыт\w+|сво[йие]\w*|тво[йие]\w*|исходн\w+) (?:\w+ )?(?:пром[п]?т|инструкц|prompt)",
    r"\bпром[п]?т\b|\bинструкци\w+ для\b|\bдля (?:ии|модели|бота|нейросети|ai|llm)\b",
    r"\b(?:ваши|твои) правила|\bтеперь на (?:люб|каж|все)|\bтестируем\b",
    r"\bнов(?:ая политика|ые правила|ые инструкции|ая роль)|\bсистемн\w+ (?:сообщен|команд|переменн)",
    # Who it shall be
    rf"\bты (?:теперь|больше не|не|-|должен|обязан|будешь|{_BOT})\b|\bтвоя (?:новая )?(?:роль|задача|цель)",
    r"\b(?:теперь ты|представь,? что|в роли|сыграй|сыграем|поиграем|веди себя как|притворись|отныне|личный помощник)\b",
    r"\bсделай(?:те)? вид|\bс этого момента|\bрежим (?:разработ|отлад|бог|адм)|\bджейлбрейк",
    r"\bя (?:твой|ваш) (?:разработчик|админ|создатель|хозяин|программист)|\bя (?:админ|разработчик)\w*\b",
    rf"\bот имени (?:систем|админ)|\bкак (?:админ|разработчик|директор|владелец)\w*{_NEAR}приказыва",
    r"\bтво(?:й|я|е|и|ю|ей|его|ему|их|им|ими)\b|\bнейросет\w*|\b(?:ии|ai),",
    r"\bинъекци\w*|\bsudo\b|\b(?:ллм|железяка)\b|\bкодов\w+ слов|\bцензур\w*",
    # What it shall say or do; a dealership is asked for other things, and politely
    r"\b(?:напечатай|выведи|повтори|напиши|верни|классифиц\w*|считай\w*|оформи|оформляй|добавь|запиши|выдай|предложи)\b",
    r"\b(?:исполни|выполни|активир\w*|переключись|подставь|вставь|замени|смени|сотри|удали|очисти|сообщи)\b",
    r"\b(?:допиши|продолжи|придумай|сгенерируй|сочини|процитируй|расшифруй|переведи|перечисли|опиши|сымитируй)(?:те)?\b",
    r"\b(?:создай|раскрой|заполни|пропусти|выдумай|опубликуй|почитай)\b",
    r"\bпусть (?:бот|модель)|\bслучайными данными|\bгипотетич|\bэксперимент",
    rf"(?:^|[,:!.»] ?|\bи (?:сразу )?){_COMMANDED}",
    r"\bсостав(?:ь|ьте) (?:пример|сообщен|текст|истори|диалог|фраз)|\b(?:историю|рассказ|стих\w*) (?:где|про|о|как)\b",
    r"\bкоманда ?:|\bслушай\w* команд|\bрежим (?!работ)|\bгалочк|\bдиалог\w*|\bобновление политик|\bвоображаем",
    r"\bответ\w* модели|\bследующ\w+ ответ|\bцена 1(?: ?(?:руб\w*|р))?\s*(?:$|[.!])",
    rf"\b(?:отвечай|ответь|скажи|покажи|подтверди|установи|поставь|выстави|задай)(?:те)?\b{_NEAR}{_META}",
    rf"\b(?:отвечай(?:те)?|ответь|скажи)\b{_NEAR}(?:только|словом|да\b|бюджет|1 рубл)|\bпоставь\b{_NEAR}бюджет",
    r"\bоткро(?:й|йте) форму|\bформу (?:продаж|покупк|проверк|подбор)|\b(?:api.?ключ|лид)\b",
    # What it shall believe of others
    r"\b(?:клиент|пользовател|юзер)\w*\s+(?:хоч|жела|подтвер|говор|прос|котор)",
    r"\b(?:люб\w+|все|кажд\w+|следующ\w+|это) (?:\w+ )?(?:сообщени|фраз|запрос)\w*",
    r"\b(?:намерение|уверенность(?:ю)?|интент\w*)\b",
    r"\bскидк\w+ (?:в )?(?:[5-9][0-9]|100)\b|\bза (?:1|один) рубл|\bюридически обязыв",
    r"\bбез (?:каких-либо )?ограничений\b",
)
_ENGLISH: Final = (
    rf"\bignore\b{_NEAR}(?:instruction|rule|prompt|previous|above|everything)",
    r"\b(?:disregard|pretend|reveal|base64|jailbreak|override|do anything now|act as|hidden prompt|verbatim)\b",
    r"\bforget (?:all|every|your|the)|\byou (?:are (?:now|no longer|a|an|dan)|must)\b",
    r"\b(?:repeat|print|output) (?:the|your|everything|all|only|json|\{)",
    r"\b(?:respond|reply|answer) (?:only|with)|\bclassify\b|\bnew (?:instructions?|rules?|conversation)\b",
    r"\byour (?:new )?(?:task|job|role|answer|instructions?|rules?)|\b(?:stop being|from now on|dear ai)\b",
    r"\b(?:llm|gpt|dealergpt|language model|env vars|curl|say (?:buy|sell|yes)|offer (?:the|a|form))\b",
    r"\bkindly confirm",
    r"\b(?:sample|translate|generate|imagine|roleplay|approve|joke|poem|story)\b|\bfor (?:free|\$ ?1)\b|\bthe word\b",
    r"\bset (?:the )?(?:intent|service|confidence|price|budget)|\b(?:user|customer|client) (?:wants?|asks?|confirm)",
)
_MARKUP: Final = (
    r"\b(?:confidence|intent|entities|json|api.?key|dan mode|developer mode|system (?:prompt|message))\b",
    r"[{\[]\s*\"?(?:intent|role|service|confidence)|\[/?(?:system|admin|inst|user|assistant)]",
    r"</?[a-z][\w-]*[^>]{0,40}>|<\|\w+\|>",
    r"\b(?:system|assistant|user|developer|админ|admin|система|ассистент|пользователь|клиент|бот)\s*:",
)
_ORDER: Final = re.compile("|".join((*_RUSSIAN, *_ENGLISH, *_MARKUP)))
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
