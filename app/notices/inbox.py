"""The inbox of a party: told in the transaction of what it tells, read by whoever may act for the party in person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.notices.models import InboxLine

KEPT_IN_VIEW = 200
"""How many lines the page shows."""


def tell(db: Session, applicant_id: UUID, kind: str, now: datetime, *, href: str = "", **facts: Any) -> None:
    """Put one line into a party's inbox. `kind` chooses the words, `facts` fill them, `href` is where it leads."""
    db.add(InboxLine(applicant_id=applicant_id, kind=kind, facts=facts, href=href, at=now))
    db.flush()


_UNREAD = (
    select(func.count())
    .select_from(InboxLine)
    .where(InboxLine.applicant_id == bindparam("applicant_id"), InboxLine.read_at.is_(None))
)
_LINES = (
    select(InboxLine)
    .where(InboxLine.applicant_id == bindparam("applicant_id"))
    .order_by(InboxLine.at.desc(), InboxLine.id.desc())
    .limit(KEPT_IN_VIEW)
)


def unread(db: Session, applicant_id: UUID) -> int:
    """How many lines nobody has read."""
    return int(db.execute(_UNREAD, {"applicant_id": applicant_id}).scalar_one())


def lines(db: Session, applicant_id: UUID) -> list[InboxLine]:
    """The latest lines, newest first."""
    return list(db.scalars(_LINES, {"applicant_id": applicant_id}))


def read_all(db: Session, applicant_id: UUID, now: datetime) -> None:
    """Everything up to now has been read."""
    db.execute(
        update(InboxLine)
        .where(InboxLine.applicant_id == applicant_id, InboxLine.read_at.is_(None), InboxLine.at <= now)
        .values(read_at=now)
    )
