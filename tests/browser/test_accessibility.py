"""Every page in every state and both languages: no accessibility violation, no policy violation, nothing cut off."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from app.demo import walk
from app.demo.browsing import Browser as Person
from app.demo.provider import refuse
from app.demo.running import Running
from tests.browser.examining import Examiner
from tests.browser.visiting import DESKTOP, PHONE, Language, Visitor, visitor

pytestmark = pytest.mark.browser
SERVICE = "food-premises-notification"


@contextmanager
def both(chromium: Browser, portal: Running, *, phone_speaks: Language = "th") -> Iterator[tuple[Visitor, Visitor]]:
    """Two people: on a phone by day with our scripts, at a desk in the dark without them; each in one language."""
    other: Language = "en" if phone_speaks == "th" else "th"
    with ExitStack() as stack:
        phone = visitor(chromium, portal.url, portal.outside, language=phone_speaks, width=PHONE)
        desk = visitor(
            chromium, portal.url, portal.outside, language=other, width=DESKTOP, scripts=False, scheme="dark"
        )
        yield stack.enter_context(phone), stack.enter_context(desk)


PUBLIC = {
    "home": ("/", 200),
    "services": ("/services", 200),
    "search": ("/services?q=ร้านอาหาร", 200),
    "search: nothing found": ("/services?q=zzzz", 200),
    "manual": (f"/services/{SERVICE}", 200),
    "manual of the licence": ("/services/food-premises-licence", 200),
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


def test_every_public_page_is_accessible_in_both_languages(chromium: Browser, portal: Running) -> None:
    examiner = Examiner()
    with both(chromium, portal) as people:
        for somebody in people:
            for name, (path, status) in PUBLIC.items():
                examiner.visit(somebody, path, name, status)
            somebody.open("/sign-in/citizen")
            somebody.page.goto(refuse(somebody.page.url, "mali"))
            examiner.look(somebody, "sign-in failed")
    assert examiner.found == []
    assert examiner.looked_at == 2 * (len(PUBLIC) + 1)


@dataclass
class Walked:
    """People who play over HTTP, so that a case gets from one state to the next."""

    me: Person
    checker: Person
    approver: Person


@contextmanager
def walkers(portal: Running) -> Iterator[Walked]:
    """A citizen, an officer who checks and one who decides, signed in."""
    with Person(portal.url) as me, Person(portal.url) as checker, Person(portal.url) as approver:
        walk.sign_in(me, "mali")
        walk.sign_in(checker, "nueng", "officer")
        walk.sign_in(approver, "song", "officer")
        yield Walked(me, checker, approver)


def sent(me: Person) -> tuple[str, str]:
    """A form that is sent: its path and the number of its application."""
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    walk.answer(me, form)
    walk.attach(me, form)
    walk.submit(me, form)
    return form, walk.application_number(me, form)


def returned(people: Walked, number: str) -> str:
    """The case of this number, sent back for one document and one answer; its path."""
    case = walk.find_case(people.checker, number)
    walk.take(people.checker, case)
    lacking = {"premises_plan": "ถ่ายใหม่ให้เห็นครบทั้งหน้า", "answer-opening_hours": "ใส่เวลาของวันอาทิตย์ด้วย"}
    walk.check(people.checker, case, lacking)
    walk.decide(people.checker, case, "return", "ลงชื่อและส่งถึงผู้ยื่น")
    return case


def accepted(people: Walked, number: str) -> str:
    """The case of this number, found complete and waiting for a decision; its path."""
    case = walk.find_case(people.checker, number)
    walk.take(people.checker, case)
    walk.check(people.checker, case)
    walk.decide(people.checker, case, "accept", "ลงชื่อและรับไว้พิจารณา")
    return case


NO_FILE = "เลือกไฟล์ที่จะแนบก่อน"


def test_every_page_of_a_citizen_is_accessible_in_every_state_of_a_case(chromium: Browser, portal: Running) -> None:
    examiner = Examiner()
    with both(chromium, portal) as people, walkers(portal) as played:

        def look(path: str, name: str, status: int = 200) -> None:
            for somebody in people:
                examiner.visit(somebody, path, name, status)

        for somebody in people:
            somebody.sign_in("bunma")
        for path in ("/my", "/licences", "/access", "/consents", "/my/sessions"):
            look(path, f"{path[1:]}: nothing yet")
        for somebody in people:
            somebody.sign_in("mali")
        look(f"/services/{SERVICE}/start?new=1", "notice")
        form = walk.start_form(played.me)
        look(form, "tasks: being fetched, or just fetched")
        walk.await_prefill(played.me, form)
        look(form, "tasks: fetched")
        look(f"{form}/notice", "notice: again")
        for topic in walk.SHOP:
            look(f"{form}/topics/{topic}", f"topic {topic}: empty")
        for somebody in people:
            for topic in ("shop", "location", "hygiene"):
                somebody.open(f"{form}/topics/{topic}")
                somebody.press("บันทึกและไปหน้าถัดไป")
                examiner.look(somebody, f"topic {topic}: with errors")
        look(form, "tasks: with problems")
        look(f"{form}/check", "check: much is missing")
        look(f"{form}/documents", "documents: none")
        for somebody in people:
            somebody.open(f"{form}/documents")
            somebody.press("อัปโหลด%(name)s")
            assert somebody.sees(NO_FILE)
            examiner.look(somebody, "documents: with an error")
        walk.answer(played.me, form)
        for topic in walk.SHOP:
            look(f"{form}/topics/{topic}", f"topic {topic}: answered")
        walk.attach(played.me, form)
        look(f"{form}/documents", "documents: all there")
        look(form, "tasks: all done")
        look(f"{form}/check", "check: complete")
        look("/my", "my: a draft")
        walk.submit(played.me, form)
        look(f"{form}/confirmation", "confirmation")
        look(f"{form}/track", "tracking: submitted")
        number = walk.application_number(played.me, form)
        case = returned(played, number)
        look("/my", "my: something to mend")
        look(f"{form}/track", "tracking: returned")
        deficiency = walk.wait_for(played.me, f"{form}/track", lambda b: next(iter(b.links("/deficiency$")), None))
        look(deficiency, "deficiency")
        for somebody in people:
            somebody.open(deficiency)
            somebody.press("ส่งที่แก้แล้ว %(num)s&nbsp;รายการ")
            examiner.look(somebody, "deficiency: with an error")
        walk.mend(played.me, form)
        look(f"{form}/track", "tracking: mended")
        walk.check(played.checker, case)
        walk.decide(played.checker, case, "accept", "ลงชื่อและรับไว้พิจารณา")
        look(f"{form}/track", "tracking: accepted")
        walk.take(played.approver, case)
        walk.decide(played.approver, case, "approve", "ลงชื่ออนุญาต", {"message": "ยินดีด้วย"})
        look("/my", "my: something to pay")
        look(f"{form}/track", "tracking: awaiting payment")
        bill = walk.bill_path(played.me, form)
        look(bill, "pay: open")
        walk.pay(played.me, bill)
        licence = walk.await_licence(played.me, form)
        look(bill, "pay: paid")
        look(f"{form}/track", "tracking: issued")
        look(licence, "licence: valid")
        look("/licences", "licences")
        look("/access", "access")
        code = played.me.open(f"{licence}/licence.json").content.decode()
        look(f"/verify/{code.partition('code')[2][3:18]}", "verify valid")
        look(f"/track/{number.replace(' ', '-')}", "track a case")
        look("/officer", "forbidden", 403)
        look(f"{form}x", "not found", 404)
    assert examiner.found == []
    assert examiner.looked_at > 90


def test_every_page_of_an_officer_is_accessible_in_every_state_of_a_case(chromium: Browser, portal: Running) -> None:
    examiner = Examiner()
    with both(chromium, portal, phone_speaks="en") as people, walkers(portal) as played:
        form, number = sent(played.me)

        def look(path: str, name: str, status: int = 200) -> None:
            for somebody in people:
                examiner.visit(somebody, path, name, status)

        for somebody in people:
            somebody.sign_in("nueng", "officer")
        for tab in ("new", "mine", "applicant", "soon", "late", "done"):
            look(f"/officer?tab={tab}", f"queue: {tab}")
        look("/officer?q=zzzz", "queue: nothing found")
        case = walk.find_case(played.checker, number)
        look(case, "case: not taken")
        look(f"{case}/check", "completeness: not taken")
        look(f"{case}/decide", "choice: not taken")
        walk.take(played.checker, case)
        look(case, "case: taken")
        look(f"{case}/documents", "documents of a case")
        look(f"{case}/documents/premises_plan", "documents of a case: one open")
        look(f"{case}/check", "completeness: to do")
        look(f"{case}/decide", "choice: unchecked")
        for somebody in people:
            somebody.open(f"{case}/check")
            somebody.press("บันทึกผลตรวจและไปพิจารณา")
            examiner.look(somebody, "completeness: with errors")
        walk.check(played.checker, case, {"premises_plan": "ถ่ายใหม่ให้เห็นครบทั้งหน้า"})
        look(f"{case}/decide", "choice: something is missing")
        look(f"{case}/decide/return", "return")
        walk.decide(played.checker, case, "return", "ลงชื่อและส่งถึงผู้ยื่น")
        look(f"{case}/decided/return", "returned")
        look(case, "case: returned")
        walk.mend(played.me, form)
        look(case, "case: mended")
        look(f"{case}/check", "completeness: mended")
        look(f"{case}/documents", "documents of a case: mended")
        walk.check(played.checker, case, {"premises_plan": "ยังอ่านไม่ได้"})
        look(f"{case}/decide", "choice: still missing")
        look(f"{case}/decide/close_incomplete", "close")
        walk.check(played.checker, case)
        look(f"{case}/decide/accept", "accept")
        walk.decide(played.checker, case, "accept", "ลงชื่อและรับไว้พิจารณา")
        look(f"{case}/decided/accept", "accepted")
        for somebody in people:
            somebody.sign_in("song", "officer")
        walk.take(played.approver, case)
        look(case, "case: accepted")
        look(f"{case}/decide", "choice: complete")
        look(f"{case}/decide/reject", "reject")
        for somebody in people:
            somebody.open(f"{case}/decide/reject")
            somebody.press("ลงชื่อไม่อนุญาต")
            examiner.look(somebody, "reject: with errors")
        look(f"{case}/decide/approve", "approve")
        walk.decide(played.approver, case, "approve", "ลงชื่ออนุญาต")
        look(f"{case}/decided/approve", "approved")
        look(case, "case: awaiting payment")
        look("/officer?tab=applicant", "queue: applicant")
        look(f"{case}/decide/approve", "conflict", 409)
    assert examiner.found == []
    assert examiner.looked_at > 70
