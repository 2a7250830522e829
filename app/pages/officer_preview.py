"""What the person will get of a decision, before it is signed: the letter, or the licence."""

from typing import Any

from app.applications.checking import Item
from app.applications.decision_letter import CLOSING
from app.applications.workflow import Action
from app.catalogue import wording
from app.catalogue.schema import Text
from app.core import i18n
from app.core.clock import bangkok_date
from app.core.thai import date_long
from app.core.web import Now
from app.identity.sessions import OfficerSession
from app.pages.contexts.decision import (
    Letter,
    LicencePreview,
)
from app.stories import review
from app.stories.desk import Case
from app.stories.house import House
from app.stories.letter import says
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
        case=f"/officer/applications/{application.id}",
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
    if chosen is Action.RETURN:
        return _deficiencies(house, officer, found, said, items, now)
    return _decision(house, officer, found, chosen, said, now)


def _deficiencies(
    house: House,
    officer: OfficerSession,
    found: Case,
    said: Said,
    items: tuple[tuple[Text, str], ...],
    now: Now,
) -> Letter:
    application, service = found.application, found.service
    filed = date_long(bangkok_date(application.submitted_at))
    by = date_long(review.mend_by(service, now))
    return Letter(
        sender=house.agency(officer.agency_code).name.th,
        on=date_long(bangkok_date(now)),
        heads=(("เรื่อง", f"บันทึกข้อบกพร่อง คำขอที่ {application.number}"), ("เรียน", application.applicant_name)),
        paragraphs=(
            (
                (f"ตามที่ท่านยื่นคำขอ{service.name.th} เมื่อวันที่ {filed} ", False),
                (f"เจ้าหน้าที่ตรวจแล้วพบว่าต้องแก้ไข {len(items)} รายการ ดังนี้", False),
            ),
            *(((f"{n}. {name.th} ", False), (told, True)) for n, (name, told) in enumerate(items, 1)),
            *((((said.message, True),),) if said.message else ()),
            ((f"ส่งภายในวันที่ {by} หากพ้นกำหนด เจ้าหน้าที่จะคืนคำขอพร้อมเหตุผล และท่านยื่นใหม่ได้", False),),
        ),
        signer=officer.name,
        position=officer.position,
    )


def _decision(
    house: House, officer: OfficerSession, found: Case, chosen: Action | None, said: Said, now: Now
) -> Letter:
    """The words of the letter that is drawn and sealed after signing, from the same source."""
    application, service = found.application, found.service
    signs = chosen is not Action.PROPOSE_REFUSAL
    held: dict[str, Any] = dict(application.proposal or {}) if chosen is Action.REJECT else {}
    ground = next((g for g in service.grounds if g.key == held.get("ground_key", said.ground)), None)
    prepared: dict[str, Any] = {
        "explanation": held.get("explanation", said.message) or "…",
        "appeal": service.appeal.text,
        "appeal_law": service.appeal.law,
        "officer": officer.name if signs else "(ผู้ลงนาม)",
        "position": officer.position if signs else "",
    }
    if chosen is not Action.CLOSE_INCOMPLETE:
        blank = Text(th="…", en="…")
        prepared |= {"ground": ground.text if ground else blank, "law": ground.law if ground else blank}
    told = says(house, application, service, prepared, "…", bangkok_date(now), review.appeal_until(service, now))
    return Letter(
        sender=told.agency,
        on=date_long(told.on),
        heads=(("เรื่อง", told.subject), ("เรียน", told.applicant)),
        paragraphs=(
            ((told.opening, False),),
            *(((f"{term} ", False), (words, True)) for term, words in told.reasons),
            ((told.appeal, False),),
            ((f"อุทธรณ์ได้ถึงวันที่ {date_long(told.appeal_by)} ตามกฎหมาย {told.appeal_law}", False),),
            ((CLOSING, False),),
        ),
        signer=told.signer,
        position=told.position,
    )
