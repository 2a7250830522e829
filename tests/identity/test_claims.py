"""What ThaID and DGA Digital ID say about a person becomes one form, or is refused with words the person can act on."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Forbidden, Invalid
from app.identity import claims

ISSUER = "https://id.example"
THAID = {
    "sub": "e3b1",
    "pid": "1000000000122",
    "title": "นางสาว",
    "given_name": "มะลิ",
    "family_name": "ตัวอย่าง",
    "name_en": "Miss Mali Tuayang",
    "birthdate": "1995-06-15",
    "ial": "2.3",
}
DIGITAL_ID = {
    "sub": "77",
    "citizen_id": "1000000000122",
    "citizen_id_verified": True,
    "title": "นางสาว",
    "given_name": "มะลิ",
    "family_name": "ตัวอย่าง",
    "ial_level": 2.3,
}


def test_thaid_with_its_level_as_text_is_understood() -> None:
    assert claims.normalise(ISSUER, THAID) == claims.Claims(
        issuer=ISSUER,
        subject="e3b1",
        citizen_id="1000000000122",
        title="นางสาว",
        given_name="มะลิ",
        family_name="ตัวอย่าง",
        name_en="Miss Mali Tuayang",
        birth_date="1995-06-15",
        ial=Decimal("2.3"),
    )


def test_digital_id_with_its_level_as_a_number_is_understood() -> None:
    person = claims.normalise(ISSUER, DIGITAL_ID)
    assert (person.citizen_id, person.ial, person.birth_date, person.name_en) == (
        "1000000000122",
        Decimal("2.3"),
        None,
        "",
    )


@pytest.mark.parametrize("verified", [True, "true", "True"])
def test_a_verified_citizen_id_of_digital_id_is_accepted_however_the_truth_is_spelt(verified: object) -> None:
    assert claims.normalise(ISSUER, DIGITAL_ID | {"citizen_id_verified": verified}).citizen_id == "1000000000122"


@pytest.mark.parametrize("verified", [False, None, "false", "", 1, "yes", ["true"]])
def test_a_citizen_id_that_digital_id_did_not_verify_is_refused(verified: object) -> None:
    with pytest.raises(Invalid, match="ที่ยืนยันแล้ว"):
        claims.normalise(ISSUER, DIGITAL_ID | {"citizen_id_verified": verified})


def test_an_account_without_any_citizen_id_is_refused() -> None:
    with pytest.raises(Invalid, match="ที่ยืนยันแล้ว"):
        claims.normalise(ISSUER, {name: value for name, value in THAID.items() if name != "pid"})


@pytest.mark.parametrize(
    "pid", ["1000000000123", "100000000012", "", "๑๐๐๐๐๐๐๐๐๐๑๒๒", "1-0000-00000-12-2", 1000000000122, ["1000000000122"]]
)
def test_a_citizen_id_with_a_wrong_check_digit_or_form_is_refused(pid: object) -> None:
    with pytest.raises(Invalid, match="เลขหลักสุดท้าย"):
        claims.normalise(ISSUER, THAID | {"pid": pid})


def test_a_juristic_number_is_not_a_citizen_id() -> None:
    with pytest.raises(Invalid):
        claims.normalise(ISSUER, THAID | {"pid": "0994000000019"})


def test_two_different_citizen_ids_in_one_answer_are_refused() -> None:
    with pytest.raises(Invalid, match="ไม่ตรงกัน"):
        claims.normalise(ISSUER, THAID | {"citizen_id": "1000000000211", "citizen_id_verified": True})


@pytest.mark.parametrize(
    "ial",
    [None, "", "2.4", "0", "9", "-2.3", "abc", "NaN", "sNaN", "Infinity", float("nan"), True, [2.3], "2,3", "2.31"],
)
def test_an_unknown_assurance_level_is_refused(ial: object) -> None:
    with pytest.raises(Invalid, match="ระดับการยืนยันตัวตน"):
        claims.normalise(ISSUER, THAID | {"ial": ial})


@pytest.mark.parametrize("ial", ["1.1", 1.2])
def test_a_known_but_too_low_assurance_level_is_forbidden(ial: object) -> None:
    with pytest.raises(Forbidden):
        claims.normalise(ISSUER, THAID | {"ial": ial})


@pytest.mark.parametrize(("ial", "level"), [("1.3", "1.3"), ("2.10", "2.1"), (3, "3.0"), (3.0, "3.0"), ("3", "3.0")])
def test_a_level_is_the_same_whatever_its_form(ial: object, level: str) -> None:
    assert str(claims.normalise(ISSUER, THAID | {"ial": ial}).ial) == level


@pytest.mark.parametrize("subject", [None, "", "x" * 256, "ผู้ใช้", 7])
def test_an_account_without_a_proper_subject_is_refused(subject: object) -> None:
    with pytest.raises(Invalid, match="รหัสบัญชี"):
        claims.normalise(ISSUER, THAID | {"sub": subject})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("1995-06-15", "1995-06-15"),
        ("1995-06", "1995-06"),
        ("1995", "1995"),
        ("1995-06-00", "1995-06"),
        ("1995-00-00", "1995"),
        ("1995-00-15", "1995"),
        ("2538-06-15", "1995-06-15"),
        ("2000-02-29", "2000-02-29"),
        ("2543-02-29", "2000-02-29"),
        ("1999-02-29", None),
        ("1995-13-01", None),
        ("15/06/1995", None),
        ("0000-06-15", None),
        ("", None),
        (None, None),
        (19950615, None),
        ("1995-06-15T00:00:00", None),
    ],
)
def test_a_birth_date_may_be_partial_and_never_stops_anyone(sent: object, kept: str | None) -> None:
    assert claims.normalise(ISSUER, THAID | {"birthdate": sent}).birth_date == kept


def test_a_person_with_one_name_only_is_welcome() -> None:
    person = claims.normalise(ISSUER, THAID | {"family_name": ""})
    assert (person.given_name, person.family_name) == ("มะลิ", "")


def test_a_middle_name_belongs_to_the_given_name() -> None:
    assert claims.normalise(ISSUER, THAID | {"middle_name": "แก้ว"}).given_name == "มะลิ แก้ว"


def test_a_full_name_serves_when_its_parts_are_not_sent() -> None:
    person = claims.normalise(ISSUER, THAID | {"given_name": None, "family_name": None, "name": "มะลิ ตัวอย่าง"})
    assert (person.given_name, person.family_name) == ("มะลิ ตัวอย่าง", "")


def test_an_answer_without_a_name_is_refused() -> None:
    with pytest.raises(Invalid, match="ชื่อ"):
        claims.normalise(ISSUER, THAID | {"given_name": "\u200b", "family_name": None})


def test_the_english_name_is_put_together_from_its_parts_when_they_are_sent() -> None:
    parts = {"title_en": "Miss", "given_name_en": "Mali", "family_name_en": "Tuayang", "name_en": "M. T."}
    assert claims.normalise(ISSUER, THAID | parts).name_en == "Miss Mali Tuayang"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from([*THAID, *DIGITAL_ID, "middle_name", "name"]), anything))
def test_whatever_a_provider_sends_is_understood_or_refused_in_words(garbage: dict[str, object]) -> None:
    try:
        claims.normalise(ISSUER, THAID | garbage)
    except (Invalid, Forbidden) as refused:
        assert refused.message  # noqa: PT017 - both outcomes are right, a crash is not
