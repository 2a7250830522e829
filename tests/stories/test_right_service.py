"""A person chooses "a restaurant" once; whether it is notified or licensed follows from the floor area."""

from typing import Any

from sqlalchemy import select

from app.applications.models import Application
from app.demo import walk
from tests.stories.world import World, summary

LICENCE = "food-premises-licence"
HERE = {**walk.SHOP, "location": walk.SHOP["location"] | {"premises_address.house": "12/7"}}
"""A shop in a house that no register knows: its area is what its owner says."""
LARGE = {**HERE, "hygiene": {**walk.SHOP["hygiene"], "premises_area": "๒๔๐ ตร.ม."}}
NEXT = "บันทึกและไปหน้าถัดไป"
SWAPPED = "เราจึงเปลี่ยน “แจ้งเปิดร้านอาหาร” เป็น “ใบอนุญาตร้านอาหารขนาดใหญ่” ให้แล้ว"


def filed(world: World, form: str) -> list[Any]:
    """The applications that a form became."""
    query = select(Application.service_slug, Application.answers, Application.documents).where(
        Application.single_form_id == form.rpartition("/")[2]
    )
    return world.rows(query)


def test_a_large_shop_gets_the_licence_form_by_itself_and_says_so(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    walk.answer(me, form, LARGE)

    me.must_see("พื้นที่เกิน 200 ตร.ม.").must_see(SWAPPED).must_see("คำตอบเดิมอยู่ครบ")
    assert me.status == 200
    assert me.url.endswith("/topics/hygiene")
    assert summary(me) == {}
    for page in ("", "/documents", "/check"):
        me.open(form + page).must_see(SWAPPED)
    me.open("/my").must_see("ใบอนุญาตร้านอาหารขนาดใหญ่")
    assert not me.open(f"{form}/documents").sees("ภาพถ่ายร้าน"), "only the notification asks for photos"


def test_changing_the_area_back_changes_the_service_back_and_every_answer_is_still_there(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    walk.answer(me, form, LARGE)

    me.open(f"{form}/topics/hygiene").press(NEXT, {"premises_area": "120"})

    assert not me.sees("เราจึงเปลี่ยน")
    assert not me.open(form).sees("เราจึงเปลี่ยน")
    kept = me.open(f"{form}/topics/shop").page
    assert kept.get_element_by_id("shop_name").value == walk.SHOP["shop"]["shop_name"]
    assert me.open(f"{form}/topics/hygiene").page.get_element_by_id("food_handlers").value == "3"


def test_what_is_filed_is_the_licence_with_its_own_documents_and_fee(world: World) -> None:
    me = world.citizen()
    form = world.filled(me, LARGE)
    walk.submit(me, form)

    (sent,) = filed(world, form)
    asked = world.house.catalogue.services[LICENCE]

    assert sent.service_slug == LICENCE
    assert set(sent.answers) <= {question.key for question in asked.questions}
    assert {document["key"] for document in sent.documents} <= {use.key for use in asked.documents}
    me.open(f"{form}/confirmation").must_see("ใบอนุญาตร้านอาหารขนาดใหญ่")


def test_a_check_page_that_was_open_before_the_swap_sends_nothing(world: World) -> None:
    me = world.citizen()
    form = world.filled(me, HERE)
    old = world.tab(me).open(f"{form}/check")
    me.open(f"{form}/topics/hygiene").press(NEXT, {"premises_area": "240"})

    old.press("ยอมรับและส่งคำขอ")

    assert old.status == 409
    assert filed(world, form) == []
