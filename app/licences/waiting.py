"""A licence whose number is reserved and that cannot be sealed: it waits, its holder is told, and nothing is lost."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import events
from app.core.events import Actor
from app.licences.models import Licence, Status, Wait


def waits(db: Session, application_id: UUID, reason: Wait, actor: Actor, now: datetime) -> bool:
    """Note that the reserved licence of an application cannot be sealed now; whether that is new.

    Nothing is noted of a licence that was issued in the meantime, or has no number yet.
    """
    licence = db.scalar(select(Licence).where(Licence.application_id == application_id).with_for_update())
    if licence is None or licence.status is not Status.RESERVED:
        return False
    new = licence.waits_for is not reason
    licence.waits_since, licence.waits_for, licence.tried_at = licence.waits_since or now, reason, now
    if new:
        events.record(db, f"licence:{licence.id}", "licence.wait", actor, now, subject=licence.id, reason=str(reason))
    return new
