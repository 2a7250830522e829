"""Many approvals signed at once: exactly which cases in which state, confirmed once, and what became of each."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import events
from app.core.db import Base, new_id, words
from app.core.errors import Conflict, NotFound

MOST = 200
"""Cases in one batch: as many as somebody can answer for in one sitting."""
OPEN_FOR = timedelta(hours=4)
"""How long a list may be looked through before it is confirmed; the officer's own session ends sooner when idle."""


class Outcome(StrEnum):
    """What became of one case of a batch."""

    WAITING = "waiting"
    APPROVED = "approved"
    FAILED = "failed"


class SigningBatch(Base):
    """What one officer means to approve in one act. Confirmed by a fresh sign-in that names this very list."""

    __tablename__ = "signing_batches"
    __table_args__ = (
        CheckConstraint("(confirmed_at is null) = (proof is null)", name="confirmed"),
        CheckConstraint("finished_at is null or confirmed_at is not null", name="finished"),
        Index("ix_signing_batches_officer", "officer_id", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    session_id: Mapped[UUID]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    proof: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """How the officer proved to be there: issuer, when and how strongly they signed in anew, the digest they saw."""
    finished_at: Mapped[datetime | None]


class SigningItem(Base):
    """One case of a batch, as it was when the officer chose it (`revision`), and what became of it."""

    __tablename__ = "signing_items"
    __table_args__ = (
        UniqueConstraint("batch_id", "application_id"),
        CheckConstraint("(outcome = 'failed') = (reason is not null)", name="reason"),
        CheckConstraint("(outcome = 'waiting') = (at is null)", name="done"),
        Index("ix_signing_items_waiting", "batch_id", "position", postgresql_where=text("outcome = 'waiting'")),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("signing_batches.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    revision: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(words(Outcome), default=Outcome.WAITING)
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Why not: a msgid and what fills it."""
    at: Mapped[datetime | None]


@dataclass(frozen=True)
class Chosen:
    """A case as the officer saw it when choosing it."""

    application_id: UUID
    revision: int


def stream(batch_id: UUID) -> str:
    """The stream of events of a batch."""
    return f"signing:{batch_id}"


def digest(batch: SigningBatch, items: Sequence[SigningItem]) -> str:
    """SHA-256 over whose list it is and which cases in which revisions it holds: what a confirmation is bound to."""
    listed = [[str(item.application_id), item.revision] for item in items]
    body = events.canonical({"batch": str(batch.id), "officer": str(batch.officer_id), "items": listed})
    return hashlib.sha256(body.encode()).hexdigest()


def make(
    db: Session, officer_id: UUID, session_id: UUID, chosen: Sequence[Chosen], now: datetime
) -> tuple[SigningBatch, bool]:
    """A batch of these cases, and whether it is new: the same list that still waits to be confirmed is not made twice.

    An officer who presses twice at once waits for their own other press.
    """
    db.execute(text("select pg_advisory_xact_lock(hashtextextended(:who, 0))"), {"who": f"signing:{officer_id}"})
    wanted = [(one.application_id, one.revision) for one in chosen]
    waiting = select(SigningBatch).where(
        SigningBatch.officer_id == officer_id,
        SigningBatch.session_id == session_id,
        SigningBatch.finished_at.is_(None),
        SigningBatch.made_at > now - OPEN_FOR,
    )
    for batch in db.scalars(waiting.order_by(SigningBatch.made_at.desc()).limit(5)).all():
        if [(item.application_id, item.revision) for item in items(db, batch.id)] == wanted:
            return batch, False
    batch = SigningBatch(officer_id=officer_id, session_id=session_id, made_at=now)
    db.add(batch)
    db.flush()
    db.add_all(
        SigningItem(batch_id=batch.id, position=place, application_id=one.application_id, revision=one.revision)
        for place, one in enumerate(chosen, start=1)
    )
    db.flush()
    return batch, True


def mine(db: Session, officer_id: UUID, batch_id: UUID, *, lock: bool = False) -> SigningBatch:
    """The batch if this officer made it, else NotFound."""
    query = select(SigningBatch).where(SigningBatch.id == batch_id, SigningBatch.officer_id == officer_id)
    found = db.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    if found is None:
        raise NotFound
    return found


def items(db: Session, batch_id: UUID) -> list[SigningItem]:
    """Every case of a batch, in the order in which it was chosen."""
    return list(db.scalars(select(SigningItem).where(SigningItem.batch_id == batch_id).order_by(SigningItem.position)))


def over(batch: SigningBatch, now: datetime) -> bool:
    """Whether it was never confirmed and is too old to be."""
    return batch.confirmed_at is None and now > batch.made_at + OPEN_FOR


def require_open(batch: SigningBatch, now: datetime) -> None:
    """Conflict unless the list may still be changed and confirmed."""
    if batch.confirmed_at is not None:
        raise Conflict("รายการนี้ยืนยันไปแล้ว ดูผลในหน้ารายการ")
    if over(batch, now):
        raise Conflict("รายการนี้เลือกไว้นานเกินไป เลือกเรื่องที่จะลงนามใหม่")


def leave_out(db: Session, batch: SigningBatch, position: int) -> None:
    """Take a case out of an open list; twice is harmless. The caller holds the batch."""
    item = db.get(SigningItem, (batch.id, position))
    if item is not None:
        db.delete(item)
        db.flush()


def next_waiting(db: Session, batch_id: UUID) -> int | None:
    """The place of the first case that was neither approved nor failed."""
    query = select(func.min(SigningItem.position)).where(
        SigningItem.batch_id == batch_id, SigningItem.outcome == Outcome.WAITING
    )
    return db.scalar(query)


def held(db: Session, batch_id: UUID, position: int) -> SigningItem:
    """One case of a batch under a lock, read anew."""
    query = select(SigningItem).where(SigningItem.batch_id == batch_id, SigningItem.position == position)
    return db.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def latest(db: Session, officer_id: UUID, since: datetime) -> list[SigningBatch]:
    """What this officer has confirmed since, newest first."""
    query = select(SigningBatch).where(SigningBatch.officer_id == officer_id, SigningBatch.confirmed_at >= since)
    return list(db.scalars(query.order_by(SigningBatch.confirmed_at.desc()).limit(5)))
