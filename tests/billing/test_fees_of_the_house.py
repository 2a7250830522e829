"""What each service really costs, worked out by hand from the law or the ordinance, at each agency that collects it."""

import pytest

from app.billing.fees import quote
from app.catalogue.charges import NoFee
from app.core.errors import Invalid
from tests.catalogue.world import EXCISE, MUANG, NAKHON, real

BAHT = 100


def cost(slug: str, agency: str, **answers: object) -> int:
    """The quote in whole baht."""
    service = real().services[slug]
    satang = quote(service, real().fee(service, real().agencies[agency]), answers).total  # type: ignore[arg-type]
    assert satang % BAHT == 0
    return satang // BAHT


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
    ],
)
def test_notifying_a_shop(agency: str, area: str, baht: int) -> None:
    assert cost("food-premises-notification", agency, premises_area=area) == baht


@pytest.mark.parametrize(
    ("agency", "area", "baht"),
    [(MUANG, "300", 2000), (MUANG, "301", 2500), (MUANG, "5000", 3000), (NAKHON, "400", 2200), (NAKHON, "401", 3000)],
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
    for fee in fees:
        assert not isinstance(fee, NoFee)
        assert "พ.ร.บ." in fee.source.th
        assert "Act" in fee.source.en
