"""Which exact notice a person has read, for which form, and when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.db import new_id
from app.privacy import texts
from app.privacy.models import Acknowledgement, PrivacyText, TextKind
from app.privacy.notice import Notice


@dataclass(frozen=True)
class Acknowledged:
    """One notice read: `digest` names the exact text (`texts.read`)."""

    digest: str
    version: str
    language: str
    single_form_id: UUID | None
    at: datetime


def acknowledge(
    db: Session, person_id: UUID, notice: Notice, now: datetime, *, single_form_id: UUID | None = None
) -> str:
    """Record that the person has read exactly this notice, and keep its text; returns its digest. Twice is once."""
    digest = texts.keep(db, TextKind.NOTICE, notice.version, notice.language, notice.text, now)
    row = {"id": new_id(), "person_id": person_id, "single_form_id": single_form_id, "text_digest": digest, "at": now}
    db.execute(insert(Acknowledgement).values(**row).on_conflict_do_nothing())
    return digest


def of_form(db: Session, person_id: UUID, single_form_id: UUID) -> Acknowledged | None:
    """The latest notice the person acknowledged for this form, or None: nothing may be fetched before there is one."""
    rows = _read(db, person_id, single_form_id)
    return rows[0] if rows else None


def of_person(db: Session, person_id: UUID) -> list[Acknowledged]:
    """Every notice the person acknowledged, newest first."""
    return _read(db, person_id, None)


def _read(db: Session, person_id: UUID, single_form_id: UUID | None) -> list[Acknowledged]:
    statement = (
        select(
            PrivacyText.digest,
            PrivacyText.version,
            PrivacyText.language,
            Acknowledgement.single_form_id,
            Acknowledgement.at,
        )
        .join(PrivacyText, PrivacyText.digest == Acknowledgement.text_digest)
        .where(Acknowledgement.person_id == person_id)
        .order_by(Acknowledgement.at.desc(), Acknowledgement.id.desc())
    )
    if single_form_id is not None:
        statement = statement.where(Acknowledgement.single_form_id == single_form_id)
    return [Acknowledged(*row) for row in db.execute(statement)]
