"""An application at its agency: take it, act on it, list what waits. `act` is the only place where a state changes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, String, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from app.applications import deadlines
from app.applications.deadlines import ClockEntry, LegalClock, Tick, Unit
from app.applications.models import Application, ClockMove, DeficiencyItem, DeficiencyNotice
from app.applications.workflow import FINAL, Action, By, Facts, State, actions, next_state
from app.core import events
from app.core.clock import bangkok_date
from app.core.errors import Conflict, NotFound
from app.core.events import Actor
from app.core.thai import clean


@dataclass(frozen=True)
class Reach:
    """What an officer can see at all: one agency, one of its offices or the whole."""

    officer_id: UUID
    agency_code: str
    office_code: str | None = None

    def covers(self, application: Application) -> bool:
        """Whether the application lies within this reach."""
        return application.agency_code == self.agency_code and self.office_code in {None, application.office_code}


def _stream(application_id: UUID) -> str:
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


def facts(
    db: Session,
    application: Application,
    now: datetime,
    officer_id: UUID | None = None,
    payment_due: date | None = None,
) -> Facts:
    """What the rules may look at, read from the application as it is now."""
    return facts_of(application, deficiency(db, application.id), now, officer_id, payment_due)


def facts_of(
    application: Application,
    notice: DeficiencyNotice | None,
    now: datetime,
    officer_id: UUID | None = None,
    payment_due: date | None = None,
) -> Facts:
    """The same where the deficiency notice was read already."""
    today = bangkok_date(now)
    return Facts(
        has_fee=application.fee_satang > 0,
        mine=officer_id is not None and application.taken_by == officer_id,
        returned_before=notice is not None,
        mending_overdue=notice is not None and notice.mended_at is None and today > notice.mend_by,
        payment_overdue=payment_due is not None and today > payment_due,
    )


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
        _stream(application.id),
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
        events.record(db, _stream(application_id), "application.take", actor, now, subject=application_id, number=won)
    return application.taken_by == reach.officer_id


def release(db: Session, reach: Reach, application_id: UUID, actor: Actor, now: datetime) -> None:
    """Put a case I hold back in the queue for a colleague."""
    application = at_desk(db, reach, application_id, lock=True)
    if application.taken_by != reach.officer_id:
        raise Conflict("เรื่องนี้ไม่ได้อยู่กับคุณแล้ว")
    application.taken_by = application.taken_at = None
    events.record(
        db,
        _stream(application_id),
        "application.release",
        actor,
        now,
        subject=application_id,
        number=application.number,
    )


# — The legal clock ————————————————————————————————————————————————————————————————————————————————————————————————


def tick(db: Session, application: Application, move: Tick, at: datetime, reason: str) -> None:
    """Move the clock; `reason` is a msgid both sides can read."""
    last = db.scalar(select(func.max(ClockMove.seq)).where(ClockMove.application_id == application.id)) or 0
    db.add(ClockMove(application_id=application.id, seq=last + 1, tick=move, at=at, reason=reason))
    db.flush()


_MOVES = (
    select(ClockMove.application_id, ClockMove.tick, ClockMove.at, ClockMove.reason)
    .where(ClockMove.application_id.in_(bindparam("ids", expanding=True)))
    .order_by(ClockMove.application_id, ClockMove.seq)
)


def clock_entries(db: Session, application_id: UUID) -> list[ClockEntry]:
    """The movements that made the clock, oldest first."""
    return clock_entries_of(db, [application_id])[application_id]


def clock_entries_of(db: Session, application_ids: Sequence[UUID]) -> dict[UUID, list[ClockEntry]]:
    """The same for many applications in one query."""
    found: dict[UUID, list[ClockEntry]] = {application_id: [] for application_id in application_ids}
    for row in db.execute(_MOVES, {"ids": application_ids}) if application_ids else ():
        found[row.application_id].append(ClockEntry(row.tick, row.at, row.reason))
    return found


def clock(entries: Sequence[ClockEntry], allowed: int, unit: Unit, now: datetime) -> LegalClock:
    """What the clock shows now."""
    return deadlines.read(entries, allowed, unit, now)


# — The queue ——————————————————————————————————————————————————————————————————————————————————————————————————————

TABS = ("new", "mine", "applicant", "soon", "late", "done")
PER_PAGE = 25


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue: what an officer needs to choose the next case."""

    id: UUID
    number: str
    service_slug: str
    service_version: int
    applicant_name: str
    premises_name: str
    state: State
    submitted_at: datetime
    check_by: date
    due_on: date | None
    taken_by: UUID | None
    taken_name: str | None
    next_on: date | None
    revision: int


_WITH_APPLICANT = (State.RETURNED, State.AWAITING_PAYMENT)
_AT_AGENCY = (State.SUBMITTED, State.ACCEPTED)
_next_on = case((Application.state == State.SUBMITTED, Application.check_by), else_=Application.due_on)


_at_agency = Application.state.in_(_AT_AGENCY)
_here = and_(
    Application.agency_code == bindparam("agency"),
    or_(bindparam("office", type_=String).is_(None), Application.office_code == bindparam("office")),
)
_tab = {
    "new": and_(_at_agency, Application.taken_by.is_(None)),
    "mine": and_(_at_agency, Application.taken_by == bindparam("officer")),
    "late": and_(_at_agency, _next_on < bindparam("today")),
    "soon": and_(_at_agency, _next_on >= bindparam("today"), _next_on <= bindparam("soon")),
    "applicant": Application.state.in_(_WITH_APPLICANT),
    "done": Application.state.in_((State.PREPARING, *FINAL)),
}
_COUNTS = select(*(func.count().filter(_tab[tab]).label(tab) for tab in TABS)).select_from(Application).where(_here)


def _seen_by(reach: Reach, today: date, soon: date) -> dict[str, Any]:
    """The values of the queue's statements."""
    return {
        "agency": reach.agency_code,
        "office": reach.office_code,
        "officer": reach.officer_id,
        "today": today,
        "soon": soon,
    }


def tab_counts(db: Session, reach: Reach, today: date, soon: date) -> dict[str, int]:
    """How many cases each tab holds, in one query."""
    return dict(db.execute(_COUNTS, _seen_by(reach, today, soon)).one()._mapping)


@cache
def _statements(tab: str, *, searching: bool, one_service: bool) -> tuple[Select[int], Select[*tuple[Any, ...]]]:
    """What counts the rows of a tab, and what lists them page by page: built once for each combination of filters."""
    where = [_here, _tab[tab]]
    if searching:
        names = (Application.number, Application.applicant_name, Application.premises_name)
        where.append(or_(*(func.lower(name).like(func.lower(bindparam("text")), escape="/") for name in names)))
    if one_service:
        where.append(Application.service_slug == bindparam("service"))
    officers = Application.metadata.tables["officers"]
    order = (
        (Application.closed_at.desc().nulls_first(), Application.number)
        if tab == "done"
        else (_next_on.asc().nulls_last(), Application.submitted_at, Application.number)
    )
    rows = (
        select(
            Application.id,
            Application.number,
            Application.service_slug,
            Application.service_version,
            Application.applicant_name,
            Application.premises_name,
            Application.state,
            Application.submitted_at,
            Application.check_by,
            Application.due_on,
            Application.taken_by,
            officers.c.name_th.label("taken_name"),
            _next_on.label("next_on"),
            Application.revision,
        )
        .outerjoin(officers, officers.c.id == Application.taken_by)
        .where(*where)
        .order_by(*order)
        .limit(PER_PAGE)
        .offset(bindparam("offset", type_=Integer))
    )
    return select(func.count()).select_from(Application).where(*where), rows


def queue(
    db: Session,
    reach: Reach,
    tab: str,
    today: date,
    soon: date,
    *,
    text: str = "",
    service: str = "",
    page: int = 1,
    held: int | None = None,
) -> tuple[list[QueueRow], int]:
    """One page of a tab, least time left first; and how many rows the filter finds.

    `held`: how many rows the tab holds, where the caller has counted them: without a filter they are not counted again.
    """
    words = clean(text)
    count, rows = _statements(tab, searching=bool(words), one_service=bool(service))
    values = {
        **_seen_by(reach, today, soon),
        "text": "%" + re.sub(r"([/%_])", r"/\1", words) + "%",
        "service": service,
        "offset": (page - 1) * PER_PAGE,
    }
    filtered = bool(words or service)
    found = held if held is not None and not filtered else int(db.execute(count, values).scalar_one())
    return [QueueRow(**row._mapping) for row in db.execute(rows, values)], found


def officer_actions(
    db: Session, application: Application, roles: Iterable[By], officer_id: UUID, now: datetime
) -> list[Action]:
    """The buttons this officer sees."""
    return actions(application.state, roles, facts(db, application, now, officer_id))


_OF_FORM = select(Application).where(Application.single_form_id == bindparam("form_id")).order_by(Application.number)


def of_form(db: Session, single_form_id: UUID) -> list[Application]:
    """Every application that a form became."""
    return list(db.scalars(_OF_FORM, {"form_id": single_form_id}))
