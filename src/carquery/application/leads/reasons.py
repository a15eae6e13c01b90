"""The house's own reasons why a lead is where it is."""

from enum import unique

from carquery.application.wording import KnownReasons


@unique
class LeadReason(KnownReasons):
    """Of delivery, whichever the CRM is."""

    STANDS = "№ {number}", "{number}"
    TURN_CAME_LATE = (
        "очередь обращаться к CRM подошла слишком поздно",
        "the call's turn came too late after its intent was recorded",
    )
    LEASE_ENDS = (
        "время на эту заявку истекает, её возьмёт следующий",
        "the lease runs out; whoever takes the lead over goes on",
    )
    UNREADABLE = (
        "эта версия CarQuery не может прочитать, что записано",
        "what is stored of it can't be read by this version of CarQuery",
    )
    UNSTORABLE = (
        "база данных не принимает то, что о ней нужно записать",
        "the database does not take what is to be recorded of it",
    )
    IN_DELIVERY = "её отправляет другой процесс", "another process is delivering it"
    OUTCOME_UNKNOWN = (
        "неизвестно, удалось ли обращение к CRM ({effect}); это выяснится, когда там всё точно появится",
        "whether its {effect} was made is not known; it is looked for once it must be there",
    )
    OUTCOME_UNKNOWN_AFTER = (
        "неизвестно, удалось ли обращение к CRM ({effect}: {parts}); это выяснится, когда там всё точно появится",
        "whether its {effect} was made is not known ({parts}); it is looked for once it must be there",
    )
    PHONE_IN_HAND = (
        "сначала отправляется другая заявка с этим телефоном",
        "another lead with its phone goes first",
    )
    OTHER_NAME = "имя: контакт записан на другое", "the name: the contact has another one"
    ERASED = "клиент попросил удалить его данные", "the customer had their data erased"

    @classmethod
    def author(cls) -> str:
        return "lead"
