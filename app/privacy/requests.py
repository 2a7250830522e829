"""What a person asks about their data beside a copy, and the answer with its reason in 30 days (PDPA s.30–36, 39)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import numbers
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import Actor, record
from app.core.thai import clean_lines
from app.privacy.models import LegalHold, RequestState, Right, SubjectRequest

ANSWER_DAYS = 30
"""Calendar days to answer (s.30), which we keep for the other rights too."""

LONGEST = 4000

WORDS: dict[Right, str] = {
    Right.CORRECTION: "แก้ข้อมูลที่ผิดหรือไม่ครบ (มาตรา 35 และ 36)",
    Right.ERASURE: "ลบข้อมูลที่ไม่จำเป็นต้องเก็บแล้ว (มาตรา 33)",
    Right.OBJECTION: "คัดค้านการใช้ข้อมูล (มาตรา 32)",
    Right.RESTRICTION: "ระงับการใช้ข้อมูลชั่วคราว (มาตรา 34)",
}
"""Each right in the words a person chooses by (msgids)."""


@dataclass(frozen=True)
class Asked:
    """What the form says."""

    right: str
    agency_code: str
    text: str


def file(
    db: Session, person_id: UUID, name: str, asked: Asked, agencies: Sequence[str], actor: Actor, now: datetime
) -> SubjectRequest:
    """Record a request; it stands in the agency's list at once. Raises Invalid naming every field to mend."""
    problems = {}
    if asked.right not in {right.value for right in Right}:
        problems["right"] = "เลือกว่าคุณขออะไร"
    if asked.agency_code not in agencies:
        problems["agency"] = "เลือกหน่วยงานที่ถือข้อมูล"
    text = clean_lines(asked.text)
    if not text:
        problems["text"] = "เขียนว่าข้อมูลใด และขอให้ทำอะไร"
    elif len(text) > LONGEST:
        problems["text"] = "เขียนไม่เกิน 4,000 ตัวอักษร"
    if problems:
        raise Invalid(problems=problems)
    year, number = numbers.take(db, "subject_request", bangkok_date(now))
    row = SubjectRequest(
        number=f"PD {year}-{number:05d}",
        person_id=person_id,
        person_name=name,
        agency_code=asked.agency_code,
        right=Right(asked.right),
        text=text,
        asked_at=now,
        due_on=bangkok_date(now) + timedelta(days=ANSWER_DAYS),
    )
    db.add(row)
    db.flush()
    _tell(db, row, "request.filed", actor, now)
    return row


def answer(
    db: Session, agency_code: str, request_id: UUID, granted: str, reason: str, actor: Actor, now: datetime
) -> SubjectRequest:
    """The agency answers, once, always with the reason. Raises Invalid, or Conflict when it was answered already."""
    row = at_agency(db, agency_code, request_id, lock=True)
    problems = {}
    if granted not in {"yes", "no"}:
        problems["granted"] = "เลือกว่าทำตามคำขอหรือไม่"
    text = clean_lines(reason)[:LONGEST]
    if not text:
        problems["answer"] = "เขียนคำตอบและเหตุผล ผู้ขอจะได้อ่านตามนี้"
    if problems:
        raise Invalid(problems=problems)
    if row.state is not RequestState.OPEN:
        raise Conflict("มีผู้ตอบคำขอนี้แล้ว เปิดหน้าอีกครั้งเพื่ออ่านคำตอบ")
    row.state = RequestState.GRANTED if granted == "yes" else RequestState.REFUSED
    row.answer, row.answered_by, row.answered_at = text, actor.id, now
    db.flush()
    _tell(db, row, f"request.{row.state}", actor, now)
    return row


def of_person(db: Session, person_id: UUID) -> list[SubjectRequest]:
    """My requests, newest first."""
    mine = select(SubjectRequest).where(SubjectRequest.person_id == person_id)
    return list(db.scalars(mine.order_by(SubjectRequest.asked_at.desc())))


def of_agency(db: Session, agency_code: str, *, waiting: bool, limit: int = 200) -> list[SubjectRequest]:
    """The data-protection officer's list: what waits, least time left first; or what was answered, newest first."""
    rows = select(SubjectRequest).where(SubjectRequest.agency_code == agency_code)
    if waiting:
        rows = rows.where(SubjectRequest.state == RequestState.OPEN).order_by(SubjectRequest.due_on, SubjectRequest.id)
    else:
        rows = rows.where(SubjectRequest.state != RequestState.OPEN).order_by(SubjectRequest.answered_at.desc())
    return list(db.scalars(rows.limit(limit)))


def at_agency(db: Session, agency_code: str, request_id: UUID, *, lock: bool = False) -> SubjectRequest:
    """One request to this agency, else NotFound."""
    query = select(SubjectRequest).where(SubjectRequest.id == request_id, SubjectRequest.agency_code == agency_code)
    row = db.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    if row is None:
        raise NotFound
    return row


def days_left(row: SubjectRequest, today: date) -> int:
    """Calendar days until the answer is due; negative when it is late."""
    return (row.due_on - today).days


def open_of(db: Session, person_id: UUID) -> int:
    """How many of a person's requests wait: their data stay as they are meanwhile."""
    waiting = select(func.count()).where(
        SubjectRequest.person_id == person_id, SubjectRequest.state == RequestState.OPEN
    )
    return db.execute(waiting).scalar_one()


# — Holds ——————————————————————————————————————————————————————————————————————————————————————————————————————————


def hold(
    db: Session, application_id: UUID, number: str, agency_code: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Keep a case past its period, for an appeal, a court or an audit. A case on hold keeps its first reason."""
    text = clean_lines(reason)[:LONGEST]
    if not text:
        raise Invalid(problems={"reason": "เขียนเหตุผลที่ต้องเก็บเรื่องนี้ต่อ"})
    if held(db, application_id) is None:
        db.add(
            LegalHold(
                application_id=application_id,
                number=number,
                agency_code=agency_code,
                reason=text,
                placed_by=actor.id,
                placed_at=now,
            )
        )
        db.flush()
        record(db, f"application:{application_id}", "hold.placed", actor, now, subject=application_id, number=number)


def lift(db: Session, agency_code: str, hold_id: UUID, actor: Actor, now: datetime) -> None:
    """The reason is over; the period runs as if nothing had been. NotFound for another agency's."""
    row = db.scalar(
        select(LegalHold).where(LegalHold.id == hold_id, LegalHold.agency_code == agency_code).with_for_update()
    )
    if row is None:
        raise NotFound
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by = now, actor.id
        db.flush()
        subject = row.application_id
        record(db, f"application:{subject}", "hold.lifted", actor, now, subject=subject, number=row.number)


def held(db: Session, application_id: UUID) -> LegalHold | None:
    """The open hold on a case."""
    return db.scalar(select(LegalHold).where(LegalHold.application_id == application_id, LegalHold.lifted_at.is_(None)))


def holds_of(db: Session, agency_code: str) -> list[LegalHold]:
    """Every open hold of an agency, oldest first."""
    mine = select(LegalHold).where(LegalHold.agency_code == agency_code, LegalHold.lifted_at.is_(None))
    return list(db.scalars(mine.order_by(LegalHold.placed_at)))


def _tell(db: Session, row: SubjectRequest, kind: str, actor: Actor, now: datetime) -> None:
    record(db, f"request:{row.id}", kind, actor, now, subject=row.id, number=row.number, agency=row.agency_code)
