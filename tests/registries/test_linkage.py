"""What we make of the population registry's records, whatever state they are in."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.registries.linkage import Linkage, birth_date

PERSON = {"titleDesc": "นางสาว", "firstName": "มะลิ", "lastName": "ตัวอย่าง", "dateOfBirth": 25380615}
HOUSE = {
    "houseNo": "99/1",
    "villageNo": 4,
    "alleyWayDesc": None,
    "alleyDesc": "ดอกรัก",
    "roadDesc": None,
    "provinceCode": 73,
    "districtCode": 1,
    "subdistrictCode": 1,
    "provinceDesc": "นครปฐม",
    "districtDesc": "เมืองนครปฐม",
    "subdistrictDesc": "พระปฐมเจดีย์",
}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (25380615, "1995-06-15"),
        ("25380615", "1995-06-15"),
        (25040000, "1961"),
        (25041200, "1961-12"),
        (0, None),
        ("", None),
        (None, None),
    ],
)
def test_a_registry_date_is_read_as_far_as_it_is_known(written: object, read: str | None) -> None:
    assert birth_date(written) == read


@pytest.mark.parametrize("written", [2538, "2538061", 25381301, 25380632, "๒๕๓๘๐๖๑๕", "2538-6-1", 99999999, True, [1]])
def test_what_is_no_registry_date_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="not a registry date"):
        birth_date(written)


def test_an_abbreviated_title_is_written_out() -> None:
    assert Linkage().read_person(PERSON | {"titleDesc": "น.ส."})["title"] == "นางสาว"


def test_a_middle_name_stays_with_the_given_name() -> None:
    assert Linkage().read_person(PERSON | {"middleName": "จัน"})["given_name"] == "มะลิ จัน"


def test_what_the_registry_does_not_know_is_left_out() -> None:
    assert Linkage().read_person(PERSON | {"dateOfBirth": 0, "titleDesc": None, "lastName": "-"}) == {
        "given_name": "มะลิ"
    }


@pytest.mark.parametrize("record", [{}, {"Message": "…", "Code": "90001"}, {"firstName": "มะลิ"}, {"firstName": []}])
def test_what_is_no_person_record_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a person record"):
        Linkage().read_person(record)


def test_an_address_has_only_the_parts_there_are() -> None:
    assert Linkage().read_house(HOUSE) == {
        "house": "99/1", "moo": "4", "soi": "ดอกรัก", "subdistrict": "730101", "postcode": "73000",
    }  # fmt: skip


def test_a_lane_stands_in_for_the_soi_where_there_is_none() -> None:
    address = Linkage().read_house(HOUSE | {"alleyDesc": None, "alleyWayDesc": "โรงหนัง"})
    assert address is not None
    assert address["soi"] == "ตรอกโรงหนัง"


def test_old_area_codes_give_way_to_the_names() -> None:
    assert (Linkage().read_house(HOUSE | {"subdistrictCode": 99}) or {})["subdistrict"] == "730101"


def test_an_address_in_no_subdistrict_we_know_is_not_guessed() -> None:
    assert Linkage().read_house(HOUSE | {"subdistrictCode": 99, "subdistrictDesc": "ไม่มีจริง"}) is None
    assert Linkage().read_house(HOUSE | {"provinceCode": 0, "provinceDesc": None, "subdistrictDesc": None}) is None


def test_what_is_no_house_record_is_refused() -> None:
    with pytest.raises(ValueError, match="not a house record"):
        Linkage().read_house(PERSON)


def test_other_names_of_fields_are_a_setting() -> None:
    agreed = Linkage(given_name="FNAME", family_name="LNAME", title="TITLE", birth_date="DOB")
    record = {"FNAME": "มะลิ", "LNAME": "ตัวอย่าง", "TITLE": "นางสาว", "DOB": "25380600"}
    assert agreed.read_person(record) == {
        "title": "นางสาว", "given_name": "มะลิ", "family_name": "ตัวอย่าง", "birth_date": "1995-06",
    }  # fmt: skip


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, derandomize=True)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys([*PERSON, *HOUSE, "middleName"], JSON)))
def test_no_record_however_odd_does_anything_but_fit_or_be_refused(record: dict[str, Any]) -> None:
    for reader in (Linkage().read_person, Linkage().read_house):
        try:
            values = reader(record)
        except ValueError:
            continue
        assert values is None or all(isinstance(value, str) and value for value in values.values())
