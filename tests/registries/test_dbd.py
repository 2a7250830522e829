"""A company profile as the gateway sends it, in our own keys; names compared as people write them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core.errors import Unavailable
from app.demo.companies import COMPANIES, profile
from app.registries import dbd
from app.registries.gdx import Gdx
from tests.demo.world import door, served

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
KHAO = COMPANIES[0]


def record(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = profile(KHAO, KHAO.status)["ResultList"][0]
    return found | changes


def test_a_profile_is_read_into_our_own_keys() -> None:
    assert dbd.read(record()) == {
        "juristic_id": "0995569000013",
        "kind": "limited_company",
        "name_th": "บริษัท ข้าวตัวอย่าง จำกัด",
        "name_en": "KHAO TUAYANG CO., LTD.",
        "registered_on": "2019-08-29",
        "capital": 100_000_000,
        "status": "ยังดำเนินกิจการอยู่",
        "tsic": "56101",
        "address": {
            "house": "99/1", "soi": "ดอกรัก 2", "road": "ดอกไม้", "subdistrict": "730101", "postcode": "73000",
        },
        "directors": "นางสาวมะลิ ตัวอย่าง\nนายตาสี สมมติ",
        "authority_text": "กรรมการหนึ่งคนลงลายมือชื่อและประทับตราสำคัญของบริษัท",
    }  # fmt: skip


def test_an_address_that_is_no_place_we_know_is_left_to_be_typed() -> None:
    places = [record()["AddressInformations"][0] | {"Tumbol": "ไม่มีตำบลนี้"}]
    assert "address" not in dbd.read(record(AddressInformations=places))


def test_an_address_may_carry_the_words_for_its_parts() -> None:
    places = [record()["AddressInformations"][0] | {"Tumbol": "ตำบลพระปฐมเจดีย์", "Ampur": "อ.เมืองนครปฐม"}]
    assert dbd.read(record(AddressInformations=places))["address"]["subdistrict"] == "730101"


@pytest.mark.parametrize("lacking", ["JuristicID", "JuristicName_TH", "JuristicStatus"])
def test_what_lacks_number_name_or_status_is_no_profile(lacking: str) -> None:
    with pytest.raises(ValueError, match="company"):
        dbd.read(record(**{lacking: ""}))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.dictionaries(st.sampled_from([*record()]), st.one_of(st.none(), st.text(), st.lists(st.text()), st.integers()))
)
def test_whatever_stands_in_a_profile_it_is_read_or_refused(odd: dict[str, Any]) -> None:
    try:
        read = dbd.read(record(**odd))
    except ValueError:
        return
    assert all(read[key] for key in ("juristic_id", "name_th", "status"))


@pytest.mark.parametrize(
    ("title", "given_name", "family", "director", "same"),
    [
        ("นางสาว", "มะลิ", "ตัวอย่าง", "นางสาวมะลิ ตัวอย่าง", True),
        ("น.ส.", "มะลิ", "ตัวอย่าง", "นางสาวมะลิ  ตัวอย่าง", True),
        ("นาง", "มะลิ", "ตัวอย่าง", "นางสาวมะลิ ตัวอย่าง", True),
        ("", "มะลิ", "ตัวอย่าง", "นางสาว มะลิ ตัวอย่าง", True),
        ("นาย", "มะลิ", "ตัวอย่าง", "นางสาวมะลิ ตัวอย่าง", False),
        ("นางสาว", "มะลิวัลย์", "ตัวอย่าง", "นางสาวมะลิ ตัวอย่าง", False),
        ("นางสาว", "มะลิ", "ตัวอย่างดี", "นางสาวมะลิ ตัวอย่าง", False),
        ("Mr", "John", "Smith", "MR. JOHN SMITH", True),
        ("นาย", "น้ำ", "ใจดี", "นายน้ํา ใจดี", True),
        ("", "", "", "", False),
    ],
)
def test_a_name_is_compared_without_titles_spaces_and_ways_of_writing(
    title: str, given_name: str, family: str, director: str, *, same: bool
) -> None:
    assert dbd.same_name(title, given_name, family, director) is same


def gateway(answer: Callable[[], Response]) -> FastAPI:
    app = FastAPI(openapi_url=None)

    async def validate() -> Response:
        return JSONResponse({"Result": "token"})

    async def juristic(request: Request) -> Response:
        del request
        return answer()

    app.add_api_route("/ws/auth/validate", validate)
    app.add_api_route(dbd.PROFILE, juristic)
    return app


def asked(answer: Callable[[], Response]) -> Any:
    with served(gateway(answer), door()) as url:
        client = Gdx(url, "key", "secret", "judiao")
        try:
            return client.company(KHAO.juristic_id, NOW)
        finally:
            client.close()


def test_a_company_comes_with_source_and_time() -> None:
    found = asked(lambda: JSONResponse(profile(KHAO, "เลิก")))
    assert (found.values["status"], found.source, found.at) == ("เลิก", "กรมพัฒนาธุรกิจการค้า", NOW)


def test_a_company_nobody_knows_is_none() -> None:
    assert asked(lambda: Response(status_code=404)) is None
    assert asked(lambda: JSONResponse({"ResultList": [], "RawData": ""})) is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ResultList": None},
        {"ResultList": ["x"]},
        {"ResultList": [{}]},
        {"ResultList": [record(), record()]},
        {"ResultList": [record(JuristicID="0995569000030")]},
    ],
    ids=["nothing", "null", "texts", "empty", "two", "another company"],
)
def test_an_answer_of_another_shape_or_about_another_company_is_unavailable(body: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        asked(lambda: Response(json.dumps(body), media_type="application/json"))
