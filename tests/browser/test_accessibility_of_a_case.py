"""One case through all its states, every page looked at on the way: by the citizen and by the officers."""

import pytest
from playwright.sync_api import Browser

from app.demo import walk
from app.demo.running import Running
from tests.browser.visiting import Visitor
from tests.browser.walking import Round, round_of
from tests.stories.test_right_service import LARGE

pytestmark = pytest.mark.browser
TOPICS_TO_FILL = ("shop", "location", "hygiene")


def test_every_page_of_a_citizen_is_accessible_in_every_state_of_a_case(chromium: Browser, portal: Running) -> None:
    with round_of(chromium, portal) as tour:
        _before_the_first_case(tour)
        form = _form(tour)
        case, number = _until_accepted(tour, form)
        _from_the_decision_to_the_licence(tour, form, case)
        tour.look(f"/track/{number.replace(' ', '-')}", "track a case")
        assert not tour.examiner.found, tour.examiner.report
        assert tour.examiner.looked_at >= 90


def _before_the_first_case(tour: Round) -> None:
    tour.be("bunma")
    for path in ("my", "licences", "access", "consents", "my/sessions", "my/vault", "my/questions"):
        tour.look(f"/{path}", f"{path}: nothing yet")


def _form(tour: Round) -> str:
    tour.be("mali")
    tour.look(walk.start_address(), "notice")
    form = walk.start_form(tour.me)
    walk.await_prefill(tour.me, form)
    tour.look(form, "tasks: fetched")
    tour.look(f"{form}/notice", "notice: again")
    tour.look(f"{form}/topics/applicant", "topic applicant: fetched")
    for topic in TOPICS_TO_FILL:
        tour.look(f"{form}/topics/{topic}", f"topic {topic}: empty")
        tour.press(f"{form}/topics/{topic}", "บันทึกและไปหน้าถัดไป", f"topic {topic}: with errors")
    tour.look(form, "tasks: with problems")
    tour.look(f"{form}/check", "check: much is missing")
    tour.look(f"{form}/documents", "documents: none")
    tour.press(f"{form}/documents", "อัปโหลด%(name)s", "documents: with an error")
    tour.each(lambda somebody: _objects(somebody, form), "topic applicant: corrected")
    tour.press(f"{form}/ask/shop", "ส่งคำถาม", "question: with an error")
    tour.me.open(f"{form}/ask/shop").press("ส่งคำถาม", {"text": "ร้านที่มีสองชั้นนับพื้นที่อย่างไร"})
    tour.look("/my/questions", "my/questions: one waits")
    tour.each(lambda somebody: _at_odds(tour, somebody, form), "two answers to choose from")
    walk.answer(tour.me, form)
    for topic in TOPICS_TO_FILL:
        tour.look(f"{form}/topics/{topic}", f"topic {topic}: answered")
    walk.attach(tour.me, form)
    tour.look(f"{form}/documents", "documents: all there")
    tour.look(form, "tasks: all done")
    tour.look(f"{form}/check", "check: complete")
    tour.look(f"{form}/unasked", "what was not asked")
    tour.look("/my", "my: a draft")
    return form


def _at_odds(tour: Round, somebody: Visitor, form: str) -> None:
    somebody.open(f"{form}/topics/shop")
    theirs = f"ร้านที่อีกจอพิมพ์ {somebody.language}"
    tour.me.open(f"{form}/topics/shop").press("บันทึกและกลับมาทำต่อ", {"shop_name": theirs})
    somebody.fill({"shop_name": "ร้านที่พิมพ์ที่นี่"})
    somebody.press("บันทึกและไปหน้าถัดไป")
    assert somebody.page.locator("main input[type=radio]").count() == 2


def _objects(somebody: Visitor, form: str) -> None:
    somebody.open(f"{form}/topics/applicant")
    if somebody.button("ข้อมูลนี้ไม่ตรงกับฉัน").count():
        somebody.press("ข้อมูลนี้ไม่ตรงกับฉัน")
    assert somebody.page.locator('main input[name="applicant_given_name"]').input_value() == "มะลิ"


def _until_accepted(tour: Round, form: str) -> tuple[str, str]:
    walk.submit(tour.me, form)
    tour.look(f"{form}/confirmation", "confirmation")
    tour.look(f"{form}/track", "tracking: submitted")
    number = walk.application_number(tour.me, form)
    case = tour.returned(number)
    tour.look("/my", "my: something to mend")
    tour.look(f"{form}/track", "tracking: returned")
    deficiency = tour.me.open(f"{form}/track").links("/deficiency$")[0]
    tour.look(deficiency, "deficiency")
    tour.press(deficiency, "ส่งที่แก้แล้ว %(num)s&nbsp;รายการ", "deficiency: with an error")
    walk.mend(tour.me, form)
    tour.look(f"{form}/track", "tracking: mended")
    tour.accept(case)
    tour.look(f"{form}/track", "tracking: accepted")
    return case, number


def _from_the_decision_to_the_licence(tour: Round, form: str, case: str) -> None:
    walk.take(tour.approver, case)
    tour.approve(case)
    tour.look("/my", "my: something to pay")
    tour.look(f"{form}/track", "tracking: awaiting payment")
    bill = walk.bill_path(tour.me, form)
    tour.look(bill, "pay: open")
    walk.pay(tour.me, bill)
    licence = walk.await_licence(tour.me, form)
    tour.look(bill, "pay: paid")
    tour.look(f"{form}/track", "tracking: issued")
    tour.look(licence, "licence")
    tour.look("/licences", "licences")
    tour.look("/access", "access")
    tour.look(f"/verify/{tour.code(licence)}", "verify valid")
    _in_the_hands_of_its_holder(tour, licence)
    _under_supervision(tour, licence)


def _in_the_hands_of_its_holder(tour: Round, licence: str) -> None:
    """Shown, shared, and everything that may be asked for."""
    tour.look("/my/vault", "my/vault: verified documents")
    tour.look(f"{licence}/show", "wallet")
    tour.press(f"{licence}/shares", "สร้างลิงก์", "shares: with errors")
    tour.me.open(f"{licence}/shares").press("สร้างลิงก์", {"name": "เจ้าของตึก", "days": "7"})
    tour.look(f"{licence}/shares", "shares: one open")
    tour.look(tour.me.open(f"{licence}/shares").links(r"/shared/")[0], "what a share shows")
    tour.look(f"{licence}/renew", "renew")
    tour.press(f"{licence}/surrender", "คืนใบนี้", "surrender: with errors")
    tour.press(f"{licence}/substitute", "ขอใบแทน", "substitute: with errors")
    tour.look(f"{licence}/amend", "amend")
    field = tour.me.open(f"{licence}/amend").links(r"/amend/shop_name$")[0]
    tour.press(field, "ส่งคำขอแก้", "amend: with errors")


def _under_supervision(tour: Round, licence: str) -> None:
    """What officers see of the licence, and the letter that its holder answers."""
    held = f"/officer{licence}"
    tour.be("song", "officer")
    tour.look("/officer/licences", "register")
    tour.press(f"{held}/suspend/do", "ดูหนังสือก่อนลงชื่อ", "suspend: with errors")
    tour.checker.open(f"{held}/revoke/announce")
    tour.checker.press("ดูหนังสือก่อนลงชื่อ", {"ground": "false", "message": "พื้นที่จริงไม่ตรงกับที่แจ้งไว้"})
    tour.checker.press("ลงชื่อและส่งถึงผู้ถือ")
    tour.look(held, "licence in an officer's hands")
    tour.be("mali")
    tour.look(tour.me.open("/inbox").links(r"/letters/")[0], "letter about a licence")


def test_every_page_of_an_officer_is_accessible_in_every_state_of_a_case(chromium: Browser, portal: Running) -> None:
    with round_of(chromium, portal, phone_speaks="en") as tour:
        form, number = tour.sent()
        tour.be("nueng", "officer")
        for tab in ("new", "mine", "colleagues", "applicant", "soon", "late", "done"):
            tour.look(f"/officer?tab={tab}", f"queue: {tab}")
        tour.look("/officer?q=zzzz", "queue: nothing found")
        tour.look("/officer?tab=done&next=none", "queue: nothing next")
        case = walk.find_case(tour.checker, number)
        _check_and_return(tour, case)
        _check_what_was_mended(tour, form, case)
        _decide(tour, case)
        _two_hands(tour)
        assert not tour.examiner.found, tour.examiner.report
        assert tour.examiner.looked_at >= 82


def _check_and_return(tour: Round, case: str) -> None:
    tour.look(case, "case: not taken")
    tour.look(f"{case}/check", "completeness: not taken")
    tour.look(f"{case}/decide", "choice: not taken")
    walk.take(tour.checker, case)
    tour.look(case, "case: taken")
    tour.look(f"{case}/hand-over", "hand over")
    tour.press(f"{case}/hand-over", "ส่งเรื่องต่อ", "hand over: with errors")
    tour.look(f"{case}/documents", "documents of a case")
    tour.look(f"{case}/documents/premises_plan", "documents of a case: one open")
    tour.look(f"{case}/check", "completeness: to do")
    tour.look(f"{case}/decide", "choice: unchecked")
    tour.press(f"{case}/check", "บันทึกผลตรวจและไปพิจารณา", "completeness: with errors")
    walk.check(tour.checker, case, {"premises_plan": "ถ่ายใหม่ให้เห็นครบทั้งหน้า", "answer-shop_name": "ใส่ชื่อเต็มตามป้าย"})
    tour.look(f"{case}/decide/return", "return")
    walk.decide(tour.checker, case, "return", "ลงชื่อและส่งถึงผู้ยื่น")
    tour.look(f"{case}/decided/return", "returned")
    tour.look(case, "case: returned")


def _check_what_was_mended(tour: Round, form: str, case: str) -> None:
    walk.mend(tour.me, form)
    tour.look(case, "case: mended")
    tour.look(f"{case}/check", "completeness: mended")
    tour.look(f"{case}/documents", "documents of a case: mended")
    walk.check(tour.checker, case, {"premises_plan": "ยังอ่านไม่ได้"})
    tour.look(f"{case}/decide/close_incomplete", "close")
    walk.check(tour.checker, case)
    tour.look(f"{case}/decide/accept", "accept")
    tour.accept(case)
    tour.look(f"{case}/decided/accept", "accepted")


def _decide(tour: Round, case: str) -> None:
    tour.be("song", "officer")
    walk.take(tour.approver, case)
    tour.look(case, "case: accepted")
    tour.look(f"{case}/decide", "choice: complete")
    tour.look(f"{case}/decide/reject", "reject")
    tour.press(f"{case}/decide/reject", "ลงชื่อไม่อนุญาต", "reject: with errors")
    tour.look(f"{case}/decide/approve", "approve")
    tour.approve(case)
    tour.look(f"{case}/decided/approve", "approved")
    tour.look(case, "case: awaiting payment")
    tour.look("/officer?tab=applicant", "queue: applicant")
    tour.look(f"{case}/decide/approve", "conflict", 409)


def _two_hands(tour: Round) -> None:
    tour.be("nueng", "officer")
    form = walk.start_form(tour.me)
    walk.await_prefill(tour.me, form)
    walk.answer(tour.me, form, LARGE)
    walk.attach(tour.me, form)
    walk.submit(tour.me, form)
    case = walk.find_case(tour.checker, walk.application_number(tour.me, form))
    walk.take(tour.checker, case)
    tour.accept(case)
    tour.look(f"{case}/decide", "choice: to propose")
    tour.look(f"{case}/decide/propose_approval", "propose approval")
    tour.press(f"{case}/decide/propose_refusal", "ลงชื่อเสนอ", "propose refusal: with errors")
    walk.decide(tour.checker, case, "propose_approval", "ลงชื่อเสนอ", {"message": "เอกสารครบ"})
    tour.look(f"{case}/decided/propose_approval", "proposed")
    tour.look(case, "case: proposed")
    tour.be("song", "officer")
    _signing_day(tour)
    walk.take(tour.approver, case)
    tour.look(case, "case: to sign")
    tour.look(f"{case}/decide", "choice: to sign")
    tour.look(f"{case}/decide/approve", "approve what was proposed")
    tour.press(f"{case}/decide/send_back", "ส่งกลับผู้เสนอ", "send back: with errors")


def _signing_day(tour: Round) -> None:
    """A list, one case of it, and both of a list that was confirmed elsewhere: nothing of it goes through."""
    tour.look("/officer/signing", "signing day")
    tour.press("/officer/signing", "เฉพาะเรื่องที่เลือก", "signing day: with errors")
    tour.approver.open("/officer/signing").press("ไปตรวจและลงนาม")
    batch = tour.approver.url.removeprefix(tour.approver.base)
    tour.look(batch, "a list to sign")
    tour.look(f"{batch}/cases/1", "a case of a list")
    tour.look("/officer/step-up/callback?code=x&state=y", "not confirmed", 400)
