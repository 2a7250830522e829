"""Who at the agency has a case: taken from the queue by exactly one, and put back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.applications.cases import Reach, at_desk, stream, within
from app.applications.models import Application
from app.core import events
from app.core.errors import Conflict
from app.core.events import Actor


def take(db: Session, reach: Reach, application_id: UUID, actor: Actor, now: datetime) -> bool:
    """Take a waiting case. One of any number of simultaneous takers wins; True for that one (and for its holder)."""
    won = db.execute(
        update(Application)
        .where(
            Application.id == application_id,
            within(reach),
            Application.taken_by.is_(None),
            Application.closed_at.is_(None),
        )
        .values(taken_by=reach.officer_id, taken_at=now, revision=Application.revision + 1)
        .returning(Application.number)
        .execution_options(synchronize_session=False)
    ).scalar()
    application = at_desk(db, reach, application_id, lock=True)
    if won is not None:
        events.record(db, stream(application_id), "application.take", actor, now, subject=application_id, number=won)
    return application.taken_by == reach.officer_id


def release(db: Session, reach: Reach, application_id: UUID, actor: Actor, now: datetime) -> None:
    """Put a case I hold back in the queue for a colleague."""
    application = at_desk(db, reach, application_id, lock=True)
    if application.taken_by != reach.officer_id:
        raise Conflict("เรื่องนี้ไม่ได้อยู่กับคุณแล้ว")
    application.taken_by = application.taken_at = None
    events.record(
        db,
        stream(application_id),
        "application.release",
        actor,
        now,
        subject=application_id,
        number=application.number,
    )
