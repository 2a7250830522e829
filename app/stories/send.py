"""Sending the form: what the check page shows is what is hashed, stored, and split into one application per service."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import filing
from app.applications.form_models import FormState, SingleForm
from app.catalogue.schema import Catalogue
from app.core import jobs
from app.core.errors import Conflict, Forbidden, Invalid
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.pdf import characters
from app.stories import (
    acting,
    companies,
    correct,
    renewal,
    sources,
    standing,
    summing_up,
    unasked,
)
from app.stories.apply import with_shape
from app.stories.house import House
from app.stories.summing_up import Part, Summary


def submit(
    db: Session,
    house: House,
    citizen: CitizenSession,
    form_id: UUID,
    key: str,
    seen_sha256: str,
    now: datetime,
) -> SingleForm:
    """Send the form once: however often the button is pressed, from however many tabs, with whatever crash between.

    Raises Invalid when something is missing, Conflict when the answers are no longer those of the check page the
    person saw, Forbidden when the sign-in was too weak for a service.
    """
    db.info["failpoint"] = "submit"
    form = correct.to_send(db, citizen, form_id)
    if form.state is FormState.SUBMITTED:
        return form
    current = with_shape(db, house, form)
    standing.must_be_sure(citizen)
    companies.must_operate(db, citizen, now)
    acting.within_mandate(citizen, (s.slug for s in current.services))
    weakest = max(s.min_ial for s in current.services)
    if citizen.ial < weakest:
        raise Forbidden("เรื่องนี้ต้องยืนยันตัวตนระดับ %(level)s ขึ้นไป เข้าสู่ระบบใหม่ด้วยแอป ThaID แล้วส่งอีกครั้ง", level=weakest)
    if lacking := characters.missing(citizen.party_name):
        raise Conflict(
            "เอกสารทางการยังพิมพ์ %(characters)s ในชื่อ %(name)s ไม่ได้ คำตอบยังอยู่ครบ ติดต่อศูนย์ช่วยเหลือก่อนส่ง",
            characters=characters.named(lacking),
            name=citizen.party_name,
        )
    renews = renewal.still_open(db, house, citizen, form, now)
    now_shown = summing_up.summarise(db, house, citizen, current, renews)
    if current.outdated:
        raise Conflict("คู่มือของเรื่องนี้เปลี่ยนระหว่างที่คุณกรอก อ่านสิ่งที่เปลี่ยนในหน้าแบบฟอร์มก่อน แล้วส่งอีกครั้ง")
    unfiled = {one.key for one in current.missing if one.kind == "document"}
    if waiting := [one.name for one in current.signers if one.document_key in unfiled and one.signed_at is None]:
        raise Invalid("ส่งได้เมื่อทุกคนลงนามแล้ว ยังรอ %(who)s", who=", ".join(waiting))
    if not now_shown.complete or now_shown.quote is None:
        raise Invalid("ยังมีข้อที่ต้องตอบหรือแก้ก่อนส่ง")
    if now_shown.sha256 != seen_sha256:
        raise Conflict("คำตอบเปลี่ยนไปหลังจากที่คุณเปิดหน้านี้ ตรวจอีกครั้งก่อนส่ง")
    shares = [_share(house.catalogue, now_shown, part) for part in now_shown.parts]
    if form.corrects is not None:
        return correct.send(db, citizen, form, (now_shown.text, now_shown.sha256), shares, now)
    filing.submit(
        db,
        form,
        citizen.person_id,
        citizen.party_name,
        now_shown.text,
        now_shown.sha256,
        shares,
        key,
        sessions.actor(citizen),
        now,
    )
    jobs.enqueue(db, "draw_submission", form_id=str(form.id))
    standing.written_down(db, citizen, form, now)
    acting.tell_principal(db, citizen, "agent_sent", now, href=f"/forms/{form.id}/track", reference=form.reference)
    return form


def _share(catalogue: Catalogue, shown: Summary, part: Part) -> filing.Share:
    current, renews = shown.draft, shown.renews
    service, place, quote = part.service, part.place, part.quote
    if place is None or quote is None:
        raise ValueError(f"{service.slug} has no receiver or no fee yet")
    name = next((q for q in part.questions if q.key == service.known_by), None)
    given = {key: summing_up.provenance(value, current.held.get(key)) for key, value in part.answers.items()}
    return filing.Share(
        service_slug=service.slug,
        service_version=service.version,
        number_prefix=service.number_prefix,
        agency_code=place.agency.code,
        office_code=place.office.code,
        answers=given,
        documents=[shown.files[asked.key] for asked in part.documents],
        quote=quote.to_json(),
        linked=summing_up.linked(current, service.slug),
        unasked=unasked.said(current.form, current.files.get(unasked.FILE.key)),
        renews=renews.id if renews is not None and summing_up.of_licence(service, renews) else None,
        fee_satang=quote.total,
        premises_name=name.show(part.answers[name.key], "th") if name else "",
        check_days=service.completeness_check.n if service.completeness_check.unit != "minutes" else 1,
        # What was linked is evidence of the service's maturity (app/reporting/criteria.py).
        linked_answers=Counter(
            registry for one in given.values() if (registry := sources.registry(catalogue, one["source"]))
        ),
        linked_documents={
            asked.key: asked.document.waived_by
            for asked in current.fetched_documents
            if service.slug in asked.services and asked.document.waived_by
        },
    )
