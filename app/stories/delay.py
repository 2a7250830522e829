"""Late: why, and telling the applicant so every seven days until it is done (Licensing Facilitation Act s.10)."""

from datetime import datetime, timedelta
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
from app.stories.desk import actor, reach
from app.stories.house import House
from app.stories.review import SHORTEST_REASON

EVERY = timedelta(days=7)
BATCH = 200


def explain(db: Session, officer: OfficerSession, application_id: UUID, reason: str, now: datetime) -> None:
    """Say why the case takes longer than the manual allows; the applicant reads it at once and in every notice."""
    application = cases.at_desk(db, reach(officer), application_id, lock=True)
    if application.state is not State.ACCEPTED or application.taken_by != officer.officer_id:
        raise Conflict("บอกเหตุที่ล่าช้าได้เฉพาะเรื่องที่คุณกำลังพิจารณา")
    if len(reason) < SHORTEST_REASON:
        raise Invalid(problems={"delay": "บอกเหตุที่ล่าช้าให้ผู้ยื่นเข้าใจ อย่างน้อย 10 ตัวอักษร"})
    if reason != application.delay_reason:
        application.delay_reason = reason
        _tell(db, application, actor(officer, application), now)


def tell_late(house: House) -> None:
    """By the clock: everybody whose case is late is told why, and again seven days after they were told last."""
    now = house.clock.now()
    with house.database.transaction() as db:
        late = db.scalars(
            select(Application)
            .where(
                Application.state == State.ACCEPTED,
                Application.due_on < bangkok_date(now),
                or_(Application.delay_told_at.is_(None), Application.delay_told_at <= now - EVERY),
            )
            .with_for_update(skip_locked=True)
            .limit(BATCH)
        )
        for application in late:
            _tell(db, application, Actor(SYSTEM.kind, None, SYSTEM.name, application.applicant_id), now)


def _tell(db: Session, application: Application, who: Actor, now: datetime) -> None:
    application.delay_told_at = now
    kind = "application.delay" if application.delay_reason else "application.delay_unexplained"
    due = application.due_on
    events.record(
        db,
        cases.stream(application.id),
        kind,
        who,
        now,
        subject=application.id,
        number=application.number,
        due_on=due.isoformat() if due else "",
        reason=application.delay_reason,
    )
