"""The editions of a licence, and the forms of each one's file: as it was sealed, and the same with proof behind it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import events
from app.core.events import Actor
from app.licences.models import Licence, LicenceDocument, LicenceEdition
from app.licences.service import Signed
from app.pdf.issued import RENEWED_BEFORE, SETTLED_AFTER


def due(document: LicenceDocument, now: datetime) -> bool:
    """Whether this newest form of a licence needs proof: it has none, or not for long enough."""
    return document.proved_until is None or document.proved_until - RENEWED_BEFORE <= now


def that_are_due(db: Session, now: datetime, limit: int, settled: timedelta = SETTLED_AFTER) -> list[UUID]:
    """The licences whose newest form needs proof and was signed long enough ago, the oldest first."""
    newer = aliased(LicenceDocument)
    superseded = exists().where(newer.licence_id == LicenceDocument.licence_id, newer.form > LicenceDocument.form)
    return list(
        db.scalars(
            select(LicenceDocument.licence_id)
            .where(
                or_(LicenceDocument.proved_until.is_(None), LicenceDocument.proved_until <= now + RENEWED_BEFORE),
                LicenceDocument.signed_at <= now - settled,
                ~superseded,
            )
            .order_by(LicenceDocument.signed_at)
            .limit(limit)
        )
    )


def add(db: Session, licence_id: UUID, after: int, signed: Signed, actor: Actor, now: datetime) -> bool:
    """Keep the next form of the file that was number `after`. False when somebody else was faster: nothing changes."""
    db.scalars(select(Licence.id).where(Licence.id == licence_id).with_for_update()).one()
    newest = db.scalar(
        select(LicenceDocument)
        .where(LicenceDocument.licence_id == licence_id)
        .order_by(LicenceDocument.form.desc())
        .limit(1)
    )
    if newest is None or newest.form != after:
        return False
    db.add(LicenceDocument(licence_id=licence_id, form=after + 1, edition=newest.edition, **vars(signed)))
    events.record(
        db,
        f"licence:{licence_id}",
        "licence.prove",
        actor,
        now,
        subject=licence_id,
        form=after + 1,
        sha256=signed.digest,
        until=signed.proved_until.isoformat() if signed.proved_until else "",
    )
    return True


def issued(db: Session, licence_id: UUID) -> list[LicenceEdition]:
    """Every edition that was handed out, the first one first: the last is in force."""
    of_licence = LicenceEdition.licence_id == licence_id, LicenceEdition.issued_at.is_not(None)
    return list(db.scalars(select(LicenceEdition).where(*of_licence).order_by(LicenceEdition.number)))


def ordered(db: Session, licence_id: UUID) -> list[LicenceEdition]:
    """Every edition, also one that is still being drawn, the newest first; not one that could not be made."""
    of_licence = LicenceEdition.licence_id == licence_id, LicenceEdition.unfit == ""
    return list(db.scalars(select(LicenceEdition).where(*of_licence).order_by(LicenceEdition.number.desc())))


def amended(db: Session, licence_id: UUID) -> dict[str, Any]:
    """What the edition in force says otherwise than the application: values by question key."""
    newest = issued(db, licence_id)
    return newest[-1].answers if newest else {}


def forms(db: Session, edition: LicenceEdition) -> list[LicenceDocument]:
    """Every form of one edition's file that was ever handed out, the first one first."""
    of_edition = LicenceDocument.licence_id == edition.licence_id, LicenceDocument.edition == edition.number
    return list(db.scalars(select(LicenceDocument).where(*of_edition).order_by(LicenceDocument.form)))
