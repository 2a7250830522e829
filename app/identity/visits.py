"""A person's own sessions on all their browsers: to see where they are signed in, and to end one from elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.identity.models import Ending
from app.identity.models import Session as SessionRow
from app.identity.sessions import CITIZEN_IDLE


@dataclass(frozen=True)
class Visit:
    """One live session. `device` is the browser in a few words, "" when it did not say."""

    session_id: UUID
    device: str
    signed_in_at: datetime
    last_seen_at: datetime


def live(db: Session, person_id: UUID, now: datetime) -> list[Visit]:
    """Where a person is signed in now, latest activity first."""
    rows = db.execute(
        select(SessionRow.id, SessionRow.device, SessionRow.created_at, SessionRow.last_seen_at)
        .where(
            SessionRow.person_id == person_id,
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > now,
            SessionRow.last_seen_at > now - CITIZEN_IDLE,
        )
        .order_by(SessionRow.last_seen_at.desc())
    )
    return [Visit(*row) for row in rows]


def end(db: Session, person_id: UUID, session_id: UUID, now: datetime) -> None:
    """End one of a person's sessions; NotFound when it is over already or not theirs."""
    ended = db.scalar(
        update(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.person_id == person_id, SessionRow.ended_at.is_(None))
        .values(ended_at=now, ended_why=Ending.ENDED_ELSEWHERE, id_token=None)
        .returning(SessionRow.id)
    )
    if ended is None:
        raise NotFound
