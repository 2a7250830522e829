"""Every route is in the table, and every visitor gets exactly what the table says."""

from typing import get_args

from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount

from app.core.events import SYSTEM
from app.demo.running import Running
from app.identity import officers
from app.identity.models import Duty
from app.pages import officer_step_up, who
from tests.access.cases import Cases
from tests.access.cast import Cast, Who
from tests.access.table import PUBLIC, ROWS, SESSION_ROWS
from tests.access.walking import Walked, neutral

GUARDS = {get_args(guard)[1].dependency for guard in (who.Person, who.Citizen, who.Officer, officer_step_up.InPassing)}
"""The dependencies that let nobody in who is not signed in."""


def routes(here: Running) -> dict[tuple[str, str], APIRoute]:
    return {
        (method, str(context.path)): context.original_route
        for context in iter_route_contexts(here.portal.web.routes)
        if isinstance(context.original_route, APIRoute)
        for method in context.methods or ()
    }


def written(route: APIRoute) -> Dependant:
    """What a page depends on as it is written; hung into the house, all that is plain of it is one function."""
    return get_dependant(path=route.path, call=route.endpoint)


def calls(dependant: Dependant) -> set[object]:
    return {dependant.call}.union(*(calls(below) for below in dependant.dependencies))


def test_every_route_is_in_the_table_and_every_row_has_a_route(here: Running) -> None:
    assert {(row.method, row.path) for row in ROWS} == set(routes(here))


def test_beside_the_routes_there_are_only_the_static_files(here: Running) -> None:
    others = [c.original_route for c in iter_route_contexts(here.portal.web.routes) if not c.methods]
    assert [type(route) for route in others] == [Mount]
    assert [route.name for route in others if isinstance(route, Mount)] == ["static"]


def test_a_route_without_a_guard_is_declared_as_public(here: Running) -> None:
    open_to_all = {name for name, route in routes(here).items() if not calls(written(route)) & GUARDS}
    assert open_to_all == PUBLIC | {(row.method, row.path) for row in SESSION_ROWS}


def test_everybody_gets_at_every_address_exactly_what_the_table_says(walked: Walked) -> None:
    wrong = [f"{c.name}: {c.status}, not {c.row.gets[c.who]}" for c in walked.cells if c.status != c.row.gets[c.who]]
    assert wrong == []


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(walked: Walked) -> None:
    led = [c for c in walked.cells if c.status == 303 and c.headers["location"].startswith("/sign-in")]
    assert {(c.row.method, c.who.name) for c in led} == {("GET", "STRANGER"), ("GET", "SUSPENDED")}
    assert {c.row.path for c in led}.isdisjoint(path for _, path in PUBLIC)


def test_what_is_not_yours_looks_the_same_as_what_does_not_exist(walked: Walked) -> None:
    hidden = [cell for cell in walked.cells if cell.unknown is not None]
    assert len({cell.row.path for cell in hidden}) >= 40
    assert [cell.name for cell in hidden if neutral(cell.text) != cell.unknown] == []


def test_a_refusal_writes_nothing(walked: Walked) -> None:
    assert [cell.name for cell in walked.denied() if cell.wrote] == []


def test_a_duty_that_is_taken_away_is_gone_at_the_next_request(cast: Cast, made: Cases) -> None:
    case = made.path("/officer/applications/{application_id}", "rejected")
    decide = f"{case}/decide"
    officer = cast.visitor(Who.APPROVER)
    told = [officer.ask("GET", decide).status_code]
    for duties in ((Duty.RECEIVE,), (Duty.CASHIER,), (Duty.APPROVE,)):
        with cast.database.transaction() as db:
            officers.give_duties(db, cast.known[Who.APPROVER], duties, SYSTEM, cast.house.clock.now())
        told += [officer.ask("GET", page).status_code for page in (case, decide)]
    officer.client.close()

    assert told == [200, 200, 403, 403, 403, 200, 200]


def test_a_page_about_a_decision_that_was_not_made_is_not_shown(cast: Cast, made: Cases) -> None:
    case = made.path("/officer/applications/{application_id}", "rejected")
    answer = cast[Who.APPROVER].ask("GET", f"{case}/decided/approve")

    assert (answer.status_code, answer.headers["location"]) == (303, case)
    assert cast[Who.APPROVER].ask("GET", f"{case}/decided/reject").status_code == 200
