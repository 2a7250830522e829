"""What the State knows is filled in and stays the State's word; what it cannot say now, the person types. Nobody waits."""

import json

import pytest
from sqlalchemy import select

from app.applications.form_models import SingleForm
from app.applications.models import Application
from app.demo import walk
from tests.stories.world import Case, World

TYPED = {
    "applicant": {
        "applicant_title": "นางสาว",
        "applicant_given_name": "สมมุติ",
        "applicant_family_name": "ทดลอง",
        "applicant_birth_date.day": "",
        "applicant_birth_date.month": "",
        "applicant_birth_date.year": "๒๕๓๓",
        "applicant_address.house": "๘",
        "applicant_address.moo": "1",
        "applicant_address.subdistrict": "พระปฐมเจดีย์ เมืองนครปฐม นครปฐม",
        **walk.SHOP["applicant"],
    },
    **{topic: fields for topic, fields in walk.SHOP.items() if topic != "applicant"},
}
NO_ANSWER, NOTHING = "ทะเบียนของรัฐยังไม่ตอบ", "ทะเบียนของรัฐไม่มีข้อมูลที่ใช้ได้"


def answers_of(world: World, case: Case) -> dict[str, dict[str, object]]:
    """What the agency got."""
    answers: dict[str, dict[str, object]] = world.rows(select(Application.answers).where(Application.id == case.id))[0][
        0
    ]
    return answers


@pytest.mark.parametrize(
    ("person", "words"),
    [("saman", NO_ANSWER), ("waeo", NO_ANSWER), ("rian", NO_ANSWER), ("prang", NOTHING)],
)
def test_a_registry_that_fails_babbles_or_knows_nobody_stops_no_one(world: World, person: str, words: str) -> None:
    me = world.citizen(person)
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    me.open(form).must_see(words).must_see("กรอกเองได้เลย")

    walk.answer(me, form, TYPED)
    assert walk.attach(me, form) == 6  # the register of buildings is another one, and answers
    walk.submit(me, form)

    case = world.sent(me, form)
    assert {answer["source"] for answer in answers_of(world, case).values()} <= {"", "ทะเบียนอาคารของท้องถิ่น"}
    world.officer("nueng").open(case.desk).must_see("ผู้ยื่นกรอก")


def test_nobody_waits_for_a_slow_registry(world: World) -> None:
    me = world.citizen("chalo")
    form = walk.start_form(me)
    me.open(form).must_see("กำลังดึงข้อมูล")

    walk.answer(me, form, TYPED)
    walk.attach(me, form)
    walk.submit(me, form)

    (row,) = world.rows(select(SingleForm.prefill).where(SingleForm.id == form.rpartition("/")[2]))
    assert row.prefill in {"queued", "unreachable"}
    case = world.sent(me, form)
    assert answers_of(world, case)["applicant_given_name"]["value"] == "สมมุติ"
    world.when_idle()
    assert answers_of(world, case)["applicant_given_name"]["value"] == "สมมุติ"


def test_who_does_not_allow_fetching_types_everything_and_files_all_the_same(world: World) -> None:
    me = world.citizen("bunma")
    form = walk.start_form(me, fetch=False)
    me.open(form)
    assert not me.sees("กำลังดึงข้อมูล")
    assert not me.open(f"{form}/topics/applicant").sees("กรมการปกครอง")

    walk.answer(me, form, TYPED)
    assert walk.attach(me, form) == 7
    walk.submit(me, form)

    case = world.sent(me, form)
    assert {answer["source"] for answer in answers_of(world, case).values()} == {""}
    assert form.rpartition("/")[2] not in me.open("/access.csv").content.decode()


def test_fetched_answers_carry_their_source_are_not_typed_again_and_replace_two_papers(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    walk.await_prefill(me, form)

    page = me.open(f"{form}/topics/applicant")

    page.must_see("กรมการปกครอง").must_see("มะลิ").must_see("15 มิถุนายน 2538")
    assert not {name for name in page.field_names() if name.startswith(("applicant_given", "applicant_birth"))}
    me.open(f"{form}/documents").must_see("เราขอให้แล้ว").must_see("ไม่ต้องใช้สำเนา")


def test_a_forged_form_puts_no_word_into_the_mouth_of_a_registry(world: World) -> None:
    me = world.citizen()
    form = world.filled(me)

    me.send(f"{form}/topics/applicant", {"applicant_given_name": "คนอื่น", "revision.applicant_given_name": "0"})
    walk.submit(me, form)

    case = world.sent(me, form)
    given = answers_of(world, case)["applicant_given_name"]
    assert (given["value"], given["source"], given["fetched"]) == ("คนอื่น", "", "มะลิ")
    world.officer("nueng").open(case.desk).must_see("ไม่ตรงกัน: ทะเบียนบอกว่า “มะลิ”")


def test_who_says_that_fetched_data_is_wrong_types_it_and_the_officer_sees_both(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    me.open(f"{form}/topics/applicant").press("ข้อมูลนี้ไม่ตรงกับฉัน")
    me.must_see("ทะเบียนบอกว่า “ตัวอย่าง”")
    own = {"applicant_family_name": "ตัวอย่างใหม่", **walk.SHOP["applicant"]}
    me.press("บันทึกและไปหน้าถัดไป", own)
    assert me.status == 200
    walk.answer(me, form, {topic: fields for topic, fields in walk.SHOP.items() if topic != "applicant"})
    walk.attach(me, form)
    walk.submit(me, form)

    case = world.sent(me, form)

    name = answers_of(world, case)["applicant_family_name"]
    assert (name["value"], name["source"], name["fetched"]) == ("ตัวอย่างใหม่", "", "ตัวอย่าง")
    desk = world.officer("nueng").open(case.desk)
    desk.must_see("ตัวอย่างใหม่").must_see("ไม่ตรงกัน: ทะเบียนบอกว่า “ตัวอย่าง”")


def test_what_is_hashed_is_what_was_shown_and_what_the_agency_got(world: World) -> None:
    me = world.citizen()
    form = world.filled(me)
    key = str(me.open(f"{form}/check").page.xpath("//input[@name='idempotency_key']/@value")[0])
    rows = me.page.xpath("//dl[contains(@class,'summary')]//dd")
    shown = " ".join(me.words.split())
    me.press("ยอมรับและส่งคำขอ")

    (sent,) = world.rows(select(SingleForm.snapshot, SingleForm.snapshot_sha256).where(SingleForm.id == form[-36:]))
    body = json.loads(sent.snapshot)
    assert sent.snapshot_sha256 == key
    assert rows
    assert walk.SHOP["shop"]["shop_name"] in shown
    case = world.sent(me, form)
    got = {name: answer["value"] for name, answer in answers_of(world, case).items()}
    assert got == {answer["key"]: answer["value"] for answer in body["answers"]}
    assert me.open(f"{form}/confirmation").status == 200
