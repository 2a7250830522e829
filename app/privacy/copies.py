"""A copy of everything held about a person: asked for, made by a job, kept for some days, let go (PDPA s.30 and 31)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.db import new_id
from app.core.errors import NotFound
from app.privacy.models import DataCopy, DoomedFile

KEPT = timedelta(days=7)
"""How long a finished copy can be downloaded."""


@dataclass(frozen=True)
class File:
    """One file of a copy in the store."""

    name: str
    media_type: str
    size: int
    digest: str


def ask(db: Session, person_id: UUID, language: str, now: datetime) -> UUID:
    """Begin a copy; while one is being made or can be downloaded, it is that one."""
    db.execute(
        insert(DataCopy)
        .values(id=new_id(), person_id=person_id, language=language, asked_at=now, files=[], taken=0)
        .on_conflict_do_nothing()
    )
    return db.execute(
        select(DataCopy.id).where(DataCopy.person_id == person_id, DataCopy.gone_at.is_(None))
    ).scalar_one()


def ready(db: Session, copy_id: UUID) -> bool:
    """Whether this copy can be downloaded already."""
    return db.scalar(select(DataCopy.ready_at).where(DataCopy.id == copy_id)) is not None


def latest(db: Session, person_id: UUID) -> DataCopy | None:
    """The person's newest copy, whatever became of it."""
    return db.scalar(
        select(DataCopy).where(DataCopy.person_id == person_id).order_by(DataCopy.asked_at.desc()).limit(1)
    )


def finish(db: Session, copy_id: UUID, files: Sequence[File], now: datetime) -> bool:
    """The files are stored. False when the copy was finished by another run, or is gone: then these are not wanted."""
    row = db.get(DataCopy, copy_id, with_for_update=True)
    if row is None or row.ready_at is not None or row.gone_at is not None:
        return False
    row.ready_at, row.expires_at, row.files = now, now + KEPT, [asdict(file) for file in files]
    return True


def take(db: Session, person_id: UUID, copy_id: UUID, name: str, now: datetime) -> File:
    """One file for its owner, counted; NotFound for anybody else, before it is ready and after its days."""
    row = db.scalar(
        select(DataCopy)
        .where(
            DataCopy.id == copy_id,
            DataCopy.person_id == person_id,
            DataCopy.gone_at.is_(None),
            DataCopy.expires_at > now,
        )
        .with_for_update()
    )
    found = next((File(**file) for file in row.files if file["name"] == name), None) if row else None
    if row is None or found is None:
        raise NotFound
    row.taken += 1
    return found


def let_go(db: Session, person_id: UUID, copy_id: UUID, now: datetime) -> None:
    """The owner needs it no more; NotFound for anybody else. Twice is harmless."""
    row = db.scalar(select(DataCopy).where(DataCopy.id == copy_id, DataCopy.person_id == person_id).with_for_update())
    if row is None:
        raise NotFound
    _gone(db, row, now)


def expire(db: Session, now: datetime) -> int:
    """Every copy past its days is gone; how many."""
    over = list(
        db.scalars(select(DataCopy).where(DataCopy.gone_at.is_(None), DataCopy.expires_at <= now).with_for_update())
    )
    for row in over:
        _gone(db, row, now)
    return len(over)


def _gone(db: Session, row: DataCopy, now: datetime) -> None:
    if row.gone_at is None:
        doom(db, [file["digest"] for file in row.files], now)
        row.gone_at, row.files = now, []


def doom(db: Session, digests: Sequence[str], now: datetime) -> None:
    """An owner lets these stored files go, in the caller's transaction; a job removes what nobody else refers to."""
    rows = [{"digest": digest, "doomed_at": now} for digest in dict.fromkeys(filter(None, digests))]
    if rows:
        statement = insert(DoomedFile)
        later = statement.on_conflict_do_update(
            index_elements=["digest"], set_={"doomed_at": statement.excluded.doomed_at}
        )
        db.execute(later, rows)


def doomed(db: Session, before: datetime, limit: int = 500) -> list[str]:
    """Files let go before a moment, oldest first."""
    old = select(DoomedFile.digest).where(DoomedFile.doomed_at < before).order_by(DoomedFile.doomed_at)
    return list(db.scalars(old.limit(limit)))


def locked(db: Session, digest: str, before: datetime) -> bool:
    """Hold one doomed file while it is judged; False when another did it or it was doomed again."""
    row = select(DoomedFile).where(DoomedFile.digest == digest, DoomedFile.doomed_at < before)
    return db.scalar(row.with_for_update(skip_locked=True)) is not None


def settled(db: Session, digest: str) -> None:
    """The doomed file is removed, or somebody refers to it after all."""
    found = db.get(DoomedFile, digest)
    if found is not None:
        db.delete(found)
