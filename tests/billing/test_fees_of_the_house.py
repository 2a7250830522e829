"""What each service really costs, worked out by hand from the law or the ordinance, at each agency that collects it."""

from datetime import date
from typing import Any

import pytest

from app.billing.fees import Quote, quote
from app.catalogue.amounts import NoFee
from app.core.errors import Invalid
from tests.catalogue.world import EXCISE, MUANG, NAKHON, THUNG, real

BAHT = 100


def quoted(slug: str, agency: str, on: date | None = None, **answers: Any) -> Quote:
    """The quote with its lines."""
    service = real().services[slug]
    return quote(service, real().fee(service, real().agencies[agency]), answers, on=on)


def cost(slug: str, agency: str, **answers: Any) -> int:
    """The quote in whole baht."""
    satang = quoted(slug, agency, **answers).total
    assert satang % BAHT == 0
    return satang // BAHT


def lines(slug: str, agency: str, on: date | None = None, **answers: Any) -> list[tuple[str, float]]:
    """Each line of the quote: the beginning of its English name, and baht."""
    found = quoted(slug, agency, on, **answers).lines
    return [(line.label.en.split(",")[0].split(":")[0], line.satang / BAHT) for line in found]


@pytest.mark.parametrize(
    ("agency", "area", "baht"),
    [
        # Muang Tuayang, schedule 1: to 20 m² 100, to 50 m² 200, to 100 m² 400, to 200 m² 700
        (MUANG, "20", 100),
        (MUANG, "20.01", 200),
        (MUANG, "120", 700),
        # Nakhon Sommut, schedule A: to 10 m² 150, to 50 m² 300, to 100 m² 600, to 200 m² 1,000
        (NAKHON, "10", 150),
        (NAKHON, "20", 300),
        (NAKHON, "120", 1000),
        # Thung Sommut, schedule 1: 3 baht a square metre, at least 50 and at most 500
        (THUNG, "10", 50),
        (THUNG, "20", 60),
        (THUNG, "20.1", 63),
        (THUNG, "120", 360),
        (THUNG, "200", 500),
    ],
)
def test_notifying_a_shop(agency: str, area: str, baht: int) -> None:
    assert cost("food-premises-notification", agency, premises_area=area) == baht


@pytest.mark.parametrize(
    ("agency", "area", "baht"),
    [
        *((MUANG, "300", 2000), (MUANG, "301", 2500), (MUANG, "5000", 3000), (NAKHON, "400", 2200)),
        *((NAKHON, "401", 3000), (THUNG, "201", 840), (THUNG, "5000", 2000)),  # 40 for each 10 m² begun: 21 × 40
    ],
)
def test_licensing_a_large_restaurant(agency: str, area: str, baht: int) -> None:
    assert cost("food-premises-licence", agency, premises_area=area) == baht


@pytest.mark.parametrize("agency", [MUANG, NAKHON])
def test_commercial_registration_is_fifty_baht_everywhere(agency: str) -> None:
    assert cost("commercial-registration", agency) == 50


@pytest.mark.parametrize(
    ("slug", "vat", "baht"),
    [
        ("liquor-retail", "yes", 2200),
        ("liquor-retail", "no", 330),
        ("tobacco-retail", "yes", 500),
        ("tobacco-retail", "no", 100),
    ],
)
def test_excise_licences_cost_more_for_those_registered_for_vat(slug: str, vat: str, baht: int) -> None:
    assert cost(slug, EXCISE, vat_registered=vat) == baht


@pytest.mark.parametrize(
    ("agency", "group", "power", "baht"),
    [
        # Muang Tuayang, schedule 3: services 500 whatever the power; food by horsepower 5/20/50/more
        (MUANG, "services", "40", 500),
        (MUANG, "food", "0", 500),
        (MUANG, "food", "5.5", 1000),
        (MUANG, "food", "50.01", 6000),
        (MUANG, "vehicles", "3", 1000),
        (MUANG, "chemicals", "21", 10_000),
        # Nakhon Sommut, schedule C: two tables, 10/50/more
        (NAKHON, "services", "40", 2500),
        (NAKHON, "food", "0", 800),
        (NAKHON, "vehicles", "3", 1500),
        (NAKHON, "chemicals", "51", 10_000),
    ],
)
def test_a_health_hazard_business_pays_by_its_kind_and_its_machines(
    agency: str, group: str, power: str, baht: int
) -> None:
    assert cost("health-hazard-business", agency, hazard_group=group, machine_power=power) == baht


def test_the_bill_says_which_answer_led_to_the_amount_and_by_what_law() -> None:
    service = real().services["liquor-retail"]
    (line,) = quote(service, real().fee(service, real().agencies[EXCISE]), {"vat_registered": "yes"}).lines

    assert line.explanation.th == "การจดทะเบียนภาษีมูลค่าเพิ่ม “จดแล้ว” อัตรา 2,200\u00a0บาท"
    assert line.explanation.en == "VAT registration: “Registered”. 2,200\u00a0baht"
    assert "พ.ร.บ.ภาษีสรรพสามิต พ.ศ. 2560" in line.law.th


def test_a_kind_of_business_and_a_machine_are_both_named() -> None:
    service = real().services["health-hazard-business"]
    said = {"hazard_group": "food", "machine_power": "7.5"}
    (line,) = quote(service, real().fee(service, real().agencies[MUANG]), said).lines

    assert line.explanation.th.startswith("กลุ่มกิจการ “อาหาร เครื่องดื่ม และน้ำดื่ม” กำลังเครื่องจักรรวม 7.5\u00a0แรงม้า")
    assert line.explanation.th.endswith("ปีละ 1,000\u00a0บาท เป็นเวลา 1\u00a0ปี")


@pytest.mark.parametrize("vat", [None, "", "maybe", 1])
def test_without_the_answer_that_decides_there_is_no_amount(vat: object) -> None:
    with pytest.raises(Invalid) as refused:
        cost("liquor-retail", EXCISE, vat_registered=vat)
    assert refused.value.problems == {"vat_registered": "ตอบคำถามนี้ เราใช้คำนวณค่าธรรมเนียม"}


def test_no_power_of_machines_is_left_without_a_fee_and_no_answer_without_one() -> None:
    groups = [option.value for option in real().services["health-hazard-business"].question("hazard_group").choices]  # type: ignore[union-attr]
    for agency in (MUANG, NAKHON):
        for group in groups:
            for power in ("0", "4.99", "100000"):
                assert cost("health-hazard-business", agency, hazard_group=group, machine_power=power) > 0


def test_every_amount_names_the_law_it_rests_on_in_both_languages() -> None:
    fees = [s.fee for s in real().services.values()]
    fees += [fee for ordinance in real().ordinances.values() for fee in ordinance.fees.values()]
    free = {s.slug for s in real().services.values() if isinstance(s.fee, NoFee)}

    assert free == {"employer-registration", "vat-registration"}, "said so explicitly"
    for fee in fees:
        if not isinstance(fee, NoFee):
            assert "พ.ร.บ." in fee.source.th
            assert "Act" in fee.source.en


# ---- the other services of the catalogue ----------------------------------------------------------------------------

SIGN: dict[str, Any] = {
    "row": "a1",
    "sign_text": "ครัวมะลิ",
    "sign_language": "thai",
    "sign_moves": "no",
    "sign_width": "200",
    "sign_height": "100",
    "sign_sides": 1,
    "sign_installed_on": "2026-02-10",
}
IN_TIME = date(2026, 2, 20)


@pytest.mark.parametrize(
    ("sign", "baht"),
    [
        # 200 × 100 cm = 20,000 cm² = 40 units of 500 cm²
        ({}, 200),  # 40 × 5 = 200
        ({"sign_width": "100"}, 200),  # 20 × 5 = 100, below the minimum
        ({"sign_width": "300"}, 300),  # 60 × 5
        ({"sign_width": "300.5"}, 305),  # 60.1 units, the begun one whole: 61 × 5
        ({"sign_sides": 2}, 400),  # 80 × 5
        ({"sign_moves": "yes"}, 400),  # 40 × 10
        ({"sign_language": "mixed"}, 1040),  # 40 × 26
        ({"sign_language": "mixed", "sign_moves": "yes"}, 2080),  # 40 × 52
        ({"sign_language": "other"}, 2000),  # 40 × 50
        ({"sign_language": "other", "sign_moves": "yes"}, 2080),  # 40 × 52
        # put up in the second, third and last quarter: 3, 2 and 1 of 4 quarters of 2,000
        ({"sign_language": "other", "sign_installed_on": "2026-04-01"}, 1500),
        ({"sign_language": "other", "sign_installed_on": "2026-09-30"}, 1000),
        ({"sign_language": "other", "sign_installed_on": "2026-12-31"}, 500),
        ({"sign_language": "other", "sign_installed_on": "2026-03-31"}, 2000),
    ],
)
def test_a_sign_is_taxed_by_its_size_its_letters_and_the_quarters_left(sign: dict[str, Any], baht: int) -> None:
    for agency in (MUANG, NAKHON, THUNG):
        assert cost("sign-board-tax", agency, shop_signs=[{**SIGN, **sign}]) == baht


def test_a_sign_return_filed_on_the_last_day_costs_no_more_and_a_day_later_five_per_cent_more() -> None:
    signs = [{**SIGN, "sign_language": "other"}]

    assert lines("sign-board-tax", MUANG, date(2026, 2, 25), shop_signs=signs) == [("Sign-board tax", 2000)]
    late = lines("sign-board-tax", MUANG, date(2026, 2, 26), shop_signs=signs)
    assert late == [("Sign-board tax", 2000), ("Surcharge for a late return", 100)]


def test_each_sign_is_a_line_of_its_own_that_names_it() -> None:
    signs = [SIGN, {**SIGN, "row": "b2", "sign_text": "BAR", "sign_language": "other", "sign_moves": "yes"}]
    still, moving = quoted("sign-board-tax", MUANG, IN_TIME, shop_signs=signs).lines

    assert (still.satang // BAHT, moving.satang // BAHT) == (200, 2080)
    assert still.label.th == "ภาษีป้าย ป้ายที่ข้อความอยู่นิ่ง ป้ายที่ 1 “ครัวมะลิ”"
    assert moving.label.en == "Sign-board tax: moving or changing sign, sign 2 “BAR”"
    assert quoted("sign-board-tax", MUANG, IN_TIME, shop_signs=[]).lines == ()


def test_a_sign_says_how_its_tax_came_about() -> None:
    (line,) = quoted("sign-board-tax", MUANG, IN_TIME, shop_signs=[{**SIGN, "sign_width": "100"}]).lines

    assert line.explanation.th.replace("\u00a0", " ") == (
        "ภาษาของป้าย “อักษรไทยล้วน” ความกว้างของป้าย 100 ซม. × ความสูงของป้าย 100 ซม. × จำนวนด้านที่มีข้อความ 1 ด้าน "
        "= 10,000 ตร.ซม. คิดเป็น 20 หน่วย หน่วยละ 500 ตร.ซม. × 5 บาท ได้ 100 บาท แต่กฎหมายกำหนดขั้นต่ำ 200 บาท"
    )
    assert "the law sets a minimum of 200" in line.explanation.en


@pytest.mark.parametrize(
    ("kind", "rooms", "baht"),
    # the licence by type, and 80 baht for each room
    [("type1", 9, 10_720), ("type2", 24, 21_920), ("type3", 100, 38_000), ("type4", 79, 46_320)],
)
def test_a_hotel_pays_by_its_type_and_for_each_room(kind: str, rooms: int, baht: int) -> None:
    assert cost("hotel-licence", "provincial-administration", hotel_type=kind, hotel_rooms=rooms) == baht


@pytest.mark.parametrize(
    ("area", "massage", "spa"),
    [("100", 500, 1000), ("100.5", 1500, 3000), ("200", 1500, 3000), ("400", 3000, 6000), ("401", 5000, 10_000)],
)
def test_massage_and_spa_pay_once_by_their_floor_area(area: str, massage: int, spa: int) -> None:
    assert cost("massage-shop", "health-service-support", premises_area=area) == massage
    assert cost("spa-licence", "health-service-support", premises_area=area) == spa


@pytest.mark.parametrize(
    ("work", "height", "area", "expected"),
    [
        ("build", "low", "180", [20, 90]),  # 180 × 0.50
        ("build", "low", "180.2", [20, 90.5]),  # 181 × 0.50: a begun square metre counts as one
        ("modify", "middle", "180", [10, 360]),
        ("build", "tall", "1000", [20, 4000]),
        ("demolish", "tall", "1000", [10]),  # no plans to examine
    ],
)
def test_a_building_permit_costs_by_work_height_and_area(
    work: str, height: str, area: str, expected: list[float]
) -> None:
    said: dict[str, Any] = {"building_work": work, "building_height": height, "building_area": area}
    assert [baht for _, baht in lines("building-permit", MUANG, **said)] == expected


def test_electricity_is_installed_with_vat_and_its_deposit_carries_none() -> None:
    assert lines("electricity-connection", "electricity", meter_size="a15") == [
        ("Installation of the meter", 400),
        ("VAT of 7 per cent on", 28),
        ("Deposit for the use of electricity", 2000),
    ]


def test_water_is_installed_with_vat_and_its_deposit_carries_none() -> None:
    assert [baht for _, baht in lines("water-connection", "waterworks", water_meter_size="half")] == [3550, 248.5, 400]


@pytest.mark.parametrize(("way", "baht"), [("social", 10), ("mobile", 60), ("fixed", 75)])
def test_a_loudspeaker_costs_by_what_it_announces(way: str, baht: int) -> None:
    assert cost("loudspeaker-advertising", MUANG, speaker_way=way) == baht


def test_three_local_authorities_set_three_fees_for_a_stall() -> None:
    assert [cost("street-vending", agency, vending_way="fixed") for agency in (MUANG, NAKHON, THUNG)] == [300, 500, 50]


def test_registering_for_vat_and_as_an_employer_is_free() -> None:
    assert quoted("vat-registration", "revenue").lines == ()
    assert quoted("employer-registration", "social-security").lines == ()
