"""The main job at its real width, played over HTTP alone: one form, several agencies, for a person and for a company.

A citizen opens a restaurant with a bar: four services, three agencies; one application is returned and mended, one is
refused. A company opens a larger one. What is left behind: every submission, bill, receipt and licence as a PDF, and
journey.json with what was asked once instead of several times.
"""

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx2

from app.catalogue.loader import load
from app.demo import officials, proofs, running, walk
from app.demo.browsing import Browser, NotOnPage, fold
from app.demo.roles import Officer
from app.demo.walk import Timer

BAR = ("food-premises-notification", "commercial-registration", "liquor-retail", "tobacco-retail")
LARGE = ("food-premises-notification", "health-hazard-business", "liquor-retail", "tobacco-retail")

PLACE: dict[str, str] = {name: text for page in walk.SHOP.values() for name, text in page.items()}
RESTAURANT = PLACE | {
    "trade_name_en": "Mali Kitchen and Bar",
    "trade_activity": "shop",
    "trade_capital": "๒๐๐,๐๐๐",
    "head_office_at": "elsewhere",
    "head_office_address.house": "12",
    "head_office_address.moo": "4",
    "head_office_address.subdistrict": "ในเมือง เมืองขอนแก่น ขอนแก่น",
    "vat_registered": "no",
    "forbidden_place": "no",
    "liquor_service": "drink_in",
    "liquor_near_school": "no",
    "tobacco_goods": "cigarettes",
}
"""A small restaurant with a bar at one place, run from a head office in the area of another local authority."""

ROASTERY = RESTAURANT | {
    "shop_name": "ข้าวตัวอย่าง ครัวและโรงคั่ว",
    "premises_area": "๔๕๐",
    "food_handlers": "12",
    "vat_registered": "yes",
    "hazard_group": "food",
    "hazard_detail": "คั่วเมล็ดกาแฟใช้ในร้านและขายส่ง",
    "machine_power": "3.5",
    "hazard_workers": "4",
    "hazard_control": "ปล่องควันสูงพ้นหลังคา เครื่องตั้งบนแผ่นยาง ทำงาน 08:00–17:00 น.",
}
"""A company's larger place that roasts its own coffee: the area turns the notification into a licence by itself."""


@dataclass
class Desks:
    """Every agency's desk with who checks there and who signs; an officer signs in when first needed."""

    base: str
    _browsers: dict[str, Browser] = field(default_factory=dict)

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Who checks and who signs, desk by desk; who may do both keeps the case and signs it."""
        by_desk: dict[tuple[str, str | None], list[Officer]] = {}
        for officer in officials.OFFICERS:
            by_desk.setdefault((officer.agency or "", officer.office), []).append(officer)
        found = []
        for people in by_desk.values():
            checkers = [o for o in people if "check" in o.duties]
            signers = [o for o in people if "approve" in o.duties]
            if checkers and signers:
                checker = checkers[0]
                found.append((checker.key, checker.key if checker in signers else signers[0].key))
        return found

    def officer(self, key: str) -> Browser:
        """The officer at their own browser."""
        if key not in self._browsers:
            self._browsers[key] = walk.sign_in(Browser(self.base), key, "officer")
        return self._browsers[key]

    def of(self, number: str) -> tuple[Browser, Browser, str]:
        """Who checks and who signs the application with this number, and the address of the case."""
        for checker, signer in self.pairs:
            try:
                case = walk.find_case(self.officer(checker), number)
            except NotOnPage:
                continue
            return self.officer(checker), self.officer(signer), case
        raise NotOnPage(f"{number} is on nobody's desk")

    @property
    def requests(self) -> int:
        """How many requests all of them made."""
        return sum(browser.requests for browser in self._browsers.values())

    def close(self) -> None:
        """Everybody goes home."""
        for browser in self._browsers.values():
            browser.close()


def played(base: str, out: Path) -> dict[str, Any]:
    """Play both journeys at `base`, leave their documents in `out`; what happened, as data."""
    desks = Desks(base)
    with Browser(base) as me, Browser(base) as company:
        walk.sign_in(me, "mali")
        person = _journey(me, desks, out, BAR, RESTAURANT, returned=BAR[0], refused=BAR[3])
        walk.sign_in(company, "khao-mali", "company")
        larger = _journey(company, desks, out, LARGE, ROASTERY)
        requests = me.requests + company.requests + desks.requests
    desks.close()
    licences = [*person["licences"], *larger["licences"]]
    return {
        "person": person,
        "company": larger,
        "licence": licences[0],
        "verify": _worst([licence["verify"] for licence in licences]),
        "requests": requests,
    }


def _worst(answers: list[dict[str, Any]]) -> dict[str, Any]:
    return next((answer for answer in answers if answer.get("outcome") != "valid"), answers[0])


def _journey(
    me: Browser,
    desks: Desks,
    out: Path,
    services: tuple[str, ...],
    said: Mapping[str, str],
    returned: str = "",
    refused: str = "",
) -> dict[str, Any]:
    """From the choice to every licence; the services `returned` and `refused` go that way, the others straight."""
    timer = Timer()
    me.open("/start?" + "&".join(f"service={slug}" for slug in services)).must_see("เลือกแล้ว")
    form = timer.step("start", lambda: walk.start_form(me, *services))
    timer.step("prefill", lambda: walk.await_prefill(me, form))
    pages = timer.step("answers", lambda: walk.answer_all(me, form, dict(said)))
    uploaded = timer.step("documents", lambda: walk.attach(me, form))
    spared = _spared(me, form)
    if spared["documents"] != uploaded:
        raise NotOnPage(f"{uploaded} documents were uploaded, the check page counts {spared['documents']}")
    timer.step("submit", lambda: walk.submit(me, form))
    filed, agencies = _filed(me), _receivers(me)
    timer.step("submission_receipt", lambda: walk.save_when_ready(me, f"{form}/receipt.pdf", out, "submission"))
    outcomes, bills, first = {}, 0, _needed_first(filed)
    for slug, number in sorted(filed.items(), key=lambda one: one[0] not in first):
        ends = "refused" if slug == refused else "returned and mended" if slug == returned else "approved"
        timer.step(f"decide {slug}", lambda: _decide(me, desks, form, number, ends))  # noqa: B023 - called at once
        outcomes[slug] = {"number": number, "outcome": ends}
        if slug in first:
            bills += timer.step(f"pay {slug}", lambda: _pay_everything(me, form, out))
            timer.step(f"await {slug}", lambda: walk.await_licence(me, form))
    bills += timer.step("pay", lambda: _pay_everything(me, form, out))
    granted = [slug for slug in filed if slug != refused]
    licences = timer.step("licences", lambda: _licences(me, form, out, len(granted)))
    return {
        "form": form,
        "pages": pages,
        "applications": outcomes,
        "agencies": agencies,
        "asked": spared,
        "bills": bills,
        "licences": licences,
        "seconds": timer.steps,
    }


_FILLED = re.compile(r"เราใส่คำตอบไว้ให้แล้ว\s+(\d+)\s+ข้อ\s+จากทั้งหมด\s+(\d+)")
_COUNTS = re.compile(r"(\d+)\s+(?:ข้อ|เอกสาร)\s+ถ้าแยกยื่น\S*\s?\S*?(?:ต้องตอบ|ต้องแนบ)\s+(\d+)")


def _spared(me: Browser, form: str) -> dict[str, Any]:
    """What the check page counts: asked and uploaded here, and by separate forms."""
    me.open(f"{form}/check")
    (questions, asked), (documents, papers) = ((int(a), int(b)) for a, b in _COUNTS.findall(me.words))
    filled, everything = (int(n) for n in _FILLED.findall(me.words)[0])
    return {
        "questions_filled": filled,
        "questions_asked": everything,
        "filled_ratio": round(filled / everything, 3),
        "questions": questions,
        "questions_apart": asked,
        "questions_ratio": round(questions / asked, 3),
        "documents": documents,
        "documents_apart": papers,
        "documents_ratio": round(documents / papers, 3),
    }


def _filed(me: Browser) -> dict[str, str]:
    """The applications on the confirmation page: slug → number."""
    names = {fold(service.short_name.th): slug for slug, service in load(officials.CATALOGUE).services.items()}
    rows = me.page.xpath("//main//table//tr[td[contains(@class,'ref')]]")
    return {names[fold(row.xpath("string(th)"))]: fold(row.xpath("string(td[contains(@class,'ref')])")) for row in rows}


def _receivers(me: Browser) -> list[str]:
    """The agencies on the confirmation page, each once."""
    cells = me.page.xpath("//main//table//tr/td[1]/text()[1]")
    return list(dict.fromkeys(fold(str(cell)) for cell in cells))


def _decide(me: Browser, desks: Desks, form: str, number: str, ends: str) -> None:
    """One application through its two officers."""
    checker, signer, case = desks.of(number)
    walk.take(checker, case)
    if ends == "returned and mended":
        first = walk.first_document(checker, case)
        walk.check(checker, case, {first: "ถ่ายใหม่ให้เห็นครบทั้งหน้าและอ่านตัวเล็กได้"})
        walk.decide(checker, case, "return", "ลงชื่อและส่งถึงผู้ยื่น")
        walk.mend(me, form)
    walk.check(checker, case)
    walk.decide(checker, case, "accept", "ลงชื่อและรับไว้พิจารณา")
    walk.confirm_standing(checker, case)
    if ends != "refused" and checker.open(case).links(r"/decide/propose_approval"):
        walk.decide(checker, case, "propose_approval", "ลงชื่อเสนอ")
    walk.take(signer, case)
    walk.confirm_standing(signer, case)
    if ends == "refused":
        walk.refuse(signer, case, "ที่ตั้งร้านอยู่ในเขตที่ยังตรวจไม่ได้ ยื่นใหม่ได้เมื่อเปิดร้านแล้ว")
    else:
        walk.decide(signer, case, "approve", "ลงชื่ออนุญาต")


def _needed_first(filed: Mapping[str, str]) -> set[str]:
    """The services of a form whose licence must be there before another of the form is decided."""
    known = load(officials.CATALOGUE).services
    needs = [need for slug in filed for need in known[slug].needs if need.before == "decision"]
    return {slug for need in needs for slug in need.services if slug in filed}


def _pay_everything(me: Browser, form: str, out: Path) -> int:
    """Pay every bill of the form, keeping bills and receipts; how many there were."""
    paid: set[str] = set()
    while True:
        me.open(f"{form}/track")
        due = [bill for bill in me.links(r"/bills/[0-9a-f-]+$") if bill not in paid]
        if not due:
            return len(paid)
        walk.save_when_ready(me, f"{due[0]}/bill.pdf", out, "bill")
        walk.pay(me, due[0])
        walk.save_when_ready(me, f"{due[0]}/receipt.pdf", out, "receipt")
        paid.add(due[0])


def _licences(me: Browser, form: str, out: Path, count: int) -> list[dict[str, Any]]:
    """Wait for every licence, keep it, and ask as a stranger whether it is genuine."""

    def there(browser: Browser) -> list[str] | None:
        found = browser.links(r"/licences/[0-9a-f-]+$")
        return found if len(found) == count else None

    told = []
    for path in walk.wait_for(me, f"{form}/track", there):
        walk.save_when_ready(me, f"{path}/licence.pdf", out, "licence")
        held = json.loads(me.open(f"{path}/licence.json").content)
        address = f"{me.base}/verify/{held['code']}"
        answer = httpx2.get(address, headers={"Accept": "application/json"}, trust_env=False)
        told.append({**held, "verify": answer.json()})
    return told


def journey(out: Path, port: int) -> int:
    """`python -m app journey --out DIR`: a fresh instance, the main job, its documents and journey.json."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="judiao-journey-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o711)
        with running.running(port, folder / "data", durable=False) as here:
            text = json.dumps(played(here.url, out), ensure_ascii=False, indent=2)
            for before, after in proofs.awaited(here.portal.house, out).items():
                text = text.replace(before, after)
            (out / "root.pem").write_bytes(here.portal.house.trust_roots)
    (out / "journey.json").write_text(text, encoding="utf-8")
    print(text)
    return 0 if json.loads(text)["verify"].get("outcome") == "valid" else 1
