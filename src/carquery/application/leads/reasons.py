"""The house's own reasons why a lead is where it is."""

from enum import unique

from carquery.application.wording import KnownReasons


@unique
class LeadReason(KnownReasons):
    """Of delivery, whichever the CRM is."""

    STANDS = "№ {number}", "{number}"
    JOINED = "№ {number}: открыта для заявки {reference}", "{number}: joined the open deal of {reference}"
    JOINED_PEOPLE_S = "№ {number}: открыта менеджерами", "{number}: joined the open deal that people made"
    LEFT_CLOSED_DEAL = (
        "сделка, к которой заявка присоединилась, уже закрыта или удалена",
        "the deal that it had joined is closed, deleted or merged by now",
    )
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
    DEAL_CLOSED = (
        "сделка № {number} уже закрыта, запись стоит у контакта",
        "the deal {number} is closed already; the note stands on the contact",
    )
    DEAL_GONE = (
        "сделки № {number} больше нет, запись стоит у контакта",
        "the deal {number} does not stand there any more; the note stands on the contact",
    )
    NOTHING_LEFT = (
        "ни сделки, ни контакта больше нет, записать некуда",
        "neither the deal nor the contact stands there any more; there is nothing to put a note on",
    )
    NO_CONTACT_LEFT = (
        "контакта больше нет, имя и телефон стоят только в записи",
        "the contact does not stand there any more; name and phone stand in the note alone",
    )
    FILES_WITHOUT_DEAL = (
        "сделки № {number} больше нет, присланные файлы приложить некуда",
        "the deal {number} does not stand there any more; there is nothing to attach the files to",
    )
    ERASED = "клиент попросил удалить его данные", "the customer had their data erased"

    @classmethod
    def author(cls) -> str:
        return "lead"
