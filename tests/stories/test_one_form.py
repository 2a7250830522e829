"""One form for several services: chosen in the address, changed while it is open, nothing lost."""

from app.demo import walk
from tests.stories.world import World, summary

NOTIFICATION, LICENCE = walk.SERVICE, "food-premises-licence"
NEXT = "บันทึกและไปหน้าถัดไป"


def test_a_stranger_sees_what_the_choice_takes_before_signing_in(world: World) -> None:
    somebody = world.stranger().open(f"/start?service={NOTIFICATION}")

    assert somebody.status == 200
    somebody.must_see("เลือกแล้ว 1 เรื่อง").must_see("ไม่เกิน 1,000 บาท").must_see("7 วันทำการ")
    somebody.must_see("แผนที่ตั้งและแผนผังภายในร้าน").must_see("ถ้าสิทธิในสถานที่คือ “เช่า”")
    somebody.must_see("ถ้าพื้นที่เกิน 200 ตร.ม. เราเปลี่ยนเป็นใบอนุญาตร้านอาหารขนาดใหญ่ให้เอง")
    somebody.must_see("เราดึงให้").must_see("สำเนาบัตรประจำตัวประชาชน")


def test_the_choice_is_carried_through_the_search_and_the_manuals(world: World) -> None:
    somebody = world.stranger().open("/services?q=ร้านอาหาร")
    somebody.follow("เลือกเรื่องนี้")
    assert somebody.url.endswith(f"/start?service={NOTIFICATION}")

    somebody.follow("งานบริการทั้งหมด").must_see("เลือกแล้ว 1 เรื่อง")
    somebody.press("ค้นหา", {"q": "ร้านอาหาร"}).must_see("เลือกแล้ว 1 เรื่อง")
    somebody.open(somebody.links(f"/services/{LICENCE}")[0]).must_see("เลือกแล้ว 1 เรื่อง")

    assert somebody.links(r"/start\?service=.*&service=")


def test_an_alternative_of_what_is_chosen_is_not_a_second_choice_and_the_unknown_is_left_out(world: World) -> None:
    somebody = world.stranger().open(f"/start?service={NOTIFICATION}&service={LICENCE}&service=dragon-riding")

    somebody.must_see("เลือกแล้ว 1 เรื่อง")
    somebody.follow("เอาออก").must_see("เลือกเรื่องที่จะยื่นในแบบฟอร์มเดียว")
    assert not somebody.sees("เริ่มกรอกแบบฟอร์มเดียว")


def test_a_form_cannot_begin_for_nothing_or_for_what_nobody_offers(world: World) -> None:
    me = world.citizen()

    assert me.open("/start/notice").status == 404
    assert me.open("/start/notice?service=dragon-riding").status == 404


def test_the_same_choice_again_leads_back_to_the_draft(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)

    assert me.open(f"/start/notice?service={NOTIFICATION}").url.endswith(form)


def test_a_form_keeps_at_least_one_service(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)

    me.open(f"{form}/services").press("ใช้เรื่องที่เลือกนี้", {"service": []})

    assert me.status == 422
    assert [*summary(me)] == ["service"]
