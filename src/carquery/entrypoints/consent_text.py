"""The text that customers consent to."""

from pathlib import Path

from carquery.domain.consent import ConsentTerms

BUILT_IN_VERSION = "2"
BUILT_IN_TEXT = """\
Нажимая «Согласен», я даю автосалону, которому направляю заявку, согласие на обработку моих персональных данных: \
имени, номера телефона, сведений об автомобиле, комментариев, фотографий и других файлов, которые я пришлю, \
и идентификатора в Telegram.

Цель – связаться со мной и оказать выбранную услугу. Данные собирают, записывают, хранят, передают менеджеру через CRM \
автосалона и удаляют.

Согласие действует один год. Отозвать его и удалить данные можно в любой момент командой /privacy."""


def consent_terms(policy_url: str | None, text_file: Path | None) -> ConsentTerms | None:
    """What customers must consent to; None: no privacy policy is given, so consent is not asked for."""
    if policy_url is None:
        return None
    if text_file is None:
        return ConsentTerms(BUILT_IN_VERSION, BUILT_IN_TEXT, policy_url)
    return ConsentTerms(text_file.name, text_file.read_text("utf-8").strip(), policy_url)
