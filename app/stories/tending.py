"""By the clock: suspensions that are over end, licences whose last day has passed have expired, and holders read so."""

from datetime import datetime

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

AT_ONCE = 500
"""How many licences one sweep looks at; the next takes the next."""
LIFTED = "พ้นวันสุดท้ายที่พักใช้"


def sweep(house: House) -> None:
    """Job, every hour: write down what the calendar has made so, tell the holders, and draw what was left undrawn."""
    now = house.clock.now()
    today = bangkok_date(now)
    with house.database.transaction() as db:
        lifted = Licence.status == Status.SUSPENDED, Licence.suspended_until < today
        for licence in _some(db, *lifted):
            _reinstate(db, licence, now)
    with house.database.transaction() as db:
        expired = Licence.status == Status.VALID, Licence.over_at.is_(None), Licence.valid_until < today
        for licence in _some(db, *expired):
            _expire(db, licence, now)
    with house.database.transaction() as db:
        _draw_the_rest(db)


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


def _draw_the_rest(db: Session) -> None:
    """Editions that could not be issued while their licence was suspended."""
    waiting = (
        select(LicenceEdition.id)
        .join(Licence, Licence.id == LicenceEdition.licence_id)
        .where(LicenceEdition.issued_at.is_(None), LicenceEdition.number > 1, Licence.status == Status.VALID)
        .limit(AT_ONCE)
    )
    for edition_id in db.scalars(waiting):
        jobs.enqueue(db, "issue_edition", once=f"edition:{edition_id}", edition_id=str(edition_id))
