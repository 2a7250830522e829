"""The main job, played over HTTP alone: from the manual to a verified licence, with one return and one mending.

Used by the journey (`app.demo.journey`), by the benchmark and by the story tests: what they measure is what a person
does.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlencode

from app.core.clock import bangkok_date
from app.demo.browsing import Browser, NotOnPage
from app.demo.papers import paper, photo
from app.demo.provider import agree

SERVICE = "food-premises-notification"
PATIENCE_SECONDS = 60.0
MOST_PAGES = 60
"""More pages than any form has: something leads in circles."""
T = TypeVar("T")

SHOP: dict[str, dict[str, str]] = {
    "applicant": {"applicant_phone": "08 1234 5678", "applicant_email": ""},
    "shop": {
        "shop_name": "ครัวมะลิ (ตัวอย่าง)",
        "food_business": "eat_in",
        "opening_date.day": "๑๕",
        "opening_date.month": "12",
        "opening_date.year": "2569",
        "opening_hours": "ทุกวัน 10:00–21:00 น.",
    },
    "location": {
        "premises_address.house": "99/1",
        "premises_address.soi": "ดอกรัก 2",
        "premises_address.road": "ดอกไม้",
        "premises_address.subdistrict": "พระปฐมเจดีย์ เมืองนครปฐม นครปฐม",
        "premises_right": "own",
    },
    "hygiene": {"premises_area": "๑๒๐ ตร.ม.", "food_handlers": "3", "waste_system": "yes", "grease_trap": "yes"},
}
"""Answers by page, typed the way people type: Thai digits, spaces, units."""


def wait_for(browser: Browser, path: str, done: Callable[[Browser], T | None]) -> T:
    """Open `path` until `done` says something; NotOnPage after a minute."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = done(browser.open(path))
        if found:
            return found
        if time.monotonic() > until:
            raise NotOnPage(f"waited {PATIENCE_SECONDS:.0f} s at {path}: {browser.words[:600]}")
        time.sleep(0.1)


def sign_in(browser: Browser, person: str, audience: str = "citizen", to: str = "") -> Browser:
    """Sign in through the identity provider, choosing `person` there."""
    browser.open(f"/sign-in/{audience}" + (f"?next={to}" if to else ""))
    return browser.open(agree(browser.url, person))


@dataclass
class Timer:
    """Seconds per step, in order."""

    steps: dict[str, float] = field(default_factory=dict)

    def step(self, name: str, act: Callable[[], T]) -> T:
        """Do it and remember how long it took."""
        start = time.perf_counter()
        found = act()
        self.steps[name] = round(time.perf_counter() - start, 3)
        return found


def start_address(*services: str) -> str:
    """Where a new form for these services begins, with the notice."""
    return f"/start/notice?{urlencode([('service', slug) for slug in services or (SERVICE,)])}&new=1"


# — The citizen ————————————————————————————————————————————————————————————————————————————————————————————————————


def start_form(me: Browser, *services: str, fetch: bool = True) -> str:
    """Read the notice of these services, begin; the path of the new form."""
    me.open(start_address(*services))
    me.press("รับทราบและเริ่มกรอก", {"consent": ["registries_prefill"] if fetch else []})
    return me.url.removeprefix(me.base)


def await_prefill(me: Browser, form: str) -> None:
    """Until the registries have answered (or could not)."""
    wait_for(me, form, lambda b: not b.sees("กำลังดึงข้อมูล") or None)


def answer(me: Browser, form: str, answers: dict[str, dict[str, str]] | None = None) -> None:
    """Fill every page of the form."""
    for topic, fields in (answers or SHOP).items():
        me.open(f"{form}/topics/{topic}")
        asked = me.field_names()
        me.press("บันทึกและไปหน้าถัดไป", {name: value for name, value in fields.items() if name in asked})
        if me.status != 200:
            raise NotOnPage(f"{topic}: {me.status} {me.words[:500]}")


def answer_all(me: Browser, form: str, said: dict[str, str]) -> int:
    """Answer every page of a form, whatever it asks, with what is in `said` (field name → typed); how many pages."""
    me.open(form)
    me.open(me.links(r"/topics/[a-z_]+$")[0])
    pages = 0
    while "/topics/" in me.url:
        wait_for(me, me.url.removeprefix(me.base), lambda b: not b.sees("กำลังดึงข้อมูล") or None)
        asked = me.field_names()
        me.press("บันทึกและไปหน้าถัดไป", {name: text for name, text in said.items() if name in asked})
        pages += 1
        if me.status != 200 or pages > MOST_PAGES:
            raise NotOnPage(f"{me.url}: {me.status} {me.words[:700]}")
    return pages


def attach(me: Browser, form: str, file: Callable[[str], tuple[str, bytes]] = photo) -> int:
    """Upload a file for every missing document and wait until all are looked through; how many there were."""
    count = upload(me, form, file)
    wait_for(me, f"{form}/documents", lambda b: not b.sees("กำลังตรวจไฟล์") or None)
    return count


def upload(me: Browser, form: str, file: Callable[[str], tuple[str, bytes]] = photo) -> int:
    """Upload a file for every missing document; how many there were. A job looks through them afterwards.

    What a registry is still being asked for is waited for: it may come without us.
    """
    wait_for(me, f"{form}/documents", lambda b: not b.sees("กำลังขอจากทะเบียนของรัฐ") or None)
    count = 0
    while True:
        me.open(f"{form}/documents")
        empty = [f for f in me.page.iter("form") if f.get("enctype") and _missing(f)]
        if not empty:
            return count
        key = _key(empty[0])
        name, content = file(key)
        button = "".join(str(x) for x in empty[0].xpath(".//button//text()")).strip()
        me.press(button, _beside(empty[0]), file=(name, content))
        if me.status != 200:
            raise NotOnPage(f"{key}: {me.status} {me.words[:500]}")
        count += 1


def _beside(form: Any) -> dict[str, str]:
    """What is said beside a file: the first of several documents, issued at the beginning of this month."""
    asked = {str(name): str(value) for name, value in ((e.name, e.get("value")) for e in form.iter("input")) if name}
    today = bangkok_date(datetime.now(UTC))
    said = {"day": "1", "month": str(today.month), "year": str(today.year)}
    first = {e.name: e.get("value") for e in reversed(list(form.iter("input"))) if e.get("type") == "radio"}
    return first | {name: said[part] for name in asked if (part := name.rpartition(".")[2]) in said}


def _key(form: Any) -> str:
    return str(form.get("action") or "").rpartition("/")[2]


def _missing(form: Any) -> bool:
    return not form.xpath("ancestor::details")


def submit(me: Browser, form: str) -> None:
    """Check and send."""
    me.open(f"{form}/check")
    me.press("ยอมรับและส่งคำขอ %(num)s&nbsp;เรื่อง")
    me.must_see("ส่งคำขอแล้ว %(num)s&nbsp;เรื่อง")


def application_number(me: Browser, form: str) -> str:
    """The number of the (first) application, from the tracking page."""
    me.open(f"{form}/track")
    found = me.page.xpath("//li[contains(@class,'line')]//span[@class='ref']")
    return " ".join(found[0].text_content().replace("\u00a0", " ").split())


# — The officers ———————————————————————————————————————————————————————————————————————————————————————————————————


def find_case(officer: Browser, number: str) -> str:
    """The path of the case with this number in the queue."""
    for tab in ("new", "mine", "applicant", "done"):
        officer.open(f"/officer?tab={tab}&q={number.replace(' ', '+')}")
        for link in officer.page.iter("a"):
            if number in " ".join(link.text_content().replace("\u00a0", " ").split()):
                return str(link.get("href")).partition("?")[0]
    raise NotOnPage(f"{number} is in no tab of the queue: {officer.words[:400]}")


def take(officer: Browser, case: str) -> None:
    """Take the case if nobody has."""
    officer.open(case)
    if officer.sees("รับแล้วจึงตรวจและพิจารณาได้"):
        officer.press("รับเรื่องนี้")


def check(officer: Browser, case: str, missing: dict[str, str] | None = None) -> None:
    """Fill the completeness check: everything is there, except the documents in `missing` (key → what to do)."""
    officer.open(f"{case}/check")
    findings: dict[str, str] = {}
    for name in officer.field_names():
        if not name.endswith(".verdict"):
            continue
        prefix = name.removesuffix(".verdict")
        said = (missing or {}).get(prefix.removeprefix("document-"))
        findings[name] = "missing" if said else "ok"
        if said:
            options = officer.page.xpath(f"//select[@name='{prefix}.reason']/option/@value")
            findings[f"{prefix}.reason"] = next((o for o in options if o), "")
            findings[f"{prefix}.instruction"] = said
    officer.press("บันทึกผลตรวจและไปพิจารณา", findings)
    if officer.status != 200:
        raise NotOnPage(f"check: {officer.status} {officer.words[:500]}")


def decide(officer: Browser, case: str, action: str, button: str, fields: dict[str, str] | None = None) -> None:
    """Sign one decision."""
    officer.open(f"{case}/decide/{action}")
    officer.press(button, fields)
    if officer.status != 200 or "/decided/" not in officer.url:
        raise NotOnPage(f"{action}: {officer.status} {officer.words[:500]}")


def confirm_standing(officer: Browser, case: str) -> None:
    """Confirm that whoever sent it may act for the company, where the case asks for that."""
    if officer.open(case).page.xpath("//form[contains(@action, '/standing')]"):
        officer.press("ยืนยันว่าผู้ส่งมีอำนาจ", {"standing_note": "หนังสือรับรองและตราประทับตรงกับทะเบียน"})


def refuse(officer: Browser, case: str, why: str) -> None:
    """Refuse on the first ground that the law gives, with a reason."""
    officer.open(f"{case}/decide/reject")
    ground = next(value for value in officer.page.xpath("//select[@name='ground']/option/@value") if value)
    decide(officer, case, "reject", "ลงชื่อไม่อนุญาต", {"ground": ground, "message": why})


def prove_presence(officer: Browser, person: str) -> str:
    """At the provider's page: sign in anew, as a list of decisions to be signed asks; the path of the list."""
    officer.open(agree(officer.url, person))
    if officer.status != 200 or "/officer/signing/" not in officer.url:
        raise NotOnPage(f"{officer.url}: {officer.status} {officer.words[:500]}")
    return officer.url.removeprefix(officer.base)


# — Money ——————————————————————————————————————————————————————————————————————————————————————————————————————————


def bill_path(me: Browser, form: str) -> str:
    """The path of the bill to pay."""
    me.open(f"{form}/track")
    return me.links(r"/bills/[0-9a-f-]+$")[0]


def pay(me: Browser, bill: str) -> None:
    """Open the bank from the bill, pay there."""
    me.open(bill)
    me.follow("เปิดหน้าธนาคารสาธิต")
    me.press("Pay" if me.language == "en" else "จ่าย")


def await_licence(me: Browser, form: str) -> str:
    """Until the licence is there; its path."""
    return wait_for(me, f"{form}/track", lambda b: next(iter(b.links(r"/licences/[0-9a-f-]+$")), None))


def mend(me: Browser, form: str, file: Callable[[str], tuple[str, bytes]] = paper) -> None:
    """Answer the deficiency notice: exactly the documents it lists."""
    me.open(f"{form}/track")
    notice = me.links(r"/deficiency$")[0]
    me.open(notice)
    for upload in [f for f in me.page.iter("form") if f.get("enctype") and _missing(f)]:
        key = _key(upload)
        button = "".join(str(x) for x in upload.xpath(".//button//text()")).strip()
        me.press(button, file=file(key))
        me.open(notice)
    wait_for(me, notice, lambda b: not b.sees("กำลังตรวจไฟล์") or None)
    me.press("ส่งที่แก้แล้ว %(num)s&nbsp;รายการ")
    me.must_see("กำลังตรวจความครบถ้วน")


# — Documents ————————————————————————————————————————————————————————————————————————————————————————————————————————


def first_document(officer: Browser, case: str) -> str:
    """The key of the first document that the completeness check lists."""
    officer.open(f"{case}/check")
    names = [str(e.get("name")) for e in officer.page.iter("input") if str(e.get("name")).startswith("document-")]
    return names[0].removeprefix("document-").removesuffix(".verdict")


def save_when_ready(me: Browser, path: str, out: Path, kind: str) -> Path:
    """Wait for a document and keep it in `out` under its own name."""
    wait_for(me, path, lambda b: b.status == 200 or None)
    name = unquote(me.headers.get("content-disposition", "").rpartition("''")[2]) or f"{kind}-1.pdf"
    named = out / f"{kind}-{name.removeprefix(f'{kind}-')}"
    same = (named if n == 1 else named.with_stem(f"{named.stem}-{n}") for n in count(1))  # each agency counts its own
    file = next(one for one in same if not one.exists())
    file.write_bytes(me.content)
    return file
