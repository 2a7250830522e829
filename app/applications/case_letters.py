"""Letters that a case brings with it before it is decided: the deficiency notice, and each notice of delay.

Numbered with the act, in the words that were signed; drawn and sealed afterwards, outside any transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, bindparam, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.applications.models import Application
from app.core import numbers
from app.core.clock import bangkok_date
from app.core.db import Base, new_id, words
from app.core.events import Actor, record


class Says(StrEnum):
    """What a letter is about."""

    DEFICIENCY = "deficiency"
    """บันทึกข้อบกพร่อง (Licensing Facilitation Act s.8): one to an application."""
    DELAY = "delay"
    """แจ้งเหตุล่าช้า (s.10): one every seven days."""


class CaseLetter(Base):
    """A letter to the applicant about an application that is still open. The deficiency notice is signed by both."""

    __tablename__ = "case_letters"
    __table_args__ = (
        UniqueConstraint("agency_code", "number"),
        Index("ix_case_letters_application_id", "application_id", "issued_at"),
        Index(
            "uq_case_letters_one_deficiency",
            "application_id",
            unique=True,
            postgresql_where=text("says = 'deficiency'"),
        ),
        Index("ix_case_letters_file_digest", "file_digest"),
        Index("ix_case_letters_countersigned_digest", "countersigned_digest"),
        CheckConstraint("file_digest is null or file_digest ~ '^[0-9a-f]{64}$'", name="digest_is_sha256"),
        CheckConstraint("countersigned_at is null or says = 'deficiency'", name="countersigned"),
        CheckConstraint("countersigned_digest is null or countersigned_at is not null", name="countersigned_file"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    agency_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(40))
    says: Mapped[Says] = mapped_column(words(Says))
    content: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    file_digest: Mapped[str | None] = mapped_column(String(64))
    countersigned_at: Mapped[datetime | None]
    """When the applicant's side signed that it has the notice."""
    countersigned_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Who signed for the applicant: `name` (and for whom), `ial`."""
    countersigned_digest: Mapped[str | None] = mapped_column(String(64))
    """The same letter with both names, once that is drawn."""

    @property
    def handed_out(self) -> str | None:
        """The first form of the file that is handed out now: the one with both names as soon as there is one."""
        return self.countersigned_digest or self.file_digest


def reserve(db: Session, application: Application, says: Says, content: Mapping[str, Any], now: datetime) -> CaseLetter:
    """A letter with the next number of its agency, in the transaction of the act that it tells."""
    year, number = numbers.take(db, f"letter:{application.agency_code}", bangkok_date(now))
    made = CaseLetter(
        application_id=application.id,
        agency_code=application.agency_code,
        number=f"นส {year}-{number:06d}",
        says=says,
        content=dict(content),
        issued_at=now,
    )
    db.add(made)
    db.flush()
    return made


def locked(db: Session, letter_id: UUID) -> CaseLetter:
    """The letter under a row lock, read anew."""
    return db.get_one(CaseLetter, letter_id, with_for_update=True, populate_existing=True)


def countersign(db: Session, letter: CaseLetter, by: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    """The applicant signs that the notice arrived (the caller holds the row lock). False: somebody had before."""
    if letter.countersigned_at is not None:
        return False
    letter.countersigned_at, letter.countersigned_by = now, dict(by)
    record(
        db, f"application:{letter.application_id}", "application.countersign", actor, now,
        subject=letter.application_id, number=letter.number,
    )  # fmt: skip
    return True


_OF = (
    select(CaseLetter)
    .where(CaseLetter.application_id.in_(bindparam("applications", expanding=True)))
    .order_by(CaseLetter.issued_at, CaseLetter.number)
)


def of_applications(db: Session, application_ids: Sequence[UUID]) -> dict[UUID, list[CaseLetter]]:
    """Every letter of these applications, the oldest first."""
    found: dict[UUID, list[CaseLetter]] = {}
    for letter in db.scalars(_OF, {"applications": list(application_ids)}):
        found.setdefault(letter.application_id, []).append(letter)
    return found


def of_application(db: Session, application_id: UUID) -> list[CaseLetter]:
    """Every letter of an application, the oldest first."""
    return of_applications(db, [application_id]).get(application_id, [])


def deficiency(db: Session, application_id: UUID) -> CaseLetter | None:
    """The deficiency notice of an application, if it has one."""
    return next((one for one in of_application(db, application_id) if one.says is Says.DEFICIENCY), None)


def by_digest(db: Session, digest: str) -> CaseLetter | None:
    """The letter whose file, with one name or with both, has exactly this SHA-256 (hex)."""
    either = or_(CaseLetter.file_digest == digest, CaseLetter.countersigned_digest == digest)
    return db.scalar(select(CaseLetter).where(either))
