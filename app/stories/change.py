"""After an officer took it: the applicant asks to change one answer, the officer accepts or refuses with a reason.

The legal clock neither stops nor begins anew: the agency knew what it had, and decides about the change within its
time. What was sent stands until the change is accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, changes, forms, links
from app.applications.changes import OPEN_TO_CHANGE, ChangeRequest
from app.applications.models import Application
from app.billing.fees import Quote
from app.catalogue import answers
from app.catalogue.asking import Reading
from app.catalogue.routing import route
from app.catalogue.schema import Question, Service
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Invalid, NotFound
from app.identity import sessions
from app.identity.sessions import CitizenSession, OfficerSession
from app.licences.models import Licence
from app.notices import inbox
from app.stories import acting, charging, sources
from app.stories.desk import actor, reach
from app.stories.house import House

SHORTEST_REASON = 10


@dataclass(frozen=True)
class Changeable:
    """An application of mine, what of it can be asked to change, and what was asked."""

    application: Application
    service: Service
    requests: tuple[ChangeRequest, ...]

    @property
    def possible(self) -> bool:
        """Whether an officer has it and nothing is decided."""
        return can_be_asked(self.application)

    @property
    def questions(self) -> list[Question]:
        """The answers that were sent, in reading order."""
        sent = (question for question in self.service.asked if question.key in self.application.answers)
        return [question for question in sent if question.kind != "group"]

    def question(self, key: str) -> Question:
        """One of them, else NotFound."""
        for question in self.questions:
            if question.key == key:
                return question
        raise NotFound


def can_be_asked(application: Application) -> bool:
    """Whether an officer has it and nothing is decided or proposed for signature."""
    return application.state in OPEN_TO_CHANGE and application.taken_at is not None and application.decision is None


def look(db: Session, house: House, citizen: CitizenSession, application_id: UUID) -> Changeable:
    """My application, to ask for a change."""
    application = cases.of_applicant(db, citizen.applicant_id, application_id)
    return _changeable(db, house, application)


def _changeable(db: Session, house: House, application: Application) -> Changeable:
    service = house.service(db, application.service_slug, application.service_version)
    return Changeable(application, service, tuple(changes.of_application(db, application.id)))


def ask(
    db: Session,
    house: House,
    citizen: CitizenSession,
    application_id: UUID,
    key: str,
    fields: Mapping[str, Sequence[str]],
    why: str,
    now: datetime,
) -> Reading:
    """Ask to change one answer. A reading with a problem was not asked. Raises Invalid when it cannot be asked so."""
    application = cases.of_applicant(db, citizen.applicant_id, application_id, lock=True)
    found = _changeable(db, house, application)
    if not found.possible:
        raise Conflict("ตอนนี้ขอแก้คำตอบของเรื่องนี้ไม่ได้ ดูสถานะล่าสุดก่อน")
    reading = found.question(key).read(fields)
    if reading.problem:
        return reading
    if reading.value == application.answers[key]["value"]:
        raise Invalid(problems={key: "คำตอบนี้เหมือนที่ส่งไปแล้ว แก้ให้ต่างจากเดิมก่อนขอ"})
    if len(why) < SHORTEST_REASON:
        raise Invalid(problems={"why": "บอกว่าทำไมต้องแก้ อย่างน้อย 10 ตัวอักษร"})
    quote = _effect(db, house, found, key, reading.value)
    asked = (quote.to_json(), quote.total)
    changes.ask(db, application, key, reading.value, asked, why, citizen.person_id, sessions.actor(citizen), now)
    href, number = f"/applications/{application.id}/change", application.number
    acting.tell_principal(db, citizen, "agent_asked_change", now, href=href, reference=number)
    return reading


def _effect(db: Session, house: House, found: Changeable, key: str, value: Any) -> Quote:
    """What the application costs with the new answer. Invalid when it needs more than this one change."""
    application, service = found.application, found.service
    before = {name: said["value"] for name, said in application.answers.items()}
    said = {**before, key: value}
    form = forms.of_applicant(db, application.applicant_id, application.single_form_id)
    shape, files = house.shape([service]), {one["key"] for one in application.documents}
    registries, records = house.catalogue.registries, links.of_form(db, form.id)
    new, old = (
        {
            (one.kind, one.key)
            for one in answers.missing(shape, these, files, sources.unfetched(registries, form, records, these))
        }
        for these in (said, before)
    )
    if new - old:
        raise Invalid(problems={key: "คำตอบใหม่ทำให้ต้องตอบข้ออื่นหรือแนบเอกสารเพิ่ม ถอนคำขอแล้วยื่นใหม่ หรือโทรถามหน่วยงาน"})
    place = route(house.catalogue, service, said)
    if (place.agency.code, place.office.code) != (application.agency_code, application.office_code):
        raise Invalid(problems={key: "คำตอบใหม่ทำให้เป็นเรื่องของหน่วยงานอื่น ถอนคำขอแล้วยื่นใหม่"})
    renews = db.get(Licence, application.renews) if application.renews else None
    filed = bangkok_date(application.submitted_at) if renews else None
    return charging.quote(house, service, place.agency, said, filed, renews)


def take_back(db: Session, citizen: CitizenSession, application_id: UUID, request_id: UUID, now: datetime) -> None:
    """Ask no more for it."""
    application = cases.of_applicant(db, citizen.applicant_id, application_id, lock=True)
    asked = changes.open_one(db, application, request_id)
    changes.take_back(db, application, asked, sessions.actor(citizen), now)


def _worked_out(house: House, db: Session, application: Application, asked: ChangeRequest) -> dict[str, Any]:
    """The values that follow from the answers, as they are with the new one."""
    service = house.service(db, application.service_slug, application.service_version)
    said = {name: given["value"] for name, given in application.answers.items()} | {asked.key: asked.value}
    now_said = answers.for_service(service, said)
    follows = (question.key for question in service.questions if not question.asked and question.given is None)
    return {key: now_said[key] for key in follows if key in now_said}


def answer(
    db: Session,
    house: House,
    officer: OfficerSession,
    application_id: UUID,
    request_id: UUID,
    reason: str,
    now: datetime,
    *,
    accept: bool,
) -> None:
    """The officer who holds the case accepts or refuses; the applicant reads which, and why."""
    application = cases.at_desk(db, reach(officer), application_id, lock=True)
    asked = changes.open_one(db, application, request_id)
    if application.taken_by != officer.officer_id:
        raise Conflict("รับเรื่องนี้ก่อน จึงตอบคำขอแก้คำตอบได้")
    if not can_be_asked(application) or application.proposal is not None:
        raise Conflict("เรื่องนี้มีข้อเสนอหรือคำสั่งแล้ว เรียกข้อเสนอกลับก่อน จึงตอบคำขอแก้คำตอบได้")
    if not accept and len(reason) < SHORTEST_REASON:
        raise Invalid(problems={f"reason-{request_id}": "อธิบายว่าทำไมไม่รับ อย่างน้อย 10 ตัวอักษร"})
    signed = (officer.officer_id, f"{officer.name} {officer.position}")
    also = _worked_out(house, db, application, asked) if accept else {}
    who = actor(officer, application)
    changes.answer(db, application, asked, signed, reason, who, now, also=also if accept else None)
    kind = "change_accepted" if accept else "change_refused"
    href = f"/applications/{application.id}/change"
    inbox.tell(db, application.applicant_id, kind, now, href=href, reference=application.number)
