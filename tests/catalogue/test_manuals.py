"""Every service as people read it: both languages whole, plain words, lawful fees, no question without use."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from pydantic import BaseModel

from app.billing.fees import quote
from app.catalogue.amounts import FlatFee, PerUnitFee, YearlyFee
from app.catalogue.charges import ChoiceFee, OrdinanceFee
from app.catalogue.manual import ISSUING_WORDS
from app.catalogue.options import ChoiceQuestion
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import Question, Service
from app.catalogue.texts import Text
from app.catalogue.wording import licence_wording
from app.reporting.evidence import offers
from tests.catalogue.world import ADDRESS, LICENCE, MUANG, NAKHON, NOTIFICATION, THUNG, notification, real

SERVICES = list(real().services.values())
LOCAL = [service for service in SERVICES if isinstance(service.fee, OrdinanceFee)]


def texts(value: object, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every text inside a piece of catalogue data, with its path."""
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from texts(part, f"{path}.{number}")


def everything() -> Iterator[tuple[str, Text]]:
    for service in SERVICES:
        yield from texts(service, service.slug)
    for agency in real().agencies.values():
        yield from texts(agency, agency.code)


def test_every_thai_text_is_thai_and_every_english_text_is_english() -> None:
    for path, text in everything():
        if path.endswith("example"):
            continue
        assert re.search("[ก-๙]", text.th), path
        assert not re.search("[ก-๙]", text.en), f"{path}: {text.en}"


@pytest.mark.parametrize("word", ["ขออภัย", "กรุณา", "โปรด", "ไม่ถูกต้อง", "(?<!เ)ท่าน", "TODO", "  "])
def test_no_text_begs_blames_or_is_unfinished(word: str) -> None:
    assert [path for path, text in everything() if re.search(word, f"{text.th}|{text.en}")] == []


def test_every_question_that_is_a_sentence_has_a_short_name() -> None:
    for service in SERVICES:
        for asked in service.questions:
            assert not asked.name.en.endswith("?"), asked.key
            assert len(asked.name.th) <= 30, asked.key


def test_personal_data_is_marked() -> None:
    marked = {q.key for q in notification().questions if q.personal}
    assert marked == {
        "applicant_title", "applicant_given_name", "applicant_family_name", "applicant_birth_date", "applicant_address",
        "applicant_phone", "applicant_email", "premises_owner_name", "juristic_directors", "attorney_name",
    }  # fmt: skip
    assert {use.key for use in notification().documents if use.document.sensitive} == {"health_certificates"}


def test_what_the_population_register_knows_is_filled_from_it() -> None:
    filled = {q.key: q.prefill.path for q in notification().questions if q.prefill and q.prefill.registry == "dopa"}
    assert filled == {
        "applicant_title": "title",
        "applicant_given_name": "given_name",
        "applicant_family_name": "family_name",
        "applicant_birth_date": "birth_date",
        "applicant_address": "registered_address",
    }


def test_the_notification_is_decided_in_seven_working_days_of_the_law() -> None:
    service = notification()
    assert (service.duration.n, service.duration.unit) == (7, "working_days")
    assert sum(step.n for step in service.steps) == 7
    assert service.result == "certificate"
    assert service.number_prefix == "อห"


@pytest.mark.parametrize(
    ("agency", "area", "satang"),
    [
        (MUANG, "1", 10_000),
        (MUANG, "20", 10_000),
        (MUANG, "20.01", 20_000),
        (MUANG, "45.5", 20_000),
        (MUANG, "200", 70_000),
        (NAKHON, "10", 15_000),
        (NAKHON, "45.5", 30_000),
        (NAKHON, "200", 100_000),
    ],
)
def test_each_local_authority_has_its_own_fee_by_area(agency: str, area: str, satang: int) -> None:
    fee = real().fee(notification(), real().agencies[agency])
    assert isinstance(fee, YearlyFee)
    row = fee.row(Decimal(area))
    assert row is not None
    assert row.amount == satang


def test_no_ordinance_reaches_above_the_cap_of_the_law() -> None:
    for service in LOCAL:
        assert isinstance(service.fee, OrdinanceFee)
        assert service.fee.cap is not None
        for ordinance in real().ordinances.values():
            fee = ordinance.fees[service.slug]
            assert isinstance(fee, YearlyFee | ChoiceFee | PerUnitFee | FlatFee)
            assert 0 < fee.lowest <= (fee.highest or 0) <= service.fee.cap


def test_every_local_authority_sets_fees_of_its_own() -> None:
    assert {service.slug for service in LOCAL} == {NOTIFICATION, LICENCE, "health-hazard-business", "street-vending"}
    for service in LOCAL:
        fees = [real().ordinances[agency].fees[service.slug] for agency in (MUANG, NAKHON, THUNG)]
        assert all(one != other for one, other in combinations(fees, 2))


def test_the_fee_tables_of_the_two_food_services_leave_no_area_without_a_fee() -> None:
    for ordinance in real().ordinances.values():
        small, large = (ordinance.fees[slug] for slug in (NOTIFICATION, LICENCE))
        if isinstance(small, PerUnitFee):
            continue  # so much for each square metre: there is no end
        assert isinstance(small, YearlyFee)
        assert isinstance(large, YearlyFee)
        assert small.row(Decimal(200)) is not None
        assert small.row(Decimal("200.01")) is None
        assert large.row(Decimal(100_000)) is not None


@pytest.mark.parametrize("service", SERVICES, ids=lambda s: s.slug)
def test_amounts_and_times_written_from_memory_are_marked_for_confirmation(service: Service) -> None:
    assert service.fee.kind != "by_ordinance" or service.fee.confirm
    assert service.deficiency.confirm
    assert service.payment.confirm
    assert all(kept.confirm for kept in service.retention.values())
    assert all(ordinance.confirm for ordinance in real().ordinances.values())


@pytest.mark.parametrize("service", SERVICES, ids=lambda s: s.slug)
def test_every_document_says_why_it_can_be_returned(service: Service) -> None:
    for use in service.documents:
        keys = [reason.key for reason in use.document.reasons]
        assert len(keys) == len(set(keys)) >= 2
        assert "unreadable" in keys or use.key == "building_use"


def test_every_shared_question_and_document_is_used_by_some_service() -> None:
    assert {q.key for service in SERVICES for q in service.questions} == set(real().questions)
    assert {use.key for service in SERVICES for use in service.documents} == set(real().documents)


# ---- every service to its end, without a portal: its fee at every agency that gives it, and the words of its document --

SAMPLES: dict[str, object] = {
    "text": "ตัวอย่าง",
    "long_text": "ตัวอย่าง",
    "integer": 9,
    "decimal": "120.5",
    "money": 5_000_000,
    "date": "2026-12-01",
    "yes_no": "no",
    "phone": "0812345678",
    "email": "mali@example.com",
    "juristic_id": "0995569000013",
    "address": ADDRESS,
}


def sample(question: Question) -> object:
    """Some answer that fits a question."""
    if isinstance(question, GroupQuestion):
        return [{"row": "a1", **{cell.key: sample(cell) for cell in question.questions}}]
    if isinstance(question, ChoiceQuestion):
        return question.choices[0].value
    return SAMPLES.get(question.kind)


@pytest.mark.parametrize("service", SERVICES, ids=lambda s: s.slug)
def test_every_service_has_its_fee_everywhere_and_its_document_in_both_languages(service: Service) -> None:
    said = {q.key: sample(q) for q in service.questions if q.asked} | {"applicant_kind": "person"}
    answers: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
    given = [offer.agency for offer in offers(real()) if offer.service is service]
    quotes = [quote(service, real().fee(service, agency), answers, on=date(2026, 12, 2)) for agency in given]

    assert given
    assert {bool(one.lines) for one in quotes} == {service.fee.kind != "none"}
    for line in (line for one in quotes for line in one.lines):
        assert line.satang > 0
        assert "{" not in line.label.th + line.explanation.th + line.explanation.en
    if service.licence:
        for lang in ("th", "en"):
            words = licence_wording(service, answers, dict.fromkeys(ISSUING_WORDS, "–"), lang)
            assert words.statement
            assert len(words.rows) >= 3
            assert all(text.strip() and "{" not in text for text in (words.title, *words.statement, *words.conditions))
