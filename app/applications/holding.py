"""Who at the agency has a case: taken by exactly one, put back, handed to a colleague, or taken over from one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.applications import deadlines
from app.applications.cases import Reach, at_desk, stream, within
from app.applications.models import Application, CheckMark
from app.core import events
from app.core.clock import bangkok_date
from app.core.errors import Conflict
from app.core.events import Actor, Event

IDLE_WORKING_DAYS = 3
"""A case that its holder has not touched for so long may be taken over by any colleague who can move it on."""


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
        _record(db, application, "take", actor, now)
    return application.taken_by == reach.officer_id


def release(db: Session, reach: Reach, application_id: UUID, actor: Actor, now: datetime) -> None:
    """Put a case I hold back in the queue for a colleague."""
    application = _mine(db, reach, application_id)
    application.taken_by = application.taken_at = None
    _record(db, application, "release", actor, now)


def hand_over(db: Session, reach: Reach, application_id: UUID, to: UUID, actor: Actor, now: datetime) -> None:
    """Give a case I hold to a colleague. The caller knows that they can work on it."""
    application = _mine(db, reach, application_id)
    application.taken_by, application.taken_at = to, now
    _record(db, application, "hand_over", actor, now, to=to)


def take_over(db: Session, reach: Reach, application_id: UUID, actor: Actor, now: datetime) -> None:
    """Take the case that a colleague has. The caller knows from whom, and that it may be taken."""
    application = at_desk(db, reach, application_id, lock=True)
    holder, application.taken_by, application.taken_at = application.taken_by, reach.officer_id, now
    _record(db, application, "take_over", actor, now, holder=holder)


def idle(db: Session, application: Application, now: datetime) -> bool:
    """Whether whoever holds the case has not touched it for IDLE_WORKING_DAYS: no act on it, no finding."""
    stirred = [
        application.taken_at,
        db.scalar(
            select(func.max(Event.at)).where(
                Event.stream == stream(application.id), Event.acted_by == application.taken_by
            )
        ),
        db.scalar(
            select(func.max(CheckMark.at)).where(
                CheckMark.application_id == application.id, CheckMark.officer_id == application.taken_by
            )
        ),
    ]
    last = max(bangkok_date(moment) for moment in stirred if moment is not None)
    return deadlines.working_days_between(last, bangkok_date(now)) >= IDLE_WORKING_DAYS


def _mine(db: Session, reach: Reach, application_id: UUID) -> Application:
    application = at_desk(db, reach, application_id, lock=True)
    if application.taken_by != reach.officer_id:
        raise Conflict("เรื่องนี้ไม่ได้อยู่กับคุณแล้ว")
    return application


def _record(db: Session, application: Application, act: str, actor: Actor, now: datetime, **said: object) -> None:
    events.record(
        db,
        stream(application.id),
        f"application.{act}",
        actor,
        now,
        subject=application.id,
        number=application.number,
        **said,
    )
