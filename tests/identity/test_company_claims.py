"""A company's claims: only a verified number of an account that is a company's opens anything."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import DomainError, Forbidden, Invalid
from app.demo.companies import COMPANIES
from app.identity import company_claims
from tests.world import citizen_id

ISSUER = "https://juristic.example"
KHAO: dict[str, Any] = {
    "sub": "khao",
    "juristic_id": COMPANIES[0].juristic_id,
    "juristic_id_verified": True,
    "juristic_name": "บริษัท ข้าวตัวอย่าง จำกัด",
    "member_type": "juristic",
    "login_via": "dbd",
}
MALI: dict[str, Any] = {
    "citizen_id": citizen_id(7),
    "citizen_id_verified": True,
    "title": "นางสาว",
    "given_name": "มะลิ",
    "family_name": "ตัวอย่าง",
    "ial_level": 2.3,
}


def test_a_verified_company_is_read_whole() -> None:
    read = company_claims.normalise(ISSUER, KHAO)
    assert (read.issuer, read.subject, read.juristic_id) == (ISSUER, "khao", "0995569000013")
    assert (read.name, read.login_via) == ("บริษัท ข้าวตัวอย่าง จำกัด", "dbd")


@pytest.mark.parametrize("said", [False, None, "false", "", 1, "yes", "ไม่"])
def test_a_number_that_is_not_verified_opens_nothing(said: object) -> None:
    with pytest.raises(Invalid, match="ยังไม่ได้ยืนยัน"):
        company_claims.normalise(ISSUER, KHAO | {"juristic_id_verified": said})


@pytest.mark.parametrize(
    "number",
    [
        "0995569000014",
        "1000000001072",
        "099556900001",
        "๐๙๙๕๕๖๙๐๐๐๐๑๓",
        "0-9955-69000-01-3",
        995569000013,
        None,
        ["0995569000013"],
    ],
)
def test_a_number_that_is_no_companys_opens_nothing_even_when_it_is_called_verified(number: object) -> None:
    with pytest.raises(Invalid):
        company_claims.normalise(ISSUER, KHAO | {"juristic_id": number})


@pytest.mark.parametrize("kind", ["citizen", "government", "", None, ["juristic"]])
def test_an_account_of_another_kind_is_no_company(kind: object) -> None:
    with pytest.raises(Forbidden):
        company_claims.normalise(ISSUER, KHAO | {"member_type": kind})


def test_a_provider_that_leaves_the_kind_out_is_not_contradicted() -> None:
    told = {name: value for name, value in KHAO.items() if name != "member_type"}
    assert company_claims.normalise(ISSUER, told).juristic_id == "0995569000013"


def test_the_human_being_in_the_token_counts_only_when_verified() -> None:
    with_person = company_claims.person(ISSUER, KHAO | MALI)
    assert with_person is not None
    assert (with_person.given_name, with_person.ial) == ("มะลิ", Decimal("2.3"))
    assert company_claims.person(ISSUER, KHAO) is None
    assert company_claims.person(ISSUER, KHAO | MALI | {"citizen_id_verified": False}) is None
    with pytest.raises(Forbidden):
        company_claims.person(ISSUER, KHAO | MALI | {"ial_level": 1.1})


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from([*KHAO, *MALI]),
        st.one_of(st.none(), st.booleans(), st.text(), st.floats(), st.lists(st.text())),
    )
)
def test_whatever_a_provider_sends_a_company_is_verified_or_refused(odd: dict[str, Any]) -> None:
    raw = KHAO | MALI | odd
    try:
        read = company_claims.normalise(ISSUER, raw)
        company_claims.person(ISSUER, raw)
    except DomainError:
        return
    assert read.juristic_id == KHAO["juristic_id"]
    assert raw["juristic_id_verified"] in {True, "true", "True", "TRUE"}
