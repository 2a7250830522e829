"""What registries said instead of papers: each record of a form with its number, its days and what came of asking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.applications.form_models import Answer
from app.core.db import Base, words
from app.core.reading import Prepared


class Link(StrEnum):
    """What became of asking one registry for one form."""

    QUEUED = "queued"
    DONE = "done"
    NOTHING_FOUND = "nothing_found"
    ENDED = "ended"
    """There is a record, and it does not hold (any more)."""
    UNREACHABLE = "unreachable"
    DISPUTED = "disputed"
    """The person says that it is wrong and gives the paper."""


class LinkedRecord(Base):
    """The record of one registry for one form."""

    __tablename__ = "linked_records"

    single_form_id: Mapped[UUID] = mapped_column(ForeignKey("single_forms.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    """Of the registry, as the catalogue names it."""
    state: Mapped[Link] = mapped_column(words(Link), default=Link.QUEUED)
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The answers it was asked with, by parameter; never a citizen's number."""
    reference: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    """When it was asked, and then when it answered."""


@dataclass(frozen=True)
class Linked:
    """One record, as pages and checks read it."""

    registry: str
    state: Link
    asked: Mapping[str, str]
    reference: str
    issued_on: date | None
    ends_on: date | None
    said: Mapping[str, str]
    at: datetime


_RECORDS = Prepared(
    select(
        LinkedRecord.key,
        LinkedRecord.state,
        LinkedRecord.asked,
        LinkedRecord.reference,
        LinkedRecord.issued_on,
        LinkedRecord.ends_on,
        LinkedRecord.said,
        LinkedRecord.at,
    ).where(LinkedRecord.single_form_id == bindparam("form_id"))
)


def of_form(db: Session, form_id: UUID) -> dict[str, Linked]:
    """Every registry that was asked for a form, by its key."""
    return {row.key: Linked(row[0], Link(row.state), *row[2:]) for row in _RECORDS.rows(db, form_id=form_id)}


def ask(db: Session, form_id: UUID, registry: str, asked: Mapping[str, str], now: datetime) -> None:
    """Write down that a registry is asked with these answers; what it said before is forgotten."""
    row = db.get(LinkedRecord, (form_id, registry)) or LinkedRecord(single_form_id=form_id, key=registry)
    row.state, row.asked, row.at = Link.QUEUED, dict(asked), now
    row.reference, row.issued_on, row.ends_on, row.said = "", None, None, {}
    db.add(row)
    db.flush()


def waiting(db: Session, form_id: UUID) -> list[LinkedRecord]:
    """What is asked and not answered, under lock."""
    query = select(LinkedRecord).where(LinkedRecord.single_form_id == form_id, LinkedRecord.state == Link.QUEUED)
    return list(db.scalars(query.order_by(LinkedRecord.key).with_for_update()))


def dispute(db: Session, form_id: UUID, registry: str, now: datetime) -> bool:
    """The person says that the record is wrong; whether there was one to say it of."""
    row = db.get(LinkedRecord, (form_id, registry))
    if row is None or row.state is not Link.DONE:
        return False
    row.state, row.at = Link.DISPUTED, now
    db.flush()
    return True


def forget_answers(db: Session, form_id: UUID, source: str) -> None:
    """Let go of the answers of a registry that is asked about something else now; what a person said of them stays."""
    for row in db.scalars(select(Answer).where(Answer.single_form_id == form_id, Answer.source == source)):
        if row.disputed or row.answered_by is not None:
            row.source, row.source_at, row.fetched, row.disputed = "", None, None, False
            row.revision += 1
        else:
            db.delete(row)
    db.flush()


def forget(db: Session, form_id: UUID) -> int:
    """Delete the records of a form; how many there were."""
    gone = delete(LinkedRecord).where(LinkedRecord.single_form_id == form_id)
    return len(db.execute(gone.returning(LinkedRecord.key)).all())
