"""Officers decide: accept, ask once, approve, refuse, hand back. One commit per act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, deadlines
from app.applications.deadlines import Tick, Unit
from app.applications.models import Application, DeficiencyItem, DeficiencyNotice
from app.applications.workflow import Action, State
from app.billing import bills
from app.billing.bills import Item, Payee, Payer
from app.billing.fees import Quote
from app.billing.models import Bill
from app.catalogue.schema import Service
from app.core import jobs
from app.core.clock import BANGKOK, bangkok_date
from app.core.errors import Invalid
from app.core.events import Actor
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.stories.desk import actor, reach, roles
from app.stories.end import finish_clock
from app.stories.house import House
from app.stories.pay import due_moment, settle_what_came_before


def _mine_to_decide(db: Session, officer: OfficerSession, application_id: UUID, revision: int) -> Application:
    application = cases.at_desk(db, reach(officer), application_id, lock=True)
    cases.stale(application, revision)
    return application


def _act(
    db: Session, officer: OfficerSession, application: Application, action: Action, now: datetime, **said: object
) -> State:
    given = cases.facts(db, application, now, officer.officer_id)
    return cases.act(db, application, action, roles(officer), actor(officer, application), given, now, **said)


def accept(
    db: Session, house: House, officer: OfficerSession, application_id: UUID, revision: int, now: datetime
) -> None:
    """Complete: the legal clock runs from the day the complete application counts as received (s.8, s.10).

    An officer who may not decide hands the case on: it waits in the queue for a colleague who may.
    """
    application = _mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    _act(db, officer, application, Action.ACCEPT, now)
    start = _counts_from(application.complete_from)
    cases.tick(db, application, Tick.START, start, "เอกสารครบถ้วน")
    unit = Unit(service.duration.unit)
    if unit is Unit.MINUTES:
        application.due_on = bangkok_date(start)
    else:
        application.due_on = deadlines.days_after(bangkok_date(start), service.duration.n, unit)
    if Duty.APPROVE not in officer.duties:
        application.taken_by = application.taken_at = None


def _counts_from(complete: datetime) -> datetime:
    day = deadlines.deemed_received_on(complete)
    if day == bangkok_date(complete):
        return complete
    return datetime.combine(day, deadlines.OFFICE_OPENS, BANGKOK)


@dataclass(frozen=True)
class Defect:
    """One thing the officer found missing or unclear: an answer or a document, why, and what to do about it."""

    kind: str
    key: str
    reason: str
    instruction: str


def mend_by(service: Service, now: datetime) -> date:
    """The last day to answer a deficiency notice issued now."""
    return deadlines.days_after(bangkok_date(now), service.deficiency.n, Unit(service.deficiency.unit))


def return_once(
    db: Session,
    house: House,
    officer: OfficerSession,
    application_id: UUID,
    revision: int,
    defects: Sequence[Defect],
    message: str,
    now: datetime,
) -> DeficiencyNotice:
    """Send everything that is missing in one notice (s.8). Only what the manual asks for can be asked for (s.7)."""
    application = _mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    askable = {("answer", q.key) for q in service.asked if q.key in application.answers}
    askable |= {("document", use.key) for use in service.documents}
    if not defects:
        raise Invalid("เลือกอย่างน้อย 1 รายการที่ขาดหรือไม่ชัด")
    for defect in defects:
        if (defect.kind, defect.key) not in askable:
            raise Invalid("ขอได้เฉพาะสิ่งที่คู่มือประชาชนกำหนด")
    _act(db, officer, application, Action.RETURN, now, items=[f"{d.kind}:{d.key}" for d in defects])
    notice = DeficiencyNotice(
        application_id=application.id,
        officer_id=officer.officer_id,
        officer_name=officer.name,
        officer_position=officer.position,
        issued_at=now,
        mend_by=mend_by(service, now),
        message=message,
    )
    db.add(notice)
    db.flush()
    db.add_all(
        DeficiencyItem(
            notice_id=notice.id,
            position=position,
            kind=defect.kind,
            key=defect.key,
            reason=defect.reason,
            instruction=defect.instruction,
        )
        for position, defect in enumerate(defects, start=1)
    )
    db.flush()
    return notice


def approve(
    db: Session, house: House, officer: OfficerSession, application_id: UUID, revision: int, note: str, now: datetime
) -> State:
    """Grant it: bill the frozen quote and stop the clock while the citizen holds it, or make the licence at once."""
    application = _mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    target = _act(db, officer, application, Action.APPROVE, now, note=note)
    application.decided_at, application.decided_by = now, officer.officer_id
    application.decision = {
        "action": str(Action.APPROVE),
        "note": note,
        "officer": officer.name,
        "officer_en": officer.name_en,
        "position": officer.position,
        "position_en": officer.position_en,
    }
    if target is State.AWAITING_PAYMENT:
        bill = _bill(db, house, service, application, actor(officer, application), now)
        cases.tick(db, application, Tick.STOP, now, "รอผู้ยื่นชำระค่าธรรมเนียม")
        application.due_on = None
        settle_what_came_before(db, bill, now)
    else:
        jobs.enqueue(db, "issue_licence", application_id=str(application.id))
    return target


def _bill(db: Session, house: House, service: Service, application: Application, who: Actor, now: datetime) -> Bill:
    agency = house.agency(application.agency_code)
    quote = Quote.from_json(application.quote)
    last_day = deadlines.days_after(bangkok_date(now), service.payment.n, Unit(service.payment.unit))
    return bills.issue(
        db,
        payee=Payee(agency.code, agency.name.th, agency.name.en, agency.biller_id),
        payer=Payer(application.applicant_id, application.applicant_name),
        items=[
            Item(
                application.id,
                agency.code,
                line.service_slug,
                line.label.th,
                line.label.en,
                line.law.th,
                line.satang,
            )
            for line in quote.lines
            if line.satang > 0
        ],
        due_at=due_moment(last_day),
        actor=who,
        now=now,
    )


def reject(
    db: Session,
    house: House,
    officer: OfficerSession,
    application_id: UUID,
    revision: int,
    ground_key: str,
    explanation: str,
    now: datetime,
) -> None:
    """Refuse on a legal ground of the manual, with reasons and how to appeal."""
    application = _mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    ground = next((g for g in service.grounds if g.key == ground_key), None)
    problems = {}
    if ground is None:
        problems["ground"] = "เลือกเหตุตามกฎหมาย"
    if len(explanation.strip()) < 10:
        problems["explanation"] = "อธิบายเหตุผลให้ผู้ยื่นเข้าใจ อย่างน้อย 10 ตัวอักษร"
    if problems or ground is None:
        raise Invalid(problems=problems)
    _act(db, officer, application, Action.REJECT, now, ground=ground.key, explanation=explanation)
    application.decided_at, application.decided_by = now, officer.officer_id
    application.decision = {
        "action": str(Action.REJECT),
        "ground": ground.text.model_dump(),
        "law": ground.law.model_dump(),
        "explanation": explanation,
        "officer": officer.name,
        "officer_en": officer.name_en,
        "position": officer.position,
        "position_en": officer.position_en,
    }
    finish_clock(db, application, now, "มีคำสั่งแล้ว")


def close_incomplete(
    db: Session, house: House, officer: OfficerSession, application_id: UUID, revision: int, reason: str, now: datetime
) -> None:
    """Still incomplete after the one notice: hand it back with written reasons (s.9); the person may file anew."""
    del house
    application = _mine_to_decide(db, officer, application_id, revision)
    if len(reason.strip()) < 10:
        raise Invalid(problems={"explanation": "อธิบายว่าอะไรยังขาดอยู่ อย่างน้อย 10 ตัวอักษร"})
    _act(db, officer, application, Action.CLOSE_INCOMPLETE, now, reason=reason)
    application.decided_at, application.decided_by = now, officer.officer_id
    application.decision = {
        "action": str(Action.CLOSE_INCOMPLETE),
        "explanation": reason,
        "officer": officer.name,
        "officer_en": officer.name_en,
        "position": officer.position,
        "position_en": officer.position_en,
    }
    finish_clock(db, application, now, "คืนคำขอ")
