"""By the clock: suspensions that are over end, licences whose last day has passed have expired, and holders read so."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.clock import bangkok_date
from app.core.events import SYSTEM, Actor
from app.licences import matters
from app.licences.life import Action, By, Step
from app.licences.matters import Sitting
from app.licences.models import Licence, LicenceEdition, Outcome, Status
from app.notices import inbox
from app.stories import renewal_halted
from app.stories.house import House

AT_ONCE = 200
"""How many licences one transaction writes down; the job goes on until none is left."""
LIFTED = "พ้นวันสุดท้ายที่พักใช้"


def sweep(house: House) -> None:
    """Job, every hour: write down what the calendar has made so, tell the holders, and draw what was left undrawn.

    Nobody waits for it: whatever looks at a licence meanwhile reads the calendar itself (`matters.standing`).
    """
    now = house.clock.now()
    today = bangkok_date(now)
    lifted = Licence.status == Status.SUSPENDED, Licence.suspended_until < today
    _one_by_one(house, now, _reinstate, *lifted)
    expired = Licence.status == Status.VALID, Licence.over_at.is_(None), Licence.valid_until < today
    _one_by_one(house, now, _expire, *expired)
    last: UUID | None = UUID(int=0)
    while last is not None:
        with house.database.transaction() as db:
            last = _draw_the_rest(db, last)


def _one_by_one(
    house: House, now: datetime, act: Callable[[Session, Licence, datetime], None], *where: ColumnElement[bool]
) -> None:
    """Batches of short transactions until nothing is left; what another worker holds is left to it."""
    found, last = AT_ONCE, UUID(int=0)
    while found == AT_ONCE:
        with house.database.transaction() as db:
            some = _some(db, Licence.id > last, *where)
            for licence in some:
                act(db, licence, now)
            found, last = len(some), some[-1].id if some else last


def _some(db: Session, *where: ColumnElement[bool]) -> list[Licence]:
    query = select(Licence).where(*where).order_by(Licence.id).limit(AT_ONCE)
    return list(db.scalars(query.with_for_update(skip_locked=True)))


def _system(licence: Licence) -> Sitting:
    return Sitting({By.SYSTEM}, Actor(SYSTEM.kind, None, SYSTEM.name, licence.applicant_id))


def _reinstate(db: Session, licence: Licence, now: datetime) -> None:
    """What is proposed to reinstate it is moot; what is under way to revoke it goes on."""
    sitting = _system(licence)
    matters.act(db, licence, Action.REINSTATE, Step.DO, sitting, now, LIFTED)
    _close(db, licence, sitting, now, Action.REINSTATE)
    renewal_halted.go_on(db, licence)
    inbox.tell(
        db, licence.applicant_id, "licence_usable_again", now, href=f"/licences/{licence.id}", number=licence.number
    )


def _expire(db: Session, licence: Licence, now: datetime) -> None:
    sitting = _system(licence)
    matters.act(db, licence, Action.EXPIRE, Step.DO, sitting, now)
    licence.over_at = now
    _close(db, licence, sitting, now)
    inbox.tell(db, licence.applicant_id, "licence_expired", now, href=f"/licences/{licence.id}", number=licence.number)


def _close(db: Session, licence: Licence, sitting: Sitting, now: datetime, only: Action | None = None) -> None:
    matter = matters.under_way(db, licence.id)
    if matter is not None and only in {None, matter.action}:
        matters.closed(db, matter, Outcome.DROPPED, sitting.actor, now)


def _draw_the_rest(db: Session, after: UUID) -> UUID | None:
    """Editions that could not be issued while their licence was suspended; the last one, None when none is left."""
    waiting = (
        select(LicenceEdition.id)
        .join(Licence, Licence.id == LicenceEdition.licence_id)
        .where(LicenceEdition.issued_at.is_(None), LicenceEdition.unfit == "", LicenceEdition.number > 1)
        .where(LicenceEdition.id > after, Licence.status == Status.VALID)
        .order_by(LicenceEdition.id)
        .limit(AT_ONCE)
    )
    found = db.scalars(waiting).all()
    for edition_id in found:
        jobs.enqueue(db, "issue_edition", once=f"edition:{edition_id}", edition_id=str(edition_id))
    return found[-1] if len(found) == AT_ONCE else None
