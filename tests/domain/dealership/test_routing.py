"""Where a request goes: what is said of a source comes before its service, and that before all."""

from carquery.domain.dealership.routing import NOT_SAID, STANDARD, Route, Routing, Turn, TurnKey
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmPipelineId, CrmStatusId, CrmUserId, Source

AVITO = Source("avito")
IVAN, PETR, OLGA = CrmUserId(501), CrmUserId(502), CrmUserId(503)
RETAIL, BUYOUT = CrmPipelineId(7001), CrmPipelineId(8001)
FIRST_CALL, APPRAISAL = CrmStatusId(7011), CrmStatusId(8011)

ROUTING = Routing(
    default=Route(pipeline=RETAIL, status=FIRST_CALL, responsible=(IVAN,), task_minutes=30, tags=("бот",)),
    services={Service.SELL: Route(pipeline=BUYOUT, responsible=(PETR, OLGA)), Service.LEGAL: Route(task_minutes=0)},
    sources={
        (Service.SELL, AVITO): Route(tags=("Авито",)),
        (Service.BUY, AVITO): Route(status=APPRAISAL, responsible=(OLGA,)),
    },
)


def test_what_is_not_said_of_a_service_is_said_of_all() -> None:
    legal = ROUTING.of(Service.LEGAL, None)
    assert legal == Route(pipeline=RETAIL, status=FIRST_CALL, responsible=(IVAN,), task_minutes=0, tags=("бот",))


def test_a_source_adds_to_its_service_what_is_said_of_it() -> None:
    from_avito = ROUTING.of(Service.SELL, AVITO)
    assert (from_avito.tags, from_avito.responsible) == (("Авито",), (PETR, OLGA))
    assert ROUTING.of(Service.SELL, Source("drom")).tags == ("бот",)
    assert ROUTING.of(Service.LEGAL, AVITO) == ROUTING.of(Service.LEGAL, None)


def test_a_pipeline_takes_no_stage_from_another_one() -> None:
    sold = ROUTING.of(Service.SELL, None)
    assert (sold.pipeline, sold.status) == (BUYOUT, None)


def test_a_stage_alone_is_one_of_the_pipeline_that_is_said_of_all() -> None:
    bought = ROUTING.of(Service.BUY, AVITO)
    assert (bought.pipeline, bought.status) == (RETAIL, APPRAISAL)


def test_services_share_the_turn_of_the_list_that_they_share() -> None:
    assert ROUTING.turn(Service.FIND, None) == ROUTING.turn(Service.LEGAL, AVITO) == Turn(TurnKey("default"), (IVAN,))
    assert ROUTING.turn(Service.SELL, AVITO) == Turn(TurnKey("sell"), (PETR, OLGA))
    assert ROUTING.turn(Service.BUY, AVITO) == Turn(TurnKey("buy__avito"), (OLGA,))


def test_who_has_left_is_passed_over_and_a_list_of_which_nobody_is_left_too() -> None:
    assert ROUTING.turn(Service.SELL, None, without={PETR}) == Turn(TurnKey("sell"), (OLGA,))
    assert ROUTING.turn(Service.SELL, None, without={PETR, OLGA}) == Turn(TurnKey("default"), (IVAN,))
    assert ROUTING.turn(Service.SELL, None, without={IVAN, PETR, OLGA}) is None
    assert ROUTING.people == {IVAN, PETR, OLGA}


def test_of_a_turn_each_has_every_so_manieth() -> None:
    turn = Turn(TurnKey("sell"), (PETR, OLGA))
    assert [turn.person(number) for number in range(1, 6)] == [PETR, OLGA, PETR, OLGA, PETR]


def test_where_nothing_is_said_nobody_takes_turns() -> None:
    assert STANDARD.of(Service.SELL, AVITO) == NOT_SAID
    assert STANDARD.turn(Service.SELL, AVITO) is None
