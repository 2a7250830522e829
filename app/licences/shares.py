"""A holder shows a licence to somebody: a link that says what the public may know, until a day, and can be taken back.

The link is found by its hash and kept sealed: whoever reads the database cannot open it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import events
from app.core.clock import bangkok_date
from app.core.db import Base, new_id
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import SYSTEM, Actor
from app.licences.models import Licence

LONGEST_NAME = 60
MOST_OPEN = 20
"""How many links of one licence may be open at once."""
LONGEST_DAYS = 366


class Share(Base):
    """One link: for whom the holder made it, until when, how often it was opened."""

    __tablename__ = "licence_shares"
    __table_args__ = (
        CheckConstraint("opened >= 0", name="opened"),
        Index("ix_licence_shares_licence", "licence_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    licence_id: Mapped[UUID] = mapped_column(ForeignKey("licences.id"))
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what stands in the address."""
    sealed: Mapped[str] = mapped_column(default="", server_default="")
    """The same, sealed for its maker, who may copy the address again."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    until: Mapped[date]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]

    def open(self, now: datetime) -> bool:
        """Whether it can be opened now."""
        return self.revoked_at is None and bangkok_date(now) <= self.until


@dataclass(frozen=True)
class Made:
    """A link that was just made, and what stands in its address."""

    share: Share
    secret: str


def make(db: Session, licence_id: UUID, name: str, until: date, person_id: UUID, actor: Actor, now: datetime) -> Made:
    """Make a link. Raises Invalid for a day that has passed or is too far, Conflict when too many are open."""
    today = bangkok_date(now)
    if not today <= until or (until - today).days > LONGEST_DAYS:
        raise Invalid(problems={"until": "เลือกวันสุดท้ายที่เปิดดูได้ ตั้งแต่วันนี้ถึง 1 ปีข้างหน้า"})
    db.execute(select(Licence.id).where(Licence.id == licence_id).with_for_update()).one()
    if sum(one.open(now) for one in of_licence(db, licence_id)) >= MOST_OPEN:
        raise Conflict("ใบนี้มีลิงก์ที่เปิดอยู่ 20 ลิงก์แล้ว ปิดลิงก์ที่ไม่ใช้ก่อน แล้วสร้างใหม่")
    secret = secrets.token_urlsafe(16)
    share = Share(
        licence_id=licence_id,
        secret=_hashed(secret),
        name=name.strip()[:LONGEST_NAME],
        until=until,
        created_at=now,
        created_by=person_id,
        opened=0,
    )
    db.add(share)
    db.flush()
    _tell(db, share, "licence.share", actor, now, until=until.isoformat())
    return Made(share, secret)


def revoke(db: Session, licence_id: UUID, share_id: UUID, actor: Actor, now: datetime) -> None:
    """Close a link of this licence. A second time changes nothing. Raises NotFound."""
    share = db.scalar(select(Share).where(Share.id == share_id, Share.licence_id == licence_id).with_for_update())
    if share is None:
        raise NotFound
    if share.revoked_at is None:
        share.revoked_at = now
        _tell(db, share, "licence.unshare", actor, now)


def visit(db: Session, secret: str, now: datetime) -> Share:
    """Somebody opens the link: counted, on record, without who they were. NotFound when it is not open."""
    share = db.scalar(select(Share).where(Share.secret == _hashed(secret)).with_for_update())
    if share is None or not share.open(now):
        raise NotFound
    share.opened += 1
    share.last_opened_at = now
    _tell(db, share, "licence.shown", SYSTEM, now, time=share.opened)
    return share


def of_licence(db: Session, licence_id: UUID) -> list[Share]:
    """Every link of a licence, the newest first."""
    return list(db.scalars(select(Share).where(Share.licence_id == licence_id).order_by(Share.created_at.desc())))


def open_links(db: Session, licence_id: UUID, now: datetime) -> int:
    """How many links of a licence can be opened now."""
    counted = select(func.count()).select_from(Share).where(Share.licence_id == licence_id)
    return db.scalar(counted.where(Share.revoked_at.is_(None), Share.until >= bangkok_date(now))) or 0


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _tell(db: Session, share: Share, kind: str, actor: Actor, now: datetime, **facts: object) -> None:
    stream = f"licence:{share.licence_id}"
    events.record(db, stream, kind, actor, now, subject=share.licence_id, share=str(share.id), **facts)
