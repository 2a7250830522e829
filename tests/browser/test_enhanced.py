"""With JavaScript: the same pages, changing by themselves; nothing reloads, no focus is lost."""

from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Browser

from app.demo import walk
from app.demo.running import Running
from app.stories import guides
from tests.browser.by_hand import PATIENCE_SECONDS, choose_file, fill_the_form, pages
from tests.browser.visiting import DESKTOP, Visitor, visitor
from tests.browser.walking import later, round_of

pytestmark = pytest.mark.browser
SEND = "ยอมรับและส่งคำขอ %(num)s&nbsp;เรื่อง"


def stays(somebody: Visitor) -> Callable[[], bool]:
    """Whether the page is still the one that was there when this was called: nothing reloaded it."""
    somebody.page.evaluate("window.sameAsBefore = true")
    return lambda: bool(somebody.page.evaluate("window.sameAsBefore === true"))


def test_the_task_list_says_by_itself_when_the_registries_have_answered(chromium: Browser, portal: Running) -> None:
    with visitor(chromium, portal.url, portal.outside) as citizen:
        citizen.sign_in("chalo")
        citizen.open(walk.start_address())
        citizen.page.locator("main input[name=consent]").first.check()
        citizen.press("รับทราบและเริ่มกรอก")
        assert citizen.sees("กำลังดึงข้อมูล")
        same = stays(citizen)
        link = citizen.page.locator("main .tasks a", has_text="ที่ตั้งร้าน")
        link.focus()
        citizen.page.get_by_text("ทะเบียนของรัฐยังไม่ตอบ").wait_for(timeout=PATIENCE_SECONDS * 1000)
        assert same()
        assert link.evaluate("e => e === document.activeElement"), "the focus was lost"
        assert citizen.complaints == []


def test_documents_and_the_check_page_follow_the_inspection_of_a_file(chromium: Browser, portal: Running) -> None:
    with visitor(chromium, portal.url, portal.outside) as citizen:
        citizen.sign_in("mali")
        citizen.open(walk.start_address())
        citizen.page.locator("main input[name=consent]").first.check()
        citizen.press("รับทราบและเริ่มกรอก")
        form = fill_the_form(citizen)
        citizen.open(f"{form}/documents")
        replace_plan(citizen, pages(60))
        assert citizen.sees("กำลังตรวจไฟล์ %(num)s&nbsp;รายการ")
        same = stays(citizen)
        citizen.page.get_by_text("60 หน้า").wait_for()
        assert citizen.sees("ครบทุกรายการ")
        assert same()
        replace_plan(citizen, pages(61))
        citizen.follow("ไปตรวจคำตอบ")
        assert citizen.sees("กำลังตรวจไฟล์ %(num)s&nbsp;รายการ")
        assert citizen.button(SEND).count() == 0, "it can be sent too early"
        same = stays(citizen)
        citizen.button(SEND).wait_for()
        assert same()
        assert citizen.page.locator("#fees td.num").count() > 0
        citizen.press(SEND)
        assert citizen.path == f"{form}/confirmation"
        assert citizen.complaints == []


def replace_plan(citizen: Visitor, content: bytes) -> None:
    """Choose another file for the plan of the shop."""
    citizen.page.locator("main details summary", has_text="เปลี่ยนไฟล์").first.click()
    choose_file(citizen, "premises_plan-new", "plan.pdf", content)


def test_a_bill_says_by_itself_that_it_is_paid(chromium: Browser, portal: Running) -> None:
    with round_of(chromium, portal) as tour:
        form, number = tour.sent()
        tour.approve(tour.accepted(number))
        bill = walk.bill_path(tour.me, form)
        citizen = tour.phone.sign_in("mali")
        citizen.open(bill)
        citizen.follow("จ่ายแล้ว ดูผลการชำระ")
        assert citizen.sees("กำลังรอธนาคารแจ้งผล")
        same = stays(citizen)
        walk.pay(tour.me, bill)
        citizen.page.get_by_text("ดาวน์โหลดใบเสร็จ (PDF)").wait_for(timeout=PATIENCE_SECONDS * 1000)
        assert same()
        assert citizen.complaints == []


def test_an_officer_opens_a_document_beside_the_list_and_filters_the_queue(chromium: Browser, portal: Running) -> None:
    with round_of(chromium, portal) as tour, visitor(chromium, portal.url, portal.outside, width=DESKTOP) as officer:
        _, number = tour.sent()
        officer.sign_in("nueng", "officer")
        same = stays(officer)
        officer.fill({"q": "ไม่มีชื่อนี้"})
        officer.press("กรอง")
        officer.page.get_by_text("ไม่มีเรื่องในกลุ่มนี้").wait_for()
        officer.fill({"q": number})
        officer.press("กรอง")
        officer.page.locator("main a.ref", has_text=number).wait_for()
        assert same()
        officer.follow(number)
        officer.press("รับเรื่องนี้")
        officer.follow("ตรวจความครบถ้วน")
        same = stays(officer)
        officer.follow("เปิดดู")
        officer.page.locator("#viewer img").wait_for()
        assert same()
        assert officer.complaints == []


def test_a_session_is_warned_before_it_ends_and_one_press_keeps_it(chromium: Browser, portal: Running) -> None:
    with visitor(chromium, portal.url, portal.outside) as citizen:
        citizen.page.clock.install()
        citizen.sign_in("mali")
        note = citizen.page.locator("main .session")
        assert not note.is_visible()
        minutes = 26
        citizen.page.clock.fast_forward(f"{minutes}:00")
        note.wait_for()
        with later(portal, minutes / (24 * 60)):
            with citizen.page.expect_response("**/session/keep") as kept:
                note.get_by_role("button").click()
            assert kept.value.status == 200
            note.wait_for(state="hidden")
            citizen.page.clock.fast_forward("10:00")
            assert not note.is_visible()
        assert citizen.complaints == []


def test_nothing_of_a_film_is_loaded_before_it_is_played_then_it_plays_winds_and_has_captions(
    chromium: Browser, portal: Running
) -> None:
    """And its words are there to read in any case."""
    guides.draw(portal.portal.house)
    with visitor(chromium, portal.url, portal.outside) as citizen:
        asked: list[str] = []
        citizen.page.on("request", lambda request: asked.append(request.url))
        citizen.open(f"/services/{walk.SERVICE}")
        citizen.page.wait_for_load_state("networkidle")
        assert [url for url in asked if url.endswith(("/media", ".vtt"))] == []
        assert citizen.page.get_by_text("โหลดเมื่อกดเล่น").count() == 1, "size and length are told"
        assert citizen.page.locator("video").get_attribute("autoplay") is None
        citizen.page.get_by_text("อ่านแทนการดู").click()
        assert citizen.page.get_by_text("ขั้นที่ 1 จาก").is_visible()
        length, at, cue = citizen.page.evaluate(PLAYED)
        assert (length > 60, at >= 30, "ขั้นที่" in cue or "เอกสาร" in cue) == (True, True, True)
        assert any(url.endswith("/th/media") for url in asked)
        assert citizen.complaints == []
    address = f"{portal.url}/services/{walk.SERVICE}/guide/th/media"
    film = httpx2.get(address, headers={"Range": "bytes=0-3"}, trust_env=False)
    assert (film.status_code, film.content) == (206, b"\x1a\x45\xdf\xa3")


PLAYED = """async () => {
  const film = document.querySelector("video");
  const until = (name) => new Promise((done) => film.addEventListener(name, done, {once: true}));
  film.textTracks[0].mode = "showing";
  await film.play();
  film.pause();
  const wound = until("seeked");
  film.currentTime = 30;
  await wound;
  while (!film.textTracks[0].activeCues.length) await new Promise((done) => setTimeout(done, 50));
  return [film.duration, film.currentTime, film.textTracks[0].activeCues[0].text];
}"""
