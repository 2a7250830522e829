"""An application ends without a licence: its service has none, the person withdraws it, or their deadline passes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import cases, drafts
from app.applications.deadlines import Tick, Unit, days_after
from app.applications.models import Application, DeficiencyNotice
from app.applications.workflow import FINAL, Action, By, State, actions
from app.billing import bills, replacing
from app.billing.models import Bill
from app.catalogue.schema import Service
from app.core import rates
from app.core.clock import bangkok_date
from app.core.errors import NotFound
from app.core.events import SYSTEM, Actor
from app.core.thai import date_long
from app.notices import inbox
from app.stories import letter
from app.stories.house import House


@dataclass(frozen=True)
class Leaving:
    """What taking one application back means: for its bill, its clock, and the others of its form."""

    application: Application
    service: Service
    bill: Bill | None
    """The open bill that holds its fee."""
    stays_satang: int
    """What other applications on that bill still owe."""
    clock_runs: bool
    others: tuple[Service, ...]
    """Services of the same form whose applications go on."""
    possible: bool

    @property
    def ended(self) -> bool:
        """Whether it has come to an end already."""
        return self.application.state in FINAL

    @property
    def revision(self) -> int:
        """The picture of the case that the person decides on."""
        return self.application.revision


def leaving(db: Session, house: House, applicant_id: UUID, application_id: UUID, now: datetime) -> Leaving:
    """What withdrawing this application of mine would do. Raises NotFound."""
    application = cases.of_applicant(db, applicant_id, application_id)
    owed = bills.open_of_application(db, application_id)
    lines = bills.lines(db, owed) if owed is not None else []
    moves = cases.clock_entries(db, application_id)
    given = cases.facts(db, application, now)
    return Leaving(
        application=application,
        service=house.service(db, application.service_slug, application.service_version),
        bill=db.get_one(Bill, owed) if owed is not None else None,
        stays_satang=sum(line.satang for line in lines if line.application_id != application_id),
        clock_runs=bool(moves) and moves[-1].tick is not Tick.FINISH,
        others=tuple(
            house.service(db, other.service_slug, other.service_version)
            for other in cases.of_form(db, application.single_form_id)
            if other.id != application_id and other.state not in FINAL
        ),
        possible=Action.WITHDRAW in actions(application.state, [By.APPLICANT], given),
    )


def withdraw(
    db: Session, applicant_id: UUID, application_id: UUID, revision: int, reason: str, actor: Actor, now: datetime
) -> None:
    """The applicant takes the application back; others go on.

    What it still owes is withdrawn first (same lock order as settlement); fees of others on the same bill move to a
    new one. Raises Conflict while a payment is being checked, or when it is too late.
    """
    cases.of_applicant(db, applicant_id, application_id)
    while (owed := bills.open_of_application(db, application_id)) is not None:
        replacing.without(db, owed, application_id, "application_withdrawn", actor, now)
    application = cases.of_applicant(db, applicant_id, application_id, lock=True)
    cases.stale(application, revision)
    given = cases.facts(db, application, now)
    cases.act(db, application, Action.WITHDRAW, [By.APPLICANT], actor, given, now, reason=reason)
    finish_clock(db, application, now, "ผู้ยื่นถอนคำขอ")


def with_receipt(db: Session, application: Application, service: Service, now: datetime) -> None:
    """The end of an application to a service without a licence: nothing is numbered, drawn or signed.

    The agency hands over what `result_name` names, as `delivery` says; the portal's own part ends here.
    """
    db.info["failpoint"] = "issue"
    actor = Actor(SYSTEM.kind, None, SYSTEM.name, application.applicant_id)
    given = cases.facts(db, application, now)
    cases.act(db, application, Action.ISSUE, [By.SYSTEM], actor, given, now, result=service.result)
    finish_clock(db, application, now, "ดำเนินการเสร็จแล้ว")


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
            application.decision = _unmended(db, house, application, now)
            letter.order(db, application.id)


def _unmended(db: Session, house: House, application: Application, now: datetime) -> dict[str, Any]:
    """What the letter says that hands an application back: what is missing, and how to appeal until when (s.9)."""
    service = house.service(db, application.service_slug, application.service_version)
    notice = cases.deficiency(db, application.id)
    if notice is None:
        raise NotFound
    names = {question.key: question.name.th for question in service.questions}
    names |= {use.key: use.document.name.th for use in service.documents}
    missing = ", ".join(names[item.key] for item in cases.deficiency_items(db, notice.id))
    until = days_after(bangkok_date(now), service.appeal.days, Unit.CALENDAR_DAYS)
    return {
        "action": str(Action.LAPSE),
        "explanation": f"ไม่ได้ส่งสิ่งที่ขอให้แก้ภายใน {date_long(notice.mend_by)}: {missing}",
        "on": bangkok_date(now).isoformat(),
        "officer": notice.officer_name,
        "officer_en": "",
        "position": notice.officer_position,
        "position_en": "",
        "appeal": service.appeal.text.model_dump(),
        "appeal_law": service.appeal.law.model_dump(),
        "appeal_until": until.isoformat(),
    }


def sweep(house: House) -> None:
    """By the clock: drafts past their days are discarded, old rate counts forgotten, stray temporary files removed."""
    now = house.clock.now()
    with house.database.transaction() as db:
        for form in drafts.expired(db, now):
            drafts.discard(db, form, SYSTEM, now)
            inbox.tell(db, form.applicant_id, "draft_over", now, reference=form.reference)
        rates.sweep(db, now)


def remind(house: House) -> None:
    """By the clock: whoever has a draft that comes to its end is told in time, two weeks and three days before."""
    now = house.clock.now()
    with house.database.transaction() as db:
        for form in drafts.ending(db, now):
            form.reminded_at = now
            day = bangkok_date(form.expires_at).isoformat()
            href = f"/forms/{form.id}"
            inbox.tell(db, form.applicant_id, "draft_ending", now, href=href, reference=form.reference, day=day)
