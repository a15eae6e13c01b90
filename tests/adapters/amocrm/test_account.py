"""`check`: what is found in the account, and what to do about it."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aiohttp import web

from carquery.adapters.amocrm.access import LongLivedAccess
from carquery.adapters.amocrm.account import account, examine_account
from carquery.adapters.amocrm.config import AmoCrmConfig, FieldName
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.checks import Finding
from carquery.application.ports.crm import CrmBusy, CrmShutOut
from carquery.domain.dealership.routing import STANDARD, Route, Routing
from carquery.domain.dealership.staff import UNNAMED, Staff
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmPipelineId, CrmStatusId, CrmUserId, Source, StaffId
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.adapters.amocrm.connecting import TOKEN, a_client, a_server, says
from tests.adapters.amocrm.saying import saying

MISSING = 999_999
WON = 142


async def findings(
    amocrm: AmoCrmEmulator, routing: Routing = STANDARD, staff: Staff = UNNAMED, **config: Any
) -> dict[str, Finding]:
    """By what was looked at."""
    access = LongLivedAccess(amocrm.base_url, amocrm.long_lived_token())
    async with a_client(amocrm.base_url, access=access) as client:
        examining = examine_account(client, AmoCrmConfig(**config), routing, staff)
        return {finding.what: finding async for finding in examining}


def an_emulator() -> AmoCrmEmulator:
    return AmoCrmEmulator(requests_per_second=100_000)


def stage_of(amocrm: AmoCrmEmulator, name: str) -> int:
    """A stage's number, of whichever pipeline."""
    return next(
        status.id for pipeline in amocrm.world.pipelines.values() for status in pipeline.statuses if status.name == name
    )


def user_of(amocrm: AmoCrmEmulator, name: str) -> int:
    return next(user.id for user in amocrm.world.users.values() if user.name == name)


async def test_an_account_with_nothing_chosen_is_fine() -> None:
    async with an_emulator() as amocrm:
        found = await findings(amocrm)

    assert {what: finding.is_ok for what, finding in found.items()} == {
        "account": True,
        "token": True,
        "pipeline": True,
        "stage": True,
        "files": True,
    }
    assert found["account"].says == f"Компания (example), user {amocrm.world.admin}"
    assert "Продажи" in found["pipeline"].says
    assert all(finding.remedy == "" for finding in found.values())


async def test_everything_that_was_chosen_well_is_named() -> None:
    async with an_emulator() as amocrm:
        pipeline = amocrm.world.add_pipeline("Выкуп", ["Оценка"])
        found = await findings(
            amocrm,
            pipeline_id=pipeline,
            status_id=stage_of(amocrm, "Оценка"),
            responsible_user_id=user_of(amocrm, "Олег Продавец"),
        )

    assert all(finding.is_ok for finding in found.values())
    assert "Выкуп" in found["pipeline"].says
    assert "Оценка" in found["stage"].says
    assert "Олег Продавец" in found["responsible user"].says


async def test_a_pipeline_that_is_gone_lists_those_there_are() -> None:
    async with an_emulator() as amocrm:
        main = amocrm.world.main_pipeline().id
        found = await findings(amocrm, pipeline_id=MISSING, status_id=1)

    assert found["pipeline"].is_ok is False
    assert found["pipeline"].remedy == f"set AMOCRM_PIPELINE_ID to one of: {main} Продажи"
    assert "stage" not in found


async def test_a_stage_alone_chooses_its_pipeline() -> None:
    async with an_emulator() as amocrm:
        amocrm.world.add_pipeline("Выкуп", ["Оценка"])
        found = await findings(amocrm, status_id=stage_of(amocrm, "Оценка"))

    assert "Выкуп" in found["pipeline"].says
    assert found["stage"].is_ok is True


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("Оценка", "has no such stage"),
        ("Неразобранное", "nobody"),
        ("Успешно реализовано", "closed"),
        ("Закрыто и не реализовано", "closed"),
    ],
)
async def test_a_stage_in_which_no_lead_can_begin_lists_those_where_it_can(stage: str, words: str) -> None:
    async with an_emulator() as amocrm:
        amocrm.world.add_pipeline("Выкуп", ["Оценка"])
        main = amocrm.world.main_pipeline()
        found = await findings(amocrm, pipeline_id=main.id, status_id=stage_of(amocrm, stage))

    assert found["stage"].is_ok is False
    assert words in found["stage"].says
    usable = ", ".join(f"{stage_of(amocrm, name)} {name}" for name in ("Первичный контакт", "Переговоры"))
    assert found["stage"].remedy == f"set AMOCRM_STATUS_ID to one of: {usable}"


async def test_a_closed_stage_chooses_no_pipeline() -> None:
    """Every pipeline has it."""
    async with an_emulator() as amocrm:
        found = await findings(amocrm, status_id=WON)

    assert found["pipeline"].is_ok is True
    assert found["stage"].is_ok is False


@pytest.mark.parametrize(("name", "words"), [("Игорь Бывший", "not active"), (None, "there is none")])
async def test_a_responsible_user_who_has_left_lists_who_is_there(name: str | None, words: str) -> None:
    async with an_emulator() as amocrm:
        chosen = MISSING if name is None else user_of(amocrm, name)
        found = await findings(amocrm, responsible_user_id=chosen)

    user = found["responsible user"]
    assert user.is_ok is False
    assert words in user.says
    assert "Олег Продавец" in user.remedy
    assert "Игорь" not in user.remedy


async def test_who_is_no_administrator_can_t_tell_about_users() -> None:
    async with an_emulator() as amocrm:
        amocrm.faults.add("403 scope", path="users", times=None)
        found = await findings(amocrm, responsible_user_id=user_of(amocrm, "Олег Продавец"))

    assert found["responsible user"].is_ok is None
    assert "can't be verified" in found["responsible user"].says


async def test_fields_of_the_right_type_are_fine() -> None:
    async with an_emulator() as amocrm:
        chosen = {
            FieldName.BRAND: amocrm.world.add_field("leads", "Марка", "text"),
            FieldName.PRICE: amocrm.world.add_field("leads", "Цена", "monetary"),
            FieldName.TELEGRAM: amocrm.world.add_field("contacts", "Telegram", "textarea"),
        }
        found = await findings(amocrm, fields=chosen)

    assert [found[f"AMOCRM_FIELD_{name}"].is_ok for name in chosen] == [True, True, True]
    assert found["AMOCRM_FIELD_BRAND"].says == f"Марка ({chosen[FieldName.BRAND]})"


async def test_fields_that_are_gone_or_of_the_wrong_kind_name_the_variable_and_the_command() -> None:
    async with an_emulator() as amocrm:
        chosen = {
            FieldName.BRAND: MISSING,
            FieldName.YEAR: amocrm.world.add_field("leads", "Год", "text"),
            FieldName.VIN: amocrm.world.add_field("leads", "VIN", "numeric"),
            FieldName.SOURCE: amocrm.world.add_field("leads", "Источник", "select", enums=("сайт",)),
            FieldName.TELEGRAM: amocrm.world.add_field("leads", "Telegram", "text"),
        }
        found = await findings(amocrm, fields=chosen)

    fields = {name: found[f"AMOCRM_FIELD_{name}"] for name in chosen}
    assert all(field.is_ok is False for field in fields.values())
    assert fields[FieldName.BRAND].says == f"{MISSING}: leads have no such field"
    assert fields[FieldName.YEAR].says == "Год is of type text"
    assert fields[FieldName.SOURCE].says == "Источник is of type select"
    assert "contacts have no such field" in fields[FieldName.TELEGRAM].says
    assert fields[FieldName.VIN].remedy == "run: carquery amocrm fields --create, or unset AMOCRM_FIELD_VIN"


async def test_a_field_on_the_second_page_is_found() -> None:
    async with an_emulator() as amocrm:
        numbers = [amocrm.world.add_field("leads", f"Поле {number}", "text") for number in range(60)]
        found = await findings(amocrm, fields={FieldName.BRAND: numbers[-1]})

    assert found["AMOCRM_FIELD_BRAND"].says == f"Поле 59 ({numbers[-1]})"


async def test_without_the_scope_photos_can_t_be_attached() -> None:
    async with an_emulator() as amocrm:
        amocrm.faults.add("403 scope", host="drive")
        found = await findings(amocrm)

    assert found["files"].is_ok is False
    assert "let the integration access files" in found["files"].remedy


async def test_nobody_can_look_while_amocrm_is_blocked() -> None:
    async with an_emulator() as amocrm:
        amocrm.faults.block()
        with pytest.raises(CrmShutOut):
            await findings(amocrm)


A_DEALER = {"id": 1, "name": "Салон", "subdomain": "dealer", "current_user_id": 7}
PIPELINES = {
    "_embedded": {
        "pipelines": [
            {"id": 5, "name": "Старая", "is_main": False, "is_archive": True, "_embedded": {"statuses": []}},
            {
                "id": 6,
                "name": "Новая",
                "is_main": True,
                "is_archive": False,
                "_embedded": {"statuses": [{"id": 60, "name": "Начало", "type": 0, "colour": "new"}]},
            },
        ]
    }
}


async def odd_findings(
    answers: Mapping[str, Callable[[], web.Response]], *, token: str = TOKEN, **config: Any
) -> dict[str, Finding]:
    """Findings in an account that answers so, and else as usual."""
    usual = {
        "/api/v4/account": says(200, A_DEALER),
        "/api/v4/leads/pipelines": says(200, PIPELINES),
    }

    async def answer(request: web.Request) -> web.StreamResponse:
        page = request.query.get("page", "")
        by_path = usual | dict(answers)
        return by_path.get(f"{request.path}?{page}", by_path.get(request.path, lambda: web.Response(status=204)))()

    async with (
        a_server(answer) as server,
        a_client(server.base_url, access=LongLivedAccess(server.base_url, token)) as client,
    ):
        return {finding.what: finding async for finding in examine_account(client, AmoCrmConfig(**config), STANDARD)}


async def test_an_archived_pipeline_lists_the_others() -> None:
    found = await odd_findings({}, pipeline_id=5)

    assert found["pipeline"].is_ok is False
    assert found["pipeline"].says == "Старая is archived"
    assert found["pipeline"].remedy.endswith("set AMOCRM_PIPELINE_ID to one of: 6 Новая")


async def test_an_account_without_a_drive_can_t_tell_about_files() -> None:
    found = await odd_findings({})

    assert found["files"].is_ok is None
    assert "no drive" in found["files"].says


async def test_a_drive_at_a_foreign_address_gets_no_token_and_tells_nothing() -> None:
    found = await odd_findings({"/api/v4/account": says(200, A_DEALER | {"drive_url": "https://evil.example"})})

    assert found["files"].is_ok is None
    assert "evil.example" in found["files"].says


async def test_users_are_looked_for_on_every_page() -> None:
    def users(number: int, **links: object) -> Callable[[], web.Response]:
        rows = [{"id": number, "name": f"Имя {number}", "rights": {"is_active": True}}]
        return says(200, {"_links": links, "_embedded": {"users": rows}})

    pages = {"/api/v4/users?1": users(1, next={"href": "…"}), "/api/v4/users?2": users(2)}

    assert (await odd_findings(pages, responsible_user_id=2))["responsible user"].is_ok is True
    assert (await odd_findings(pages, responsible_user_id=3))["responsible user"].is_ok is False


async def test_an_account_without_fields_has_none_of_those_that_were_chosen() -> None:
    found = await odd_findings({}, fields={FieldName.VIN: 1})

    assert found["AMOCRM_FIELD_VIN"].is_ok is False


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/api/v4/account", {}),
        ("/api/v4/account", A_DEALER | {"id": "one"}),
        ("/api/v4/leads/pipelines", {}),
        ("/api/v4/leads/pipelines", {"_embedded": {"pipelines": "one"}}),
        ("/api/v4/users", {}),
        ("/api/v4/users", {"_embedded": {"users": 5}}),
        ("/api/v4/leads/custom_fields", {}),
        ("/api/v4/leads/custom_fields", {"_embedded": {"fields": []}}),
    ],
)
async def test_an_answer_that_is_something_else_names_its_address(path: str, said: object) -> None:
    with pytest.raises(CrmBusy, check=saying(path)):
        await odd_findings({path: says(200, said)}, responsible_user_id=1, fields={FieldName.VIN: 1})


async def test_who_may_not_even_see_the_account_is_told_so() -> None:
    refused = says(403, {"title": "Forbidden", "status": 403, "detail": "Доступ запрещён"})
    with pytest.raises(Refusal, check=saying("Доступ запрещён")):
        await odd_findings({"/api/v4/account": refused})


async def test_the_account_says_who_we_are() -> None:
    async with an_emulator() as amocrm:
        access = LongLivedAccess(amocrm.base_url, amocrm.long_lived_token())
        async with a_client(amocrm.base_url, access=access) as client:
            ours = await account(client)

    assert (ours.name, ours.subdomain, ours.current_user_id) == ("Компания", "example", amocrm.world.admin)
    assert ours.drive_url == amocrm.drive_url


@pytest.mark.parametrize(
    ("claims", "says_of_it", "is_ok"),
    [
        ({"exp": 1_830_160_740}, "long-lived, until 30.12.2027 12:59 (Moscow)", True),
        ({}, "long-lived; it does not say until when", None),
        ({"exp": "soon"}, "long-lived; it does not say until when", None),
        ({"exp": 10**30}, "long-lived; it does not say until when", None),
    ],
)
async def test_a_long_lived_token_says_until_when_it_lives(
    claims: Mapping[str, object], says_of_it: str, *, is_ok: bool | None
) -> None:
    """Nothing renews it, and amoCRM warns nobody before it ends."""
    found = await odd_findings({}, token=a_jwt(claims))

    assert (found["token"].says, found["token"].is_ok) == (says_of_it, is_ok)


def a_jwt(claims: Mapping[str, object]) -> str:
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.c2lnbmVk"


async def test_each_route_is_looked_at_and_says_what_is_gone() -> None:
    async with an_emulator() as amocrm:
        bought = CrmPipelineId(amocrm.world.add_pipeline("Выкуп", ["Оценка"]))
        stage = CrmStatusId(stage_of(amocrm, "Оценка"))
        gone, active = CrmUserId(MISSING), CrmUserId(amocrm.world.admin)
        found = await findings(
            amocrm,
            Routing(
                default=Route(responsible=(active,)),
                services={
                    Service.SELL: Route(pipeline=bought, status=stage, responsible=(gone,)),
                    Service.BUY: Route(pipeline=CrmPipelineId(MISSING)),
                    Service.LEGAL: Route(task_minutes=0),
                },
                sources={(Service.SELL, Source("avito")): Route(status=CrmStatusId(MISSING))},
            ),
        )

    wrong = {what: (finding.says, finding.remedy) for what, finding in found.items() if not finding.is_ok}
    assert {what: says for what, (says, _) in wrong.items()} == {
        "[routing.sell] responsible user": f"{MISSING}: there is none",
        "[routing.buy] pipeline": f"{MISSING}: there is none",
        "[routing.sell] avito: stage": f"{MISSING}: Выкуп has no such stage",
    }
    assert wrong["[routing.sell] avito: stage"][1] == f"set status to one of: {stage} Оценка"
    assert str(bought) in wrong["[routing.buy] pipeline"][1]
    assert found["[routing.sell] stage"].says == f"Оценка ({stage})"
    assert found["[routing.default] responsible user"].is_ok
    assert "[routing.legal] pipeline" not in found


async def test_each_member_of_the_staff_is_somebody_there() -> None:
    async with an_emulator() as amocrm:
        oleg, igor = user_of(amocrm, "Олег Продавец"), user_of(amocrm, "Игорь Бывший")
        named = {StaffId("501"): oleg, StaffId("502"): igor, StaffId("503"): MISSING}
        staff = Staff(crm_users={member: CrmUserId(user) for member, user in named.items()})

        found = await findings(amocrm, staff=staff)

    assert found["[staff] 501: responsible user"].is_ok
    assert found["[staff] 502: responsible user"].says == "Игорь Бывший is not active any more"
    assert found["[staff] 503: responsible user"].says == f"{MISSING}: there is none"
    assert f"set crm_users.503 to one of: {amocrm.world.admin}" in (found["[staff] 503: responsible user"].remedy or "")
