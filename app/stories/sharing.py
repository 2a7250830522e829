"""A holder shows a licence by a link: who made it, until when and how often it was opened is known, not by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import rates
from app.core.errors import NotFound
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.licences import service as licences
from app.licences import shares
from app.licences.models import Licence
from app.licences.shares import Share
from app.stories import acting, authenticity
from app.stories.authenticity import Known
from app.stories.house import House

OPENED_PER_MINUTE = 30


@dataclass(frozen=True)
class Link:
    """One of my links, and its address."""

    share: Share
    secret: str
    """"" for one made before addresses were kept: it opens as ever, but cannot be shown again."""


def mine(db: Session, house: House, citizen: CitizenSession, licence_id: UUID) -> tuple[Licence, list[Link]]:
    """My licence and its links, the newest first. Raises NotFound."""
    licence = _mine(db, citizen, licence_id)
    return licence, [
        Link(one, house.keyring.open(one.sealed, _place(one)) if one.sealed else "")
        for one in shares.of_licence(db, licence_id)
    ]


def make(
    db: Session, house: House, citizen: CitizenSession, licence_id: UUID, name: str, until: date, now: datetime
) -> Share:
    """A new link to my licence. Raises Invalid, Conflict, NotFound."""
    licence = _mine(db, citizen, licence_id)
    made = shares.make(db, licence.id, name, until, citizen.person_id, sessions.actor(citizen), now)
    made.share.sealed = house.keyring.seal(made.secret, _place(made.share))
    acting.tell_principal(
        db, citizen, "agent_shared", now, href=f"/licences/{licence.id}/shares", reference=licence.number
    )
    return made.share


def close(db: Session, citizen: CitizenSession, licence_id: UUID, share_id: UUID, now: datetime) -> None:
    """It opens no more. A second time changes nothing. Raises NotFound."""
    shares.revoke(db, _mine(db, citizen, licence_id).id, share_id, sessions.actor(citizen), now)


def opened(db: Session, secret: str, who: str, now: datetime) -> tuple[Share, Known]:
    """Somebody opens a link: what the register says now, for everybody to read. `who` is only counted, never kept.

    Raises NotFound when it is not open, TooMany.
    """
    rates.take(db, "shared", who, now, limit=OPENED_PER_MINUTE, per_seconds=60)
    share = shares.visit(db, secret, now)
    known = authenticity.of_code(db, db.get_one(Licence, share.licence_id).code, now)
    if known is None:
        raise NotFound
    return share, known


def _mine(db: Session, citizen: CitizenSession, licence_id: UUID) -> Licence:
    licence = licences.mine(db, citizen.applicant_id, licence_id)
    if not citizen.covers(licence.service_slug):
        raise NotFound
    return licence


def _place(share: Share) -> str:
    return f"licence_shares.sealed/{share.id}"
