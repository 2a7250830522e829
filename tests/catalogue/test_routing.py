"""Routing: the address decides who receives an application, the narrower area before the wider."""

from dataclasses import replace
from typing import Any

import pytest

from app.catalogue.agencies import Agency, ToDepartment
from app.catalogue.routing import route
from app.catalogue.schema import Catalogue, Service
from app.core.errors import Invalid
from tests.catalogue.world import MUANG, NAKHON, notification, real


def at(code: str) -> dict[str, Any]:
    return {"premises_address": {"house": "1", "subdistrict": code}}


@pytest.mark.parametrize(
    ("code", "agency", "office"),
    [("730101", MUANG, "health"), ("400101", NAKHON, "health"), ("400106", NAKHON, "health-north")],
)
def test_the_subdistrict_decides_authority_and_office(code: str, agency: str, office: str) -> None:
    place = route(real(), notification(), at(code))
    assert (place.agency.code, place.office.code) == (agency, office)


def test_a_place_nobody_serves_is_told_beside_the_address() -> None:
    with pytest.raises(Invalid) as refused:
        route(real(), notification(), at("840503"))
    assert set(refused.value.problems) == {"premises_address"}
    assert "เกาะเต่า" in str(refused.value.values["area"])


@pytest.mark.parametrize("said", [{}, {"premises_address": None}, {"premises_address": "730101"}, at("999999"), at("")])
def test_without_an_address_nobody_can_be_named(said: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        route(real(), notification(), said)
    assert set(refused.value.problems) == {"premises_address"}


def excise() -> Agency:
    office = {
        "name": {"th": "สำนักงาน", "en": "Office"},
        "address": {"th": "ที่ตั้ง", "en": "Address"},
        "phone": "0 0000 0000",
    }
    body = real().agencies[MUANG].model_dump(mode="json")
    offices = [{**office, "code": "centre"}, {**office, "code": "west", "areas": ["7301"]}]
    return Agency.model_validate({**body, "code": "excise", "kind": "department", "offices": offices})


def to_department(by: str | None) -> tuple[Catalogue, Service]:
    receiver = ToDepartment(kind="department", agency="excise", by=by)
    catalogue = replace(real(), agencies={**real().agencies, "excise": excise()})
    return catalogue, notification().model_copy(update={"receiver": receiver})


@pytest.mark.parametrize(("code", "office"), [("730101", "west"), ("840503", "centre")])
def test_a_department_sends_to_the_office_of_the_area_and_the_rest_to_its_centre(code: str, office: str) -> None:
    place = route(*to_department("premises_address"), at(code))
    assert (place.agency.code, place.office.code) == ("excise", office)


def test_a_department_without_areas_needs_no_address() -> None:
    assert route(*to_department(None), {}).office.code == "centre"
