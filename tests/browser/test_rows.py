"""Rows and conditions at a real browser: by keyboard alone, without a round trip, and right for everybody in error too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.core.embedded import Urls
from app.demo import walk
from app.demo.running import Running
from tests import rowed
from tests.browser.examining import Examiner
from tests.browser.visiting import DESKTOP, PHONE, Language, Visitor, visitor
from tests.served import database_of_its_own, portal_on

pytestmark = pytest.mark.browser
NEXT = "บันทึกและไปหน้าถัดไป"


@pytest.fixture(scope="module")
def rowing(cluster: Urls, run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A portal whose catalogue asks in rows."""
    catalogue = rowed.catalogue(tmp_path_factory.mktemp("rowed") / "catalogue")
    with database_of_its_own(cluster) as urls, portal_on(urls.owner, run_folder, catalogue) as here:
        yield here


def at_the_page(chromium: Browser, here: Running, language: Language = "th", width: int = PHONE) -> Iterator[Visitor]:
    with visitor(chromium, here.url, here.outside, language=language, width=width) as somebody:
        somebody.sign_in("mali")
        somebody.open(walk.start_address(rowed.SERVICE))
        somebody.press("รับทราบและเริ่มกรอก")
        somebody.open(f"{somebody.path}/topics/{rowed.TOPIC}")
        yield somebody
        assert [said for said in somebody.complaints if "ERR_INTERNET_DISCONNECTED" not in said] == []


@pytest.fixture
def citizen(chromium: Browser, rowing: Running) -> Iterator[Visitor]:
    """Somebody at the page that asks in rows."""
    yield from at_the_page(chromium, rowing)


def keys(somebody: Visitor, *pressed: str) -> None:
    """Type: names of keys, or words after a colon."""
    for key in pressed:
        if key.startswith(":"):
            somebody.page.keyboard.type(key[1:])
        else:
            somebody.page.keyboard.press(key)


def test_a_question_comes_and_goes_with_an_answer_and_no_connection(citizen: Visitor) -> None:
    page = citizen.page
    citizen.context.set_offline(True)
    page.locator('[name="purposes"][value="other"]').check()
    page.locator("#other_purpose").fill("ทำหนังสือเดินทาง")

    assert page.locator("[data-news]").inner_text() == "มีคำถามเพิ่ม: ใช้ทำอะไรอีก"
    page.locator('[name="purposes"][value="other"]').uncheck()
    assert page.locator("#other_purpose").count() == 0
    sent = page.evaluate("[...new FormData(document.querySelector('[data-rules]'))].map(([name]) => name)")
    assert [name for name in sent if "other_purpose" in name] == []
    page.locator('[name="purposes"][value="other"]').check()
    assert page.locator("#other_purpose").input_value() == "ทำหนังสือเดินทาง"
    citizen.context.set_offline(False)


def test_rows_are_added_mended_and_taken_out_by_keyboard_alone(citizen: Visitor) -> None:
    page = citizen.page
    page.locator('[name="purposes"][value="bank"]').focus()
    keys(citizen, "Tab", "Space")
    page.locator("button#placards").focus()
    keys(citizen, "Enter")
    page.wait_for_url("**/rows/placards/new?row=*")
    page.locator("input[id$='.words']").focus()
    keys(citizen, ":ครัวมะลิ", "Tab", ":2.5", "Tab", ":1", "Tab", "Space")
    page.locator("input[id$='.watts']").wait_for()
    keys(citizen, "Tab", ":40", "Enter")
    page.wait_for_url("**/register#placards")

    assert "1. ครัวมะลิ · ความกว้าง 2.5" in page.locator("ol.rows").inner_text().replace("\u00a0", " ")
    page.locator("ol.rows button").focus()
    keys(citizen, "Enter")
    page.wait_for_url("**/rows/placards/*")
    citizen.button("เอาป้ายออก").focus()
    keys(citizen, "Enter")
    page.wait_for_url("**/register#placards")
    assert page.locator("ol.rows").count() == 0


def told(somebody: Visitor, words: str) -> None:
    """The page says how safe things are."""
    somebody.page.locator("[data-kept] p:visible", has_text=somebody.said(words)).wait_for()


def test_a_row_is_saved_as_it_is_typed_through_a_lost_connection_and_a_reload(citizen: Visitor) -> None:
    page = citizen.page
    citizen.fill({"purposes": "placards"})
    page.locator("button#placards").click()
    page.wait_for_url("**/rows/placards/new?row=*")
    here = page.url
    page.locator("input[id$='.words']").fill("ครัวมะลิ")
    told(citizen, "บันทึกแล้ว %(time)s")

    citizen.context.set_offline(True)
    page.locator("input[id$='.width']").fill("2.5")
    told(citizen, "ติดต่อระบบไม่ได้")
    citizen.button("บันทึกป้าย").click()
    page.locator("a.back").click()
    assert page.url == here, "an unsaved row was left"
    citizen.context.route("**/keep", lambda route: route.abort("internetdisconnected"))
    citizen.context.set_offline(False)
    page.reload()
    held = {name: page.locator(f"input[id$='.{name}']").input_value() for name in ("words", "width")}
    assert held == {"words": "ครัวมะลิ", "width": "2.5"}
    told(citizen, "ติดต่อระบบไม่ได้")
    citizen.context.unroute("**/keep")
    told(citizen, "บันทึกแล้ว %(time)s")

    page.goto(here.partition("/rows/")[0])
    assert "1. ครัวมะลิ · ความกว้าง 2.5" in page.locator("ol.rows").inner_text().replace("\u00a0", " ")


def test_two_screens_that_change_one_box_of_a_row_are_shown_both(citizen: Visitor) -> None:
    page = citizen.page
    citizen.fill({"purposes": "placards"})
    page.locator("button#placards").click()
    page.wait_for_url("**/rows/placards/new?row=*")
    page.locator("input[id$='.words']").fill("ชื่อเดิม")
    told(citizen, "บันทึกแล้ว %(time)s")
    other = Visitor(citizen.context, citizen.context.new_page(), citizen.base, "th", citizen.width)
    other.page.goto(page.url)
    other.page.locator("input[id$='.words']").fill("จากอีกจอ")
    told(other, "บันทึกแล้ว %(time)s")

    page.locator("input[id$='.width']").fill("3")
    page.locator("input[id$='.words']").fill("จากจอนี้")
    told(citizen, "มีคำตอบที่ไม่ตรงกัน")
    page.get_by_role("button", name="ดูทั้งสองคำตอบแล้วเลือก").click()
    assert citizen.sees("จากอีกจอ")
    page.get_by_text("จากจอนี้").click()
    citizen.press("ใช้คำตอบที่เลือก")

    page.locator("input[id$='.height']").wait_for()
    held = {name: page.locator(f"input[id$='.{name}']").input_value() for name in ("words", "width")}
    assert held == {"words": "จากจอนี้", "width": "3"}
    assert [key for key in page.evaluate("Object.keys(sessionStorage)") if key.startswith("unsaved:")] == []


@pytest.mark.parametrize(("language", "width"), [("th", PHONE), ("en", DESKTOP)])
def test_lists_and_rows_are_right_for_everybody_also_with_mistakes_in_them(
    chromium: Browser, rowing: Running, language: Language, width: int
) -> None:
    for somebody in at_the_page(chromium, rowing, language, width):
        examiner, page = Examiner(), somebody.page
        somebody.fill({"purposes": "placards"})
        page.locator("button#placards").click()
        page.wait_for_url("**/rows/placards/new?row=*")
        examiner.look(somebody, "row")
        page.locator(".actions button.btn").first.click()
        page.locator(".errors").wait_for()
        examiner.look(somebody, "row: wrong")
        page.locator("a.back").click()
        somebody.press(NEXT)
        page.locator(".errors").wait_for()
        examiner.look(somebody, "rows: wrong")
        page.locator(".errors a", has_text="1").last.click()
        assert page.evaluate("document.activeElement.id").startswith("placards.")

        assert examiner.found == []
