"""Who is signed in on which browser, for how long. The cookie holds a random token, the database only its hash.

A citizen may be idle for 30 minutes and stay for 12 hours, an officer 15 minutes and 8 hours (NIST SP 800-63B-4 AAL2
and AAL3 allow no more). Activity is written at most once a minute, so an idle limit may end up to a minute early.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from app.core import events
from app.core.db import new_id
from app.core.events import Actor
from app.core.secrets import Keyring, SealBroken
from app.identity.models import Applicant, Duty, Ending, Officer, Person, SessionKind
from app.identity.models import Session as SessionRow
from app.identity.people import SignedInPerson, full_name

CITIZEN_IDLE = timedelta(minutes=30)
CITIZEN_ABSOLUTE = timedelta(hours=12)
OFFICER_IDLE = timedelta(minutes=15)
OFFICER_ABSOLUTE = timedelta(hours=8)
WARNING = timedelta(minutes=5)
TOUCH_EVERY = timedelta(minutes=1)
SIGN_OUT_WINDOW = timedelta(minutes=10)
KEPT_AFTER_END = timedelta(days=90)
"""Traffic data is kept 90 days (Computer Crime Act s.26), then ended sessions are removed."""


@dataclass(frozen=True, kw_only=True)
class _SignedIn:
    session_id: UUID
    seen_at: datetime
    expires_at: datetime
    ends_at: datetime
    """When this session ends if nothing more happens: idle or absolute, whichever comes first."""

    @property
    def warns_at(self) -> datetime:
        """When the page starts to warn."""
        return self.ends_at - WARNING


@dataclass(frozen=True, kw_only=True)
class CitizenSession(_SignedIn):
    """A citizen, and the party they act for (today always themselves)."""

    person_id: UUID
    applicant_id: UUID
    display_name: str
    display_name_en: str
    ial: Decimal


@dataclass(frozen=True, kw_only=True)
class OfficerSession(_SignedIn):
    """An officer, with the duties they have at this very moment. `office_code` None: the whole agency."""

    officer_id: UUID
    name: str
    name_en: str
    position: str
    position_en: str
    agency_code: str
    office_code: str | None
    duties: frozenset[Duty]


SignedIn = CitizenSession | OfficerSession
S = TypeVar("S", bound=CitizenSession | OfficerSession)


_FIND = (
    select(
        SessionRow.id,
        SessionRow.kind,
        SessionRow.ial,
        SessionRow.last_seen_at,
        SessionRow.expires_at,
        SessionRow.person_id,
        Applicant.id.label("applicant_id"),
        Person.title,
        Person.given_name,
        Person.family_name,
        Person.name_en.label("person_en"),
        Officer.id.label("officer_id"),
        Officer.name_th,
        Officer.name_en,
        Officer.position_th,
        Officer.position_en,
        Officer.agency_code,
        Officer.office_code,
        Officer.duties,
    )
    .outerjoin(Person, Person.id == SessionRow.person_id)
    .outerjoin(Applicant, Applicant.person_id == Person.id)
    .outerjoin(Officer, (Officer.id == SessionRow.officer_id) & Officer.active)
    .where(
        SessionRow.token_hash == bindparam("token_hash"),
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > bindparam("now"),
        or_(
            (SessionRow.kind == SessionKind.CITIZEN) & (SessionRow.last_seen_at > bindparam("citizen_seen")),
            (SessionRow.kind == SessionKind.OFFICER)
            & (SessionRow.last_seen_at > bindparam("officer_seen"))
            & Officer.id.is_not(None),
        ),
    )
)


def open_for_citizen(
    db: Session,
    keyring: Keyring,
    who: SignedInPerson,
    ial: Decimal,
    now: datetime,
    *,
    id_token: str = "",
    device: str = "",
) -> str:
    """A new session; returns the token for the cookie, which is kept nowhere else."""
    row = SessionRow(
        id=new_id(),
        kind=SessionKind.CITIZEN,
        person_id=who.person_id,
        account_id=who.account_id,
        ial=ial,
        expires_at=now + CITIZEN_ABSOLUTE,
    )
    return _open(db, keyring, row, now, id_token, device)


def open_for_officer(
    db: Session, keyring: Keyring, officer_id: UUID, now: datetime, *, id_token: str = "", device: str = ""
) -> str:
    """A new session of an officer; returns the token for the cookie."""
    row = SessionRow(id=new_id(), kind=SessionKind.OFFICER, officer_id=officer_id, expires_at=now + OFFICER_ABSOLUTE)
    return _open(db, keyring, row, now, id_token, device)


def _open(db: Session, keyring: Keyring, row: SessionRow, now: datetime, id_token: str, device: str) -> str:
    token = secrets.token_urlsafe(32)
    row.token_hash = _hash(token)
    row.created_at = row.last_seen_at = now
    row.device = device
    row.id_token = keyring.seal(id_token, _place(row.id)) if id_token else None
    db.add(row)
    db.flush()
    return token


def find(db: Session, token: str, now: datetime) -> SignedIn | None:
    """Whose live session this token is, in one select. None for anything else: no reason is told to a stranger."""
    row = db.execute(
        _FIND,
        {
            "token_hash": _hash(token),
            "now": now,
            "citizen_seen": now - CITIZEN_IDLE,
            "officer_seen": now - OFFICER_IDLE,
        },
    ).first()
    if row is None:
        return None
    return _citizen(row) if row.kind == SessionKind.CITIZEN else _officer(row)


def touch(db: Session, session: S, now: datetime) -> S:
    """Note that someone is there: written at most once a minute, never waited for (a parallel request does it too)."""
    if now - session.seen_at < TOUCH_EVERY:
        return session
    free = select(SessionRow.id).where(SessionRow.id == session.session_id).with_for_update(skip_locked=True)
    db.execute(update(SessionRow).where(SessionRow.id.in_(free)).values(last_seen_at=now))
    idle = CITIZEN_IDLE if isinstance(session, CitizenSession) else OFFICER_IDLE
    return replace(session, seen_at=now, ends_at=min(session.expires_at, now + idle))


def sign_out(db: Session, token: str, now: datetime) -> UUID | None:
    """End the live session of this token and record who left; its id, or None when nobody was signed in."""
    session = find(db, token, now)
    if session is None:
        return None
    who = actor(session)
    stream = f"{'person' if who.kind == 'citizen' else 'officer'}:{who.id}"
    events.record(db, stream, "signed_out", who, now, subject=who.id)
    return end(db, token, Ending.SIGNED_OUT, now)


def end(db: Session, token: str, why: Ending, now: datetime) -> UUID | None:
    """End the session of this token; its id when it was still open. Twice is harmless."""
    return db.scalar(
        update(SessionRow)
        .where(SessionRow.token_hash == _hash(token), SessionRow.ended_at.is_(None))
        .values(ended_at=now, ended_why=why)
        .returning(SessionRow.id)
    )


def end_all_of_officer(db: Session, officer_id: UUID, why: Ending, now: datetime) -> None:
    """End every session of an officer, on all devices."""
    db.execute(
        update(SessionRow)
        .where(SessionRow.officer_id == officer_id, SessionRow.ended_at.is_(None))
        .values(ended_at=now, ended_why=why, id_token=None)
    )


def farewell(db: Session, keyring: Keyring, session_id: UUID, now: datetime) -> tuple[SessionKind, str] | None:
    """Which provider to sign out from, and the id_token that says who (may be ''); only just after the sign-out."""
    row = db.execute(
        select(SessionRow.kind, SessionRow.id_token).where(
            SessionRow.id == session_id, SessionRow.ended_at > now - SIGN_OUT_WINDOW
        )
    ).first()
    if row is None:
        return None
    try:
        return row.kind, keyring.open(row.id_token, _place(session_id)) if row.id_token else ""
    except SealBroken:
        return row.kind, ""


def sweep(db: Session, now: datetime) -> None:
    """Forget the id_tokens of sessions that are over, and after 90 days the sessions."""
    over = or_(SessionRow.ended_at < now - SIGN_OUT_WINDOW, SessionRow.expires_at < now)
    db.execute(update(SessionRow).where(SessionRow.id_token.is_not(None), over).values(id_token=None))
    old = now - KEPT_AFTER_END
    db.execute(delete(SessionRow).where(or_(SessionRow.ended_at < old, SessionRow.expires_at < old)))


def actor(session: SignedIn) -> Actor:
    """Who stands behind an act: the citizen beside the party they act for, or the officer."""
    if isinstance(session, CitizenSession):
        return Actor("citizen", session.person_id, session.display_name, session.applicant_id)
    return Actor("officer", session.officer_id, session.name)


def _citizen(row: Row[*tuple[Any, ...]]) -> CitizenSession:
    name = full_name(row.title, row.given_name, row.family_name)
    return CitizenSession(
        session_id=row.id,
        seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        ends_at=min(row.expires_at, row.last_seen_at + CITIZEN_IDLE),
        person_id=row.person_id,
        applicant_id=row.applicant_id,
        display_name=name,
        display_name_en=row.person_en or name,
        ial=row.ial,
    )


def _officer(row: Row[*tuple[Any, ...]]) -> OfficerSession:
    return OfficerSession(
        session_id=row.id,
        seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        ends_at=min(row.expires_at, row.last_seen_at + OFFICER_IDLE),
        officer_id=row.officer_id,
        name=row.name_th,
        name_en=row.name_en,
        position=row.position_th,
        position_en=row.position_en,
        agency_code=row.agency_code,
        office_code=row.office_code,
        duties=frozenset(Duty(duty) for duty in row.duties),
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _place(session_id: UUID) -> str:
    return f"sessions.id_token/{session_id}"
