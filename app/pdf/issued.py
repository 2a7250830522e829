"""The files that left this house, other than licences: what our own look at each found, and the forms that came after.

A room names its document (a receipt, a letter) by the SHA-256 of the first form, for ever. Later forms are the same
file with proof added behind it; each that was ever handed out stays known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, bindparam, delete, exists, or_, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.core import events
from app.core.db import Base, new_id
from app.core.events import Actor

RENEWED_BEFORE = timedelta(days=180)
"""How long before its proof ends a file gets new proof: the authorities may be away for months and nothing is lost."""
SETTLED_AFTER = timedelta(minutes=2)
"""How long after signing proof is asked for: of a burst, one answer about the certificate then serves all."""


class IssuedFile(Base):
    """One form of a document: its hash, who sealed it, what our own check found, how long its proof lasts."""

    __tablename__ = "issued_files"
    __table_args__ = (
        UniqueConstraint("first", "edition"),
        UniqueConstraint("digest"),
        CheckConstraint("(edition = 1) = (digest = first)", name="begins"),
        Index("ix_issued_files_proved_until", sql("proved_until nulls first"), postgresql_where=sql("seal <> ''")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    first: Mapped[str] = mapped_column(String(64))
    """SHA-256 (hex) of the first form: what its room calls the document by."""
    edition: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    """What it is, in its room's word: receipt, letter, submission."""
    of: Mapped[str] = mapped_column(String(80))
    """The stream of events it belongs to."""
    at: Mapped[datetime]
    seal: Mapped[str] = mapped_column(String(64))
    """Fingerprint of the certificate that signed; empty where nobody signs."""
    proved_until: Mapped[datetime | None]
    """Until when the proof in the file holds without asking anybody (PAdES B-LTA); None: it has none (yet)."""
    checked: Mapped[dict[str, Any]]


@dataclass(frozen=True)
class Form:
    """A stored file with what was found about it."""

    digest: str
    size: int
    seal: str
    checked: dict[str, Any]
    proved_until: datetime | None = None


def keep(db: Session, form: Form, kind: str, of: str, now: datetime) -> None:
    """Note the first form of a document; noting it again changes nothing."""
    row = {"id": new_id(), "first": form.digest, "edition": 1, "kind": kind, "of": of, "at": now, **vars(form)}
    db.execute(insert(IssuedFile).values(row).on_conflict_do_nothing())


def add(db: Session, before: IssuedFile, form: Form, actor: Actor, now: datetime) -> bool:
    """Keep the form that comes after `before`. False when somebody was faster or it is gone: nothing changes."""
    origin = select(IssuedFile.id).where(IssuedFile.digest == before.first)
    there = db.scalar(origin.with_for_update())
    if there is None or newest(db, before.first) != before.digest:
        return False
    edition, until = before.edition + 1, form.proved_until.isoformat() if form.proved_until else ""
    db.add(IssuedFile(first=before.first, edition=edition, kind=before.kind, of=before.of, at=now, **vars(form)))
    events.record(
        db, f"file:{there}", "file.prove", actor, now, of=before.of, edition=edition, sha256=form.digest, until=until
    )  # fmt: skip
    return True


def due(form: IssuedFile, now: datetime) -> bool:
    """Whether this newest form needs proof: it was sealed and has none, or not for long enough."""
    return bool(form.seal) and (form.proved_until is None or form.proved_until - RENEWED_BEFORE <= now)


def that_are_due(db: Session, now: datetime, limit: int, settled: timedelta = SETTLED_AFTER) -> list[str]:
    """The documents (first forms) whose newest form needs proof and was made long enough ago, the oldest first."""
    newer = aliased(IssuedFile)
    superseded = exists().where(newer.first == IssuedFile.first, newer.edition > IssuedFile.edition)
    soon = or_(IssuedFile.proved_until.is_(None), IssuedFile.proved_until <= now + RENEWED_BEFORE)
    wanted = select(IssuedFile.first).where(IssuedFile.seal != "", soon, IssuedFile.at <= now - settled, ~superseded)
    return list(db.scalars(wanted.order_by(IssuedFile.at).limit(limit)))


def latest(db: Session, first: str) -> IssuedFile | None:
    """The newest form of a document; None for one that is gone or older than these records."""
    forms = select(IssuedFile).where(IssuedFile.first == first)
    return db.scalar(forms.order_by(IssuedFile.edition.desc()).limit(1))


_NEWEST = (
    select(IssuedFile.digest).where(IssuedFile.first == bindparam("first")).order_by(IssuedFile.edition.desc()).limit(1)
)


def newest(db: Session, first: str) -> str:
    """The hash of the newest form of a document, which is the one to hand out."""
    return db.scalar(_NEWEST, {"first": first}) or first


_SIZES = (
    select(IssuedFile.first, IssuedFile.size)
    .where(IssuedFile.first.in_(bindparam("firsts", expanding=True)))
    .order_by(IssuedFile.edition)
)


def sizes(db: Session, firsts: Iterable[str]) -> dict[str, int]:
    """How large the newest form of each document is, in bytes, by the hash of its first form."""
    wanted = list(firsts)
    return {row.first: row.size for row in db.execute(_SIZES, {"firsts": wanted})} if wanted else {}


def known(db: Session, digest: str) -> IssuedFile | None:
    """The form with exactly this hash."""
    return db.scalar(select(IssuedFile).where(IssuedFile.digest == digest))


def forget(db: Session, first: str) -> list[str]:
    """Let a document go: its rows at once; the hashes of all its forms, whose files the caller lets go."""
    gone = delete(IssuedFile).where(IssuedFile.first == first).returning(IssuedFile.digest)
    return list(db.scalars(gone)) or [first]
