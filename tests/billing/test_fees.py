"""Quotes: computed from the catalogue's fee data or refused, never guessed, never negative, and frozen without loss."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, TypeAdapter

from app.billing.bills import items_of
from app.billing.fees import Quote, QuoteLine, quote
from app.catalogue.charges import KnownFee
from app.catalogue.kinds import QUESTION
from app.catalogue.schema import Service, Topic
from app.catalogue.texts import Text
from app.core.db import new_id
from app.core.errors import Invalid
from tests.billing.world import LAWS

AREA = QUESTION.validate_python(
    {
        "key": "area",
        "kind": "decimal",
        "label": {"th": "พื้นที่ร้าน", "en": "Floor area"},
        "unit": {"th": "ตร.ม.", "en": "m²"},
    }
)
TOPIC: dict[str, Any] = {"questions": (AREA,)}
ENOUGH: dict[str, Any] = {"slug": "food-notify", "topics": (Topic.model_construct(**TOPIC),)}
SERVICE = Service.model_construct(**ENOUGH)
"""As much of a service as a fee looks at."""
NAME = {"th": "ค่าธรรมเนียมการแจ้ง", "en": "Notification fee"}
SOURCE = {"th": "เทศบัญญัติตัวอย่าง ข้อ 5", "en": "Example ordinance, item 5"}
FEES: TypeAdapter[KnownFee] = TypeAdapter(KnownFee)


def a_fee(**parts: Any) -> KnownFee:
    return FEES.validate_python(parts if parts["kind"] == "none" else {"name": NAME, "source": SOURCE, **parts})


FREE = a_fee(kind="none")
FLAT = a_fee(kind="flat", amount="50.00")
TABLE = a_fee(
    kind="per_year",
    by="area",
    rows=[{"up_to": 10, "amount": "100"}, {"up_to": "50.5", "amount": "300"}, {"amount": "1,000"}],
)
SHORT_TABLE = a_fee(kind="per_year", by="area", rows=[{"up_to": 200, "amount": "500"}])


def test_a_free_service_has_a_quote_without_lines() -> None:
    assert quote(SERVICE, FREE, {}) == Quote(())
    assert quote(SERVICE, FREE, {}).total == 0


def test_a_flat_fee_is_the_same_for_every_answer() -> None:
    (line,) = quote(SERVICE, FLAT, {"area": "9999"}).lines
    assert (line.satang, line.label.th, line.law.en) == (5_000, NAME["th"], SOURCE["en"])


@pytest.mark.parametrize(
    ("area", "satang"),
    [
        (0, 10_000),
        (10, 10_000),
        ("10.00", 10_000),
        ("10.01", 30_000),
        ("50.5", 30_000),
        ("50.51", 100_000),
        (10**9, 100_000),
    ],
)
def test_a_table_reaches_up_to_and_including_its_limits(area: JsonValue, satang: int) -> None:
    assert quote(SERVICE, TABLE, {"area": area}).total == satang


def test_a_yearly_fee_is_paid_for_as_many_years_as_asked() -> None:
    assert quote(SERVICE, TABLE, {"area": 5}, years=3).total == 30_000
    with pytest.raises(ValueError, match="at least one year"):
        quote(SERVICE, TABLE, {"area": 5}, years=0)


@pytest.mark.parametrize(
    ("fee", "area", "thai", "english"),
    [
        (
            TABLE,
            "10",
            "พื้นที่ร้าน 10\u00a0ตร.ม. อยู่ในช่วง ไม่เกิน\u00a010\u00a0ตร.ม. ปีละ 100\u00a0บาท เป็นเวลา 1\u00a0ปี",
            "Floor area 10\u00a0m², in the row “up to\u00a010\u00a0m²”: 100\u00a0baht a year, for 1 year(s)",
        ),
        (
            TABLE,
            "20",
            (
                "พื้นที่ร้าน 20\u00a0ตร.ม. อยู่ในช่วง เกิน\u00a010\u00a0ตร.ม. แต่ไม่เกิน\u00a050.5\u00a0ตร.ม. "
                "ปีละ 300\u00a0บาท เป็นเวลา 1\u00a0ปี"
            ),
            (
                "Floor area 20\u00a0m², in the row “over\u00a010\u00a0m², up to\u00a050.5\u00a0m²”: "
                "300\u00a0baht a year, for 1 year(s)"
            ),
        ),
        (
            TABLE,
            "1200",
            "พื้นที่ร้าน 1,200\u00a0ตร.ม. อยู่ในช่วง เกิน\u00a050.5\u00a0ตร.ม. ปีละ 1,000\u00a0บาท เป็นเวลา 1\u00a0ปี",
            "Floor area 1,200\u00a0m², in the row “over\u00a050.5\u00a0m²”: 1,000\u00a0baht a year, for 1 year(s)",
        ),
        (
            a_fee(kind="per_year", by="area", rows=[{"amount": "20"}]),
            "3",
            "พื้นที่ร้าน 3\u00a0ตร.ม. อยู่ในช่วง ทุกขนาด ปีละ 20\u00a0บาท เป็นเวลา 1\u00a0ปี",
            "Floor area 3\u00a0m², in the row “any size”: 20\u00a0baht a year, for 1 year(s)",
        ),
    ],
)
def test_the_amount_is_explained_in_both_languages(fee: KnownFee, area: str, thai: str, english: str) -> None:
    (line,) = quote(SERVICE, fee, {"area": area}).lines
    assert line.explanation == Text(th=thai, en=english)


@pytest.mark.parametrize(
    "answers", [{}, {"area": None}, {"area": "big"}, {"area": True}, {"area": "-1"}, {"area": "NaN"}]
)
def test_without_a_measure_there_is_no_amount(answers: Mapping[str, JsonValue]) -> None:
    with pytest.raises(Invalid) as refusal:
        quote(SERVICE, TABLE, answers)
    assert refusal.value.problems == {"area": "ตอบคำถามนี้เป็นตัวเลข เราใช้คำนวณค่าธรรมเนียม"}


def test_a_measure_beyond_the_table_is_said_and_not_guessed() -> None:
    assert quote(SERVICE, SHORT_TABLE, {"area": 200}).total == 50_000
    with pytest.raises(Invalid) as refusal:
        quote(SERVICE, SHORT_TABLE, {"area": "200.01"})
    assert list(refusal.value.problems) == ["area"]


amounts = st.integers(0, 10**12)
texts = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=20)
both = st.builds(Text, th=texts, en=texts)
quotes = st.lists(st.builds(QuoteLine, texts, both, amounts, both, both), max_size=5).map(lambda ls: Quote(tuple(ls)))


@LAWS
@given(quotes)
def test_a_frozen_quote_thaws_unchanged(one: Quote) -> None:
    assert Quote.from_json(json.loads(json.dumps(one.to_json()))) == one


@LAWS
@given(quotes)
def test_the_total_is_the_sum_of_the_lines_and_so_is_the_bill(one: Quote) -> None:
    assert one.total == sum(line.satang for line in one.lines) >= 0
    items = items_of(one, new_id(), "example")
    assert sum(item.satang for item in items) == one.total
    assert all(item.satang > 0 for item in items)


@LAWS
@given(st.decimals(0, 10**6, places=2), st.integers(1, 5))
def test_a_larger_place_never_costs_less(area: Any, years: int) -> None:
    here, larger = (quote(SERVICE, TABLE, {"area": str(a)}, years).total for a in (area, area + 1))
    assert 0 < here <= larger


@LAWS
@given(st.integers(max_value=-1))
def test_a_fee_is_never_negative(satang: int) -> None:
    text = Text(th="ก", en="a")
    with pytest.raises(ValueError, match="never negative"):
        QuoteLine("food-notify", text, satang, text, text)


@pytest.mark.parametrize("change", [{"total": 1}, {"lines": [{}]}, {"lines": None}])
def test_a_stored_quote_that_was_tampered_with_is_refused(change: dict[str, Any]) -> None:
    stored = quote(SERVICE, FLAT, {}).to_json() | change
    with pytest.raises((ValueError, KeyError, TypeError)):
        Quote.from_json(stored)


@pytest.mark.parametrize("satang", ["5000", 5000.0, True, None])
def test_stored_satang_are_whole_numbers(satang: object) -> None:
    stored = quote(SERVICE, FLAT, {}).to_json()
    stored["lines"][0]["satang"] = satang
    with pytest.raises(ValueError, match="whole"):
        Quote.from_json(stored)
