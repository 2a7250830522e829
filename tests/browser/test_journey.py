"""The main job by hand without JavaScript: a citizen on a phone, two officers at their desks."""

import pytest
from playwright.sync_api import Browser

from app.demo import papers
from app.demo.running import Running
from tests.browser.by_hand import (
    SHOP_NAME,
    check_everything,
    choose_file,
    fill_the_form,
    officer_signs_in,
    pay,
    sign_in_by_hand,
    until,
    windows,
)
from tests.browser.visiting import Visitor, visitor

pytestmark = pytest.mark.browser


def test_the_whole_journey_works_without_javascript(chromium: Browser, portal: Running) -> None:
    with windows(chromium, portal, javascript=False) as (citizen, checker, approver):
        citizen.open("/")
        citizen.fill({"q": "เปิดร้านก๋วยเตี๋ยว"})
        citizen.press("ค้นหา")
        citizen.follow("แจ้งจัดตั้งสถานที่จำหน่ายอาหาร")
        citizen.follow("เลือกเรื่องนี้และดูสิ่งที่ต้องเตรียม")
        citizen.follow("เริ่มกรอกแบบฟอร์มเดียว")
        citizen.follow("เข้าสู่ระบบด้วย ThaID")
        sign_in_by_hand(citizen, "นางสาวมะลิ ตัวอย่าง")
        assert citizen.path == "/start/notice"
        citizen.page.locator("main input[name=consent]").first.check()
        citizen.press("รับทราบและเริ่มกรอก")
        form = fill_the_form(citizen)
        citizen.press("ยอมรับและส่งคำขอ %(num)s&nbsp;เรื่อง")
        assert citizen.path == f"{form}/confirmation"
        number = citizen.page.locator("td.ref").inner_text()

        officer_signs_in(checker, "นางสาธิต หนึ่ง")
        checker.follow(number)
        checker.press("รับเรื่องนี้")
        checker.follow("ตรวจความครบถ้วน")
        check_everything(checker, missing="premises_plan")
        checker.press("ลงชื่อและส่งถึงผู้ยื่น")
        assert checker.sees("ส่งบันทึกข้อบกพร่องแล้ว")

        citizen.open("/my")
        citizen.page.locator("main .note a[href$='/deficiency']").first.click()
        choose_file(citizen, "premises_plan", *papers.paper("new"))
        until(citizen, lambda: not citizen.sees("กำลังตรวจไฟล์"))
        citizen.press("ส่งที่แก้แล้ว %(num)s&nbsp;รายการ")
        assert citizen.path == f"{form}/track"

        checker.open("/officer?tab=mine")
        checker.follow(number)
        assert checker.page.locator("main").get_by_text("ผู้ยื่นแก้แล้ว").count() == 0, "only a document was mended"
        checker.follow("ตรวจความครบถ้วน")
        assert checker.page.locator("main").get_by_text("ไฟล์ใหม่ ดูอีกครั้ง").count() == 1
        check_everything(checker)
        checker.press("ลงชื่อและรับไว้พิจารณา")
        officer_signs_in(approver, "นายสาธิต สอง")
        approver.follow(number)
        approver.press("รับเรื่องนี้")
        approver.follow("พิจารณาคำขอนี้")
        approver.page.locator("main .results a").first.click()
        approver.press("ลงชื่ออนุญาต")
        assert approver.sees("อนุญาตแล้ว")

        pay_and_read_the_licence(citizen, form)
        sign_out(citizen, portal)
        assert [*citizen.complaints, *checker.complaints, *approver.complaints] == []


def pay_and_read_the_licence(citizen: Visitor, form: str) -> None:
    """At the bank and back, then the licence and what a stranger reads about it."""
    citizen.open(f"{form}/track")
    citizen.follow("ดูใบแจ้งและชำระ %(baht)s&nbsp;บาท")
    pay(citizen)
    assert citizen.path.startswith("/bills/")
    until(citizen, lambda: citizen.sees("ดาวน์โหลดใบเสร็จ (PDF)"))
    citizen.open(f"{form}/track")
    until(citizen, lambda: citizen.page.locator('main a[href^="/licences/"]').count() > 0)
    citizen.page.locator('main a[href^="/licences/"]').first.click()
    citizen.page.wait_for_load_state()
    assert citizen.sees(SHOP_NAME)
    citizen.follow("หน้าตรวจที่แชร์ได้")
    assert citizen.sees("ของจริง และใช้ได้")


def sign_out(citizen: Visitor, portal: Running) -> None:
    """A form cannot leave the site (form-action): it ends here, at the provider, and comes back."""
    assert any(c["name"] == "__Host-sid" for c in citizen.context.cookies(portal.url))
    citizen.open("/my")
    with citizen.page.expect_request(lambda request: request.url.startswith(portal.outside)):
        citizen.page.locator("header button", has_text="ออกจากระบบ").click()
    citizen.page.get_by_text("เครื่องนี้ไม่มีข้อมูลของคุณค้างอยู่").wait_for()
    assert citizen.path == "/signed-out"
    assert not any(c["name"] == "__Host-sid" for c in citizen.context.cookies(portal.url))
    citizen.open("/my")
    assert citizen.path == "/sign-in"


def test_chromium_keeps_host_cookies_on_loopback(chromium: Browser, portal: Running) -> None:
    with visitor(chromium, portal.url, portal.outside) as somebody:
        somebody.sign_in("mali")
        kept = {cookie["name"]: cookie for cookie in somebody.context.cookies(portal.url)}
        session = kept["__Host-sid"]
        assert portal.url.startswith("http://127.0.0.1:")
        assert session["secure"]
        assert session["httpOnly"]
        assert session["sameSite"] == "Lax"
        assert session["path"] == "/"
        assert session["domain"] == "127.0.0.1"
        assert somebody.page.evaluate("document.cookie") == ""
        assert somebody.page.evaluate("localStorage.length") == 0
        assert set(somebody.page.evaluate("Object.keys(sessionStorage)")) <= {"htmx-current-path-for-history"}
