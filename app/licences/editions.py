"""The forms of a licence's file: the one that was issued, and the same with proof added behind it, again and again."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import events
from app.core.events import Actor
from app.licences.models import Licence, LicenceDocument
from app.licences.service import Signed
from app.pdf.issued import RENEWED_BEFORE, SETTLED_AFTER


def due(document: LicenceDocument, now: datetime) -> bool:
    """Whether this newest form of a licence needs proof: it has none, or not for long enough."""
    return document.proved_until is None or document.proved_until - RENEWED_BEFORE <= now


def that_are_due(db: Session, now: datetime, limit: int, settled: timedelta = SETTLED_AFTER) -> list[UUID]:
    """The licences whose newest form needs proof and was signed long enough ago, the oldest first."""
    newer = aliased(LicenceDocument)
    superseded = exists().where(newer.licence_id == LicenceDocument.licence_id, newer.edition > LicenceDocument.edition)
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
    newest = db.scalar(select(func.max(LicenceDocument.edition)).where(LicenceDocument.licence_id == licence_id))
    if newest != after:
        return False
    db.add(LicenceDocument(licence_id=licence_id, edition=after + 1, **vars(signed)))
    events.record(
        db,
        f"licence:{licence_id}",
        "licence.prove",
        actor,
        now,
        subject=licence_id,
        edition=after + 1,
        sha256=signed.digest,
        until=signed.proved_until.isoformat() if signed.proved_until else "",
    )
    return True


def digests(db: Session, licence_id: UUID) -> list[str]:
    """The SHA-256 of every form that was ever handed out, the first one first."""
    forms = select(LicenceDocument.digest).where(LicenceDocument.licence_id == licence_id)
    return list(db.scalars(forms.order_by(LicenceDocument.edition)))
