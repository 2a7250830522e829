"""With JavaScript nothing that was typed is lost: no connection, a reload, a dead server, two screens, a long absence."""

import io
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Route

from app.core.clock import MovedClock
from app.demo import slow_phone, walk
from app.demo.provider import agree
from app.demo.running import Running, Server
from tests.browser.visiting import Visitor, visitor
from tests.served import free_pair

pytestmark = pytest.mark.browser
NEXT = "บันทึกและไปหน้าถัดไป"
NAME, HOURS = "shop_name", "opening_hours"
REFUSED = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "401 (Unauthorized)")
"""What Chromium writes about requests that these stories make fail."""


@pytest.fixture
def citizen(chromium: Browser, portal: Running) -> Iterator[Visitor]:
    """Somebody at the page about their shop."""
    with visitor(chromium, portal.url, portal.outside) as somebody:
        somebody.sign_in("mali")
        somebody.open(walk.start_address())
        somebody.press("รับทราบและเริ่มกรอก")
        somebody.open(f"{somebody.path}/topics/shop")
        yield somebody
        assert [said for said in somebody.complaints if not any(known in said for known in REFUSED)] == []


def box(somebody: Visitor, name: str = NAME) -> Locator:
    """The box of a question."""
    return somebody.page.locator(f"#{name}")


def told(somebody: Visitor, words: str) -> None:
    """The page says how safe things are."""
    somebody.page.locator("[data-kept] p:visible", has_text=somebody.said(words)).wait_for()


def held(somebody: Visitor) -> list[str]:
    """What this tab keeps for itself."""
    return [key for key in somebody.page.evaluate("Object.keys(sessionStorage)") if key.startswith("unsaved:")]


def kept(somebody: Visitor, name: str = NAME) -> str:
    """What the portal has, seen from another tab."""
    other = somebody.context.new_page()
    other.goto(somebody.page.url)
    value = other.locator(f"#{name}").input_value()
    other.close()
    return value


def picture(width: int, height: int) -> bytes:
    """A photo too large to be sent in one piece."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 90).save(out, "JPEG", quality=85)
    return out.getvalue()


def test_every_change_is_saved_without_pressing_anything_and_the_page_says_when(citizen: Visitor) -> None:
    box(citizen).fill("ครัวมะลิ")
    told(citizen, "บันทึกแล้ว %(time)s")

    assert kept(citizen) == "ครัวมะลิ"
    assert held(citizen) == []
    citizen.page.reload()
    assert box(citizen).input_value() == "ครัวมะลิ"


def test_without_a_connection_the_page_says_so_and_nothing_is_lost_through_leaving_and_coming_back(
    citizen: Visitor,
) -> None:
    here = citizen.page.url
    citizen.context.set_offline(True)
    box(citizen).fill("ครัวนอกเครือข่าย")
    told(citizen, "ติดต่อระบบไม่ได้")
    citizen.button(NEXT).click()
    assert citizen.page.url == here, "an unsaved page was left"
    box(citizen, HOURS).fill("ทุกวัน 09.00 น. ถึง 20.00 น.")
    citizen.context.route("**/keep", lambda route: route.abort("connectionrefused"))
    citizen.context.set_offline(False)

    citizen.page.reload()

    assert (box(citizen).input_value(), box(citizen, HOURS).input_value()) == (
        "ครัวนอกเครือข่าย",
        "ทุกวัน 09.00 น. ถึง 20.00 น.",
    )
    told(citizen, "ติดต่อระบบไม่ได้")
    citizen.context.unroute("**/keep")
    told(citizen, "บันทึกแล้ว %(time)s")
    assert (kept(citizen), kept(citizen, HOURS)) == ("ครัวนอกเครือข่าย", "ทุกวัน 09.00 น. ถึง 20.00 น.")
    assert held(citizen) == []


def test_a_portal_that_dies_and_comes_back_gets_by_itself_what_was_typed_meanwhile(
    citizen: Visitor, portal: Running
) -> None:
    port = free_pair()
    first = Server(portal.portal.web, port, "mortal")
    first.start()
    citizen.page.goto(citizen.page.url.replace(portal.url, f"http://127.0.0.1:{port}"))
    first.stop()
    box(citizen).fill("ครัวที่รอด")
    told(citizen, "ติดต่อระบบไม่ได้")

    second = Server(portal.portal.web, port, "risen")
    second.start()

    told(citizen, "บันทึกแล้ว %(time)s")
    assert kept(citizen) == "ครัวที่รอด"
    second.stop()
    citizen.complaints[:] = [said for said in citizen.complaints if f"asks http://127.0.0.1:{port}/" not in said]


def test_two_screens_that_change_one_answer_are_shown_both_and_the_person_chooses(citizen: Visitor) -> None:
    box(citizen).fill("ชื่อเดิม")
    told(citizen, "บันทึกแล้ว %(time)s")
    other = Visitor(citizen.context, citizen.context.new_page(), citizen.base, "th", citizen.width)
    other.page.goto(citizen.page.url)
    box(other).fill("ชื่อจากอีกจอ")
    told(other, "บันทึกแล้ว %(time)s")

    box(citizen).fill("ชื่อจากจอนี้")

    told(citizen, "มีคำตอบที่ไม่ตรงกัน")
    assert kept(citizen) == "ชื่อจากอีกจอ"
    citizen.page.get_by_role("button", name="ดูทั้งสองคำตอบแล้วเลือก").click()
    assert citizen.sees("ชื่อจากอีกจอ")
    citizen.page.get_by_text("ชื่อจากจอนี้").click()
    citizen.press("ใช้คำตอบที่เลือก")
    assert kept(other) == "ชื่อจากจอนี้"
    assert held(citizen) == []


def test_a_page_of_the_form_is_light_enough_for_a_slow_phone(citizen: Visitor) -> None:
    weighed = slow_phone.weighing(citizen.context.new_cdp_session(citizen.page))
    citizen.page.reload(wait_until="networkidle")

    assert weighed.kb <= 150, weighed.bytes_of
    assert {"html", "css", "js", "fonts"} <= weighed.bytes_of.keys()
    assert weighed.bytes_of["html"] + weighed.bytes_of["css"] + weighed.bytes_of["js"] <= 30_000, "text is compressed"
    assert weighed.requests <= 25


def test_what_is_typed_before_the_script_has_come_is_saved_when_it_comes(citizen: Visitor) -> None:
    slow: list[Route] = []

    def hold(route: Route) -> None:
        slow.append(route)

    citizen.context.route("**/saving.js", hold)
    citizen.page.reload(wait_until="commit")
    box(citizen).fill("ครัวบนเน็ตช้า")
    while not slow:
        citizen.page.wait_for_timeout(50)
    slow[0].continue_()
    citizen.context.unroute("**/saving.js")

    told(citizen, "บันทึกแล้ว %(time)s")
    assert kept(citizen) == "ครัวบนเน็ตช้า"


def test_an_answer_of_the_portal_that_is_lost_on_the_way_sets_nobody_at_odds_with_themselves(citizen: Visitor) -> None:
    def swallow(route: Route) -> None:
        route.fetch()
        route.abort("connectionrefused")

    citizen.context.route("**/keep", swallow)
    box(citizen).fill("ครัวที่ถึงแล้ว")
    told(citizen, "ติดต่อระบบไม่ได้")
    assert kept(citizen) == "ครัวที่ถึงแล้ว"
    box(citizen).fill("ครัวที่พิมพ์ต่อ")
    typed = urlencode({NAME: "ครัวที่พิมพ์ต่อ"})
    with citizen.page.expect_response(lambda answer: typed in (answer.request.post_data or "")):
        citizen.context.unroute("**/keep")

    told(citizen, "บันทึกแล้ว %(time)s")
    assert kept(citizen) == "ครัวที่พิมพ์ต่อ"


def test_half_a_minute_without_a_network_costs_nothing_over_three_pages(citizen: Visitor) -> None:
    page, form = citizen.page, citizen.path.partition("/topics/")[0]
    page.clock.install()
    page.reload()
    citizen.context.set_offline(True)
    box(citizen).fill("ครัวกลางทาง")
    told(citizen, "ติดต่อระบบไม่ได้")
    for _tunnel in range(3):
        page.clock.fast_forward(31_000)  # longer than the longest wait between two tries
    box(citizen, HOURS).fill("ทุกวัน 09.00 น. ถึง 20.00 น.")
    citizen.button(NEXT).click()
    page.locator("main a.back").click()
    told(citizen, "ติดต่อระบบไม่ได้")
    assert citizen.path == f"{form}/topics/shop", "a page that is not safe yet was left"
    citizen.context.set_offline(False)
    told(citizen, "บันทึกแล้ว %(time)s")

    citizen.open(f"{form}/topics/location")
    citizen.context.set_offline(True)
    page.locator("[id='premises_address.house']").fill("99/7")
    told(citizen, "ติดต่อระบบไม่ได้")
    citizen.context.set_offline(False)
    told(citizen, "บันทึกแล้ว %(time)s")

    citizen.open(f"{form}/documents")
    field = page.locator("#premises_plan")
    field.set_input_files(FilePayload(name="plan.jpg", mimeType="image/jpeg", buffer=picture(1500, 1000)))
    citizen.context.set_offline(True)
    field.locator("xpath=ancestor::form").locator("button").click()
    page.get_by_text("การเชื่อมต่อหลุด").wait_for()
    citizen.context.set_offline(False)
    page.locator("#done-premises_plan, #document-premises_plan").get_by_text("plan.jpg").wait_for()

    citizen.open(f"{form}/topics/shop")
    assert (box(citizen).input_value(), box(citizen, HOURS).input_value()) == (
        "ครัวกลางทาง",
        "ทุกวัน 09.00 น. ถึง 20.00 น.",
    )
    citizen.open(f"{form}/topics/location")
    assert page.locator("[id='premises_address.house']").input_value() == "99/7"
    assert held(citizen) == []
    assert page.evaluate("localStorage.length") == 0


def test_an_ended_session_leads_to_sign_in_and_back_to_what_was_typed(citizen: Visitor, portal: Running) -> None:
    clock = portal.portal.house.clock
    assert isinstance(clock, MovedClock)
    here = citizen.page.url
    clock.move(timedelta(minutes=31))

    box(citizen).fill("พิมพ์หลังหมดเวลา")
    told(citizen, "ออกจากระบบแล้ว")
    citizen.page.get_by_role("link", name="เข้าสู่ระบบแล้วกลับมาทำต่อ").click()
    citizen.follow("ThaID")
    citizen.page.goto(agree(citizen.page.url, "mali"))

    assert citizen.page.url == here
    told(citizen, "บันทึกแล้ว %(time)s")
    assert kept(citizen) == "พิมพ์หลังหมดเวลา"


def test_leaving_by_a_link_right_after_typing_still_saves_and_signing_out_leaves_nothing_here(
    citizen: Visitor,
) -> None:
    here = citizen.page.url
    box(citizen).fill("พิมพ์แล้วกดกลับทันที")
    citizen.follow("รายการทั้งหมด")
    citizen.page.goto(here)
    assert box(citizen).input_value() == "พิมพ์แล้วกดกลับทันที"

    citizen.context.route("**/keep", lambda route: route.abort("connectionrefused"))
    box(citizen).fill("ยังไม่ถึงระบบ")
    told(citizen, "ติดต่อระบบไม่ได้")
    citizen.page.get_by_role("button", name="ออกจากระบบ").click()
    citizen.page.get_by_role("link", name="เข้าสู่ระบบอีกครั้ง").wait_for()
    assert held(citizen) == []


def test_a_large_file_survives_a_dropped_connection_and_a_reload_and_is_then_gone_from_this_browser(
    citizen: Visitor,
) -> None:
    form = citizen.path.partition("/topics/")[0]
    citizen.open(f"{form}/documents")
    let_through = [2]

    def door(route: Route) -> None:
        let_through[0] -= 1
        route.continue_() if let_through[0] >= 0 else route.abort("connectionrefused")

    citizen.context.route("**/pieces/*", door)
    field = citizen.page.locator("#premises_plan")
    field.set_input_files(FilePayload(name="plan.jpg", mimeType="image/jpeg", buffer=picture(2000, 1500)))
    field.locator("xpath=ancestor::form").locator("button").click()
    citizen.page.get_by_text("การเชื่อมต่อหลุด").wait_for()

    citizen.page.reload()
    let_through[0] = 1000

    citizen.page.locator("#done-premises_plan, #document-premises_plan").get_by_text("plan.jpg").wait_for()
    citizen.page.get_by_text("ตรวจไฟล์แล้ว ใช้ได้").wait_for()
    left = """() => new Promise((go) => { const o = indexedDB.open("uploading", 1); o.onsuccess = () => {
        const all = o.result.transaction("files").objectStore("files").getAllKeys(); all.onsuccess = () => go(all.result) } })"""
    assert citizen.page.evaluate(left) == []
