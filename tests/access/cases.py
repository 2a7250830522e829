"""Real cases of the owner, one in each state the table speaks of, played over HTTP; every text in them is hostile."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2
from sqlalchemy import select

from app.billing.models import Payment, PaymentStatus
from app.core.clock import bangkok_date
from app.demo import papers, walk
from app.demo.browsing import Browser, text_of
from app.demo.officials import MUANG
from tests.access.cast import NAMES, Cast, Who
from tests.access.hostile import formula, markup

PHOTOS = "premises_photos"
SIGNER = f"{NAMES[Who.OTHER]} ตัวอย่าง"
"""Who lends the premises of the draft, and so is asked to sign."""
Names = dict[str, str]


def answers(*, typed_name: bool = False) -> dict[str, dict[str, str]]:
    """A whole form, hostile wherever words are free; `typed_name`: the registry was not asked."""
    found = deepcopy(walk.SHOP)
    found["shop"] |= {"shop_name": markup("shop"), "opening_hours": formula("hours")}
    found["location"] |= {"premises_address.road": markup("premises-road", 60), "premises_building": markup("building")}
    if typed_name:
        found["applicant"] |= {
            "applicant_title": markup("title", 60),
            "applicant_given_name": markup("typed-given"),
            "applicant_family_name": markup("typed-family"),
            "applicant_birth_date.day": "1",
            "applicant_birth_date.month": "2",
            "applicant_birth_date.year": "2540",
            "applicant_address.house": "1/1",
            "applicant_address.road": markup("road", 60),
            "applicant_address.subdistrict": "730101",
        }
        found["location"]["premises_right"] = "consent"
        found["premises_owner"] = {"premises_owner_name": SIGNER}
    return found


def file(key: str) -> tuple[str, bytes]:
    """A picture whose name wants to be markup, a path and a formula."""
    return f"../=1+1{markup(key, 120)}.jpg", papers.photo(key)[1]


@dataclass
class Cases:
    """Where each case is, by the name the table uses: the values for the holes in an address."""

    at: dict[str, Names] = field(default_factory=dict)

    def path(self, template: str, place: str, **also: str) -> str:
        """The address of a page of the case at `place`."""
        return template.format_map(self.at[place] | also)


class Play:
    """The owner and three officers at their browsers."""

    def __init__(self, cast: Cast, me: Browser, checker: Browser, approver: Browser) -> None:
        self.cast = cast
        self.me = me
        self.checker = checker
        self.approver = approver
        self.slip = ""

    def draft(self) -> str:
        """A form that was answered without the registry, with one picture, not sent."""
        form = walk.start_form(self.me, fetch=False)
        walk.answer(self.me, form, answers(typed_name=True))
        self.me.open(f"{form}/documents")
        button = self.me.page.xpath(f"//form[contains(@action, '/documents/{PHOTOS}')]//button")[0]
        self.me.press(text_of(button), file=file(PHOTOS))
        walk.wait_for(self.me, f"{form}/documents", lambda b: not b.sees("กำลังตรวจไฟล์") or None)
        return form

    def filled(self) -> str:
        """A form with everything in it; its files are still being looked through."""
        form = walk.start_form(self.me)
        walk.await_prefill(self.me, form)
        walk.answer(self.me, form, answers())
        walk.upload(self.me, form, file)
        return form

    def submitted(self, form: str) -> str:
        """Sent: its case at the officers' desk."""
        walk.wait_for(self.me, f"{form}/documents", lambda b: not b.sees("กำลังตรวจไฟล์") or None)
        walk.submit(self.me, form)
        return walk.find_case(self.checker, walk.application_number(self.me, form))

    def taken(self, form: str) -> str:
        """The checker has it, and has written a note."""
        case = self.submitted(form)
        walk.take(self.checker, case)
        self.checker.open(case).press("บันทึกภายใน", {"note": markup("note")})
        return case

    def returned(self, form: str) -> str:
        """One document and one answer are asked for; a new file is there, the answer is not."""
        case = self.taken(form)
        said = {f"document-{PHOTOS}": markup("instruction"), "answer-shop_name": markup("wrong-name")}
        self.checker.open(f"{case}/check")
        findings = {}
        for name in self.checker.field_names():
            item, _, part = name.rpartition(".")
            if part == "verdict":
                findings[name] = "missing" if item in said else "ok"
            elif item in said and part == "instruction":
                findings[name] = said[item]
            elif item in said and part == "reason":
                options = self.checker.page.xpath(f"//select[@name='{name}']/option/@value")
                findings[name] = next(option for option in options if option)
        self.checker.press("บันทึกผลตรวจและไปพิจารณา", findings)
        walk.decide(self.checker, case, "return", "ลงชื่อและส่งถึงผู้ยื่น", {"message": markup("message")})
        notice = f"/applications/{case.rpartition('/')[2]}/deficiency"
        self.me.open(notice)
        self.me.press("อัปโหลด", file=file(PHOTOS))
        walk.wait_for(self.me, notice, lambda b: not b.sees("กำลังตรวจไฟล์") or None)
        return case

    def accepted(self, form: str) -> str:
        """Complete; the approver has it."""
        case = self.taken(form)
        walk.check(self.checker, case)
        walk.decide(self.checker, case, "accept", "ลงชื่อและรับไว้พิจารณา")
        walk.take(self.approver, case)
        return case

    def rejected(self, form: str) -> str:
        """Refused with reasons."""
        case = self.accepted(form)
        self.approver.open(f"{case}/decide/reject")
        grounds = self.approver.page.xpath("//select[@name='ground']/option/@value")
        said = {"ground": next(g for g in grounds if g), "message": markup("explanation")}
        walk.decide(self.approver, case, "reject", "ลงชื่อไม่อนุญาต", said)
        return case

    def issued(self, form: str) -> tuple[str, str, str]:
        """Approved, paid and issued: case, bill, licence."""
        case = self.accepted(form)
        walk.decide(self.approver, case, "approve", "ลงชื่ออนุญาต", {"message": markup("approval")})
        bill = walk.bill_path(self.me, form)
        self.slip = parse_qs(urlsplit(self.me.open(bill).links(r"/bank/pay\?qr=")[0]).query)["qr"][0]
        walk.pay(self.me, bill)
        licence = walk.await_licence(self.me, form)
        for paper in (f"{bill}/receipt.pdf", f"{form}/receipt.pdf"):
            walk.wait_for(self.me, paper, lambda b: b.status == 200 or None)
        return case, bill, licence

    def announced(self, licence: str) -> str:
        """The checker tells the holder that the licence may be revoked, and thinks better of it: the letter, sealed."""
        page = f"/officer/licences/{licence}/revoke/announce"
        self.checker.open(page).press("ดูหนังสือก่อนลงชื่อ", {"ground": "false", "message": markup("accusation")})
        self.checker.press("ลงชื่อและส่งถึงผู้ถือ")
        letters = walk.wait_for(self.checker, f"/officer/licences/{licence}", lambda b: b.links(r"/letters/"))
        self.checker.open(f"/officer/licences/{licence}/revoke/drop").press("ตรวจก่อนลงชื่อ")
        self.checker.press("ลงชื่อและยุติเรื่อง")
        return letters[0].split("/")[-2]

    def listed(self, application_id: str) -> str:
        """The approver means to sign this case together with others: the list of it."""
        self.approver.open("/officer/signing")
        (key,) = (k for k in self.approver.page.xpath("//input[@name='case']/@value") if k.startswith(application_id))
        return _last(urlsplit(self.approver.press("เฉพาะเรื่องที่เลือก", {"case": str(key)}).url).path)

    def paid_again(self) -> str:
        """The slip of the issued case is paid once more; the payment at the cash desk."""
        order = {"qr": self.slip, "callback": "once"}
        httpx2.post(f"{self.cast.here.outside}/bank/v1/payments", json=order, trust_env=False).raise_for_status()
        found: list[UUID] = []
        while not found:
            with self.cast.database.transaction() as db:
                found = list(db.scalars(select(Payment.id).where(Payment.status == PaymentStatus.DUPLICATE)))
        return str(found[0])


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _upload(me: Browser, page: str) -> str:
    return _last(me.open(page).links(r"/files/[0-9a-f-]{36}$")[0])


def _asked_to_sign(me: Browser, draft: str) -> Names:
    """Another citizen has a link to sign the consent of the draft."""
    page = me.open(f"{draft}/papers/premises_consent")
    page.press(text_of(page.page.xpath("//form[contains(@action, '/signers')]//button")[0]))
    *_, signer_id, link = str(me.page.xpath("//input[@readonly]/@value")[0]).split("/")
    return {"signer_id": signer_id, "link": link}


def _asked_about_data(me: Browser, number: str) -> Names:
    """A copy that is ready, and a request to the agency."""
    me.open("/my/privacy/requests/new")
    me.press("ส่งคำขอ", {"right": "erasure", "agency": MUANG, "text": f"{number} {markup('request')}"})
    return {"copy_id": _copied(me)}


def _copied(me: Browser) -> str:
    """A copy of all that is held about a person, ready: no job of theirs writes anything later."""
    me.open("/my/privacy").press("ขอสำเนาข้อมูล")
    return walk.wait_for(me, "/my/privacy", lambda b: b.links(r"/copies/"))[0].split("/")[-2]


def make(cast: Cast) -> Cases:
    """Play everything once; a good ten seconds."""
    cases = Cases()
    with cast.browser(Who.OWNER) as me, cast.browser(Who.CHECKER) as checker, cast.browser(Who.APPROVER) as approver:
        play = Play(cast, me, checker, approver)
        draft = play.draft()
        cases.at["draft"] = {"form_id": _last(draft), "key": PHOTOS, "topic": "shop"} | _asked_to_sign(me, draft)
        states = {
            "new": play.submitted,
            "taken": play.taken,
            "returned": play.returned,
            "accepted": play.accepted,
            "rejected": play.rejected,
        }
        forms = {name: play.filled() for name in (*states, "issued")}
        for name, come_this_far in states.items():
            case = come_this_far(forms[name])
            cases.at[name] = {"form_id": _last(forms[name]), "application_id": _last(case), "key": PHOTOS}
        cases.at["accepted"]["batch_id"] = play.listed(cases.at["accepted"]["application_id"])
        form = forms["issued"]
        case, bill, licence = play.issued(form)
        cases.at["odd"] = {"payment_id": play.paid_again()}
        announced = play.announced(_last(licence))
        letter = f"/applications/{cases.at['rejected']['application_id']}/letter.pdf"
        walk.wait_for(me, letter, lambda b: b.status == 200 or None)
        number = walk.application_number(me, form)
        facts = me.open(f"{licence}/licence.json")
        cases.at["issued"] = {
            "form_id": _last(form),
            "application_id": _last(case),
            "key": PHOTOS,
            "bill_id": _last(bill),
            "licence_id": _last(licence),
            "letter_id": announced,
            "code": str(json.loads(facts.content)["code"]),
            "ref": number.replace(" ", "-"),
        }
        cases.at["draft"]["upload_id"] = _upload(me, f"{draft}/documents")
        notice = f"/applications/{cases.at['returned']['application_id']}/deficiency"
        cases.at["returned"]["upload_id"] = _upload(me, notice)
        paper = walk.wait_for(me, notice, lambda b: b.links(r"/letters/[0-9a-f-]{36}/letter.pdf$"))[0]
        cases.at["returned"]["letter_id"] = paper.split("/")[-2]
        until = bangkok_date(cast.house.clock.now()) + timedelta(days=20)
        cases.at["person"] = {
            "mandate_id": str(cast.offered),
            "day": str(until.day),
            "month": str(until.month),
            "year": str(until.year),
            "digest": _last(me.open("/consents").links(r"/notices/")[0]),
        }
        cases.at["person"] |= _asked_about_data(me, number)
        cases.at["new"]["ref"] = number
    with cast.browser(Who.OTHER) as other:
        _copied(other)
    with cast.browser(Who.MANAGER) as manager:
        manager.open("/officer/data").press("เก็บเรื่องนี้ต่อ", {"number": number, "reason": markup("hold")})
        lift = next(str(a) for a in manager.page.xpath("//form/@action") if str(a).endswith("/lift"))
        cases.at["person"] |= {
            "hold_id": lift.split("/")[-2],
            "request_id": _last(manager.open("/officer/data").links(r"/officer/data/")[0]),
        }
    for place in cases.at.values():
        place["number"] = "1"
    return cases
