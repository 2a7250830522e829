"""A case goes from officer to officer: taken, put back, handed to a colleague, taken over from one who is away."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, checking, holding, queue
from app.applications.cases import AtDesk
from app.applications.models import Application
from app.applications.queue import Asked
from app.applications.workflow import FINAL, Action, State, actions
from app.catalogue.schema import Service
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Forbidden, Invalid
from app.identity import officers
from app.identity.models import Duty
from app.identity.officers import Colleague
from app.identity.sessions import OfficerSession
from app.stories.desk import actor, hand, reach, roles, soon_after
from app.stories.house import House

SHORTEST_NOTE = 5
TRIES = 25
"""How many cases are tried when many officers ask for the next one at the same moment."""


def take(db: Session, officer: OfficerSession, application_id: UUID, now: datetime) -> None:
    """Take a waiting case; Conflict when a colleague was faster."""
    application = cases.at_desk(db, reach(officer), application_id)
    if not holding.take(db, reach(officer), application_id, actor(officer, application), now):
        raise Conflict("เพื่อนร่วมงานรับเรื่องนี้ไปก่อนแล้ว เลือกเรื่องอื่นจากคิว")


def take_next(db: Session, house: House, officer: OfficerSession, asked: Asked, now: datetime) -> UUID | None:
    """The case with the least time left in a tab that this officer can move on: theirs, or free and now theirs.

    Any number of officers who ask at once get different cases. None when nothing is left.
    """
    today, mine = bangkok_date(now), replace(asked, hand=hand(house, officer))
    for row in queue.first(db, reach(officer), mine, today, soon_after(now), count=TRIES):
        application = cases.at_desk(db, reach(officer), row.id)
        if holding.take(db, reach(officer), row.id, actor(officer, application), now):
            return row.id
    return None


def release(db: Session, officer: OfficerSession, application_id: UUID, now: datetime) -> None:
    """Put my case back in the queue."""
    application = cases.at_desk(db, reach(officer), application_id)
    holding.release(db, reach(officer), application_id, actor(officer, application), now)


def successors(db: Session, officer: OfficerSession, application: Application, service: Service) -> list[Colleague]:
    """The colleagues to whom this case may be handed: who sees it and could move it on."""
    known = officers.colleagues(db, application.agency_code, application.office_code)
    return [one for one in known if one.officer_id != officer.officer_id and _could_move(application, service, one)]


def _could_move(application: Application, service: Service, one: Colleague) -> bool:
    """Whether the table gives this colleague an act, were the case theirs; what waits comes back as sent."""
    state = State.SUBMITTED if application.state is State.RETURNED else application.state
    given = cases.facts_of(application, None, application.submitted_at, AtDesk(one.officer_id, service.two_hands))
    return bool(set(actions(state, roles(one.duties), replace(given, mine=True))) - {Action.RECALL})


def hand_over(
    db: Session, house: House, officer: OfficerSession, application_id: UUID, to: UUID | None, note: str, now: datetime
) -> None:
    """Give my case to a colleague by name, with a note for them. Whoever cannot work on it is not among the choices."""
    application = cases.at_desk(db, reach(officer), application_id, lock=True)
    if application.taken_by != officer.officer_id:
        raise Conflict("เรื่องนี้ไม่ได้อยู่กับคุณแล้ว")
    service = house.service(db, application.service_slug, application.service_version)
    chosen = next((one for one in successors(db, officer, application, service) if one.officer_id == to), None)
    problems = {}
    if chosen is None:
        problems["to"] = "เลือกเพื่อนร่วมงานที่จะรับเรื่องต่อ"
    if len(note) < SHORTEST_NOTE:
        problems["note"] = "บอกเพื่อนร่วมงานว่าทำถึงไหนแล้ว อย่างน้อย 5 ตัวอักษร"
    if problems or chosen is None:
        raise Invalid(problems=problems)
    holding.hand_over(db, reach(officer), application_id, chosen.officer_id, actor(officer, application), now)
    checking.note(db, application.id, officer.officer_id, officer.name, note, now)


def may_take_over(
    db: Session, officer: OfficerSession, application: Application, service: Service, now: datetime
) -> bool:
    """Whether a colleague's case may be taken: by who manages, from who left, or when it lay still for three days."""
    holder = application.taken_by
    if holder in {None, officer.officer_id} or application.state in FINAL | {State.PREPARING}:
        return False
    me = Colleague(officer.officer_id, officer.name, officer.name_en, "", "", officer.duties)
    if not _could_move(application, service, me):
        return False
    at_work = {one.officer_id for one in officers.colleagues(db, application.agency_code, application.office_code)}
    return Duty.MANAGE in officer.duties or holder not in at_work or holding.idle(db, application, now)


def take_over(
    db: Session,
    house: House,
    officer: OfficerSession,
    application_id: UUID,
    holder: UUID | None,
    reason: str,
    now: datetime,
) -> None:
    """Take a colleague's case, with a reason that stays in the file."""
    application = cases.at_desk(db, reach(officer), application_id, lock=True)
    service = house.service(db, application.service_slug, application.service_version)
    if holder is None or application.taken_by != holder:
        raise Conflict("เรื่องนี้เปลี่ยนผู้รับผิดชอบไปแล้ว เปิดเรื่องอีกครั้งเพื่อดูว่าอยู่กับใคร")
    if not may_take_over(db, officer, application, service, now):
        raise Forbidden("เพื่อนร่วมงานยังทำเรื่องนี้อยู่ รับแทนได้เมื่อไม่มีความเคลื่อนไหว 3 วันทำการ หรือเมื่อหัวหน้างานรับเอง")
    if len(reason) < SHORTEST_NOTE:
        raise Invalid(problems={"note": "บอกเหตุที่รับเรื่องแทน อย่างน้อย 5 ตัวอักษร"})
    holding.take_over(db, reach(officer), application_id, actor(officer, application), now)
    checking.note(db, application.id, officer.officer_id, officer.name, reason, now)
