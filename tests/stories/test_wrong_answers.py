"""Answers that do not fit: the page says at the top and beside the field, in the same words, what to do, and keeps all."""

import pytest
from lxml.html import HtmlElement

from app.demo import walk
from app.demo.browsing import Browser, text_of
from tests.stories.world import World, summary

NEXT = "บันทึกและไปหน้าถัดไป"
UNREGISTERED = {**walk.SHOP, "location": walk.SHOP["location"] | {"premises_address.house": "12/7"}}
"""A shop in a house that no register knows."""
LONG = "ก" * 201

WRONG: dict[str, list[tuple[dict[str, str], str]]] = {
    "applicant": [
        ({"applicant_title": ""}, "applicant_title"),
        ({"applicant_given_name": LONG}, "applicant_given_name"),
        ({"applicant_family_name": " \u200b "}, "applicant_family_name"),
        (
            {"applicant_birth_date.day": "31", "applicant_birth_date.month": "2", "applicant_birth_date.year": "2535"},
            "applicant_birth_date.day",
        ),
        (
            {"applicant_address.house": "1", "applicant_address.subdistrict": "ตำบลที่ไม่มีในแผนที่"},
            "applicant_address.subdistrict",
        ),
        ({"applicant_phone": "๐๘ ๑๒๓"}, "applicant_phone"),
        ({"applicant_email": "mali.example.com"}, "applicant_email"),
    ],
    "shop": [
        ({"shop_name": "<script>alert(1)</script>" * 10}, "shop_name"),
        ({"food_business": "spaceship"}, "food_business"),
        (
            {"opening_date.day": "32", "opening_date.month": "13", "opening_date.year": "พ.ศ. หน้า"},
            "opening_date.year",
        ),
        ({"opening_hours": ""}, "opening_hours"),
    ],
    "location": [
        ({"premises_address.house": "", "premises_address.subdistrict": "พระปฐมเจดีย์"}, "premises_address.house"),
        ({"premises_right": ""}, "premises_right"),
    ],
    "hygiene": [
        ({"premises_area": "กว้างมาก"}, "premises_area"),
        ({"food_handlers": "2.5"}, "food_handlers"),
        ({"waste_system": "maybe"}, "waste_system"),
        ({"grease_trap": ""}, "grease_trap"),
    ],
}
"""By page: what is typed, and the field that the page must lead to."""

TOO_MUCH = {
    "hygiene": [
        ({"premises_area": "0.99"}, "premises_area"),
        ({"food_handlers": "-1"}, "food_handlers"),
        ({"food_handlers": "2001"}, "food_handlers"),
        ({"premises_area": "100001"}, "premises_area"),
    ],
    "shop": [
        ({"opening_date.day": "1", "opening_date.month": "1", "opening_date.year": "1900"}, "opening_date.day"),
        ({"opening_date.day": "", "opening_date.month": "12", "opening_date.year": "2569"}, "opening_date.day"),
    ],
}
"""Well formed, but outside what can be."""


def beside(page: HtmlElement, field: str) -> str:
    """The message beside a question, without the words for screen readers before it."""
    key = field.partition(".")[0]
    (said,) = page.xpath(f"//p[@id='{key}-error']")
    return text_of(said).removeprefix("ข้อผิดพลาด:").removeprefix("Error:").strip()


def shown(page: HtmlElement, name: str) -> str:
    """What a field of the page holds now."""
    for field in page.xpath(f"//*[@name='{name}']"):
        if field.get("type") not in {"radio", "checkbox"}:
            return str(field.value or "")
        if field.get("checked") is not None:
            return str(field.get("value"))
    return ""


def offered(page: HtmlElement, name: str, value: str) -> bool:
    """Whether a field can hold a value at all: a choice outside the list cannot be shown as chosen."""
    choices = page.xpath(f"//input[@type='radio' and @name='{name}']/@value")
    return not choices or value in choices


def told_once_above_and_once_beside(me: Browser, sent: dict[str, str], wrong: list[str]) -> None:
    """The page that refuses: status, summary, messages, and everything that was typed."""
    assert me.status == 422, me.words[:300]
    above = summary(me)
    assert sorted(above) == sorted(wrong)
    for field, words in above.items():
        assert words == beside(me.page, field)
        assert me.page.xpath(f"//*[@id='{field}']"), f"the link to {field} leads nowhere"
        assert me.page.xpath(f"//*[contains(@class,'has-error')]//*[@id='{field}']")
    kept = {name: shown(me.page, name) for name, value in sent.items() if offered(me.page, name, value)}
    assert kept == {name: value for name, value in sent.items() if name in kept}


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("topic", [*WRONG])
def test_every_wrong_answer_is_named_above_and_beside_and_nothing_typed_is_lost(
    shared: World, topic: str, language: str
) -> None:
    me = shared.citizen("mali", language)
    form = walk.start_form(me, fetch=False)
    sent = {name: value for fields, _ in WRONG[topic] for name, value in fields.items()}
    sent = {k: v for k, v in walk.SHOP[topic].items() if k in sent or k.startswith("applicant") is False} | sent

    me.open(f"{form}/topics/{topic}").press(NEXT, sent)

    told_once_above_and_once_beside(me, sent, [field for _, field in WRONG[topic]])
    thai = any("\u0e00" <= letter <= "\u0e7f" for letter in "".join(summary(me).values()).replace("ตำบลที่ไม่มีในแผนที่", ""))
    assert thai == (language == "th")
    again = me.open(f"{form}/topics/{topic}")
    kept = {name: shown(again.page, name) for name, value in sent.items() if offered(again.page, name, value)}
    assert kept == {name: value for name, value in sent.items() if name in kept}


def test_a_letter_that_no_document_could_show_is_named_when_it_is_typed_and_nothing_is_lost(shared: World) -> None:
    me = shared.citizen()
    form = walk.start_form(me, fetch=False)
    sent = walk.SHOP["shop"] | {"shop_name": "ครัว 李 ปิ่นโต 😀"}

    me.open(f"{form}/topics/shop").press(NEXT, sent)

    told_once_above_and_once_beside(me, sent, ["shop_name"])
    assert "พิมพ์ “李” “😀” ไม่ได้ ให้ใช้อักษรไทย" in summary(me)["shop_name"]
    me.press(NEXT, sent | {"shop_name": "ครัวหลี่ ปิ่นโต"})
    assert me.status == 200


@pytest.mark.parametrize("topic", [*TOO_MUCH])
def test_an_answer_outside_what_can_be_is_refused_with_the_limit(shared: World, topic: str) -> None:
    me = shared.citizen()
    form = walk.start_form(me, fetch=False)
    for fields, field in TOO_MUCH[topic]:
        sent = walk.SHOP[topic] | fields

        me.open(f"{form}/topics/{topic}").press(NEXT, sent)

        told_once_above_and_once_beside(me, sent, [field])
    if topic == "hygiene":
        me.must_see("ใส่พื้นที่ตั้งแต่ 1 ตร.ม. ถึง 100,000 ตร.ม.")


def test_a_wrong_answer_does_not_take_the_right_ones_of_its_page_with_it(shared: World) -> None:
    me = shared.citizen()
    form = walk.start_form(me, fetch=False)
    page = f"{form}/topics/hygiene"

    me.open(page).press(NEXT, walk.SHOP["hygiene"] | {"food_handlers": "หลายคน"})
    me.press(NEXT, {"food_handlers": "3"})

    assert me.status == 200
    assert me.open(page).page.get_element_by_id("premises_area").value.startswith("120")


def test_a_page_left_with_a_wrong_answer_is_a_task_with_a_problem_and_the_form_cannot_be_sent(shared: World) -> None:
    me = shared.citizen()
    form = walk.start_form(me, fetch=False)

    me.open(f"{form}/topics/hygiene").press("บันทึกและกลับมาทำต่อ", {"premises_area": "กว้างมาก"})

    assert me.status == 200
    me.must_see("แก้ 1 ข้อ").must_see("เปิดเมื่อส่วนอื่นเสร็จครบ")
    me.open(f"{form}/check").must_see("จึงยังส่งไม่ได้")
    assert not me.page.xpath("//form[contains(@action,'/submit')]")
    assert me.send(f"{form}/submit", {"idempotency_key": "0" * 64, "token": "0" * 64}).status == 422


def test_a_question_that_appears_by_an_answer_is_asked_before_the_form_can_be_sent(shared: World) -> None:
    me = shared.citizen()
    form = shared.filled(me, UNREGISTERED)
    me.open(f"{form}/topics/location").press(NEXT, UNREGISTERED["location"] | {"premises_right": "rent"})

    me.open(f"{form}/check").must_see("ยังขาด 2 ข้อ").must_see("ชื่อเจ้าของสถานที่").must_see("สัญญาเช่าสถานที่")

    me.open(f"{form}/topics/premises_owner").press(NEXT, {"premises_owner_name": ""})
    told_once_above_and_once_beside(me, {"premises_owner_name": ""}, ["premises_owner_name"])


def test_a_place_that_nobody_serves_here_is_said_before_sending(shared: World) -> None:
    me = shared.citizen()
    form = shared.filled(me, UNREGISTERED)
    elsewhere = {"premises_address.subdistrict": "ศรีภูมิ เมืองเชียงใหม่ เชียงใหม่"}
    me.open(f"{form}/topics/location").press(NEXT, UNREGISTERED["location"] | elsewhere)
    assert me.status == 200

    me.open(f"{form}/check")

    assert summary(me)
    if me.page.xpath("//form[contains(@action,'/submit')]"):
        me.press("ยอมรับและส่งคำขอ")
        assert me.status == 422
    assert me.open(form).status == 200


def test_a_form_with_a_thousand_fields_or_half_a_megabyte_is_turned_away_in_words(shared: World) -> None:
    me = shared.citizen()
    form = walk.start_form(me, fetch=False)
    page = f"{form}/topics/shop"

    many = me.send(page, {f"field{n}": "x" for n in range(1000)})
    assert many.status == 422
    many.must_see("คำตอบที่บันทึกไว้ยังอยู่ครบ")

    huge = me.send(page, {"shop_name": "ก" * 600_000})
    assert huge.status == 413
    huge.must_see("ใหญ่เกินที่รับได้")
