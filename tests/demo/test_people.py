"""The invented people are possible people: numbers with right check digits, addresses that exist, nobody twice."""

import geothai
import pytest
from stdnum.th import moa, pin

from app.demo.companies import COMPANIES, UNVERIFIED
from app.demo.officials import NEWCOMER, OFFICERS, REFORM, agencies, officer_seeds
from app.demo.people import CITIZENS
from app.demo.roles import Birth, Citizen, Officer, Registry

EVERYBODY: tuple[Citizen | Officer, ...] = (*CITIZENS, *OFFICERS, NEWCOMER)


def test_every_citizen_number_has_a_right_check_digit_and_begins_with_1_to_8() -> None:
    for person in EVERYBODY:
        assert pin.is_valid(person.citizen_id), person.key
        assert person.citizen_id[0] in "12345678"


def test_no_citizen_number_names_a_registry_office_that_exists() -> None:
    assert {person.citizen_id[1:5] for person in EVERYBODY} == {"0000"}


def test_nobody_is_there_twice() -> None:
    for names in (
        [person.citizen_id for person in EVERYBODY],
        [person.subject for person in EVERYBODY],
        [person.key for person in EVERYBODY],
    ):
        assert len(set(names)) == len(names)


def test_every_address_lies_in_a_subdistrict_that_exists() -> None:
    for home in (*(person.home for person in CITIZENS), *(company.home for company in (*COMPANIES, UNVERIFIED))):
        assert geothai.subdistrict(home.subdistrict) is not None


def test_every_juristic_number_and_biller_begins_with_a_right_tax_number() -> None:
    for number in (
        *(company.juristic_id for company in (*COMPANIES, UNVERIFIED)),
        *(agency.biller_id[:13] for agency in agencies()),
    ):
        assert moa.is_valid(number), number
    assert {len(agency.biller_id) for agency in agencies()} == {15}
    assert {len(agency.account) for agency in agencies()} == {10}


def test_every_way_a_registry_can_behave_has_somebody_it_happens_to() -> None:
    assert {person.registry for person in CITIZENS} == set(Registry)


def test_one_person_is_old_and_one_has_only_a_year_of_birth() -> None:
    assert min(person.birth.year for person in CITIZENS) <= 2026 - 70
    assert [person.key for person in CITIZENS if person.birth.month is None] == ["bunma"]


@pytest.mark.parametrize(
    ("birth", "written", "number"),
    [(Birth(1995, 6, 15), "1995-06-15", 25380615), (Birth(1961), "1961", 25040000)],
)
def test_a_birth_date_is_written_as_each_party_writes_it(birth: Birth, written: str, number: int) -> None:
    assert (birth.iso(), birth.registry_number()) == (written, number)


def test_seeds_say_where_each_officer_works_and_leave_out_the_newcomer_without_duties() -> None:
    seeds = officer_seeds("https://issuer.example")
    assert [seed.subject for seed in seeds] == [person.subject for person in OFFICERS]
    assert {seed.agency_code for seed in seeds} == {agency.code for agency in agencies()} | {REFORM}
    assert {duty for seed in seeds for duty in seed.duties} == {
        "receive",
        "check",
        "approve",
        "cashier",
        "manage",
        "report",
    }
    assert NEWCOMER.subject not in {seed.subject for seed in seeds}
    assert {seed.issuer for seed in seeds} == {"https://issuer.example"}
