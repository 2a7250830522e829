"""Stuck on a page: the question reaches the agency, the answer the person, and perhaps everybody; nothing typed is lost."""

from app.demo import walk
from tests.stories.world import World


def test_a_question_on_a_page_keeps_what_was_typed_and_is_answered_by_the_agency_for_everybody(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, fetch=False)
    walk.answer(me, form, {"location": walk.SHOP["location"]})
    typed = {**walk.SHOP["shop"], "shop_name": "ครัวกำลังถาม"}
    me.open(f"{form}/topics/shop").press("ถามหน่วยงานเรื่องหน้านี้", typed)
    assert me.url.endswith("/ask/shop")
    me.must_see("ผู้ตอบ: เทศบาลเมืองตัวอย่าง")
    me.press("ส่งคำถาม", {"text": " "})
    assert me.status == 422

    me.press("ส่งคำถาม", {"text": "ร้านเล็กที่บ้านเลขที่ 99/1 ต้องนับที่จอดรถไหม", "about": "shop_name"})

    me.must_see("รอคำตอบ")
    assert "ครัวกำลังถาม" in str(me.open(f"{form}/topics/shop").page.xpath("//input[@name='shop_name']/@value"))
    desk = world.officer("nueng").open("/officer/questions")
    desk.must_see("ต้องนับที่จอดรถไหม").must_see("ชื่อร้าน")
    desk.press("ส่งคำตอบ", {"answer": ""})
    assert desk.status == 422
    desk.open("/officer/questions").press(
        "ส่งคำตอบ", {"answer": "ไม่นับที่จอดรถ นับเฉพาะที่ใช้ประกอบกิจการ", "shared_as": "พื้นที่นับรวมที่จอดรถหรือไม่"}
    )

    desk.must_see("ไม่มีคำถามที่รอตอบ")
    me.open("/inbox").must_see("หน่วยงานตอบคำถามของคุณแล้ว")
    me.open("/my/questions").must_see("ไม่นับที่จอดรถ")
    manual = world.stranger().open(f"/services/{walk.SERVICE}")
    manual.must_see("พื้นที่นับรวมที่จอดรถหรือไม่").must_see("ไม่นับที่จอดรถ")
    assert not manual.sees("บ้านเลขที่ 99/1"), "what one person wrote is not shown to others"


def test_who_mends_asks_the_agency_that_sent_it_back_and_what_was_typed_stays(world: World) -> None:
    case = world.returned(missing={"answer-shop_name": "เขียนชื่อร้านให้ตรงกับป้าย"})
    me, notice = case.me, f"{case.mine}/deficiency"
    me.open(notice).press("ถามหน่วยงานเรื่องหน้านี้", {"shop_name": "ครัวกำลังถาม"})
    assert me.url.endswith("/deficiency/ask")
    me.must_see("ผู้ตอบ: เทศบาลเมืองตัวอย่าง").press("ส่งคำถาม", {"text": "ป้ายภาษาอังกฤษได้ไหม", "about": "shop_name"})

    me.must_see("รอคำตอบ").must_see("บันทึกข้อบกพร่อง")
    assert me.open(notice).page.get_element_by_id("shop_name").value == "ครัวกำลังถาม"
    world.officer("nueng").open("/officer/questions").must_see("ป้ายภาษาอังกฤษได้ไหม").must_see("ชื่อร้าน")
    me.press("ส่งที่แก้แล้ว", {"shop_name": "ครัวมะลิ ตามป้าย"})
    assert me.open(f"{notice}/ask").status == 409, "there is nothing to mend any more"


def test_the_check_page_can_be_asked_about_too(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, fetch=False)
    assert me.open(f"{form}/check").links("/ask/check$")
    assert me.open(f"{form}/ask/check").must_see("ตรวจคำตอบก่อนส่งคำขอ").status == 200
