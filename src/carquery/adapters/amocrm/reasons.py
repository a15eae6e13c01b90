"""Why amoCRM was not called, did not answer or refused, and what it would not take; in Russian and in English.

What amoCRM says itself is quoted as it came (`says`).
"""

from enum import unique
from typing import Final

from carquery.adapters.amocrm.config import FIELD_TITLES, FieldName
from carquery.application.leads.reasons import LeadReason
from carquery.application.wording import CrmInWords, KnownReasons, Wording

_LOGIN_RU: Final = "выполните: carquery amocrm login --code … (код – в настройках интеграции, «Ключи и доступы»)"
_LOGIN_EN: Final = "run: carquery amocrm login --code … (the code is in the integration's settings, «keys and access»)"
_NO_ACCOUNT_RU: Final = "по этому адресу нет аккаунта amoCRM (HTTP {status}): "
_NO_ACCOUNT_EN: Final = "there is no amoCRM account at this address (HTTP {status}): "
_MAIN_RU: Final = "сделка в главной воронке; исправьте AMOCRM_PIPELINE_ID и AMOCRM_STATUS_ID или [routing]"
_MAIN_EN: Final = "the deal is in the main pipeline; mend AMOCRM_PIPELINE_ID and AMOCRM_STATUS_ID, or [routing]"


@unique
class AmoReason(KnownReasons):
    """All of them, by what they are about."""

    # The connection
    NO_CONNECTION = "нет связи с amoCRM", "no connection to amoCRM ({kind})"
    CONNECTION_BROKE = "связь с amoCRM оборвалась", "the connection to amoCRM broke ({kind})"
    BAD_ADDRESS = (
        "адрес amoCRM не годится, проверьте AMOCRM_BASE_URL",
        "the address of amoCRM can't be used ({kind}): check AMOCRM_BASE_URL",
    )
    ODD_TOKEN = (
        "токен amoCRM содержит посторонние знаки: скопируйте его ещё раз",
        "the amoCRM token has characters that no token has: copy it again",
    )
    STRANGE_ADDRESS = "чужой адрес: {host}", "an address that is not amoCRM's: {host}"
    NO_ANSWER = "amoCRM не ответила за {seconds} с", "amoCRM did not answer within {seconds} s"
    TOO_LONG = "amoCRM ответила больше чем {most} байтами", "amoCRM answered with more than {most} bytes"
    HTTP_STATUS = "amoCRM ответила HTTP {status}", "amoCRM answered HTTP {status}"
    NO_JSON = "amoCRM ответила HTTP {status}, но не JSON", "amoCRM answered HTTP {status}, but no JSON"
    ODD_ANSWER = (
        "amoCRM ответила не так, как сказано в её документации ({path})",
        "amoCRM answered otherwise than its documentation says ({path}: {found})",
    )
    FRONT_ANSWERED = (
        "вместо amoCRM ответил сервер перед ней (HTTP {status})",
        "a server in front of amoCRM answered instead of it (HTTP {status})",
    )
    NOT_NAMED = "в ответе amoCRM её нет", "amoCRM's answer does not name it"
    TOO_MUCH_SINCE = (
        "с {since} UTC в amoCRM создано слишком много, чтобы всё просмотреть ({path})",
        "too much was made in amoCRM since {since} UTC to look through it ({path})",
    )

    # Its limits
    ASKS_TO_WAIT = "amoCRM просит подождать", "amoCRM asks for a pause"
    TOO_MANY = (
        "amoCRM просит реже обращаться к ней (HTTP 429)",
        "amoCRM asks to be called less often (HTTP 429)",
    )
    TOO_MANY_AGAIN = (
        "amoCRM снова и снова просит реже обращаться к ней (HTTP 429)",
        "amoCRM asks again and again to be called less often (HTTP 429)",
    )
    QUEUE_STANDS = "очередь к amoCRM не движется", "the queue of calls to amoCRM does not move"

    # The account
    UNPAID = "аккаунт amoCRM не оплачен (HTTP 402)", "the amoCRM account is not paid for (HTTP 402)"
    BLOCKED = (
        "amoCRM заблокировала обращения (HTTP 403): напишите в её поддержку",
        "amoCRM has blocked our calls (HTTP 403): write to its support",
    )
    MOVED = "аккаунт amoCRM переименован (HTTP {status})", "the amoCRM account was renamed (HTTP {status})"
    NO_ACCOUNT = f"{_NO_ACCOUNT_RU}проверьте AMOCRM_BASE_URL", f"{_NO_ACCOUNT_EN}check AMOCRM_BASE_URL"
    NO_ACCOUNT_ANY_MORE = (
        f"{_NO_ACCOUNT_RU}аккаунт переименован? задайте его нынешний адрес в AMOCRM_BASE_URL",
        f"{_NO_ACCOUNT_EN}was it renamed? set AMOCRM_BASE_URL to its current address",
    )
    NO_ACCOUNT_TO_LOG_IN = (
        f"{_NO_ACCOUNT_RU}аккаунт переименован? задайте его нынешний адрес в AMOCRM_BASE_URL или {_LOGIN_RU}",
        f"{_NO_ACCOUNT_EN}was it renamed? set AMOCRM_BASE_URL to its current address, or {_LOGIN_EN}",
    )
    WHERE_IS_IT = (
        "amoCRM не говорит, где теперь аккаунт (HTTP {status})",
        "amoCRM does not say where the account is now (HTTP {status})",
    )

    # The authorisation
    TOKEN_REFUSED = (
        "amoCRM не принимает долгосрочный токен: задайте в AMOCRM_LONG_LIVED_TOKEN новый (из «Ключей и доступов»)",
        "amoCRM refuses the long-lived token: set AMOCRM_LONG_LIVED_TOKEN to a new one (from its «keys and access»)",
    )
    AUTHORISATION_LOST = (
        f"amoCRM больше не принимает авторизацию: {_LOGIN_RU}",
        f"amoCRM does not accept the authorisation any more: {_LOGIN_EN}",
    )
    NOT_LOGGED_IN = f"авторизации в amoCRM ещё нет: {_LOGIN_RU}", f"there is no login to amoCRM yet: {_LOGIN_EN}"
    TOKENS_UNREADABLE = (
        f"токены amoCRM не прочесть, они зашифрованы другим ключом: верните SECRET_KEY или {_LOGIN_RU}",
        f"the amoCRM tokens can't be read ({{found}}): restore SECRET_KEY, or {_LOGIN_EN}",
    )
    RENEWED_ELSEWHERE = (
        "другой процесс обновляет авторизацию в amoCRM",
        "another process is renewing the authorisation of amoCRM",
    )
    RENEWED_FOR_EVER = (
        "другой процесс обновляет авторизацию в amoCRM и не заканчивает",
        "another process is renewing the authorisation of amoCRM and does not finish",
    )
    NOT_RENEWED = (
        f"amoCRM не обновила авторизацию: {{parts}}; {_LOGIN_RU}",
        f"amoCRM did not renew the authorisation: {{parts}}; {_LOGIN_EN}",
    )
    NO_TOKENS = "вместо токенов amoCRM прислала другое", "amoCRM sent something else than tokens ({found})"
    CODE_EXPIRED = (
        "код устарел (он живёт 20 минут): возьмите новый",
        "the code has expired (it lives for 20 minutes): take a new one",
    )
    CODE_USED = "этот код уже использован: возьмите новый", "this code was used already: take a new one"
    CODE_CUT = "код скопирован не полностью: возьмите его ещё раз", "the code was not copied whole: take it again"
    CHECK_CLIENT_ID = "проверьте AMOCRM_CLIENT_ID", "check AMOCRM_CLIENT_ID"
    CHECK_SECRET = "проверьте AMOCRM_CLIENT_SECRET", "check AMOCRM_CLIENT_SECRET"
    CHECK_REDIRECT = (
        "проверьте AMOCRM_REDIRECT_URI: он должен совпадать буква в букву",
        "check AMOCRM_REDIRECT_URI: it has to match to the letter",
    )
    CHECK_INTEGRATION = (
        "проверьте AMOCRM_CLIENT_ID, AMOCRM_CLIENT_SECRET и AMOCRM_REDIRECT_URI",
        "check AMOCRM_CLIENT_ID, AMOCRM_CLIENT_SECRET and AMOCRM_REDIRECT_URI",
    )
    OTHER_ACCOUNT = (
        "код из другого аккаунта: проверьте AMOCRM_BASE_URL",
        "the code is another account's: check AMOCRM_BASE_URL",
    )
    REFRESH_SPENT = (
        "ключ обновления уже использован или отозван",
        "the refresh token was used already, or revoked",
    )
    REFRESH_EXPIRED = (
        "ключ обновления устарел (он живёт 3 месяца)",
        "the refresh token has expired (it lives for 3 months)",
    )
    REFRESH_FOREIGN = (
        "ключ обновления от другой интеграции: проверьте AMOCRM_CLIENT_ID",
        "the refresh token is another integration's: check AMOCRM_CLIENT_ID",
    )

    # What it refuses
    REFUSED = "amoCRM отказала (HTTP {status}): {parts}", "amoCRM refused (HTTP {status}): {parts}"
    REFUSED_SAYING = "amoCRM отказала (HTTP {status}): {says}", "amoCRM refused (HTTP {status}): {says}"
    REFUSED_MUTELY = "amoCRM отказала (HTTP {status}) без объяснения", "amoCRM refused (HTTP {status}) and says no more"
    REFUSED_AGAIN = "amoCRM отказывает снова и снова", "amoCRM refuses again and again"
    ABOUT = "{parts}: {says}", "{parts}: {says}"
    PLACE = "{path}", "{path}"
    PLACE_OF_PIPELINE = "{path} (воронка, AMOCRM_PIPELINE_ID)", "{path} (pipeline, AMOCRM_PIPELINE_ID)"
    PLACE_OF_STAGE = "{path} (этап, AMOCRM_STATUS_ID)", "{path} (stage, AMOCRM_STATUS_ID)"
    PLACE_OF_USER = (
        "{path} (ответственный, AMOCRM_RESPONSIBLE_USER_ID)",
        "{path} (responsible user, AMOCRM_RESPONSIBLE_USER_ID)",
    )

    # What it would not take
    FIELD = "поле «{parts}» (№ {number})", "field {parts} (no. {number})"
    FIELD_SERVICE = FIELD_TITLES[FieldName.SERVICE], "AMOCRM_FIELD_SERVICE"
    FIELD_BRAND = FIELD_TITLES[FieldName.BRAND], "AMOCRM_FIELD_BRAND"
    FIELD_YEAR = FIELD_TITLES[FieldName.YEAR], "AMOCRM_FIELD_YEAR"
    FIELD_MILEAGE = FIELD_TITLES[FieldName.MILEAGE], "AMOCRM_FIELD_MILEAGE"
    FIELD_PRICE = FIELD_TITLES[FieldName.PRICE], "AMOCRM_FIELD_PRICE"
    FIELD_VIN = FIELD_TITLES[FieldName.VIN], "AMOCRM_FIELD_VIN"
    FIELD_SOURCE = FIELD_TITLES[FieldName.SOURCE], "AMOCRM_FIELD_SOURCE"
    FIELD_TELEGRAM = FIELD_TITLES[FieldName.TELEGRAM], "AMOCRM_FIELD_TELEGRAM"
    FIELD_REFERENCE = FIELD_TITLES[FieldName.REFERENCE], "AMOCRM_FIELD_REFERENCE"
    PHONE = "поле «Телефон»", "the phone"
    NAME = "имя", "the name"
    TAGS = "теги «{tags}»", "tags «{tags}»"
    HAS_LEFT = (
        "ответственный № {number} больше не работает в amoCRM (заявка у следующего; исправьте responsible в [routing])",
        "responsible user no. {number} has left amoCRM (the next one has it; mend responsible in [routing])",
    )
    RESPONSIBLE = "ответственный № {number}", "responsible user no. {number}"
    PIPELINE = (
        f"воронка № {{pipeline}} ({_MAIN_RU})",
        f"pipeline no. {{pipeline}} ({_MAIN_EN})",
    )
    PIPELINE_AND_STAGE = (
        f"воронка № {{pipeline}}, этап № {{stage}} ({_MAIN_RU})",
        f"pipeline no. {{pipeline}}, stage no. {{stage}} ({_MAIN_EN})",
    )
    STAGE = (
        "этап № {stage} (сделка на первом этапе; исправьте AMOCRM_STATUS_ID или [routing])",
        "stage no. {stage} (the deal is in the first one; mend AMOCRM_STATUS_ID, or [routing])",
    )
    CONTACT = "контакт № {number}: {parts}", "contact no. {number}: {parts}"
    PHOTO = "фотография {number}: {parts}", "photo {number}: {parts}"
    FILE = "файл «{name}»: {parts}", "file «{name}»: {parts}"
    PHOTOS = "фотографии ({count})", "photos ({count})"
    FILES = "файлы ({count})", "files ({count})"
    NO_ACCESS_TO_FILES = (
        "{parts}: у интеграции нет доступа к файлам",
        "{parts}: the integration is not allowed to use files",
    )
    NOT_IN_MESSENGER = "в мессенджере больше нет", "the messenger does not have it any more"
    MESSENGER_AWAY = "мессенджер не отдаёт файл", "the messenger does not hand the file out ({found})"

    @classmethod
    def author(cls) -> str:
        return "amocrm"


AMOCRM: Final = CrmInWords(
    name="amoCRM",
    reasons=Wording(AmoReason, LeadReason),
    check="carquery amocrm check",
    recount="carquery amocrm reconcile",
)

DEAL_PAGE: Final = "/leads/detail/{deal}"
"""On the account's own address."""

in_english: Final = AMOCRM.reasons.english
