"""Any visit that there can be, for hypothesis."""

from datetime import UTC

from hypothesis import strategies as st

from carquery.domain.answers import Option, Photos, Value
from carquery.domain.attachments import Attachments, SentFile
from carquery.domain.car import MODEL_YEARS, MOST_KILOMETERS, Kilometers, ModelYear
from carquery.domain.consent import Consent, ConsentTerms
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dialog import Dialog, Revision
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Form, Service
from carquery.domain.ids import (
    Channel,
    CustomerId,
    DialogId,
    FileId,
    InputId,
    MessageId,
    MessageToken,
    Reference,
    Source,
)
from carquery.domain.money import LEAST_RUBLES, MOST_RUBLES, Rubles
from carquery.domain.progress import Progress
from carquery.domain.vin import Vin
from carquery.domain.visit import Acquaintance, Allowance, Offer, Paused, Visit
from carquery.domain.words import Words

_text = st.text(max_size=40)
_times = st.datetimes(timezones=st.just(UTC))
_base32 = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=13, max_size=13)
_files = st.text(min_size=1, max_size=20).map(FileId)
_sources = st.none() | st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True).map(Source)
_names = st.sampled_from(["Анна", "Jean-Luc d’Été", "Нгуен Ван Ань", "李小龍", "О'Генри"]).map(PersonName)
_numbers = st.from_regex(r"\+7[0-9]{10}", fullmatch=True)
_extensions = st.from_regex(r"[0-9]{0,8}", fullmatch=True)
_phones = st.builds(Phone, _numbers, _extensions, st.sampled_from(["", "после шести", "жена «Ё» 🚗"]))
_rubles = st.integers(LEAST_RUBLES, MOST_RUBLES).map(Rubles)

_said = st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and "\0" not in text)

values: st.SearchStrategy[Value] = st.one_of(
    st.builds(Words, _said, st.just("") | _said),
    st.builds(Option, st.text(min_size=1, max_size=16), _text, st.none() | _rubles),
    _rubles,
    st.integers(0, MOST_KILOMETERS).map(Kilometers),
    st.sampled_from(MODEL_YEARS).map(ModelYear),
    st.from_regex(r"[A-HJ-NPR-Z0-9]{17}", fullmatch=True).map(Vin),
    _names,
    _phones,
    st.lists(_files, min_size=1, max_size=3).map(lambda files: Photos(tuple(files))),
)
_references = st.just(Reference("CQ-7K3M9X"))
_alternatives = st.lists(st.sampled_from(Service), max_size=2).map(tuple)
_attachments = st.builds(
    Attachments,
    st.lists(_files, max_size=2).map(tuple),
    st.lists(st.builds(SentFile, _files, _text, _text), max_size=2).map(tuple),
)
_allowances = st.builds(Allowance, st.floats(-1, 200), _times, st.booleans())
_answers = st.dictionaries(st.sampled_from([step.name for form in FORMS.values() for step in form.steps]), values)


def _as_read(value: Value) -> Value:
    """What is asked back was read as it stands: only a car that is known has a name beside its words."""
    return Words(value.text) if isinstance(value, Words) else value


def _dialogs(form: Form) -> st.SearchStrategy[Dialog]:
    return st.builds(
        Dialog,
        id=_base32.map(DialogId),
        form=st.just(form),
        opened_on=st.dates(),
        source=_sources,
        answers=_answers,
        suggestions=_answers,
        attachments=_attachments,
        asides=st.lists(_text, max_size=2).map(tuple),
        at=st.none() | st.sampled_from([step.name for step in form.steps]),
        typing=st.booleans(),
        readings=st.lists(values.map(_as_read), max_size=2).map(tuple),
        editing=st.booleans(),
        terms=st.none() | st.builds(ConsentTerms, _text, _text, _text),
        remark=_text,
        ahead=st.lists(_text, max_size=2).map(tuple),
        given_in=st.dictionaries(_text, _text.map(MessageToken), max_size=2),
        amends=st.none() | _references,
        revision=st.integers(1, 2**31).map(Revision),
    )


customers = st.builds(
    CustomerId,
    st.sampled_from(["telegram", "max"]).map(Channel),
    st.integers(-(2**63), 2**64).map(str) | st.from_regex(r"[!-z|~]{1,64}", fullmatch=True),
)
visits = st.builds(
    Visit,
    customer=customers,
    known=st.builds(
        Acquaintance,
        st.none() | _names,
        st.none() | st.builds(Phone, _numbers, _extensions),
        st.none() | st.builds(Consent, _times, _text, _text),
    ),
    allowance=_allowances,
    profile_name=st.none() | _names,
    dialog=st.none() | st.sampled_from(list(FORMS.values())).flatmap(_dialogs),
    source=_sources,
    conversation=st.lists(_text, max_size=3).map(tuple),
    unheeded=st.integers(0, 9),
    offer=st.none() | st.builds(Offer, _base32.map(MessageId), st.sampled_from(Service), _answers, _alternatives),
    paid=st.none() | _allowances,
    receipt=st.none() | _references,
    changed=st.none() | _references,
    sent=st.lists(st.tuples(_text, _text), max_size=2).map(tuple),
    waiting=_attachments,
    leads_to=_text,
    refused=st.integers(0, 9),
    paused=st.none() | st.builds(Paused, st.booleans(), st.lists(_text, max_size=2).map(tuple)),
    progress=st.none() | st.builds(Progress, st.integers(0, 8), st.none() | _times),
    taken=st.lists((st.integers(-(2**64), 2**64).map(str) | _text).map(InputId), max_size=4).map(tuple),
)
