"""For whom am I acting: the choice, visible from every page, and the inbox of the party."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.schema import Text
from app.core.errors import Conflict, Forbidden
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.thai import date_long, format_citizen_id
from app.core.web import Db, Fields, Now, form_token, local_path, one, render, see, token_holds
from app.identity.sessions import CitizenSession
from app.notices import inbox
from app.notices.models import InboxLine
from app.pages.citizen_form import house_of
from app.pages.contexts.acting import ActingPage, InboxLineView, InboxPage, PartyView
from app.pages.contexts.frame import Problem
from app.pages.sign_in import signed_in
from app.pages.who import Citizen, Person
from app.stories import acting
from app.stories.acting import Party
from app.stories.house import House

router = APIRouter()

LINES = {
    "agent_started": "%(agent)s เริ่มแบบฟอร์ม %(reference)s แทนคุณ",
    "agent_sent": "%(agent)s ส่งแบบฟอร์ม %(reference)s แทนคุณ",
    "agent_mended": "%(agent)s ส่งที่แก้แล้วของคำขอ %(reference)s แทนคุณ",
    "agent_combined": "%(agent)s รวมใบแจ้งชำระเป็นใบเดียวแทนคุณ เลขที่ %(reference)s",
    "agent_paid": "ชำระใบแจ้ง %(reference)s ของเรื่องที่ %(agent)s ส่งแทนคุณแล้ว",
    "agent_withdrew": "%(agent)s ถอนคำขอ %(reference)s แทนคุณ",
    "mandate_given": "%(by)s มอบอำนาจให้ %(agent)s",
    "mandate_offered": "%(party)s ขอมอบอำนาจให้คุณ เปิดดูแล้วเลือกว่าจะรับหรือไม่",
    "mandate_accepted": "%(agent)s รับมอบอำนาจแล้ว",
    "mandate_ended": "%(by)s ยกเลิกอำนาจของ %(agent)s",
    "mandate_taken_back": "%(party)s ยกเลิกอำนาจที่ให้คุณแล้ว",
    "mandate_laid_down": "%(agent)s คืนอำนาจที่คุณมอบให้",
    "agent_asked_change": "%(agent)s ขอแก้คำตอบของคำขอ %(reference)s แทนคุณ",
    "change_accepted": "เจ้าหน้าที่รับการแก้คำตอบของคำขอ %(reference)s แล้ว",
    "change_refused": "เจ้าหน้าที่ไม่รับการแก้คำตอบของคำขอ %(reference)s เปิดดูเหตุผล",
    "agent_surrendered": "%(agent)s คืนใบอนุญาต %(reference)s แทนคุณ",
    "agent_asked_substitute": "%(agent)s ขอใบแทนของใบอนุญาต %(reference)s แทนคุณ",
    "agent_asked_amend": "%(agent)s ขอแก้ข้อมูลในใบอนุญาต %(reference)s แทนคุณ",
    "agent_objected": "%(agent)s ส่งข้อโต้แย้งเรื่องใบอนุญาต %(reference)s แทนคุณ",
    "licence_intent": "หน่วยงานแจ้งเหตุที่อาจเพิกถอนหรือพักใช้ใบอนุญาต %(number)s เปิดอ่านและโต้แย้งได้",
    "licence_suspend": "ใบอนุญาต %(number)s ถูกพักใช้ เปิดอ่านคำสั่งและวิธีอุทธรณ์",
    "licence_reinstate": "ใบอนุญาต %(number)s กลับมาใช้ได้แล้ว",
    "licence_usable_again": "พ้นวันที่พักใช้แล้ว ใบอนุญาต %(number)s กลับมาใช้ได้แล้ว",
    "licence_revoke": "ใบอนุญาต %(number)s ถูกเพิกถอน เปิดอ่านคำสั่งและวิธีอุทธรณ์",
    "licence_amend": "หน่วยงานรับแก้ข้อมูลในใบอนุญาต %(number)s แล้ว กำลังออกฉบับใหม่",
    "licence_substitute": "หน่วยงานให้ออกใบแทนของใบอนุญาต %(number)s แล้ว กำลังออกฉบับใหม่",
    "licence_amend_refused": "หน่วยงานไม่แก้ข้อมูลในใบอนุญาต %(number)s เปิดอ่านเหตุผล",
    "licence_substitute_refused": "หน่วยงานไม่ออกใบแทนของใบอนุญาต %(number)s เปิดอ่านเหตุผล",
    "licence_dropped": "หน่วยงานยุติเรื่องที่แจ้งเกี่ยวกับใบอนุญาต %(number)s ไม่มีคำสั่งใด",
    "licence_new_edition": "ฉบับใหม่ของใบอนุญาต %(number)s พร้อมใช้แล้ว ฉบับก่อนหน้าใช้ไม่ได้อีก",
    "licence_substitute_granted": "หน่วยงานให้ออกใบแทนของใบอนุญาต %(number)s แล้ว อ่านหนังสือ",
    "licence_amend_granted": "หน่วยงานรับแก้ข้อมูลในใบอนุญาต %(number)s แล้ว อ่านหนังสือ",
    "licence_act_to_pay": "เรื่องของใบอนุญาต %(number)s อนุมัติแล้ว ชำระ %(baht)s บาท แล้วระบบจะออกฉบับใหม่ให้",
    "licence_edition_unfit": "จัดทำฉบับใหม่ของใบอนุญาต %(number)s ไม่ได้ ฉบับเดิมยังใช้ได้ ขออีกครั้งหรือโทรถามหน่วยงาน",
    "licence_unfit_fee_back": "จัดทำฉบับใหม่ของใบ %(number)s ไม่ได้ ฉบับเดิมยังใช้ได้ ค่าธรรมเนียม %(baht)s บาทจะคืนให้ ขอใหม่ได้",
    "licence_fee_back": "ใบ %(number)s ใช้ไม่ได้อีกก่อนออกฉบับใหม่ ค่าธรรมเนียม %(baht)s บาทจะคืนให้",
    "licence_act_unpaid": "ไม่ได้ชำระค่าออกฉบับใหม่ของใบ %(number)s ภายในกำหนด ฉบับเดิมใช้ได้ต่อไป ขอใหม่ได้",
    "licence_expired": "ใบอนุญาต %(number)s หมดอายุแล้ว",
    "paper_signed": "%(who)s ลงนามในเอกสารของแบบฟอร์ม %(reference)s แล้ว",
    "paper_refused": "%(who)s ไม่ลงนามในเอกสารของแบบฟอร์ม %(reference)s เปิดดูเหตุผล",
    "paper_waiting": "%(who)s ยังไม่ลงนามในเอกสารของแบบฟอร์ม %(reference)s เตือนเขาหรือส่งลิงก์ใหม่",
    "signatures_void": "คำตอบที่เอกสารอ้างถึงเปลี่ยน ลายมือชื่อของ %(who)s จึงใช้ไม่ได้ ขอลายมือชื่อใหม่",
    "signature_void": "เอกสารที่คุณลงนามถูกแก้ ลายมือชื่อของคุณจึงไม่มีผลแล้ว เปิดลิงก์เดิมเพื่ออ่านและลงนามใหม่",
    "please_sign": "มีเอกสารรอคุณลงนาม เปิดลิงก์ที่ผู้ยื่นส่งให้คุณ",
    "question_answered": "หน่วยงานตอบคำถามของคุณแล้ว: “%(text)s”",
    "deficiency": "คำขอ %(reference)s ต้องแก้ไข ส่งกลับภายในวันที่ %(day)s มีบันทึกข้อบกพร่องให้ดาวน์โหลด",
    "delay_unexplained": "คำขอ %(reference)s ยังพิจารณาไม่เสร็จตามเวลา และยังไม่มีเหตุใหม่จากหน่วยงาน ร้องเรียนได้",
    "agent_opened_letter": "%(agent)s เปิดหนังสือเรื่องใบอนุญาต %(reference)s แทนคุณ ถ้าอุทธรณ์ได้ เวลาเริ่มนับแล้ว",
    "delay": "คำขอ %(reference)s พิจารณาไม่เสร็จตามเวลาในคู่มือ มีหนังสือแจ้งเหตุ",
    "draft_ending": "แบบร่าง %(reference)s จะถูกลบหลังวันที่ %(day)s ถ้าไม่เปิดทำต่อ",
    "agent_shared": "%(agent)s สร้างลิงก์ให้ผู้อื่นดูใบอนุญาต %(reference)s แทนคุณ",
    "renewal_ended": "คำขอต่ออายุ %(reference)s จบแล้ว เพราะใบเลขที่ %(number)s ใช้ไม่ได้อีก คุณไม่ต้องชำระใบแจ้งของคำขอนี้",
    "renewal_fee_back": "คำขอต่ออายุ %(reference)s จบแล้ว เพราะใบ %(number)s ใช้ไม่ได้อีก ค่าธรรมเนียม %(baht)s บาทจะคืนให้",
    "renewal_waits": "การต่ออายุใบเลขที่ %(number)s ที่ชำระแล้วรออยู่ จะออกใบใหม่ให้เองเมื่อพ้นการพักใช้",
    "licence_ending": "%(service)s เลขที่ %(number)s ใช้ได้อีก %(days)s วัน ถึง %(day)s ต่ออายุได้ที่นี่",
    "licence_unpaid": "ใบแจ้งชำระค่าต่ออายุ%(service)s เลขที่ %(number)s ยังไม่ได้ชำระ ใบเดิมใช้ได้ถึง %(day)s",
    "draft_over": "แบบร่าง %(reference)s ถูกลบแล้ว เพราะไม่มีใครเปิดทำต่อ 90 วัน",
}
"""What each kind of inbox line says (msgids)."""


def names_of(house: House, slugs: tuple[str, ...] | None) -> tuple[Text, ...] | None:
    """Services by their names; None means every one."""
    if slugs is None:
        return None
    known = house.catalogue.services
    return tuple(known[slug].short_name for slug in slugs if slug in known)


def from_our_page(request: Request, citizen: CitizenSession, fields: Fields) -> bool:
    """Whether the form was drawn for this session, that is for this person and this party."""
    secret = house_of(request).settings.cookie_secret
    return token_holds(secret, citizen.session_id, "acting", one(fields, "token"))


def bound(request: Request, citizen: CitizenSession, fields: Fields) -> None:
    """Conflict unless it was; for forms in which nothing was typed."""
    if not from_our_page(request, citizen, fields):
        raise Conflict("เปิดหน้านี้นานเกินไปหรือเปลี่ยนผู้ที่ทำแทนแล้ว เปิดหน้าอีกครั้งแล้วทำรายการใหม่")


TOO_OLD = "เปิดหน้านี้นานเกินไปหรือเปลี่ยนผู้ที่ทำแทนแล้ว ตรวจว่าทำแทนใครอยู่ แล้วกดปุ่มเดิมอีกครั้ง"


def too_old() -> Problem:
    """What a page says that is shown again with everything typed, because it was drawn for another session."""
    return Problem("main", _(TOO_OLD))


def token(request: Request, citizen: CitizenSession) -> str:
    """The form token of this session's pages about acting."""
    return form_token(house_of(request).settings.cookie_secret, citizen.session_id, "acting")


@router.get("/acting")
def parties(request: Request, db: Db, citizen: Person, now: Now) -> Response:
    """Everybody I may act for."""
    house = house_of(request)
    page = ActingPage(
        parties=tuple(_view(house, citizen, party) for party in acting.parties(db, citizen, now)),
        ended=citizen.party_name if citizen.mandate_over else "",
        offers=acting.offers(db, citizen, now),
        may_company=house.settings.companies is not None,
        token=token(request, citizen),
    )
    return render(request, "acting/parties.html", page)


def _view(house: House, citizen: CitizenSession, party: Party) -> PartyView:
    return PartyView(
        key=party.key,
        name=party.name_en if lang() == "en" else party.name,
        right=party.right.value,
        now=party.applicant_id == citizen.applicant_id and party.mandate_id == citizen.mandate_id,
        juristic_id=format_citizen_id(party.juristic_id) if party.juristic_id else "",
        services=names_of(house, party.services),
        until=party.until,
    )


@router.post("/acting")
def change(request: Request, fields: Fields, db: Db, citizen: Person, now: Now) -> Response:
    """From here on for somebody else, under a new session."""
    bound(request, citizen, fields)
    new = acting.change(db, house_of(request), citizen, one(fields, "party"), now)
    return signed_in(local_path(one(fields, "next"), "/my"), new)


# — The inbox ——————————————————————————————————————————————————————————————————————————————————————————————————————


def _own(citizen: CitizenSession) -> None:
    if citizen.by_mandate:
        raise Forbidden("กล่องข้อความเป็นของผู้มอบอำนาจ เปลี่ยนเป็นทำเรื่องของตัวเองเพื่ออ่านข้อความของคุณ")


@router.get("/inbox")
def messages(request: Request, db: Db, citizen: Citizen) -> Response:
    """What the party was told, newest first."""
    _own(citizen)
    house = house_of(request)
    lines = tuple(_line(house, line) for line in inbox.lines(db, citizen.applicant_id))
    page = InboxPage(
        party=citizen.party_in(lang()),
        lines=lines,
        unread=inbox.unread(db, citizen.applicant_id),
        token=token(request, citizen),
    )
    return render(request, "acting/inbox.html", page)


@router.post("/inbox")
def read(request: Request, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Everything has been read."""
    _own(citizen)
    bound(request, citizen, fields)
    inbox.read_all(db, citizen.applicant_id, now)
    return see("/inbox")


def _line(house: House, line: InboxLine) -> InboxLineView:
    facts: dict[str, Any] = dict(line.facts)
    if (service := house.catalogue.services.get(str(facts.get("service")))) is not None:
        facts["service"] = service.short_name.to(lang())
    if "day" in facts:
        facts["day"] = date_long(date.fromisoformat(facts["day"]), lang())
    return InboxLineView(at=line.at, text=_(LINES[line.kind]) % facts, href=line.href, unread=line.read_at is None)
