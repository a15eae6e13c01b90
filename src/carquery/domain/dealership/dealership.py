"""The dealership, as far as the bot speaks of it. What is not told is not said."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta, tzinfo
from typing import Final

from carquery.domain.dealership.faq import ADDRESS, CONTACT, HOURS, TOPICS, Faq, Topic
from carquery.domain.dealership.follow_up import SILENT, FollowUp
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.routing import STANDARD, Routing
from carquery.domain.dealership.staff import UNNAMED, Staff
from carquery.domain.forms.catalogue import FORMS, ON_THE_MENU
from carquery.domain.forms.form import Form, Service
from carquery.domain.moscow import MOSCOW
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealership:
    """What an owner tells of it.

    Attributes:
        name: what customers call it.
        legal_name: the operator of personal data, named in the consent text.
        greeting: what it says first; empty: neutral words.
        services: those that the menu shows, in that order.
        forms: as it asks for each.
        routing: where in the CRM requests go.
        follow_up: what is done by itself after a silence.
        staff: who the members of the staff chat are.
    """

    name: str = ""
    legal_name: str = ""
    address: str = ""
    map_url: str = ""
    phone: str = ""
    site: str = ""
    hours: BusinessHours | None = None
    greeting: str = ""
    services: tuple[Service, ...] = tuple(form.service for form in ON_THE_MENU)
    forms: Mapping[Service, Form] = field(default_factory=lambda: FORMS)
    faq: Faq = field(default_factory=Faq)
    routing: Routing = STANDARD
    follow_up: FollowUp = SILENT
    staff: Staff = UNNAMED

    @property
    def zone(self) -> tzinfo:
        """Whose clock and calendar it goes by."""
        return MOSCOW if self.hours is None else self.hours.zone

    @property
    def menu(self) -> tuple[Form, ...]:
        """The forms on it."""
        return tuple(self.forms[service] for service in self.services)

    def offers(self, service: Service) -> bool:
        """Whether customers may be asked to fill in that form: it is on the menu, or a person will call."""
        return service is Service.CALLBACK or service in self.services

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Those that are known everywhere, then its own."""
        return tuple(dict.fromkeys((*TOPICS, *self.faq.entries)))

    def after(self, at: datetime, working_minutes: int) -> datetime:
        """When so many minutes that it is open will have passed; where nobody knows the hours, so many minutes."""
        due_at = None if self.hours is None else self.hours.after(at, working_minutes)
        return due_at or at + timedelta(minutes=working_minutes)

    def answer_to(self, topic: Topic) -> str | None:
        """What customers who ask about it are told; None: a person has to answer."""
        return self.faq.answer_to(topic) or self._by_itself(topic)

    def _by_itself(self, topic: Topic) -> str | None:
        match topic:
            case _ if topic == HOURS and self.hours is not None:
                return f"Мы работаем: {self.hours.text}."
            case _ if topic == ADDRESS and self.address:
                return "\n".join(filter(None, (f"Наш адрес: {self.address}.", self.map_url)))
            case _ if topic == CONTACT and (self.phone or self.site):
                told = (self.phone and f"телефон: {self.phone}", self.site and f"сайт: {self.site}")
                return f"Связаться с нами: {', '.join(filter(None, told))}."
            case _:
                return None


NEUTRAL: Final = Dealership()
"""When nothing is told."""
