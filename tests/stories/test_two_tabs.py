"""One form open in two tabs, or on two devices: nobody's answer is overwritten in silence, and nothing is lost."""

import json
from collections import Counter
from functools import partial

from app.demo import walk
from app.demo.browsing import Browser, text_of
from tests.stories.world import World, at_once, summary

SHOP = walk.SHOP["shop"]
NEXT = "บันทึกและไปหน้าถัดไป"
CHOSEN = "ใช้คำตอบที่เลือก"


def sides(browser: Browser, question: str) -> dict[str, str]:
    """Both answers to one question as the page lays them side by side."""
    radios = browser.page.xpath(f"//input[@name='choose.{question}']")
    return {radio.get("value"): text_of(radio.getnext()) for radio in radios}


def test_a_page_saved_meanwhile_in_another_tab_shows_both_answers_and_the_second_save_wins_knowingly(
    world: World,
) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me)}/topics/shop"
    me.open(page).press(NEXT, {**SHOP, "shop_name": "ครัวมะลิ"})
    first, second = me.open(page), world.tab(me).open(page)
    first.press(NEXT, {"shop_name": "ครัวมะลิ สาขา 1"})

    second.press(NEXT, {"shop_name": "ครัวมะลิ สาขา 2"})

    assert second.status == 409
    second.must_see("คำตอบ 1 ข้อไม่ตรงกัน").must_see("คุณ จากอีกหน้าจอหนึ่ง")
    assert sides(second, "shop_name") == {"theirs": "ครัวมะลิ สาขา 1", "mine": "ครัวมะลิ สาขา 2"}
    assert first.open(page).page.get_element_by_id("shop_name").value == "ครัวมะลิ สาขา 1"
    second.press(CHOSEN)
    assert second.status == 422, "nobody chooses for the person"
    assert [*summary(second)] == ["choose.shop_name"]
    assert sides(second, "shop_name") == {"theirs": "ครัวมะลิ สาขา 1", "mine": "ครัวมะลิ สาขา 2"}

    second.press(CHOSEN, {"choose.shop_name": "mine"})

    assert second.status == 200
    assert "/topics/shop" not in second.url, "the page that was to follow"
    assert first.open(page).page.get_element_by_id("shop_name").value == "ครัวมะลิ สาขา 2"


def test_each_answer_is_chosen_for_itself_and_what_changes_meanwhile_is_asked_again(world: World) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me)}/topics/shop"
    me.open(page).press(NEXT, SHOP)
    first, second = me.open(page), world.tab(me).open(page)
    first.press(NEXT, {"shop_name": "ชื่อแรก", "opening_hours": "เช้า"})
    second.press(NEXT, {"shop_name": "ชื่อสอง", "opening_hours": "เย็น"})
    first.open(page).press(NEXT, {"opening_hours": "เที่ยง"})

    second.press(CHOSEN, {"choose.shop_name": "theirs", "choose.opening_hours": "mine"})

    assert second.status == 409, "it was changed once more while the person was choosing"
    assert sides(second, "opening_hours") == {"theirs": "เที่ยง", "mine": "เย็น"}
    second.press(CHOSEN, {"choose.opening_hours": "mine"})
    kept = first.open(page).page
    assert kept.get_element_by_id("shop_name").value == "ชื่อแรก"
    assert kept.get_element_by_id("opening_hours").value == "เย็น"


def test_a_change_is_kept_at_once_without_touching_what_was_not_changed(world: World) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me)}/topics/shop"
    me.open(page).press(NEXT, SHOP)

    said = json.loads(me.send(f"{page}/keep", {"revision.shop_name": "1", "shop_name": "ชื่อที่พิมพ์ค้าง"}).content)

    assert said["seen"] == {"revision.shop_name": "2"}
    assert said["clashes"] == []
    assert said["words"].startswith("บันทึกแล้ว ")
    kept = me.open(page).page
    assert kept.get_element_by_id("shop_name").value == "ชื่อที่พิมพ์ค้าง"
    assert kept.get_element_by_id("opening_hours").value == SHOP["opening_hours"]
    assert not summary(me), "nothing is complained about while somebody types"


def test_a_change_kept_on_an_old_revision_overwrites_nothing_and_says_so(world: World) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me)}/topics/shop"
    me.open(page).press(NEXT, SHOP)
    me.open(page).press(NEXT, {"shop_name": "จากโทรศัพท์"})

    said = json.loads(me.send(f"{page}/keep", {"revision.shop_name": "1", "shop_name": "จากเครื่องโต๊ะ"}).content)

    assert said["clashes"] == ["shop_name"]
    assert said["seen"] == {}
    assert me.open(page).page.get_element_by_id("shop_name").value == "จากโทรศัพท์"


def test_what_the_other_tab_did_not_touch_is_saved_although_one_answer_clashes(world: World) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me)}/topics/shop"
    me.open(page).press(NEXT, SHOP)
    first, second = me.open(page), world.tab(me).open(page)
    first.press(NEXT, {"shop_name": "ชื่อใหม่"})

    second.press(NEXT, {"shop_name": "อีกชื่อ", "opening_hours": "วันจันทร์ถึงวันศุกร์"})

    assert second.status == 409
    kept = first.open(page).page
    assert kept.get_element_by_id("opening_hours").value == "วันจันทร์ถึงวันศุกร์"
    assert kept.get_element_by_id("shop_name").value == "ชื่อใหม่"


def test_the_same_answer_from_two_tabs_is_no_clash(world: World) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me)}/topics/shop"
    first, second = me.open(page), world.tab(me).open(page)
    first.press(NEXT, SHOP)

    second.press(NEXT, SHOP)

    assert second.status == 200


def test_a_first_answer_from_an_old_page_does_not_replace_the_one_given_meanwhile(world: World) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me)}/topics/shop"
    first, second = me.open(page), world.tab(me).open(page)
    first.press(NEXT, SHOP)

    second.press(NEXT, {**SHOP, "shop_name": "จากหน้าที่เปิดค้างไว้"})

    assert second.status == 409
    assert first.open(page).page.get_element_by_id("shop_name").value == SHOP["shop_name"]


def test_eight_tabs_that_save_different_answers_at_once_leave_one_and_ask_the_others(world: World) -> None:
    me = world.citizen()
    page = f"{walk.start_form(me)}/topics/shop"
    me.open(page).press(NEXT, SHOP)
    tabs = [world.tab(me).open(page) for _ in range(8)]

    at_once([partial(tab.press, NEXT, {"shop_name": f"ครัวที่ {n}"}) for n, tab in enumerate(tabs)])

    assert Counter(tab.status for tab in tabs) == {200: 1, 409: 7}
    (winner,) = (n for n, tab in enumerate(tabs) if tab.status == 200)
    assert me.open(page).page.get_element_by_id("shop_name").value == f"ครัวที่ {winner}"
    for tab in tabs:
        if tab.status == 409:
            assert sides(tab, "shop_name")["theirs"] == f"ครัวที่ {winner}"


def test_two_devices_clash_like_two_tabs(world: World) -> None:
    phone, desktop = world.citizen(), world.citizen()
    form = walk.start_form(phone)
    page = f"{form}/topics/shop"
    phone.open(page).press(NEXT, SHOP)
    desktop.open(page)
    phone.open(page).press(NEXT, {"opening_hours": "ทุกวัน"})

    desktop.press(NEXT, {"opening_hours": "เว้นวันพระ"})

    assert desktop.status == 409
    assert sides(desktop, "opening_hours") == {"theirs": "ทุกวัน", "mine": "เว้นวันพระ"}


def test_what_is_sent_is_what_was_last_seen_and_a_tab_left_open_cannot_change_it_afterwards(world: World) -> None:
    me = world.citizen()
    form = world.filled(me)
    old, typing, files = (world.tab(me).open(f"{form}/{page}") for page in ("check", "topics/shop", "documents"))
    me.open(f"{form}/topics/shop").press(NEXT, {"shop_name": "ครัวมะลิ เปลี่ยนชื่อแล้ว"})

    old.press("ยอมรับและส่งคำขอ")
    assert old.status == 409
    old.must_see("คำตอบเปลี่ยนไปหลังจากที่คุณเปิดหน้านี้").must_see("ครัวมะลิ เปลี่ยนชื่อแล้ว")
    old.press("ยอมรับและส่งคำขอ").must_see("ส่งคำขอแล้ว")

    assert typing.press(NEXT, {"shop_name": "ชื่อที่มาช้า"}).status == 409
    assert files.press("ลบ").status == 409
    for tab in (typing, files):
        tab.must_see("คุณส่งแบบฟอร์มนี้ไปแล้ว")


def test_the_last_answers_of_a_deficiency_notice_are_not_overwritten_by_a_tab_that_was_open_before(
    world: World,
) -> None:
    case = world.returned(missing={"answer-shop_name": "เขียนชื่อร้านให้ตรงกับป้าย"})
    notice = f"{case.mine}/deficiency"
    first, second = case.me.open(notice), world.tab(case.me).open(notice)
    first.press("ส่งที่แก้แล้ว", {"shop_name": "ครัวมะลิ ตามป้าย"})

    second.press("ส่งที่แก้แล้ว", {"shop_name": "จากหน้าที่เปิดค้างไว้"})

    assert second.status == 409
    world.officer("nueng").open(case.desk).must_see("ครัวมะลิ ตามป้าย")
