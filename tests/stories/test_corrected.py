"""What was sent is corrected: as a whole until an officer takes it, one answer at a time afterwards."""

import json
from functools import partial

from sqlalchemy import ColumnElement, select

from app.applications.form_models import SingleForm
from app.applications.models import Application
from app.applications.refiling import Filing
from app.demo import walk
from tests.stories.world import Case, World, at_once

NEXT = "บันทึกและไปหน้าถัดไป"
SEND = "ยอมรับและส่งคำขอ"


def correction(case: Case) -> str:
    """The draft in which the person corrects what they sent."""
    case.told().follow("แก้คำตอบแล้วส่งใหม่").press("เริ่มแก้")
    return case.me.url.removeprefix(case.me.base)


def renamed(case: Case, name: str) -> str:
    """The same with another name of the shop in it, not sent yet."""
    draft = correction(case)
    case.me.open(f"{draft}/topics/shop").press(NEXT, {"shop_name": name})
    return draft


def test_until_an_officer_takes_it_everything_can_be_corrected_and_sent_again_under_the_same_number(
    world: World,
) -> None:
    case = world.submitted()
    (before,) = world.rows(select(SingleForm.snapshot, SingleForm.snapshot_sha256).where(_of(case)))

    draft = renamed(case, "ชื่อที่แก้แล้ว")
    case.me.open(f"{draft}/check").must_see("ฉบับเดิมยังมีผลจนกว่าคุณจะส่งฉบับนี้")
    case.me.press(SEND).must_see("ส่งคำขอแล้ว").must_see(case.number)

    case.told().must_see("แก้แล้วส่งใหม่").must_see(case.number)
    world.officer("nueng").open(case.desk).must_see("ชื่อที่แก้แล้ว")
    (kept,) = world.rows(select(Filing.number, Filing.snapshot, Filing.snapshot_sha256))
    assert (kept.number, kept.snapshot, kept.snapshot_sha256) == (1, before.snapshot, before.snapshot_sha256)
    (now,) = world.rows(select(SingleForm.snapshot, SingleForm.snapshot_sha256).where(_of(case)))
    assert now.snapshot_sha256 != before.snapshot_sha256
    said = {one["key"]: one["value"] for one in json.loads(now.snapshot)["answers"]}
    assert said["shop_name"] == "ชื่อที่แก้แล้ว"
    (mine,) = world.rows(select(Application.answers, Application.documents).where(Application.id == case.id))
    assert mine.answers["shop_name"]["value"] == "ชื่อที่แก้แล้ว"
    assert len(mine.documents) == len(json.loads(before.snapshot)["documents"]), "the files go with it"
    walk.take(world.officer("nueng"), case.desk)
    key = mine.documents[0]["key"]
    assert world.officer("nueng").open(f"{case.desk}/files/{key}").status == 200


def test_what_was_sent_stands_while_it_is_being_corrected_and_an_officer_who_was_faster_keeps_it(
    world: World,
) -> None:
    case = world.submitted()
    draft = renamed(case, "ชื่อที่มาช้า")
    case.me.open(f"{draft}/check")
    walk.take(world.officer("nueng"), case.desk)

    case.me.press(SEND)

    assert case.me.status == 409
    case.me.must_see("เจ้าหน้าที่รับเรื่องไปตรวจแล้ว")
    assert not world.officer("nueng").open(case.desk).sees("ชื่อที่มาช้า")
    assert "แก้คำตอบแล้วส่งใหม่" not in case.told().words
    assert case.me.open(f"{case.form}/correct").url.endswith("/track")


def test_pressing_twice_sends_one_correction_and_a_second_one_may_follow(world: World) -> None:
    case = world.submitted()
    draft = renamed(case, "แก้ครั้งแรก")
    tabs = [world.tab(case.me).open(f"{draft}/check") for _ in range(3)]

    at_once([partial(tab.press, SEND) for tab in tabs])

    for tab in tabs:
        tab.must_see("ส่งคำขอแล้ว")
    case.me.open(f"{renamed(case, 'แก้ครั้งที่สอง')}/check").press(SEND).must_see("ส่งคำขอแล้ว")
    filings = world.rows(
        select(Filing.number).join(SingleForm, SingleForm.id == Filing.single_form_id).where(_of(case))
    )
    assert sorted(row.number for row in filings) == [1, 2]
    world.officer("nueng").open(case.desk).must_see("แก้ครั้งที่สอง")


def _of(case: Case) -> ColumnElement[bool]:
    return SingleForm.id == select(Application.single_form_id).where(Application.id == case.id).scalar_subquery()


def taken(world: World) -> Case:
    """A case that an officer has taken to check."""
    case = world.submitted()
    walk.take(world.officer("nueng"), case.desk)
    return case


def asks(case: Case, name: str = "ครัวมะลิ แก้สะกด", why: str = "สะกดชื่อร้านผิดหนึ่งตัว") -> None:
    """The person asks for another name of the shop."""
    case.told().follow("ขอแก้คำตอบ")
    case.me.open(f"{case.mine}/change/shop_name").press("ส่งคำขอแก้", {"shop_name": name, "why": why})


def test_an_officer_who_has_the_case_accepts_a_change_and_everybody_sees_what_it_was_before(world: World) -> None:
    case, desk = taken(world), world.officer("nueng")
    before = case.told().page.xpath("//li[contains(@class,'line')]")[0].text_content()
    asks(case)
    case.me.must_see("รอเจ้าหน้าที่ตอบ").must_see("นาฬิกาไม่หยุด")
    desk.open(case.desk).must_see("สะกดชื่อร้านผิดหนึ่งตัว").must_see("ครัวมะลิ แก้สะกด")
    (mine,) = world.rows(select(Application.answers, Application.check_by).where(Application.id == case.id))
    assert mine.answers["shop_name"]["value"] == walk.SHOP["shop"]["shop_name"], "what was sent stands"

    desk.press("รับการแก้")

    desk.must_see("ผู้ยื่นแก้แล้ว").must_see(f"เดิม “{walk.SHOP['shop']['shop_name']}”")
    (now,) = world.rows(select(Application.answers, Application.check_by).where(Application.id == case.id))
    assert now.answers["shop_name"]["value"] == "ครัวมะลิ แก้สะกด"
    assert now.check_by == mine.check_by, "the clock goes on as it was"
    case.me.open(f"{case.mine}/change").must_see("รับการแก้แล้ว")
    case.me.open("/inbox").must_see("เจ้าหน้าที่รับการแก้คำตอบ")
    assert "ขอแก้คำตอบ" in before


def test_a_refusal_needs_a_reason_which_the_person_reads_and_until_then_nothing_is_decided(world: World) -> None:
    case = world.accepted()
    asks(case)
    desk = world.officer("song")
    desk.open(f"{case.desk}/decide/approve").press("ลงชื่ออนุญาต")
    assert desk.status == 409
    desk.must_see("ตอบคำขอนั้นก่อน")

    desk.open(case.desk).press("ไม่รับการแก้", {"reason": "ไม่"})
    assert desk.status == 422
    desk.must_see("อธิบายว่าทำไมไม่รับ")
    desk.press("ไม่รับการแก้", {"reason": "ชื่อต้องตรงกับป้ายในรูปถ่ายที่ส่งมา"})

    case.me.open(f"{case.mine}/change").must_see("ไม่รับการแก้").must_see("ชื่อต้องตรงกับป้ายในรูปถ่ายที่ส่งมา")
    walk.decide(desk, case.desk, "approve", "ลงชื่ออนุญาต")
    assert case.me.open(f"{case.mine}/change/shop_name").url.endswith("/change"), "what is decided stands"


def test_a_change_is_asked_with_a_fitting_answer_a_difference_and_a_reason_and_may_be_taken_back(world: World) -> None:
    case = taken(world)
    asks(case, why="สั้น")
    assert case.me.status == 422
    case.me.must_see("บอกว่าทำไมต้องแก้")
    assert case.me.page.get_element_by_id("shop_name").value == "ครัวมะลิ แก้สะกด"
    asks(case, name=walk.SHOP["shop"]["shop_name"])
    case.me.must_see("เหมือนที่ส่งไปแล้ว")
    asks(case, name="")
    assert case.me.status == 422
    asks(case)

    case.me.press("ยกเลิกคำขอแก้")

    case.me.must_see("คุณยกเลิกคำขอแก้")
    assert not world.officer("nueng").open(case.desk).sees("ครัวมะลิ แก้สะกด")


def test_a_change_that_costs_another_fee_says_so_before_it_is_accepted(world: World) -> None:
    case, desk = taken(world), world.officer("nueng")
    (before,) = world.rows(select(Application.fee_satang).where(Application.id == case.id))
    why = "วัดพื้นที่ใหม่ได้มากกว่าเดิม"
    case.me.open(f"{case.mine}/change/premises_area").press("ส่งคำขอแก้", {"premises_area": "90", "why": why})
    assert case.me.status == 200, case.me.words
    desk.open(case.desk).press("รับการแก้")

    (now,) = world.rows(select(Application.fee_satang, Application.quote).where(Application.id == case.id))

    assert now.quote["total"] == now.fee_satang
    assert now.fee_satang != before.fee_satang
