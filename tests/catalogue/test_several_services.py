"""Several services on one form: each thing asked once, each agency its own office, its own fields and nothing else."""

from itertools import combinations
from typing import Any

import pytest

from app.catalogue.answers import broken, for_service, missing, visible_topics
from app.catalogue.effort import effort
from app.catalogue.merging import merge
from app.catalogue.needed import documents_needed
from app.catalogue.routing import route
from app.catalogue.schema import Service
from app.core.errors import Invalid
from tests.catalogue.world import ADDRESS, EXCISE, GOOD_ANSWERS, MUANG, NAKHON, OWN_DOCUMENTS, real

FOOD, TRADE, HAZARD = "food-premises-notification", "commercial-registration", "health-hazard-business"
LIQUOR, TOBACCO = "liquor-retail", "tobacco-retail"
BAR = (FOOD, TRADE, LIQUOR, TOBACCO)
BAR_ANSWERS: dict[str, Any] = {
    **GOOD_ANSWERS,
    "trade_activity": "shop",
    "trade_capital": 20_000_000,
    "head_office_at": "shop",
    "vat_registered": "no",
    "forbidden_place": "no",
    "liquor_service": "drink_in",
    "liquor_near_school": "no",
    "tobacco_goods": "cigarettes",
}
COMPANY: dict[str, Any] = {
    "applicant_kind": "organisation",
    "juristic_name": "บริษัท ข้าวตัวอย่าง จำกัด",
    "juristic_id": "0995569000013",
    "juristic_address": ADDRESS,
    "juristic_tsic": "56101",
    "juristic_directors": "นางสาวมะลิ ตัวอย่าง\nนายตาสี สมมติ",
    "juristic_authority": "กรรมการหนึ่งคนลงลายมือชื่อ",
}
ELSEWHERE = {**ADDRESS, "house": "5/1"}


def services(*slugs: str) -> list[Service]:
    return [real().services[slug] for slug in slugs]


def uploads(slugs: tuple[str, ...], **answers: Any) -> set[str]:
    """The documents a person must upload while the tax register is down."""
    form = merge(real(), services(*slugs))
    return {asked.key for asked in documents_needed(form, {**BAR_ANSWERS, **answers}, {"vat_register"})}


def test_a_restaurant_with_a_bar_answers_and_uploads_less_than_half_of_four_forms() -> None:
    form = merge(real(), services(*BAR))
    asked = sum(len(topic.questions) for topic in visible_topics(form, BAR_ANSWERS))
    apart = sum(
        len(topic.questions)
        for service in services(*BAR)
        for topic in visible_topics(merge(real(), [service]), BAR_ANSWERS)
    )
    rented = {"premises_right": "rent", "premises_address": ELSEWHERE}
    papers_apart = sum(len(uploads((slug,), **rented)) for slug in BAR)

    assert asked / apart <= 0.5
    assert len(uploads(BAR, **rented)) / papers_apart < 0.5
    assert missing(form, BAR_ANSWERS, OWN_DOCUMENTS) == []


def test_a_restaurant_with_bar_sign_and_staff_asks_less_than_half_of_what_six_forms_ask() -> None:
    form = merge(real(), services(*real().bundles["restaurant_with_bar_sign_and_staff"].services))
    sign = {"row": "a1", "sign_text": "ครัวมะลิ", "sign_language": "thai", "sign_moves": "no", "sign_sides": 1}
    said = {
        **BAR_ANSWERS,
        "premises_right": "rent",
        "premises_owner_name": "นายเจ้าของ",
        "premises_address": ELSEWHERE,
        "shop_signs": [{**sign, "sign_width": "200", "sign_height": "80", "sign_installed_on": "2026-12-01"}],
        "employees_count": 3,
        "employees_since": "2026-12-01",
        "employees_pay": 3_600_000,
        "employees_pay_day": 28,
        "employees_work": "ปรุงอาหาร",
    }
    fetched = {q.key for q in form.questions.values() if q.prefill and q.prefill.registry == "dopa"}
    counted = effort(form, said, fetched)

    assert counted.questions_ratio <= 0.31
    assert (counted.questions + counted.questions_fetched) / counted.questions_apart <= 0.36
    assert counted.documents_ratio <= 0.34


def test_nobody_hands_in_what_the_same_form_applies_for() -> None:
    def papers(*slugs: str, register: str = "commercial_register") -> set[str]:
        form = merge(real(), services(*slugs))
        said = {**BAR_ANSWERS, "vat_registered": "yes"}
        return {asked.key for asked in documents_needed(form, said, {register, "vat_register"})}

    assert "commercial_certificate" in papers("employer-registration")
    assert "commercial_certificate" not in papers("employer-registration", "commercial-registration")
    assert "commercial_certificate" not in papers("employer-registration", register="dopa")
    assert "vat_certificate" in papers("liquor-retail")
    assert "vat_certificate" not in papers("liquor-retail", "vat-registration")


def test_any_two_services_ask_each_shared_thing_once() -> None:
    for slugs in combinations(sorted(real().services), 2):
        form = merge(real(), services(*slugs))
        keys = [q.key for topic in form.topics for q in topic.questions]

        assert len(keys) == len(set(keys)), slugs
        assert len({d.key for d in form.documents}) == len(form.documents), slugs


@pytest.mark.parametrize("service", services(*sorted(real().services)), ids=lambda s: s.slug)
@pytest.mark.parametrize("party", [{}, COMPANY], ids=["person", "company"])
def test_an_agency_sees_what_its_own_service_asked_for_and_nothing_else(
    service: Service, party: dict[str, Any]
) -> None:
    everything = {**BAR_ANSWERS, **party, "hazard_group": "food", "hazard_detail": "คั่วกาแฟ", "machine_power": "2"}
    seen = for_service(service, everything)
    worked_out = {q.key for q in service.questions if q.kind == "computed"}

    assert set(seen) <= {q.key for q in service.questions}
    assert all(everything[key] == value for key, value in seen.items() if key not in worked_out)
    assert ("juristic_id" in seen) == (party is COMPANY)


@pytest.mark.parametrize(
    ("slug", "hidden"),
    [
        (LIQUOR, {"premises_area", "food_handlers", "trade_capital", "tobacco_goods", "food_business", "opening_date"}),
        (TOBACCO, {"liquor_service", "liquor_near_school", "trade_activity", "premises_area", "grease_trap"}),
        (TRADE, {"vat_registered", "liquor_service", "tobacco_goods", "premises_area", "food_handlers"}),
        (FOOD, {"vat_registered", "trade_capital", "liquor_service", "tobacco_goods", "forbidden_place"}),
    ],
)
def test_what_concerns_another_agency_is_not_shown(slug: str, hidden: set[str]) -> None:
    assert hidden <= set(BAR_ANSWERS)
    assert not hidden & set(for_service(real().services[slug], BAR_ANSWERS))


@pytest.mark.parametrize(
    ("slug", "area", "agency", "office"),
    [
        (FOOD, "730101", MUANG, "health"),
        (HAZARD, "730101", MUANG, "health"),
        (TRADE, "730101", MUANG, "registry"),
        (FOOD, "400106", NAKHON, "health-north"),
        (TRADE, "400106", NAKHON, "registry"),
        (LIQUOR, "730101", EXCISE, "tuayang"),
        (TOBACCO, "400101", EXCISE, "sommut"),
        (LIQUOR, "840503", EXCISE, "central"),
    ],
)
def test_each_service_goes_to_the_office_that_handles_it_there(slug: str, area: str, agency: str, office: str) -> None:
    place = route(real(), real().services[slug], {"premises_address": {"house": "1", "subdistrict": area}})
    assert (place.agency.code, place.office.code) == (agency, office)


def test_a_head_office_elsewhere_takes_the_commercial_registration_with_it() -> None:
    said = {
        **BAR_ANSWERS,
        "head_office_at": "elsewhere",
        "head_office_address": {"house": "9", "subdistrict": "400101"},
    }
    agencies = {slug: route(real(), real().services[slug], said).agency.code for slug in BAR}

    assert agencies == {FOOD: MUANG, TRADE: NAKHON, LIQUOR: EXCISE, TOBACCO: EXCISE}


def test_a_head_office_that_was_answered_and_then_hidden_takes_nothing_with_it() -> None:
    said = {**BAR_ANSWERS, "head_office_address": {"house": "9", "subdistrict": "400101"}}
    assert route(real(), real().services[TRADE], said).agency.code == MUANG


def test_a_head_office_where_nobody_serves_is_told_beside_the_head_office() -> None:
    said = {
        **BAR_ANSWERS,
        "head_office_at": "elsewhere",
        "head_office_address": {"house": "9", "subdistrict": "840503"},
    }
    with pytest.raises(Invalid) as refused:
        route(real(), real().services[TRADE], said)
    assert set(refused.value.problems) == {"head_office_address"}


# ---- conditions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "paper"),
    [
        ({"vat_registered": "yes"}, "vat_certificate"),
        ({"premises_right": "rent"}, "premises_lease"),
        ({"premises_right": "consent"}, "premises_consent"),
    ],
)
def test_a_paper_is_wanted_only_where_the_answer_calls_for_it(answers: dict[str, Any], paper: str) -> None:
    assert paper not in uploads(BAR)
    assert paper in uploads(BAR, **answers)


@pytest.mark.parametrize(
    ("group", "papers"),
    [("food", {"health_certificates"}), ("services", {"worker_health_certificates"}), ("metal", set())],
)
def test_workers_close_to_customers_or_food_see_a_doctor(group: str, papers: set[str]) -> None:
    both = {"health_certificates", "worker_health_certificates"}
    assert uploads((HAZARD,), hazard_group=group) & both == papers


def test_a_shop_at_home_needs_no_house_registration_and_one_elsewhere_does() -> None:
    assert "house_registration" not in uploads(BAR)
    assert "house_registration" in uploads(BAR, premises_address=ELSEWHERE)


def test_the_same_house_written_another_way_is_the_same_house() -> None:
    written = {**ADDRESS, "house": " 99/ 9", "road": "ถ.ดอกไม้", "postcode": ""}
    assert "house_registration" not in uploads(BAR, premises_address=written)


def test_a_registered_address_that_the_person_typed_waives_nothing() -> None:
    form = merge(real(), services(FOOD))
    typed = documents_needed(form, GOOD_ANSWERS, typed={"applicant_address", "premises_address"})
    fetched = documents_needed(form, GOOD_ANSWERS, typed={"premises_address"})

    assert "house_registration" in {asked.key for asked in typed}
    assert "house_registration" not in {asked.key for asked in fetched}


def test_a_company_brings_its_certificate_only_when_the_registry_does_not_answer() -> None:
    form = merge(real(), services(*BAR))
    silent = {asked.key for asked in documents_needed(form, {**BAR_ANSWERS, **COMPANY}, {"dbd"})}

    assert "juristic_certificate" in silent
    assert "juristic_certificate" not in uploads(BAR, **COMPANY)
    assert "juristic_certificate" not in {asked.key for asked in documents_needed(form, BAR_ANSWERS, {"dbd", "dopa"})}


@pytest.mark.parametrize("slug", sorted(real().services))
def test_every_service_can_be_filed_by_a_person_and_by_a_company(slug: str) -> None:
    questions = {q.key: q for q in real().services[slug].questions}

    assert questions["applicant_kind"].given == "applicant_kind"
    assert set(COMPANY) <= set(questions)
    assert {questions[key].prefill.path for key in COMPANY if questions[key].prefill} == {  # type: ignore[union-attr]
        "name_th", "juristic_id", "address", "tsic", "directors", "authority_text",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("party", "activity", "stopped"),
    [("person", "shop", False), ("organisation", "shop", True), ("organisation", "online", False)],
)
def test_a_company_that_only_keeps_a_shop_is_told_that_it_need_not_register(
    party: str, activity: str, *, stopped: bool
) -> None:
    (limit,) = real().services[TRADE].limits
    said = {"applicant_kind": party, "trade_activity": activity}

    assert broken(limit, said) is stopped
    assert "ไม่ต้องจดทะเบียนพาณิชย์" in limit.message.th


@pytest.mark.parametrize("slug", [LIQUOR, TOBACCO])
def test_nobody_gets_a_licence_to_sell_inside_a_temple_or_school(slug: str) -> None:
    (limit,) = real().services[slug].limits
    assert broken(limit, {"forbidden_place": "yes"})
    assert not broken(limit, {"forbidden_place": "no"})


# ---- what rests on what ---------------------------------------------------------------------------------------------


def test_what_a_licence_rests_on_is_said_with_its_law_and_its_moment() -> None:
    needs = {
        service.slug: [(need.services, need.before, bool(need.when)) for need in service.needs]
        for service in real().services.values()
        if service.needs
    }
    commercial = ((TRADE,), "decision", True)

    assert needs == {
        LIQUOR: [commercial, ((FOOD, "food-premises-licence"), "opening", True)],
        TOBACCO: [commercial],
    }
    assert all(need.law and need.confirm for s in real().services.values() for need in s.needs)


def test_where_health_or_order_is_at_stake_nobody_decides_alone() -> None:
    assert {s.slug for s in real().services.values() if s.two_hands} == {
        *(HAZARD, LIQUOR, "food-premises-licence"),
        *("hotel-licence", "massage-shop", "spa-licence", "building-permit", "karaoke-licence"),
    }
    assert {s.declared_level for s in real().services.values()} == {"L1", "L2", "L3", None}
