"""All the forms there are."""

from carquery.domain.forms.buy import BUY
from carquery.domain.forms.callback import CALLBACK
from carquery.domain.forms.check import CHECK
from carquery.domain.forms.find import FIND
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.legal import LEGAL
from carquery.domain.forms.sell import SELL

ON_THE_MENU = (SELL, BUY, FIND, CHECK, LEGAL)
"""In the order of the menu's buttons. What they are for is what a free message may want."""

FORMS: dict[Service, Form] = {form.service: form for form in (*ON_THE_MENU, CALLBACK)}
