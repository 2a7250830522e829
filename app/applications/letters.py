"""หนังสือแจ้งผล: the number is reserved once per decision; the file is drawn and sealed outside any transaction."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.models import Application, DecisionLetter
from app.core import numbers
from app.core.clock import bangkok_date
from app.core.errors import NotFound
from app.core.events import Actor, record


def appeal_by(application: Application) -> date | None:
    """The last day to appeal against the decision, as it was told with it; None when nothing was refused."""
    told = (application.decision or {}).get("appeal_until")
    return date.fromisoformat(told) if told else None


def reserve(db: Session, application: Application, now: datetime) -> DecisionLetter:
    """The letter of a decided application (locked by the caller), numbered now if it has no number yet."""
    known = of_application(db, application.id)
    if known is not None:
        return known
    until = appeal_by(application)
    if until is None:
        raise ValueError("a letter needs a decision that can be appealed")
    year, number = numbers.take(db, f"letter:{application.agency_code}", bangkok_date(now))
    letter = DecisionLetter(
        application_id=application.id,
        agency_code=application.agency_code,
        number=f"นส {year}-{number:06d}",
        issued_at=now,
        appeal_by=until,
    )
    db.add(letter)
    db.flush()
    return letter


def attach(db: Session, application: Application, digest: str, actor: Actor, now: datetime) -> bool:
    """Note the stored file (sha256 hex) of the letter. The first file stands; the caller holds the row lock.

    False when the letter has a file already.
    """
    letter = of_application(db, application.id)
    if letter is None:
        raise NotFound
    if letter.file_digest is not None:
        return False
    letter.file_digest = digest
    record(
        db, f"application:{application.id}", "letter_issued", actor, now, subject=application.id,
        number=letter.number, digest=digest,
    )  # fmt: skip
    return True


def of_application(db: Session, application_id: UUID) -> DecisionLetter | None:
    """The letter about a decision, if it has been numbered."""
    return db.scalar(
        select(DecisionLetter)
        .where(DecisionLetter.application_id == application_id)
        .execution_options(populate_existing=True)
    )


def by_digest(db: Session, digest: str) -> DecisionLetter | None:
    """The letter whose file has exactly this SHA-256 (hex)."""
    return db.scalar(select(DecisionLetter).where(DecisionLetter.file_digest == digest))
