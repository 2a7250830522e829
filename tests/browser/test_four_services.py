"""One form for four services on a phone: chosen together, answered once, swapped by an answer, sent to three agencies.

In Thai without JavaScript by touch; in English with it by keyboard alone.
"""

import pytest
from playwright.sync_api import Browser

from app.demo import journey
from app.demo.running import Running
from tests.browser.by_hand import attach_everything, until
from tests.browser.by_keys import Typist
from tests.browser.examining import Examiner
from tests.browser.visiting import Language, Visitor, visitor

pytestmark = pytest.mark.browser

BUNDLE = {"th": "เปิดร้านอาหารมีบาร์", "en": "Open a restaurant with a bar"}
LICENCE = {"th": "ใบอนุญาตร้านอาหารขนาดใหญ่", "en": "Food premises licence"}


@pytest.mark.parametrize(("language", "javascript"), [("th", False), ("en", True)])
def test_a_restaurant_with_a_bar_is_filed_on_a_phone(
    chromium: Browser, portal: Running, language: Language, *, javascript: bool
) -> None:
    examiner = Examiner()
    with visitor(chromium, portal.url, portal.outside, language=language, javascript=javascript) as somebody:
        citizen = Typist(**vars(somebody)) if javascript else somebody

        def look(name: str) -> None:
            if javascript:
                examiner.look(citizen, name)

        citizen.sign_in("mali")
        citizen.open("/")
        citizen.follow(BUNDLE[language])
        assert citizen.path == "/start"
        assert citizen.page.locator("main table tbody tr").count() == 4
        look("start")
        citizen.follow("เริ่มกรอกแบบฟอร์มเดียว")
        consent = citizen.page.locator("main input[name=consent]").first
        citizen.fill({"consent": consent.get_attribute("value") or ""})
        citizen.press("รับทราบและเริ่มกรอก")
        until(citizen, lambda: not citizen.sees("กำลังดึงข้อมูล"))
        form = citizen.path

        _answer(citizen, journey.RESTAURANT | {"premises_area": "450"})
        citizen.open(form)
        assert LICENCE[language] in citizen.page.locator("main .note[role=status]").inner_text()
        look("tasks: swapped")
        citizen.open(f"{form}/topics/hygiene")
        look("topic: swapped")
        citizen.fill({"premises_area": "120"})
        citizen.press("บันทึกและไปหน้าถัดไป")
        assert citizen.page.locator("main .note[role=status]").count() == 0

        _documents(citizen, form)
        look("documents")
        citizen.open(f"{form}/services")
        look("services")
        citizen.open(f"{form}/check")
        until(citizen, lambda: citizen.button("ยอมรับและส่งคำขอ %(num)s&nbsp;เรื่อง").count() > 0)
        assert citizen.page.locator("#parts section").count() == 4
        look("check")
        citizen.press("ยอมรับและส่งคำขอ %(num)s&nbsp;เรื่อง")
        assert citizen.path == f"{form}/confirmation"
        assert citizen.page.locator("td.ref").count() == 4
        look("confirmation")
        assert citizen.complaints == []
    assert not examiner.found, "\n".join(examiner.found)


def _answer(citizen: Visitor, said: dict[str, str]) -> None:
    """Every page that the form asks, in its order."""
    citizen.follow("ทำต่อที่ %(topic)s")
    for _page in range(20):
        if "/topics/" not in citizen.path:
            return
        citizen.fill(said)
        citizen.press("บันทึกและไปหน้าถัดไป")
    pytest.fail(f"still at {citizen.path}")


def _documents(citizen: Visitor, form: str) -> None:
    citizen.open(f"{form}/documents")
    assert attach_everything(citizen) > 0
    until(citizen, lambda: not citizen.sees("กำลังตรวจไฟล์"))
