"""What a person does by hand: choose files, fill the form, sign in on the provider's pages, pay at the bank."""

import io
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser, FilePayload
from reportlab.pdfgen import canvas

from app.demo import papers, walk
from app.demo.running import Running
from tests.browser.by_keys import Typist
from tests.browser.visiting import DESKTOP, PHONE, Visitor, visitor

PATIENCE_SECONDS = 120
SHOP_NAME = "ก๋วยเตี๋ยวเรือมะลิ (ตัวอย่าง)"


@contextmanager
def windows(chromium: Browser, portal: Running, *, javascript: bool) -> Iterator[list[Visitor]]:
    """A phone and two desks."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(visitor(chromium, portal.url, portal.outside, width=width, javascript=javascript))
            for width in (PHONE, DESKTOP, DESKTOP)
        ]


def until(somebody: Visitor, done: Callable[[], bool]) -> None:
    """Reload, as a patient person would, until it is done."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < end, somebody.page.locator("main").inner_text()
        time.sleep(0.2)
        somebody.page.reload()


def choose_file(somebody: Visitor, key: str, name: str, content: bytes) -> None:
    """Choose a file for one document and press its button."""
    media = "image/jpeg" if name.endswith(".jpg") else "application/pdf"
    file = FilePayload(name=name, mimeType=media, buffer=content)
    if isinstance(somebody, Typist):
        return somebody.give(key, file)
    field = somebody.page.locator(f"#{key}")
    field.set_input_files(file)
    field.locator("xpath=ancestor::form").locator("button").click()
    return somebody.page.wait_for_load_state()


def sign_in_by_hand(somebody: Visitor, person: str) -> None:
    """On the provider's own pages: choose who to be, read what is asked for, agree."""
    somebody.page.get_by_role("link", name=f"เข้าเป็น {person}").or_(
        somebody.page.get_by_role("button", name=f"เข้าเป็น {person}")
    ).first.click()
    agree = re.compile("^ยินยอม")
    somebody.page.get_by_role("link", name=agree).or_(somebody.page.get_by_role("button", name=agree)).first.click()
    somebody.page.wait_for_load_state()


def officer_signs_in(somebody: Visitor, person: str) -> None:
    """From an officer's page through the officers' provider to the queue."""
    somebody.open("/officer")
    somebody.follow("เข้าสู่ระบบด้วยบัญชีเจ้าหน้าที่")
    sign_in_by_hand(somebody, person)
    assert somebody.path == "/officer"


def fill_the_form(citizen: Visitor) -> str:
    """Every page of the form and every document; the address of the form."""
    until(citizen, lambda: not citizen.sees("กำลังดึงข้อมูล"))
    form = citizen.path
    citizen.follow("ทำต่อที่ %(topic)s")
    for answers in walk.SHOP.values():
        citizen.fill({**answers, "shop_name": SHOP_NAME})
        citizen.press("บันทึกและไปหน้าถัดไป")
    assert citizen.path == f"{form}/documents"
    assert attach_everything(citizen) > 0
    citizen.follow("ไปตรวจคำตอบ")
    until(citizen, lambda: citizen.button("ยอมรับและส่งคำขอ %(num)s&nbsp;เรื่อง").count() > 0)
    return form


def attach_everything(citizen: Visitor) -> int:
    """A file for every document that is still missing when the registries have answered; how many there were."""
    until(citizen, lambda: not citizen.sees("กำลังขอจากทะเบียนของรัฐ"))
    keys = [field.get_attribute("id") or "" for field in citizen.page.locator("#own .drop:not(details .drop)").all()]
    for n, key in enumerate(keys):
        choose_file(citizen, key, *(papers.photo(key) if n % 2 else papers.paper(key)))
    return len(keys)


def check_everything(officer: Visitor, missing: str = "") -> None:
    """Mark every item as there, except one document."""
    for choice in officer.page.locator("main input[type=radio][value=ok]").all():
        choice.check()
    if missing:
        officer.page.locator(f'main [name="document-{missing}.verdict"][value=missing]').check()
        officer.page.locator(f'main [name="document-{missing}.reason"]').select_option(index=1)
        officer.page.locator(f'main [name="document-{missing}.instruction"]').fill("ถ่ายใหม่ให้เห็นครบทั้งหน้า")
    officer.press("บันทึกผลตรวจและไปพิจารณา")


def pages(count: int) -> bytes:
    """A PDF of so many pages: it takes a moment to look through."""
    out = io.BytesIO()
    paper = canvas.Canvas(out, invariant=1)
    for n in range(count):
        paper.drawString(72, 760, f"page {n + 1} of {count}")
        paper.showPage()
    paper.save()
    return out.getvalue()


def pay(citizen: Visitor) -> None:
    """From an open bill to the bank, pay there, and back."""
    citizen.follow("เปิดหน้าธนาคารสาธิต")
    citizen.page.get_by_role("button", name=re.compile("^จ่าย")).click()
    citizen.page.get_by_role("link", name="กลับไปจุดเดียว").click()
    citizen.page.wait_for_load_state()
