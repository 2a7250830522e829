"""Two people on one form, the applicant and an agent: neither overwrites the other, and a mandate is never stretched."""

from app.demo import walk
from tests.stories.test_mandates import CHAEM, accepted, given
from tests.stories.test_two_tabs import CHOSEN, sides
from tests.stories.world import World

SHOP = walk.SHOP["shop"]
NEXT = "บันทึกและไปหน้าถัดไป"


def test_the_agent_and_the_applicant_on_one_page_clash_instead_of_overwriting_each_other(world: World) -> None:
    tasi, chaem = world.citizen("tasi"), world.citizen("chaem")
    accepted(chaem, given(world, tasi, CHAEM))
    page = f"{walk.start_form(tasi)}/topics/shop"
    tasi.open(page).press(NEXT, SHOP)
    tasi.open(page)
    chaem.open(page).press(NEXT, {"shop_name": "ชื่อที่ผู้รับมอบใส่"})

    tasi.press(NEXT, {"shop_name": "ชื่อที่เจ้าของใส่"})

    assert tasi.status == 409
    assert sides(tasi, "shop_name") == {"theirs": "ชื่อที่ผู้รับมอบใส่", "mine": "ชื่อที่เจ้าของใส่"}
    tasi.must_see("แจ่ม")
    tasi.press(CHOSEN, {"choose.shop_name": "mine"})
    assert chaem.open(page).page.get_element_by_id("shop_name").value == "ชื่อที่เจ้าของใส่"


def test_an_agent_cannot_add_a_service_that_the_mandate_is_not_for(world: World) -> None:
    tasi, chaem = world.citizen("tasi"), world.citizen("chaem")
    accepted(chaem, given(world, tasi, CHAEM, walk.SERVICE))
    form = walk.start_form(chaem)

    chaem.open(f"{form}/services").press("ใช้เรื่องที่เลือกนี้", {"service": [walk.SERVICE, "liquor-retail"]})

    assert chaem.status == 403
    assert not chaem.open(form).sees("ใบอนุญาตขายสุรา")


def test_an_answer_that_calls_for_another_service_does_not_stretch_a_mandate(world: World) -> None:
    tasi, chaem = world.citizen("tasi"), world.citizen("chaem")
    accepted(chaem, given(world, tasi, CHAEM, walk.SERVICE))
    unregistered = walk.SHOP["location"] | {"premises_address.house": "12/7"}
    large = {**walk.SHOP, "location": unregistered, "hygiene": {**walk.SHOP["hygiene"], "premises_area": "450"}}
    form = world.filled(chaem, large)

    chaem.open(f"{form}/check").press("ยอมรับและส่งคำขอ")

    assert chaem.status == 403
    tasi.open(f"{form}/check").must_see("ครบทุกข้อแล้ว")
