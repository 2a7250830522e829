"""An application ends without a licence: the person withdraws it, or a deadline of the citizen passes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import cases, forms
from app.applications.deadlines import Tick
from app.applications.models import Application, DeficiencyNotice
from app.applications.workflow import Action, By, State
from app.billing import bills
from app.billing.models import BillStatus
from app.core import rates
from app.core.clock import bangkok_date
from app.core.events import SYSTEM, Actor
from app.stories.house import House


def withdraw(
    db: Session, applicant_id: UUID, application_id: UUID, revision: int, reason: str, actor: Actor, now: datetime
) -> None:
    """The applicant takes the application back. An open bill is withdrawn first (same lock order as settlement)."""
    cases.of_applicant(db, applicant_id, application_id)
    for bill in bills.of_application(db, application_id):
        if bill.status is BillStatus.OPEN:
            bills.void(db, bill.id, "application_withdrawn", actor, now)
    application = cases.of_applicant(db, applicant_id, application_id, lock=True)
    cases.stale(application, revision)
    given = cases.facts(db, application, now)
    cases.act(db, application, Action.WITHDRAW, [By.APPLICANT], actor, given, now, reason=reason)
    finish_clock(db, application, now, "ผู้ยื่นถอนคำขอ")


def finish_clock(db: Session, application: Application, now: datetime, reason: str) -> None:
    """End the legal clock if it ever started."""
    entries = cases.clock_entries(db, application.id)
    if entries and entries[-1].tick is not Tick.FINISH:
        cases.tick(db, application, Tick.FINISH, now, reason)
    application.due_on = None


def lapse_unmended(house: House) -> None:
    """By the clock: applications returned and not mended in time are closed with the reason (s.9); refiling is free."""
    now = house.clock.now()
    with house.database.transaction() as db:
        late = db.scalars(
            select(Application)
            .join(DeficiencyNotice, DeficiencyNotice.application_id == Application.id)
            .where(
                Application.state == State.RETURNED,
                DeficiencyNotice.mended_at.is_(None),
                DeficiencyNotice.mend_by < bangkok_date(now),
            )
            .with_for_update(of=Application, skip_locked=True)
            .limit(200)
        )
        for application in late:
            actor = Actor(SYSTEM.kind, None, SYSTEM.name, application.applicant_id)
            given = cases.facts(db, application, now)
            cases.act(db, application, Action.LAPSE, [By.SYSTEM], actor, given, now, reason="not_mended")
            finish_clock(db, application, now, "พ้นกำหนดแก้ไข")


def sweep(house: House) -> None:
    """By the clock: drafts past their days are discarded, old rate counts forgotten, stray temporary files removed."""
    now = house.clock.now()
    with house.database.transaction() as db:
        for form in forms.expired(db, now):
            forms.discard(db, form, SYSTEM, now)
        rates.sweep(db, now)
