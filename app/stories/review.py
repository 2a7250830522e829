"""Officers decide: accept, ask once, approve, refuse, hand back. One commit per act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, changes, deadlines
from app.applications.deadlines import Tick, Unit
from app.applications.models import Application, DeficiencyItem, DeficiencyNotice
from app.applications.workflow import Action, State, actions
from app.catalogue.schema import Service
from app.core import jobs
from app.core.clock import BANGKOK, bangkok_date
from app.core.errors import Conflict, Invalid
from app.identity.sessions import OfficerSession
from app.stories import case_letter, charging, letter
from app.stories.desk import actor, clock_of, reach, roles, sitting
from app.stories.end import finish_clock
from app.stories.house import House
from app.stories.pay import settle_what_came_before

SHORTEST_REASON = 10

AFTER_ANSWERS = frozenset(
    {Action.PROPOSE_APPROVAL, Action.PROPOSE_REFUSAL, Action.APPROVE, Action.REJECT, Action.CLOSE_INCOMPLETE}
)
"""What waits until every request of the applicant to change an answer has its answer."""


def mine_to_decide(db: Session, officer: OfficerSession, application_id: UUID, revision: int) -> Application:
    """The application under a row lock; Conflict when it changed since the officer's page was drawn."""
    application = cases.at_desk(db, reach(officer), application_id, lock=True)
    cases.stale(application, revision)
    return application


def act(
    db: Session,
    house: House,
    officer: OfficerSession,
    application: Application,
    service: Service,
    action: Action,
    now: datetime,
    **said: object,
) -> State:
    """One act of this officer, if the table has a rule for it. Who can do nothing more with the case hands it on."""
    me, by = sitting(db, house, officer, application, service, now), roles(officer.duties)
    if action in AFTER_ANSWERS and changes.waiting(db, application.id):
        raise Conflict("ผู้ยื่นขอแก้คำตอบของเรื่องนี้ ตอบคำขอนั้นก่อน จึงเสนอหรือลงชื่อได้")
    given = cases.facts(db, application, now, me)
    return cases.act(db, application, action, by, actor(officer, application), given, now, **said)


def hand_on(
    db: Session, house: House, officer: OfficerSession, application: Application, service: Service, now: datetime
) -> None:
    """Let go of a case with which this officer can do nothing more: it waits in the queue for a colleague who can."""
    given = cases.facts(db, application, now, sitting(db, house, officer, application, service, now))
    if not set(actions(application.state, roles(officer.duties), given)) - {Action.RECALL}:
        application.taken_by = application.taken_at = None


def accept(
    db: Session, house: House, officer: OfficerSession, application_id: UUID, revision: int, now: datetime
) -> None:
    """Complete: the legal clock runs from the day the complete application counts as received (s.8, s.10)."""
    application = mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    act(db, house, officer, application, service, Action.ACCEPT, now)
    start = _counts_from(application.complete_from)
    cases.tick(db, application, Tick.START, start, "เอกสารครบถ้วน")
    unit = Unit(service.duration.unit)
    if unit is Unit.MINUTES:
        application.due_on = bangkok_date(start)
    else:
        application.due_on = deadlines.days_after(bangkok_date(start), service.duration.n, unit)
    hand_on(db, house, officer, application, service, now)


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
    application = mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    askable = {("answer", q.key) for q in service.asked if q.key in application.answers}
    askable |= {("document", use.key) for use in service.documents}
    if not defects:
        raise Invalid("เลือกอย่างน้อย 1 รายการที่ขาดหรือไม่ชัด")
    for defect in defects:
        if (defect.kind, defect.key) not in askable:
            raise Invalid("ขอได้เฉพาะสิ่งที่คู่มือประชาชนกำหนด")
    letter.must_be_printable(" ".join((message, *(defect.instruction for defect in defects))))
    act(db, house, officer, application, service, Action.RETURN, now, items=[f"{d.kind}:{d.key}" for d in defects])
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
    items = cases.deficiency_items(db, notice.id)
    case_letter.of_deficiencies(db, house, application, service, notice, items, now)
    return notice


@dataclass(frozen=True)
class Said:
    """What an officer writes into a decision: a word to the applicant or the reasons, and why it comes late."""

    message: str = ""
    ground: str = ""
    delay: str = ""


def approve(
    db: Session,
    house: House,
    officer: OfficerSession,
    application_id: UUID,
    revision: int,
    said: Said,
    now: datetime,
    **proof: object,
) -> State:
    """Grant it: bill the frozen quote and stop the clock while the citizen holds it, or make the licence at once.

    `proof`: what else the event says, such as by which confirmation many were granted at once.
    """
    application = mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    content = as_proposed(application) or approval(said)
    delay = delay_of(db, application, service, said, now)
    target = act(
        db, house, officer, application, service, Action.APPROVE, now, note=content["note"], delay=delay, **proof
    )
    _decided(officer, application, content | {"delay": delay}, now)
    if target is State.AWAITING_PAYMENT:
        bill = charging.bill(db, house, service, application, actor(officer, application), now)
        cases.tick(db, application, Tick.STOP, now, "รอผู้ยื่นชำระค่าธรรมเนียม")
        application.due_on = None
        settle_what_came_before(db, bill, now)
    else:
        jobs.enqueue(db, "issue_licence", application_id=str(application.id))
    return target


def approval(said: Said) -> dict[str, Any]:
    """What an approval says. It needs no reason."""
    return {"action": str(Action.APPROVE), "note": said.message}


def refusal(service: Service, said: Said) -> dict[str, Any]:
    """What a refusal says: a legal ground of the manual, and own reasons. Invalid when either is missing."""
    ground = next((g for g in service.grounds if g.key == said.ground), None)
    problems = {}
    if ground is None:
        problems["ground"] = "เลือกเหตุตามกฎหมาย"
    if len(said.message.strip()) < SHORTEST_REASON:
        problems["message"] = "อธิบายเหตุผลให้ผู้ยื่นเข้าใจ อย่างน้อย 10 ตัวอักษร"
    if problems or ground is None:
        raise Invalid(problems=problems)
    letter.must_be_printable(said.message)
    return {
        "action": str(Action.REJECT),
        "ground_key": ground.key,
        "ground": ground.text.model_dump(),
        "law": ground.law.model_dump(),
        "explanation": said.message,
    }


def as_proposed(application: Application) -> dict[str, Any] | None:
    """What a colleague proposed: the second hand signs these words or sends them back, and changes none of them."""
    return dict(application.proposal) if application.proposal is not None else None


def delay_of(db: Session, application: Application, service: Service, said: Said, now: datetime) -> str:
    """The reason of a late decision, which the applicant is told (s.10). Invalid when it is late without one."""
    if not clock_of(db, application, service, now).late:
        return ""
    reason = said.delay.strip() or application.delay_reason
    if len(reason) < SHORTEST_REASON:
        raise Invalid(problems={"delay": "เรื่องนี้เกินเวลาตามคู่มือ บอกเหตุที่ล่าช้าให้ผู้ยื่นทราบ อย่างน้อย 10 ตัวอักษร"})
    return reason


def appeal_until(service: Service, now: datetime) -> date:
    """The last day to appeal for who receives the order on the day it is made; a holiday moves it on (CCC s.193/8)."""
    return deadlines.days_after(bangkok_date(now), service.appeal.days, Unit.CALENDAR_DAYS)


def _decided(officer: OfficerSession, application: Application, content: dict[str, Any], now: datetime) -> None:
    application.decided_at, application.decided_by = now, officer.officer_id
    application.decision = content | {
        "on": bangkok_date(now).isoformat(),
        "officer": officer.name,
        "officer_en": officer.name_en,
        "position": officer.position,
        "position_en": officer.position_en,
    }


def _with_appeal(service: Service, now: datetime) -> dict[str, Any]:
    return {
        "appeal": service.appeal.text.model_dump(),
        "appeal_law": service.appeal.law.model_dump(),
        "appeal_until": appeal_until(service, now).isoformat(),
    }


def reject(
    db: Session, house: House, officer: OfficerSession, application_id: UUID, revision: int, said: Said, now: datetime
) -> None:
    """Refuse on a legal ground of the manual, with reasons and how to appeal until when."""
    application = mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    content = as_proposed(application) or refusal(service, said)
    delay = delay_of(db, application, service, said, now)
    told = {"ground": content["ground_key"], "explanation": content["explanation"], "delay": delay}
    act(db, house, officer, application, service, Action.REJECT, now, **told)
    _decided(officer, application, content | {"delay": delay} | _with_appeal(service, now), now)
    finish_clock(db, application, now, "มีคำสั่งแล้ว")
    letter.order(db, application.id)


def close_incomplete(
    db: Session, house: House, officer: OfficerSession, application_id: UUID, revision: int, said: Said, now: datetime
) -> None:
    """Still incomplete after the one notice: hand it back with written reasons (s.9); the person may file anew."""
    application = mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    if len(said.message.strip()) < SHORTEST_REASON:
        raise Invalid(problems={"message": "อธิบายว่าอะไรยังขาดอยู่ อย่างน้อย 10 ตัวอักษร"})
    letter.must_be_printable(said.message)
    act(db, house, officer, application, service, Action.CLOSE_INCOMPLETE, now, reason=said.message)
    content = {"action": str(Action.CLOSE_INCOMPLETE), "explanation": said.message}
    _decided(officer, application, content | _with_appeal(service, now), now)
    finish_clock(db, application, now, "คืนคำขอ")
    letter.order(db, application.id)
