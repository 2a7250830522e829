"""Late: why, and telling the applicant so every seven days until it is done (Licensing Facilitation Act s.10)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.applications import cases
from app.applications.models import Application
from app.applications.workflow import State
from app.core import events
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Invalid
from app.core.events import SYSTEM, Actor
from app.identity.sessions import OfficerSession
from app.notices import inbox
from app.stories import case_letter, letter
from app.stories.desk import actor, reach
from app.stories.house import House
from app.stories.review import SHORTEST_REASON

EVERY = timedelta(days=7)
LONGEST = timedelta(days=366)
"""How far away the day may be by which a late case will be decided."""
BATCH = 200
"""How many are told in one run of the job, each in a transaction of its own."""


def explain(
    db: Session,
    house: House,
    officer: OfficerSession,
    application_id: UUID,
    reason: str,
    until: date | None,
    now: datetime,
) -> None:
    """Say why the case takes longer than the manual allows, and by when it will be done.

    The applicant gets a letter at once and, until that day, every seven days.
    """
    application = cases.at_desk(db, reach(officer), application_id, lock=True)
    if application.state is not State.ACCEPTED or application.taken_by != officer.officer_id:
        raise Conflict("บอกเหตุที่ล่าช้าได้เฉพาะเรื่องที่คุณกำลังพิจารณา")
    today = bangkok_date(now)
    if application.due_on is None or application.due_on >= today:
        raise Conflict("เรื่องนี้ยังอยู่ในเวลาตามคู่มือ จึงยังไม่มีความล่าช้าที่ต้องแจ้ง")
    problems = {}
    if len(reason) < SHORTEST_REASON:
        problems["delay"] = "บอกเหตุที่ล่าช้าให้ผู้ยื่นเข้าใจ อย่างน้อย 10 ตัวอักษร"
    if wrong := _wrong_day(until, today):
        problems["until.day"] = wrong
    if problems:
        raise Invalid(problems=problems)
    letter.must_be_printable(reason)
    if (reason, until) != (application.delay_reason, application.delay_until):
        application.delay_reason, application.delay_until = reason, until
        _tell(db, house, application, actor(officer, application), now, (officer.name, officer.position))


def _wrong_day(until: date | None, today: date) -> str:
    if until is None:
        return "ใส่วันที่คาดว่าจะพิจารณาเสร็จ เป็นวัน เดือน ปี พ.ศ. เช่น 2 11 2569"
    if not today <= until <= today + LONGEST:
        return "วันที่คาดว่าจะพิจารณาเสร็จ ต้องตั้งแต่วันนี้ และไม่เกิน 1 ปี"
    return ""


def tell_late(house: House) -> None:
    """By the clock: everybody whose case is late is told why, and again seven days after they were told last."""
    now = house.clock.now()
    late = (
        select(Application)
        .where(
            Application.state == State.ACCEPTED,
            Application.due_on < bangkok_date(now),
            or_(Application.delay_told_at.is_(None), Application.delay_told_at <= now - EVERY),
        )
        .with_for_update(skip_locked=True)
        .limit(1)
    )
    for _ in range(BATCH):
        with house.database.transaction() as db:
            application = db.scalar(late)
            if application is None:
                return
            _tell(db, house, application, Actor(SYSTEM.kind, None, SYSTEM.name, application.applicant_id), now)


def _tell(
    db: Session,
    house: House,
    application: Application,
    who: Actor,
    now: datetime,
    by: tuple[str, str] | None = None,
) -> None:
    """Tell it, by letter when there is something to tell.

    A reason holds until the day that came with it. Where none holds, that is told in the inbox without a letter: a seal
    never stands under words that no officer said.
    """
    application.delay_told_at = now
    due, until = application.due_on, application.delay_until
    holds = bool(application.delay_reason) and (until is None or until >= bangkok_date(now))
    number = ""
    if holds:
        service = house.service(db, application.service_slug, application.service_version)
        number = case_letter.of_delay(db, house, application, service, by, now).number
    else:
        href = f"/forms/{application.single_form_id}/track"
        inbox.tell(db, application.applicant_id, "delay_unexplained", now, href=href, reference=application.number)
    events.record(
        db,
        cases.stream(application.id),
        "application.delay" if holds else "application.delay_unexplained",
        who,
        now,
        subject=application.id,
        number=application.number,
        due_on=due.isoformat() if due else "",
        reason=application.delay_reason if holds else "",
        until=until.isoformat() if holds and until else "",
        letter=number,
    )
