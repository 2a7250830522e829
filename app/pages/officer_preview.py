"""What the person will get of a decision, before it is signed: the letter, or the licence."""

from app.applications.checking import Item
from app.applications.workflow import Action
from app.catalogue import wording
from app.catalogue.schema import Text
from app.core import i18n
from app.core.clock import bangkok_date
from app.core.thai import date_long
from app.core.web import Now
from app.identity.sessions import OfficerSession
from app.pages.contexts.officer import (
    Letter,
    LicencePreview,
)
from app.stories import review
from app.stories.desk import Case
from app.stories.house import House
from app.stories.review import Said


def name_of(found: Case, item: Item) -> Text:
    """What the manual calls a document or an answer of the case."""
    kind, key = item
    if kind == "document":
        return next(use.document.name for use in found.service.documents if use.key == key)
    return next(q.name for q in found.service.questions if q.key == key)


def licence(house: House, found: Case) -> LicencePreview:
    """The licence that an approval leads to, with blanks where only issuing knows the words."""
    lang = i18n.lang()
    application, service = found.application, found.service
    agency = house.agency(application.agency_code)
    blank = "…"
    issuing = dict.fromkeys(("number", "issued_on", "valid_from", "valid_until", "fee", "receipt_number"), blank)
    issuing |= {
        "agency": agency.name.to(lang),
        "office": agency.name.to(lang),
        "holder": application.applicant_name,
        "signer": agency.signer.to(lang),
    }
    values = {key: answer["value"] for key, answer in application.answers.items()}
    words = wording.licence_wording(service, values, issuing, lang)
    return LicencePreview(
        title=service.result_name,
        issuer=agency.name,
        facts=tuple((row.label, row.value, True) for row in words.rows),
    )


def letter(
    house: House,
    officer: OfficerSession,
    found: Case,
    chosen: Action | None,
    said: Said,
    items: tuple[tuple[Text, str], ...],
    now: Now,
) -> Letter:
    """The letter in Thai, as the person will read it; what comes from this officer's form is marked."""
    application, service = found.application, found.service
    filed = date_long(bangkok_date(application.submitted_at))
    opening = ((f"ตามที่ท่านยื่นคำขอ{service.name.th} เมื่อวันที่ {filed} ", False),)
    appeal = ((service.appeal.text.th, False), (f" วันสุดท้ายคือ {date_long(review.appeal_until(service, now))}", False))
    if chosen is Action.RETURN:
        subject = "บันทึกข้อบกพร่อง"
        by = date_long(review.mend_by(service, now))
        paragraphs = [
            (*opening, (f"เจ้าหน้าที่ตรวจแล้วพบว่าต้องแก้ไข {len(items)} รายการ ดังนี้", False)),
            *(((f"{n}. {name.th} ", False), (told, True)) for n, (name, told) in enumerate(items, 1)),
            *((((said.message, True),),) if said.message else ()),
            ((f"ส่งภายในวันที่ {by} หากพ้นกำหนด เจ้าหน้าที่จะคืนคำขอพร้อมเหตุผล และท่านยื่นใหม่ได้", False),),
        ]
    elif chosen is Action.CLOSE_INCOMPLETE:
        subject = "คืนคำขอ"
        paragraphs = [
            (*opening, ("เจ้าหน้าที่เคยแจ้งให้แก้ไขแล้ว แต่เอกสารยังไม่ครบ จึงคืนคำขอ", False)),
            (("สิ่งที่ยังขาด ", False), (said.message or "…", True)),
            (("ท่านยื่นคำขอใหม่ได้ทุกเมื่อ ", False), *appeal),
        ]
    else:
        subject = "แจ้งผลการพิจารณา"
        held = application.proposal or {}
        ground = next((g for g in service.grounds if g.key == held.get("ground_key", said.ground)), None)
        paragraphs = [
            (*opening, ("เจ้าหน้าที่พิจารณาแล้วไม่อนุญาต", False)),
            (("เหตุตามกฎหมาย ", False), (f"{ground.text.th} ({ground.law.th})" if ground else "…", True)),
            (("เหตุผล ", False), (held.get("explanation", said.message) or "…", True)),
            *(((("เหตุที่พิจารณาเกินเวลา ", False), (said.delay, True)),) if said.delay and found.clock.late else ()),
            appeal,
        ]
    signs = chosen is not Action.PROPOSE_REFUSAL
    return Letter(
        sender=house.agency(officer.agency_code).name.th,
        on=date_long(bangkok_date(now)),
        heads=(("เรื่อง", f"{subject} คำขอที่ {application.number}"), ("เรียน", application.applicant_name)),
        paragraphs=tuple(paragraphs),
        signer=officer.name if signs else "(ผู้ลงนาม)",
        position=officer.position if signs else "",
    )
