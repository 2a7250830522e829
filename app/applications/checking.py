"""The completeness check: one finding for each document and answer, kept as the officer goes along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.applications.models import CheckMark, Finding, InternalNote

Item = tuple[str, str]
"""Kind ("document" or "answer") and key."""


@dataclass(frozen=True)
class Mark:
    """A finding with, when something is missing, the reason's key and what the person should do."""

    finding: Finding
    reason: str = ""
    instruction: str = ""


def marks(db: Session, application_id: UUID) -> dict[Item, Mark]:
    """The findings so far."""
    rows = db.scalars(select(CheckMark).where(CheckMark.application_id == application_id))
    return {(row.kind, row.key): Mark(row.finding, row.reason, row.instruction) for row in rows}


def keep(db: Session, application_id: UUID, found: Mapping[Item, Mark], officer_id: UUID, now: datetime) -> None:
    """Replace the findings of a case."""
    clear(db, application_id)
    db.add_all(
        CheckMark(
            application_id=application_id,
            kind=kind,
            key=key,
            finding=mark.finding,
            reason=mark.reason,
            instruction=mark.instruction,
            officer_id=officer_id,
            at=now,
        )
        for (kind, key), mark in found.items()
    )
    db.flush()


def clear(db: Session, application_id: UUID, items: Iterable[Item] | None = None) -> None:
    """Forget findings: all, or those about things that were mended."""
    query = delete(CheckMark).where(CheckMark.application_id == application_id)
    if items is None:
        db.execute(query)
        return
    for kind, key in items:
        db.execute(query.where(CheckMark.kind == kind, CheckMark.key == key))


def missing(found: Mapping[Item, Mark]) -> dict[Item, Mark]:
    """Only what is missing or unclear."""
    return {item: mark for item, mark in found.items() if mark.finding is Finding.MISSING}


def note(db: Session, application_id: UUID, officer_id: UUID, officer_name: str, text: str, now: datetime) -> None:
    """Write an internal note."""
    db.add(
        InternalNote(application_id=application_id, officer_id=officer_id, officer_name=officer_name, text=text, at=now)
    )
    db.flush()


def notes(db: Session, application_id: UUID) -> list[InternalNote]:
    """The internal notes of a case, newest first."""
    return list(
        db.scalars(
            select(InternalNote).where(InternalNote.application_id == application_id).order_by(InternalNote.at.desc())
        )
    )
