"""Who signs a paper online: asked by a link of their own, bound to one person, signed, voided, refused, taken back."""

import hmac
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import new_id
from app.core.errors import NotFound
from app.core.secrets import Keyring
from app.core.thai import clean, untitled
from app.papers.models import Paper, Signer

LINK = timedelta(days=14)
"""How long a link may be used."""
REMIND = timedelta(days=3)
"""How long before its end, and after nothing happened, people are reminded."""
LONGEST_REASON = 500


class Standing(StrEnum):
    """Where one signer is."""

    WAITING = "waiting"
    OPENED = "opened"
    SIGNED = "signed"
    REFUSED = "refused"
    EXPIRED = "expired"


def standing(signer: Signer, now: datetime) -> Standing:
    """Where a signer is who was not taken back."""
    if signer.signed_at is not None:
        return Standing.SIGNED
    if signer.refused_at is not None:
        return Standing.REFUSED
    if now >= signer.expires_at:
        return Standing.EXPIRED
    return Standing.OPENED if signer.opened_at is not None else Standing.WAITING


def ask(db: Session, form_id: UUID, document_key: str, role: str, name: str, by: UUID, now: datetime) -> Signer:
    """Ask somebody, by name; the link is handed over by whoever asks."""
    signer = Signer(
        id=new_id(),
        single_form_id=form_id,
        document_key=document_key,
        role=role,
        name=clean(name),
        invited_by=by,
        invited_at=now,
        expires_at=now + LINK,
    )
    db.add(signer)
    db.flush()
    return signer


def renew(signer: Signer, now: datetime) -> None:
    """A new link in place of the old one, for whoever comes first; also after a refusal."""
    signer.serial += 1
    signer.invited_at, signer.expires_at = now, now + LINK
    signer.person_id = signer.opened_at = signer.reminded_at = signer.refused_at = None
    signer.reason = ""


def token(keyring: Keyring, signer: Signer) -> str:
    """The secret part of a link, 128 bits. It is made anew whenever it is shown and lies nowhere."""
    return keyring.blind_index(f"signer:{signer.id}:{signer.serial}")[:32]


def by_link(db: Session, keyring: Keyring, signer_id: UUID, given: str, *, lock: bool = False) -> Signer:
    """Whose link this is; NotFound for one that was taken back or never given out."""
    query = select(Signer).where(Signer.id == signer_id, Signer.revoked_at.is_(None))
    found = db.scalar(query.with_for_update() if lock else query)
    if found is None or not hmac.compare_digest(token(keyring, found).encode(), given.encode()):
        raise NotFound
    return found


def of_form(db: Session, form_id: UUID) -> list[Signer]:
    """Everybody who was asked for a form and not taken back, in the order asked."""
    query = select(Signer).where(Signer.single_form_id == form_id, Signer.revoked_at.is_(None))
    return list(db.scalars(query.order_by(Signer.id)))


def of_papers(db: Session, papers: Collection[UUID]) -> list[Signer]:
    """Who signed these papers, in the order signed."""
    query = select(Signer).where(Signer.paper_id.in_(papers), Signer.signed_at.is_not(None))
    return list(db.scalars(query.order_by(Signer.signed_at, Signer.id))) if papers else []


def one(db: Session, form_id: UUID, signer_id: UUID) -> Signer:
    """One who was asked for this form, to be changed; NotFound."""
    query = select(Signer).where(Signer.id == signer_id, Signer.single_form_id == form_id, Signer.revoked_at.is_(None))
    found = db.scalar(query.with_for_update())
    if found is None:
        raise NotFound
    return found


def meant(signer: Signer, title: str, given_name: str, family_name: str) -> bool:
    """Whether the name that was asked for is the whole name of this person: bare, with their own title or a known one.

    A title that neither is theirs nor known makes it another name: whoever asked mends it and sends a new link.
    """
    asked, theirs = _plain(signer.name), _plain(f"{given_name} {family_name}")
    own = asked.removeprefix(_plain(title)).strip()
    return bool(given_name and family_name) and theirs in {asked, own, _plain(untitled(signer.name))}


def _plain(name: str) -> str:
    return " ".join(clean(name).split()).casefold()


def sign(signer: Signer, paper: Paper, name: str, ial: Decimal, now: datetime) -> None:
    """Signed: by whom, how surely they were known, and what exactly."""
    signer.paper_id, signer.signed_at, signer.ial, signer.name = paper.id, now, ial, name


def refuse(signer: Signer, reason: str, now: datetime) -> None:
    """They will not sign, and say why."""
    signer.refused_at, signer.reason = now, reason[:LONGEST_REASON]


def void(mine: Iterable[Signer], now: datetime) -> None:
    """What they signed says something else now. The links live on, for the same people."""
    for signer in mine:
        signer.signed_at, signer.voided_at, signer.reminded_at = None, now, None
        signer.expires_at = max(signer.expires_at, now + LINK)


def to_remind(db: Session, now: datetime) -> list[Signer]:
    """Who has been silent for days and was not reminded of it."""
    query = select(Signer).where(
        Signer.signed_at.is_(None),
        Signer.refused_at.is_(None),
        Signer.revoked_at.is_(None),
        Signer.reminded_at.is_(None),
        Signer.expires_at > now,
        Signer.invited_at <= now - REMIND,
    )
    return list(db.scalars(query.order_by(Signer.id).with_for_update(skip_locked=True)))
