"""Who is signed in on which browser, for how long. The cookie holds a random token, the database only its hash.

A citizen may be idle for 30 minutes and stay for 12 hours, an officer 15 minutes and 8 hours (NIST SP 800-63B-4 AAL2
and AAL3 allow no more). Activity is written at most once a minute, so an idle limit may end up to a minute early.
"""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeVar
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.core import events
from app.core.db import new_id
from app.core.secrets import Keyring, SealBroken
from app.identity.finding import find, hash_of
from app.identity.models import Account, Ending, SessionKind
from app.identity.models import Session as SessionRow
from app.identity.organisations import SignedInCompany
from app.identity.people import SignedInPerson
from app.identity.signed_in import (
    CITIZEN_IDLE,
    OFFICER_IDLE,
    WARNING,
    CitizenSession,
    OfficerSession,
    Right,
    SignedIn,
    actor,
)

__all__ = [
    "CITIZEN_IDLE",
    "OFFICER_IDLE",
    "WARNING",
    "CitizenSession",
    "OfficerSession",
    "Right",
    "SignedIn",
    "actor",
    "find",
]

CITIZEN_ABSOLUTE = timedelta(hours=12)
OFFICER_ABSOLUTE = timedelta(hours=8)
TOUCH_EVERY = timedelta(minutes=1)
SIGN_OUT_WINDOW = timedelta(minutes=10)
KEPT_AFTER_END = timedelta(days=90)
"""Traffic data is kept 90 days (Computer Crime Act s.26), then ended sessions are removed."""


Where = Literal["citizen", "officer", "company"]
"""The provider somebody came from."""

S = TypeVar("S", bound=CitizenSession | OfficerSession)


def open_for_citizen(
    db: Session,
    keyring: Keyring,
    who: SignedInPerson,
    ial: Decimal,
    now: datetime,
    *,
    id_token: str = "",
    device: str = "",
    company: SignedInCompany | None = None,
) -> str:
    """A new session; returns the token for the cookie, which is kept nowhere else.

    It acts for the person, or for the `company` whose account they signed in with.
    """
    row = SessionRow(
        id=new_id(),
        kind=SessionKind.CITIZEN,
        person_id=who.person_id,
        account_id=who.account_id,
        party_id=company.applicant_id if company else who.applicant_id,
        organisation_id=company.organisation_id if company else None,
        ial=ial,
        created_at=now,
        expires_at=now + CITIZEN_ABSOLUTE,
    )
    return _open(db, keyring, row, now, id_token, device)


def change_party(
    db: Session,
    keyring: Keyring,
    session: CitizenSession,
    party_id: UUID,
    now: datetime,
    *,
    mandate_id: UUID | None = None,
    company: SignedInCompany | None = None,
) -> str:
    """Act for another party from here on; returns the new cookie's token.

    It is another session, so that pages drawn for one party cannot act for the other. It ends when this one would have.
    """
    old = db.get_one(SessionRow, session.session_id, with_for_update=True)
    id_token = ""
    if old.id_token:
        id_token = keyring.open(old.id_token, _place(old.id))
    old.ended_at, old.ended_why, old.id_token = now, Ending.CHANGED_PARTY, None
    row = SessionRow(
        id=new_id(),
        kind=SessionKind.CITIZEN,
        person_id=old.person_id,
        account_id=old.account_id,
        party_id=party_id,
        organisation_id=company.organisation_id if company else old.organisation_id,
        mandate_id=mandate_id,
        ial=old.ial,
        expires_at=old.expires_at,
        created_at=old.created_at,
    )
    return _open(db, keyring, row, now, id_token, old.device)


def open_for_officer(
    db: Session, keyring: Keyring, officer_id: UUID, now: datetime, *, id_token: str = "", device: str = ""
) -> str:
    """A new session of an officer; returns the token for the cookie."""
    row = SessionRow(
        id=new_id(),
        kind=SessionKind.OFFICER,
        officer_id=officer_id,
        created_at=now,
        expires_at=now + OFFICER_ABSOLUTE,
    )
    return _open(db, keyring, row, now, id_token, device)


def _open(db: Session, keyring: Keyring, row: SessionRow, now: datetime, id_token: str, device: str) -> str:
    token = secrets.token_urlsafe(32)
    row.token_hash = hash_of(token)
    row.last_seen_at = now
    row.device = device
    row.id_token = keyring.seal(id_token, _place(row.id)) if id_token else None
    db.add(row)
    db.flush()
    return token


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
        .where(SessionRow.token_hash == hash_of(token), SessionRow.ended_at.is_(None))
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


def farewell(db: Session, keyring: Keyring, session_id: UUID, now: datetime) -> tuple[Where, str] | None:
    """Which provider to sign out from, and the id_token that says who (may be ''); only just after the sign-out."""
    row = db.execute(
        select(SessionRow.kind, SessionRow.id_token, Account.organisation_id)
        .outerjoin(Account, Account.id == SessionRow.account_id)
        .where(SessionRow.id == session_id, SessionRow.ended_at > now - SIGN_OUT_WINDOW)
    ).first()
    if row is None:
        return None
    from_where: Where = "company" if row.organisation_id else "citizen"
    if row.kind == SessionKind.OFFICER:
        from_where = "officer"
    try:
        return from_where, keyring.open(row.id_token, _place(session_id)) if row.id_token else ""
    except SealBroken:
        return from_where, ""


def sweep(db: Session, now: datetime) -> None:
    """Forget the id_tokens of sessions that are over, and after 90 days the sessions."""
    over = or_(SessionRow.ended_at < now - SIGN_OUT_WINDOW, SessionRow.expires_at < now)
    db.execute(update(SessionRow).where(SessionRow.id_token.is_not(None), over).values(id_token=None))
    old = now - KEPT_AFTER_END
    db.execute(delete(SessionRow).where(or_(SessionRow.ended_at < old, SessionRow.expires_at < old)))


def _place(session_id: UUID) -> str:
    return f"sessions.id_token/{session_id}"
