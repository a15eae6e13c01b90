"""A manager calls back; offered where writing has led nowhere."""

from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.shared_steps import NAME, PHONE
from carquery.domain.forms.wish import Wish

CALLBACK = Form(
    service=Service.CALLBACK,
    title="Обратный звонок",
    button="📞 Обратный звонок",
    wish=Wish(wants="поговорить с менеджером"),
    steps=(NAME, PHONE),
)
