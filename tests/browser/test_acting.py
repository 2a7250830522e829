"""Pages of companies and mandates at a real browser: accessible in both languages, on a phone and at a desk."""

from playwright.sync_api import Browser

from app.demo.provider import agree
from app.demo.running import Running
from tests.browser.examining import Examiner
from tests.browser.visiting import DESKTOP, PHONE, Language, Visitor, visitor
from tests.stories.test_mandates import given
from tests.stories.test_papers import CONSENT, PLAN, lent, link_for
from tests.stories.world import World


def _through(examiner: Examiner, somebody: Visitor, mandate: str) -> None:
    somebody.open("/sign-in/company")
    somebody.page.goto(agree(somebody.page.url, "khao"))
    examiner.look(somebody, "who acts")
    somebody.follow("ยืนยันตัวตนด้วย ThaID")
    somebody.page.goto(agree(somebody.page.url, "mali"))
    examiner.look(somebody, "my: of a company")
    examiner.visit(somebody, "/acting", "for whom")
    examiner.visit(somebody, "/mandates/new", "new mandate")
    somebody.press("มอบอำนาจ")
    examiner.look(somebody, "new mandate: wrong")
    examiner.visit(somebody, "/inbox", "inbox")
    somebody.open("/acting")
    somebody.press("ทำเรื่องของตัวเอง")
    examiner.visit(somebody, "/mandates", "mandates")
    examiner.visit(somebody, mandate, "mandate")


def test_pages_about_acting_for_somebody_are_accessible(chromium: Browser, portal: Running) -> None:
    world, examiner = World(portal), Examiner()
    mandate = given(world, world.citizen("mali"), "")
    with visitor(chromium, portal.url, portal.outside, width=PHONE, scripts=False) as thai:
        _through(examiner, thai, mandate)
    with visitor(chromium, portal.url, portal.outside, language="en", width=DESKTOP, scripts=False) as english:
        _through(examiner, english, mandate)
    world.close()
    assert not examiner.found, examiner.report
    assert examiner.looked_at == 16


def test_papers_and_signing_them_are_accessible(chromium: Browser, portal: Running) -> None:
    world, examiner = World(portal), Examiner()
    me, form = lent(world)
    me.open(f"{form}/papers/{CONSENT}").press("ออกลิงก์ให้นายตาสี สมมติ")
    link = link_for(me, form)
    wide: tuple[tuple[Language, int], ...] = (("th", PHONE), ("en", DESKTOP))
    for language, width in wide:
        with visitor(chromium, portal.url, portal.outside, language=language, width=width, scripts=False) as applicant:
            applicant.sign_in("mali")
            for name, page in (("paper", CONSENT), ("sheet", PLAN)):
                examiner.visit(applicant, f"{form}/papers/{page}", name)
            applicant.open(f"{form}/documents")
            applicant.page.locator("#scan summary").click()
            examiner.look(applicant, "documents with papers")
        with visitor(chromium, portal.url, portal.outside, language=language, width=width, scripts=False) as owner:
            owner.sign_in("tasi", to=link)
            examiner.look(owner, "sign")
            owner.page.locator("main summary").last.click()
            owner.press("แจ้งว่าไม่ลงนาม")
            examiner.look(owner, "sign: refused without a reason")
    world.close()
    assert not examiner.found, examiner.report
    assert examiner.looked_at == 10
