"""Renewal by paying the fee alone (Licensing Facilitation Act B.E. 2558 s.12): nobody decides, the fee is due at once.

What is filed is a real application with the answers of the licence that stands, so that its bill, its receipt and the
document that follows are made as for any other.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, filing, forms, renewals
from app.applications.filing import Share
from app.applications.form_models import Answer, SingleForm
from app.applications.models import Application
from app.applications.workflow import Action, By, State
from app.billing import bills
from app.core import jobs
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.events import SYSTEM, Actor
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.privacy import acknowledgements
from app.stories import acting, charging, companies, inform, renewal, standing
from app.stories.house import House
from app.stories.pay import settle_what_came_before
from app.stories.renewal import Offer


def shown(db: Session, offer: Offer) -> str:
    """The hash of what the person reads before asking for the bill: it makes asking twice the same as once."""
    prospect, quote = offer.prospect, offer.quote
    body = {
        "licence": str(prospect.licence.id),
        "version": prospect.service.version if prospect.service else 0,
        "until": prospect.until.isoformat() if prospect.until else None,
        "fees": quote.to_json() if quote else None,
        "attempt": renewals.attempts(db, prospect.licence.id),
    }
    return filing.snapshot(body)[1]


def ask(
    db: Session, house: House, citizen: CitizenSession, licence_id: UUID, seen: str, language: str, now: datetime
) -> UUID | None:
    """The bill that renews my licence, the same however often it is asked for; None when it is paid or not payable.

    Raises Conflict when the page shows other terms than hold now or the licence cannot be renewed, Invalid when paying
    is not enough, Forbidden for a sign-in that is too weak or a mandate for other services.
    """
    found = renewal.at_its_door(db, house, citizen, licence_id, now)
    if (asked := found.prospect.under_way) is not None:
        return bills.open_of_application(db, asked.application_id)
    _may(db, citizen, found, now)
    if not found.by_fee or found.quote is None:
        raise Invalid("ใบนี้ต้องต่ออายุด้วยแบบฟอร์ม เปิดหน้าต่ออายุอีกครั้ง")
    if shown(db, found) != seen:
        raise Conflict("ยอดหรือวันหมดอายุเปลี่ยนไปหลังจากที่คุณเปิดหน้านี้ ตรวจอีกครั้งก่อนขอใบแจ้งชำระ")
    application = _filed(db, house, citizen, found, seen, language, now)
    actor = Actor(SYSTEM.kind, None, SYSTEM.name, application.applicant_id)
    given = cases.facts(db, application, now, fee_alone=True)
    if cases.act(db, application, Action.RENEW_BY_FEE, [By.SYSTEM], actor, given, now) is not State.AWAITING_PAYMENT:
        raise ValueError("a renewal by fee waits for its fee")
    service = house.service(db, application.service_slug, application.service_version)
    bill = charging.bill(db, house, service, application, sessions.actor(citizen), now, found.prospect.terms_until)
    settle_what_came_before(db, bill, now)
    return bill.id


def _may(db: Session, citizen: CitizenSession, found: Offer, now: datetime) -> None:
    service = found.prospect.service
    standing.must_be_sure(citizen)
    companies.must_operate(db, citizen, now)
    acting.within_mandate(citizen, [found.prospect.licence.service_slug])
    if service is not None and citizen.ial < service.min_ial:
        raise Forbidden("เรื่องนี้ต้องยืนยันตัวตนระดับ %(level)s ขึ้นไป เข้าสู่ระบบใหม่ด้วยแอป ThaID แล้วทำอีกครั้ง", level=service.min_ial)


def _filed(
    db: Session, house: House, citizen: CitizenSession, found: Offer, seen: str, language: str, now: datetime
) -> Application:
    form = _form(db, house, citizen, found, language, now)
    share = _share(found)
    text, sha256 = filing.snapshot(_body(citizen, form, found, share))
    actor = sessions.actor(citizen)
    (application,) = filing.submit(
        db, form, citizen.person_id, citizen.party_name, text, sha256, [share], seen, actor, now
    )
    jobs.enqueue(db, "draw_submission", form_id=str(form.id))
    href = f"/forms/{form.id}/track"
    acting.tell_principal(db, citizen, "agent_sent", now, href=href, reference=form.reference)
    return application


def _form(db: Session, house: House, citizen: CitizenSession, found: Offer, language: str, now: datetime) -> SingleForm:
    """A form that is filled already: with the answers the licence stands on."""
    prospect, former = found.prospect, found.former
    if prospect.service is None:
        raise ValueError("what is not offered is not renewed")
    service = prospect.service
    form = forms.start(
        db,
        citizen.applicant_id,
        citizen.person_id,
        [(service.slug, service.version)],
        language,
        sessions.actor(citizen),
        now,
    )
    form.renews, form.acknowledged_at = prospect.licence.id, now
    reference = forms.of_applicant(db, citizen.applicant_id, former.single_form_id).reference
    for key, said in _answers(found).items():
        db.add(Answer(single_form_id=form.id, key=key, value=said["value"], reused_from=reference[:24], at=now))
    db.flush()
    read = inform.compose(house, citizen, [service], language)
    acknowledgements.acknowledge(db, citizen.person_id, read, now, single_form_id=form.id)
    return form


def _answers(found: Offer) -> dict[str, Any]:
    service = found.prospect.service
    asked = {question.key for question in service.questions} if service else set()
    return {key: said for key, said in found.answers.items() if key in asked}


def _share(found: Offer) -> Share:
    service, former, quote = found.prospect.service, found.former, found.quote
    if service is None or quote is None:
        raise ValueError("an offer without a service or a price is none")
    return Share(
        service_slug=service.slug,
        service_version=service.version,
        number_prefix=service.number_prefix,
        agency_code=former.agency_code,
        office_code=former.office_code,
        answers=_answers(found),
        documents=[],
        quote=quote.to_json(),
        fee_satang=quote.total,
        premises_name=found.prospect.licence.premises,
        check_days=1,
        linked_documents={},
        linked_answers={},
        renews=found.prospect.licence.id,
    )


def _body(citizen: CitizenSession, form: SingleForm, found: Offer, share: Share) -> dict[str, Any]:
    service, rule = found.prospect.service, found.prospect.rule
    return {
        "reference": form.reference,
        "applicant": {"id": str(citizen.applicant_id), "name": citizen.party_name},
        "submitted_by": {"id": str(citizen.person_id), "name": citizen.display_name, "ial": str(citizen.ial)},
        "services": [{"slug": share.service_slug, "version": share.service_version}],
        "renews": found.prospect.licence.number,
        "by_fee_alone": rule.law.model_dump() if rule else None,
        "answers": [{"key": key, **said} for key, said in share.answers.items()],
        "fees": share.quote,
        "declarations": [d.model_dump() for d in (rule.declarations if rule else ())],
        "name": service.name.model_dump() if service else None,
    }
