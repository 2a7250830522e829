"""Public pages, refusals and missed deadlines in both languages: accessible, within the policy, nothing cut off."""

from hashlib import sha256

import pytest
from playwright.sync_api import Browser, FilePayload

from app.demo import walk
from app.demo.browsing import Browser as Person
from app.demo.provider import refuse
from app.demo.running import Running
from app.stories import end
from tests.browser.examining import Examiner
from tests.browser.visiting import Visitor, visitor
from tests.browser.walking import SERVICE, Round, later, round_of

pytestmark = pytest.mark.browser

BAD = """<html lang="de"><head><title>ไม่มีชื่อ</title></head><body><h1>หนึ่ง</h1><h1>สอง</h1><h3 id="a">ข้าม</h3>
<p id="a" style="color:#aaa;background:#fff;width:2000px">จางเกินอ่าน</p><input aria-describedby="nowhere">
</body></html>"""
FAULTS = ("is in de", "has headings", "is called", "skips from", "#a", "#nowhere", "px wider", "contrast", "broken")

PUBLIC = {
    "home": ("/", 200),
    "services": ("/services", 200),
    "search": ("/services?q=ร้านอาหาร", 200),
    "search: nothing found": ("/services?q=zzzz", 200),
    "search: one is chosen": (f"/services?q=ร้านอาหาร&service={SERVICE}", 200),
    "manual": (f"/services/{SERVICE}", 200),
    "manual: one is chosen": (f"/services/liquor-retail?service={SERVICE}", 200),
    "start: nothing chosen": ("/start", 200),
    "start": (f"/start?service={SERVICE}&service=liquor-retail&service=tobacco-retail", 200),
    "manual of a tax by size": ("/services/sign-board-tax", 200),
    "help": ("/help", 200),
    "privacy": ("/privacy", 200),
    "accessibility": ("/accessibility", 200),
    "cookies": ("/cookies", 200),
    "track": ("/track", 200),
    "track: nothing typed": ("/track?ref=", 422),
    "track: unknown": ("/track/xx-0000-00000", 404),
    "verify": ("/verify", 200),
    "verify: nothing typed": ("/verify?code=", 422),
    "verify unknown": ("/verify/AAAA-BBBB-CCCCC", 404),
    "sign in": ("/sign-in", 200),
    "officers sign in": ("/sign-in?as=officer", 200),
    "signed out": ("/signed-out", 200),
    "not found": ("/nowhere", 404),
}


def test_the_examiner_notices_what_is_wrong_with_a_page(chromium: Browser, portal: Running) -> None:
    examiner = Examiner()
    with visitor(chromium, portal.url, portal.outside) as somebody:
        somebody.page.set_content(BAD)
        somebody.page.evaluate("console.error('broken')")
        examiner.look(somebody, "bad")
    assert [word for word in FAULTS if not any(word in problem for problem in examiner.found)] == []


def test_every_public_page_is_accessible_in_both_languages(chromium: Browser, portal: Running) -> None:
    with round_of(chromium, portal) as tour:
        for name, (path, status) in PUBLIC.items():
            tour.look(path, name, status)
        tour.each(_denied, "sign-in failed")
        assert not tour.examiner.found, tour.examiner.report
        assert tour.examiner.looked_at == 2 * (len(PUBLIC) + 1)


def _denied(somebody: Visitor) -> None:
    somebody.open("/sign-in/citizen")
    somebody.page.goto(refuse(somebody.page.url, "mali"))


def test_pages_stay_accessible_when_deadlines_pass_and_cases_end(chromium: Browser, portal: Running) -> None:
    with round_of(chromium, portal) as tour:
        unmended, number = tour.sent()
        tour.returned(number)
        late, number = tour.sent()
        case = tour.accepted(number)
        billed, number = tour.sent()
        tour.approve(tour.accepted(number))
        bill = walk.bill_path(tour.me, billed)
        with later(portal, 40):
            end.lapse_unmended(portal.portal.house)
            tour.be("mali")
            tour.look(f"{unmended}/track", "tracking: lapsed")
            tour.look(f"{late}/track", "tracking: late")
            tour.look(bill, "pay: expired")
            tour.look("/my", "my: ended and late")
            tour.be("song", "officer")
            tour.look("/officer?tab=late", "queue: late")
            tour.look(case, "case: late")
        _refuse(tour, case)
        walk.pay(tour.me, bill)
        licence = walk.await_licence(tour.me, billed)
        code = tour.code(licence)
        tour.be("mali")
        tour.look(f"{late}/track", "tracking: rejected")
        with later(portal, 400):
            tour.look(f"/verify/{code}", "verify: expired")
            tour.be("mali")
            tour.look(licence, "licence: expired")
            tour.look("/licences", "licences: expired")
        assert not tour.examiner.found, tour.examiner.report
        assert tour.examiner.looked_at == 20


def _refuse(tour: Round, case: str) -> None:
    grounds = tour.approver.open(f"{case}/decide/reject").page.xpath("//select[@name='ground']/option/@value")
    refusal = {"ground": str(grounds[1]), "message": "สถานที่ยังไม่ถูกสุขลักษณะตามที่ตรวจพบ"}
    walk.decide(tour.approver, case, "reject", "ลงชื่อไม่อนุญาต", refusal)


def test_pages_stay_accessible_when_the_world_fails(chromium: Browser, portal: Running) -> None:
    with round_of(chromium, portal) as tour, Person(portal.url) as slow:
        walk.sign_in(slow, "chalo")
        form = walk.start_form(slow)
        tour.be("chalo")
        tour.look(form, "tasks: being fetched")
        tour.look(f"{form}/topics/applicant", "topic: being fetched")
        tour.look("/officer", "forbidden", 403)
        tour.look(form.replace("0", "1"), "not found", 404)
        tour.each(lambda somebody: _too_big(somebody, form), "too big")
        walk.await_prefill(slow, form)
        tour.look(form, "tasks: unreachable")
        tour.look(f"{form}/documents", "documents: nothing fetched")
        tour.each(_signed_out_while_reading, "session ended")
        assert not tour.examiner.found, tour.examiner.report
        assert tour.examiner.looked_at == 16


def _signed_out_while_reading(somebody: Visitor) -> None:
    somebody.open(walk.start_address())
    somebody.context.clear_cookies(name="__Host-sid")
    somebody.press("รับทราบและเริ่มกรอก")
    assert somebody.sees("หมดเวลาใช้งานก่อนที่คุณจะกดส่ง")


def _too_big(somebody: Visitor, form: str) -> None:
    somebody.open(f"{form}/documents")
    content = b"%PDF-1.7\n" + bytes(12 * 1024 * 1024)
    big = FilePayload(name="big.pdf", mimeType="application/pdf", buffer=content)
    somebody.page.locator("main form[enctype] input[type=file]").first.set_input_files(big)
    with somebody.page.expect_navigation():
        somebody.press("อัปโหลด%(name)s")


def test_a_withdrawn_case_and_a_damaged_file_end_on_pages_that_help(chromium: Browser, portal: Running) -> None:
    with round_of(chromium, portal) as tour:
        form, _ = tour.sent()
        receipt = walk.wait_for(tour.me, f"{form}/receipt.pdf", lambda b: b.content if b.status == 200 else None)
        withdrawing = tour.me.open(f"{form}/track").links(r"/withdraw$")[0]
        tour.me.open(withdrawing).press("ถอนคำขอ %(number)s")
        stored = portal.portal.house.settings.data_dir / "files"
        damaged = next(stored.rglob(sha256(receipt).hexdigest()))
        damaged.chmod(0o600)
        damaged.write_bytes(receipt[:-1])
        tour.be("mali")
        tour.look(f"{form}/track", "tracking: withdrawn")
        tour.look(f"{form}/receipt.pdf", "broken", 500)
        assert not tour.examiner.found, tour.examiner.report
