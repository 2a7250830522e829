"""An application at its agency: find it, act on it, read its clock. `act` is the only place where a state changes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, and_, any_, bindparam, func, select
from sqlalchemy.orm import Session

from app.applications import deadlines, standing
from app.applications.deadlines import ClockEntry, LegalClock, Tick, Unit
from app.applications.models import Application, ClockMove, DeficiencyItem, DeficiencyNotice
from app.applications.workflow import FINAL, Action, By, Facts, Hands, State, next_state
from app.core import events
from app.core.clock import bangkok_date
from app.core.errors import Conflict, NotFound
from app.core.events import Actor
from app.core.reading import Prepared


@dataclass(frozen=True)
class Reach:
    """What an officer can see at all: one agency, one of its offices or the whole."""

    officer_id: UUID
    agency_code: str
    office_code: str | None = None

    def covers(self, application: Application) -> bool:
        """Whether the application lies within this reach."""
        return application.agency_code == self.agency_code and self.office_code in {None, application.office_code}


def stream(application_id: UUID) -> str:
    """The stream of events of an application."""
    return f"application:{application_id}"


def within(reach: Reach) -> Any:
    """The WHERE of everything this officer can see."""
    mine = Application.agency_code == reach.agency_code
    return mine if reach.office_code is None else and_(mine, Application.office_code == reach.office_code)


def _alone(query: Select[Application]) -> Select[Application]:
    """The row locked and read anew: what was read before the lock was granted may be old."""
    return query.with_for_update().execution_options(populate_existing=True)


def at_desk(db: Session, reach: Reach, application_id: UUID, *, lock: bool = False) -> Application:
    """The application if the officer's agency and office have it, else NotFound."""
    query = select(Application).where(Application.id == application_id, within(reach))
    found = db.scalar(_alone(query) if lock else query)
    if found is None:
        raise NotFound
    return found


def of_applicant(db: Session, applicant_id: UUID, application_id: UUID, *, lock: bool = False) -> Application:
    """The application if it is this applicant's, else NotFound."""
    query = select(Application).where(Application.id == application_id, Application.applicant_id == applicant_id)
    found = db.scalar(_alone(query) if lock else query)
    if found is None:
        raise NotFound
    return found


def by_system(db: Session, application_id: UUID) -> Application:
    """The application under a row lock, for jobs."""
    found = db.scalar(_alone(select(Application).where(Application.id == application_id)))
    if found is None:
        raise NotFound
    return found


def those_free(db: Session, application_ids: Collection[UUID]) -> list[Application]:
    """Of many applications those that renew nothing and nobody holds at this moment, under row locks, for jobs."""
    first = Application.id.in_(application_ids), Application.renews.is_(None)
    query = select(Application).where(*first).order_by(Application.id)
    return list(db.scalars(query.with_for_update(skip_locked=True)))


def again(db: Session, application: Application) -> Application:
    """An application that an earlier transaction read, under a row lock, and where it stands read anew.

    What was filed never changes.
    """
    db.add(application)
    db.refresh(application, ["state", "revision", "due_on", "closed_at"], with_for_update=True)
    return application


def deficiency(db: Session, application_id: UUID) -> DeficiencyNotice | None:
    """The one deficiency notice of an application, if it was ever returned."""
    return db.scalar(select(DeficiencyNotice).where(DeficiencyNotice.application_id == application_id))


def deficiency_items(db: Session, notice_id: UUID) -> list[DeficiencyItem]:
    """Everything on the notice, in the officer's order."""
    return list(
        db.scalars(
            select(DeficiencyItem).where(DeficiencyItem.notice_id == notice_id).order_by(DeficiencyItem.position)
        )
    )


@dataclass(frozen=True)
class AtDesk:
    """The officer who acts, and whether the service lets one officer decide or wants two to agree."""

    officer_id: UUID
    two_hands: bool
    support_lacking: bool = False
    """Whether a licence that must be there before the decision is not, as other rooms know."""


def facts(
    db: Session,
    application: Application,
    now: datetime,
    officer: AtDesk | None = None,
    payment_due: date | None = None,
    *,
    fee_alone: bool = False,
) -> Facts:
    """What the rules may look at, read from the application as it is now; `fee_alone` as another room knows it."""
    read = facts_of(application, deficiency(db, application.id), now, officer, payment_due)
    unconfirmed = officer is not None and standing.unconfirmed(db, application)
    return replace(read, standing_unconfirmed=unconfirmed, fee_alone=fee_alone)


def facts_of(
    application: Application,
    notice: DeficiencyNotice | None,
    now: datetime,
    officer: AtDesk | None = None,
    payment_due: date | None = None,
) -> Facts:
    """The same where the deficiency notice was read already."""
    today = bangkok_date(now)
    return Facts(
        has_fee=application.fee_satang > 0,
        mine=officer is not None and application.taken_by == officer.officer_id,
        returned_before=notice is not None,
        mending_overdue=notice is not None and notice.mended_at is None and today > notice.mend_by,
        payment_overdue=payment_due is not None and today > payment_due,
        support_lacking=officer is not None and officer.support_lacking,
        hands=_hands(application, officer),
    )


def _hands(application: Application, officer: AtDesk | None) -> Hands:
    if officer is None or not officer.two_hands:
        return Hands.ONE
    if application.proposal is None:
        return Hands.TO_PROPOSE
    if application.proposed_by == officer.officer_id:
        return Hands.PROPOSED_BY_ME
    approval = application.proposal["action"] == Action.APPROVE
    return Hands.APPROVAL_PROPOSED if approval else Hands.REFUSAL_PROPOSED


def act(
    db: Session,
    application: Application,
    action: Action,
    by: Iterable[By],
    actor: Actor,
    given: Facts,
    now: datetime,
    **said: Any,
) -> State:
    """Move the application one step and write its event, together. The caller holds the row lock.

    Raises Conflict when the table has no rule for it.
    """
    source = application.state
    target = next_state(source, action, by, given)
    application.state = target
    if target in FINAL:
        application.closed_at = now
    events.record(
        db,
        stream(application.id),
        f"application.{action}",
        actor,
        now,
        subject=application.id,
        source=str(source),
        target=str(target),
        number=application.number,
        **said,
    )
    return target


def stale(application: Application, revision: int) -> None:
    """Refuse a decision made on an older picture of the case than the one stored now."""
    if application.revision != revision:
        raise Conflict("มีการเปลี่ยนแปลงในเรื่องนี้หลังจากที่คุณเปิดหน้าจอ ตรวจข้อมูลล่าสุดก่อนตัดสินใจ")


# — The legal clock ————————————————————————————————————————————————————————————————————————————————————————————————


def tick(db: Session, application: Application, move: Tick, at: datetime, reason: str) -> None:
    """Move the clock; `reason` is a msgid both sides can read."""
    last = db.scalar(select(func.max(ClockMove.seq)).where(ClockMove.application_id == application.id)) or 0
    db.add(ClockMove(application_id=application.id, seq=last + 1, tick=move, at=at, reason=reason))
    db.flush()


_MOVES = Prepared(
    select(ClockMove.application_id, ClockMove.tick, ClockMove.at, ClockMove.reason)
    .where(ClockMove.application_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(ClockMove.application_id, ClockMove.seq)
)


def clock_entries(db: Session, application_id: UUID) -> list[ClockEntry]:
    """The movements that made the clock, oldest first."""
    return clock_entries_of(db, [application_id])[application_id]


def clock_entries_of(db: Session, application_ids: Sequence[UUID]) -> dict[UUID, list[ClockEntry]]:
    """The same for many applications in one query."""
    found: dict[UUID, list[ClockEntry]] = {application_id: [] for application_id in application_ids}
    for row in _MOVES.rows(db, ids=[*application_ids]) if application_ids else ():
        found[row.application_id].append(ClockEntry(row.tick, row.at, row.reason))
    return found


def clock(entries: Sequence[ClockEntry], allowed: int, unit: Unit, now: datetime) -> LegalClock:
    """What the clock shows now."""
    return deadlines.read(entries, allowed, unit, now)


_OF_FORM = select(Application).where(Application.single_form_id == bindparam("form_id")).order_by(Application.number)


def of_form(db: Session, single_form_id: UUID) -> list[Application]:
    """Every application that a form became."""
    return list(db.scalars(_OF_FORM, {"form_id": single_form_id}))
