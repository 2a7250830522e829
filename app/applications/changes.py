"""Asking to change one answer of an application that an officer has taken: asked, then accepted or refused with why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.applications import cases, checking
from app.applications.models import Application
from app.applications.workflow import State
from app.core import events
from app.core.db import Base, new_id, words
from app.core.errors import Conflict, NotFound
from app.core.events import Actor

OPEN_TO_CHANGE = frozenset({State.SUBMITTED, State.ACCEPTED})
"""While an officer checks and considers it. A returned one is mended; a decided one stands."""


class Asked(StrEnum):
    """What became of a request."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class ChangeRequest(Base):
    """The applicant asks to change one answer; what was sent stands until the officer has accepted."""

    __tablename__ = "change_requests"
    __table_args__ = (
        Index(
            "uq_change_requests_open",
            "application_id",
            "key",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    key: Mapped[str] = mapped_column(String(60))
    before: Mapped[Any] = mapped_column(JSONB, nullable=True)
    value: Mapped[Any] = mapped_column(JSONB, nullable=True)
    quote: Mapped[dict[str, Any]]
    """What it costs if accepted."""
    fee_satang: Mapped[int]
    why: Mapped[str]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    state: Mapped[Asked] = mapped_column(words(Asked), default=Asked.OPEN)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officers.id"))
    officer_name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]


def of_application(db: Session, application_id: UUID) -> list[ChangeRequest]:
    """Everything that was ever asked about an application, newest first."""
    query = select(ChangeRequest).where(ChangeRequest.application_id == application_id)
    return list(db.scalars(query.order_by(ChangeRequest.asked_at.desc(), ChangeRequest.id.desc())))


def waiting(db: Session, application_id: UUID) -> bool:
    """Whether something is asked that no officer has answered."""
    query = select(ChangeRequest.id).where(ChangeRequest.application_id == application_id)
    return db.scalar(query.where(ChangeRequest.state == Asked.OPEN).limit(1)) is not None


def waiting_of(db: Session, application_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these applications about which something is asked that no officer has answered."""
    query = select(ChangeRequest.application_id).where(ChangeRequest.application_id.in_(application_ids))
    return frozenset(db.scalars(query.where(ChangeRequest.state == Asked.OPEN)))


def ask(
    db: Session,
    application: Application,
    key: str,
    value: Any,
    quote: tuple[dict[str, Any], int],
    why: str,
    person_id: UUID,
    actor: Actor,
    now: datetime,
) -> ChangeRequest:
    """Ask; a request about the same answer that is still open is taken back. The caller holds the row lock."""
    for former in of_application(db, application.id):
        if former.key == key and former.state is Asked.OPEN:
            former.state, former.answered_at = Asked.TAKEN_BACK, now
    db.flush()
    asked = ChangeRequest(
        application_id=application.id,
        key=key,
        before=application.answers[key]["value"],
        value=value,
        quote=quote[0],
        fee_satang=quote[1],
        why=why,
        asked_by=person_id,
        asked_at=now,
    )
    db.add(asked)
    db.flush()
    _record(db, application, "ask_change", actor, now, asked)
    return asked


def open_one(db: Session, application: Application, request_id: UUID) -> ChangeRequest:
    """A request of this application under a row lock; NotFound, or Conflict when it was answered already."""
    asked = db.get(ChangeRequest, request_id, with_for_update=True, populate_existing=True)
    if asked is None or asked.application_id != application.id:
        raise NotFound
    if asked.state is not Asked.OPEN:
        raise Conflict("คำขอแก้ข้อนี้มีคำตอบแล้ว ดูสถานะล่าสุดก่อน")
    return asked


def take_back(db: Session, application: Application, asked: ChangeRequest, actor: Actor, now: datetime) -> None:
    """The applicant does not want it any more."""
    asked.state, asked.answered_at = Asked.TAKEN_BACK, now
    _record(db, application, "take_back_change", actor, now, asked)


def answer(
    db: Session,
    application: Application,
    asked: ChangeRequest,
    officer: tuple[UUID, str],
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    also: Mapping[str, Any] | None,
) -> None:
    """Accept (the new answer takes the place of the old, its finding is forgotten) or refuse with a reason.

    `also`: what follows from the answers with the new one among them; None refuses.
    """
    accept = also is not None
    asked.state = Asked.ACCEPTED if accept else Asked.REFUSED
    asked.officer_id, asked.officer_name = officer
    asked.reason, asked.answered_at = reason, now
    if also is not None:
        before = application.answers.get(asked.key, {})
        given = {"value": asked.value, "source": "", "source_at": asked.asked_at.isoformat(), "mended": True}
        stored = {**application.answers, asked.key: {**given, "fetched": before.get("fetched")}}
        application.answers = stored | {key: {**stored.get(key, {}), "value": value} for key, value in also.items()}
        application.quote, application.fee_satang = asked.quote, asked.fee_satang
        checking.clear(db, application.id, [("answer", asked.key)])
    _record(db, application, "accept_change" if accept else "refuse_change", actor, now, asked)
    db.flush()


def _record(db: Session, application: Application, act: str, actor: Actor, now: datetime, asked: ChangeRequest) -> None:
    change = {"kind": "answer", "key": asked.key, "before": asked.before, "after": asked.value}
    facts = {"number": application.number, "changes": [change], "reason": asked.reason}
    events.record(db, cases.stream(application.id), f"application.{act}", actor, now, subject=application.id, **facts)
