"""What is past its period goes, case by case, and what must stay is said with the reason (PDPA s.37 (3)).

The periods are the catalogue's, of the version a case was filed under. A run first says what it would do; it deletes
only when told to. Each case is one transaction: all that is due of it goes together, with the record and the event.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from app.applications.form_models import FormState, SingleForm
from app.applications.models import Application
from app.billing.models import Bill, BillLine, BillStatus, FeeReturn, Payment, PaymentStatus, Refund
from app.catalogue.schema import Service
from app.core.clock import BANGKOK, bangkok_date
from app.core.events import SYSTEM, Actor, record
from app.identity.models import Applicant
from app.licences.models import Licence, Status
from app.privacy import requests
from app.privacy.models import Erasure, Kind
from app.stories import erasing
from app.stories.house import House

UNSETTLED = (PaymentStatus.PENDING, PaymentStatus.DUPLICATE, PaymentStatus.WRONG_AMOUNT, PaymentStatus.LATE)
"""Money that may have to go back; with a refund that was transferred the matter is over."""

OWN_DATE = "ครบวันที่บอกไว้ในแบบร่าง"
"""Why a draft goes: its own date, which was shown on it from the first day."""

BATCH = 200
KINDS = (Kind.ANSWERS, Kind.DOCUMENTS, Kind.PAYMENT, Kind.LICENCE)


@dataclass(frozen=True)
class Due:
    """One kind of data of one case whose period is over. `since`: the moment it was counted from."""

    kind: Kind
    since: datetime
    over_on: date
    basis: str
    confirmed: bool
    """False while the period in the catalogue is from memory and an agency has yet to confirm it."""


@dataclass(frozen=True)
class Case:
    """What a run found about one case: what is due, and why it stays all the same (then nothing of it goes)."""

    subject: UUID
    reference: str
    service: str
    agency: str
    due: tuple[Due, ...]
    stays: tuple[str, ...] = ()


@dataclass
class Run:
    """What one run found and did. Names nobody: cases are told by number."""

    at: datetime
    applied: bool
    cases: list[Case] = field(default_factory=list)
    erased: int = 0
    rows: int = 0
    files: int = 0

    @property
    def held(self) -> list[Case]:
        """Cases past their period that stay."""
        return [case for case in self.cases if case.stays]

    def summary(self) -> dict[str, dict[str, Any]]:
        """Per kind: how many cases, the oldest moment, the laws, and how many periods are not confirmed yet."""
        found: dict[str, dict[str, Any]] = {}
        for due in (due for case in self.cases if not case.stays for due in case.due):
            told = found.setdefault(due.kind.value, {"cases": 0, "oldest": due.since, "laws": set(), "to_confirm": 0})
            told["cases"] += 1
            told["oldest"] = min(told["oldest"], due.since)
            told["laws"].add(due.basis)
            told["to_confirm"] += not due.confirmed
        return {kind: told | {"laws": sorted(told["laws"])} for kind, told in sorted(found.items())}

    def report(self) -> dict[str, Any]:
        """The whole run, for a file."""
        return {
            "at": self.at,
            "mode": "applied" if self.applied else "dry run: nothing was deleted",
            "summary": self.summary(),
            "cases": [asdict(case) for case in self.cases if not case.stays],
            "stays": [asdict(case) for case in self.held],
            "erased": {"cases": self.erased, "rows": self.rows, "files": self.files},
            "not_touched": "events are hash-chained and stay; they hold who acted by name, and numbers, no answers",
        }


def run(house: House, *, apply: bool) -> Run:
    """Look at every case and draft past its period; with `apply`, delete what nothing keeps."""
    found = Run(house.clock.now(), apply)
    for subject, kind in _candidates(house, found.at):
        judge = _draft if kind is Kind.DRAFT else _application
        with house.database.transaction() as db:
            if apply:
                db.info["failpoint"] = "retention"
            case = judge(db, house, subject, found.at, lock=apply)
            if case is None:
                continue
            if apply and not case.stays:
                rows, files = _erase(db, case, found.at)
                found.rows, found.files, found.erased = found.rows + rows, found.files + files, found.erased + 1
        found.cases.append(case)
    with house.database.transaction() as db:
        done = {"cases": found.erased, "rows": found.rows, "files": found.files, "stay": len(found.held)}
        record(db, "retention", "retention.run", SYSTEM, found.at, applied=apply, done=done)
    return found


def _candidates(house: House, now: datetime) -> Iterator[tuple[UUID, Kind]]:
    """Ids of cases that ended long enough ago for the shortest period, and of drafts that were given up."""
    periods = (kept.years for service in house.catalogue.services.values() for kept in service.retention.values())
    since = now - timedelta(days=365 * min(periods))
    done = exists().where(Erasure.kind == Kind.DRAFT, Erasure.subject_id == SingleForm.id)
    given_up = or_(
        SingleForm.state == FormState.DISCARDED,
        (SingleForm.state == FormState.DRAFT) & (SingleForm.expires_at < now),
    )
    with house.database.transaction() as db:
        drafts = list(db.scalars(select(SingleForm.id).where(given_up, ~done).order_by(SingleForm.id)))
        ended = list(db.scalars(select(Application.id).where(Application.closed_at < since).order_by(Application.id)))
    yield from ((form, Kind.DRAFT) for form in drafts)
    yield from ((application, Kind.ANSWERS) for application in ended)


def _draft(db: Session, house: House, form_id: UUID, now: datetime, *, lock: bool) -> Case | None:
    del house
    query = select(SingleForm).where(SingleForm.id == form_id)
    form = db.scalar(query.with_for_update(skip_locked=True) if lock else query)
    if form is None or form.state is FormState.SUBMITTED or (form.state is FormState.DRAFT and form.expires_at >= now):
        return None
    since = form.updated_at if form.state is FormState.DISCARDED else form.expires_at
    due = Due(Kind.DRAFT, since, bangkok_date(since), OWN_DATE, confirmed=True)
    return Case(form.id, form.reference, "", "", (due,))


def _application(db: Session, house: House, application_id: UUID, now: datetime, *, lock: bool) -> Case | None:
    query = select(Application).where(Application.id == application_id)
    application = db.scalar(query.with_for_update(skip_locked=True) if lock else query)
    if application is None or application.closed_at is None:
        return None
    if lock:  # the form is shared by its applications: they are erased one after the other
        db.execute(select(SingleForm.id).where(SingleForm.id == application.single_form_id).with_for_update())
    service = house.service(db, application.service_slug, application.service_version)
    gone = set(db.scalars(select(Erasure.kind).where(Erasure.subject_id == application.id)))
    licence = db.scalar(select(Licence).where(Licence.application_id == application.id))
    due = tuple(_due(application, service, licence, _last_money(db, application.id), now, gone))
    if not due:
        return None
    return Case(
        application.id,
        application.number,
        application.service_slug,
        application.agency_code,
        due,
        tuple(_stays(db, application, licence, now)),
    )


def _last_money(db: Session, application_id: UUID) -> datetime | None:
    """When money for its bills last came or went back: an act on its licence may be paid years after it was closed."""
    of_case = select(BillLine.bill_id).where(BillLine.application_id == application_id)
    refunded = select(func.max(Refund.returned_at)).join(Payment, Payment.id == Refund.payment_id)
    moments = (
        db.scalar(select(func.max(Bill.paid_at)).where(Bill.id.in_(of_case))),
        db.scalar(select(func.max(FeeReturn.returned_at)).where(FeeReturn.bill_id.in_(of_case))),
        db.scalar(refunded.where(Payment.bill_id.in_(of_case))),
    )
    return max((moment for moment in moments if moment is not None), default=None)


def _due(
    application: Application,
    service: Service,
    licence: Licence | None,
    last_money: datetime | None,
    now: datetime,
    gone: set[Kind],
) -> Iterator[Due]:
    closed = application.closed_at
    if closed is None:
        return
    for kind in KINDS:
        kept = service.retention.get(kind.value)
        if kind in gone or kept is None or (kind is Kind.LICENCE and licence is None):
            continue
        since = closed
        if kind is Kind.LICENCE and licence is not None and licence.valid_until is not None:
            since = max(closed, datetime.combine(licence.valid_until, time(23, 59, 59), BANGKOK))
        if kind is Kind.PAYMENT and last_money is not None:
            since = max(closed, last_money)
        over_on = _years_after(bangkok_date(since), kept.years)
        if bangkok_date(now) > over_on:
            yield Due(kind, since, over_on, kept.basis.th, not kept.confirm)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def _stays(db: Session, application: Application, licence: Licence | None, now: datetime) -> Iterator[str]:
    """Everything that keeps a case past its period."""
    held = requests.held(db, application.id)
    if held is not None:
        yield "legal hold"
    if licence is not None and _in_force(licence, bangkok_date(now)):
        yield "the licence is in force"
    if _money_open(db, application.id):
        yield "money is not settled"
    person = db.scalar(select(Applicant.person_id).where(Applicant.id == application.applicant_id))
    if person is not None and requests.open_of(db, person):
        yield "the person waits for an answer about their data"


def _in_force(licence: Licence, today: date) -> bool:
    over = licence.valid_until is not None and licence.valid_until < today
    return licence.status not in {Status.REVOKED, Status.SURRENDERED} and not over


def _money_open(db: Session, application_id: UUID) -> bool:
    of_case = exists().where(BillLine.bill_id == Bill.id, BillLine.application_id == application_id)
    returned = exists().where(Refund.payment_id == Payment.id, Refund.returned_at.is_not(None))
    odd = exists().where(Payment.bill_id == Bill.id, Payment.status.in_(UNSETTLED), ~returned)
    back = exists().where(FeeReturn.bill_id == Bill.id, FeeReturn.returned_at.is_(None))
    return bool(db.scalar(select(exists().where(of_case, or_(Bill.status == BillStatus.OPEN, odd, back)))))


def _erase(db: Session, case: Case, now: datetime) -> tuple[int, int]:
    """Everything due of one case, its record and its event, in the caller's transaction."""
    rows = files = 0
    for due in case.due:
        done = Erasure(
            kind=due.kind,
            subject_id=case.subject,
            reference=case.reference,
            since=due.since,
            basis=due.basis,
            rows=0,
            files=0,
            at=now,
        )
        gone = erasing.erase(db, done, now)
        rows, files = rows + gone.rows, files + gone.files
    stream = "form" if case.due[0].kind is Kind.DRAFT else "application"
    actor = Actor(SYSTEM.kind, None, SYSTEM.name)
    kinds = [due.kind.value for due in case.due]
    record(db, f"{stream}:{case.subject}", "retention.erased", actor, now, subject=case.subject, kinds=kinds, rows=rows)
    return rows, files
