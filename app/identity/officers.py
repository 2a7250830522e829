"""Officers: registered by their agency before they first sign in; a duty taken away ends at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.core import events
from app.core.errors import Forbidden, NotFound
from app.core.events import Actor
from app.identity import sessions
from app.identity.models import Duty, Ending, Officer
from app.identity.signed_in import OfficerSession


@dataclass(frozen=True)
class Post:
    """Where an officer works and what they may do there. `office_code` None: the whole agency."""

    agency_code: str
    office_code: str | None
    duties: frozenset[Duty]
    position_th: str
    position_en: str


def register(
    db: Session, issuer: str, subject: str, name_th: str, name_en: str, post: Post, actor: Actor, now: datetime
) -> UUID:
    """Make someone an officer. (issuer, subject) is their account at the officers' provider; it is unique."""
    officer = Officer(
        issuer=issuer,
        subject=subject,
        name_th=name_th,
        name_en=name_en,
        position_th=post.position_th,
        position_en=post.position_en,
        agency_code=post.agency_code,
        office_code=post.office_code,
        duties=_written(post.duties),
        active=True,
        created_at=now,
    )
    db.add(officer)
    db.flush()
    _record(db, officer.id, "officer_registered", actor, now, agency=post.agency_code, duties=_written(post.duties))
    return officer.id


def recognise(db: Session, issuer: str, subject: str, now: datetime) -> UUID:
    """The officer behind a verified account; Forbidden when nobody registered it or it is suspended."""
    officer = db.execute(
        update(Officer)
        .where(Officer.issuer == issuer, Officer.subject == subject)
        .values(last_sign_in_at=now)
        .returning(Officer.id, Officer.name_th, Officer.active)
    ).first()
    if officer is None:
        raise Forbidden("บัญชีนี้ยังไม่ได้ลงทะเบียนเป็นเจ้าหน้าที่ ติดต่อผู้ดูแลระบบของหน่วยงานคุณ")
    if not officer.active:
        raise Forbidden("บัญชีเจ้าหน้าที่นี้ถูกระงับ ติดต่อผู้ดูแลระบบของหน่วยงานคุณ")
    officer_id: UUID = officer.id
    _record(db, officer_id, "signed_in", Actor("officer", officer_id, officer.name_th), now, issuer=issuer)
    return officer_id


def name_of(db: Session, officer_id: UUID) -> str:
    """The officer's name in Thai; NotFound."""
    name: str | None = db.scalar(select(Officer.name_th).where(Officer.id == officer_id))
    if name is None:
        raise NotFound
    return name


def account(db: Session, officer_id: UUID) -> tuple[str, str]:
    """The officer's account at their provider: issuer and subject; NotFound."""
    row = db.execute(select(Officer.issuer, Officer.subject).where(Officer.id == officer_id)).first()
    if row is None:
        raise NotFound
    return row.issuer, row.subject


def at_work(
    db: Session, officer_id: UUID, session_id: UUID, now: datetime, *, whatever: bool = False
) -> OfficerSession:
    """The officer with the duties they have now, for what goes on after their own request was answered.

    Forbidden when they were suspended in the meantime, unless `whatever` they are is only to be named.
    """
    row = db.get(Officer, officer_id)
    if row is None:
        raise NotFound
    if not row.active and not whatever:
        raise Forbidden("บัญชีเจ้าหน้าที่นี้ถูกระงับ ติดต่อผู้ดูแลระบบของหน่วยงานคุณ")
    return OfficerSession(
        session_id=session_id,
        seen_at=now,
        expires_at=now,
        ends_at=now,
        officer_id=row.id,
        name=row.name_th,
        name_en=row.name_en,
        position=row.position_th,
        position_en=row.position_en,
        agency_code=row.agency_code,
        office_code=row.office_code,
        duties=frozenset(map(Duty, row.duties)),
    )


@dataclass(frozen=True)
class Colleague:
    """An officer as others of the agency choose them."""

    officer_id: UUID
    name_th: str
    name_en: str
    position_th: str
    position_en: str
    duties: frozenset[Duty]


def colleagues(db: Session, agency_code: str, office_code: str | None) -> list[Colleague]:
    """Everybody at work in an agency who sees the cases of this office, by name."""
    of_office = or_(Officer.office_code.is_(None), Officer.office_code == office_code)
    rows = db.scalars(
        select(Officer)
        .where(Officer.agency_code == agency_code, Officer.active, of_office)
        .order_by(Officer.name_th, Officer.id)
    )
    return [
        Colleague(row.id, row.name_th, row.name_en, row.position_th, row.position_en, frozenset(map(Duty, row.duties)))
        for row in rows
    ]


def suspend(db: Session, officer_id: UUID, actor: Actor, now: datetime, *, reason: str) -> None:
    """Stop an officer at once: their next request, on any device, is refused."""
    _change(db, officer_id, active=False, suspended_at=now)
    sessions.end_all_of_officer(db, officer_id, Ending.SUSPENDED, now)
    _record(db, officer_id, "officer_suspended", actor, now, reason=reason)


def reinstate(db: Session, officer_id: UUID, actor: Actor, now: datetime) -> None:
    """Let a suspended officer sign in again; old sessions stay ended."""
    _change(db, officer_id, active=True, suspended_at=None)
    _record(db, officer_id, "officer_reinstated", actor, now)


def give_duties(db: Session, officer_id: UUID, duties: Iterable[Duty], actor: Actor, now: datetime) -> None:
    """Replace an officer's duties; the next request already sees the new ones."""
    written = _written(duties)
    _change(db, officer_id, duties=written)
    _record(db, officer_id, "duties_given", actor, now, duties=written)


def _change(db: Session, officer_id: UUID, **values: object) -> None:
    if db.scalar(update(Officer).where(Officer.id == officer_id).values(**values).returning(Officer.id)) is None:
        raise NotFound


def _written(duties: Iterable[Duty]) -> list[str]:
    return sorted(duty.value for duty in set(duties))


def _record(db: Session, officer_id: UUID, kind: str, actor: Actor, now: datetime, **facts: object) -> None:
    events.record(db, f"officer:{officer_id}", kind, actor, now, subject=officer_id, **facts)
