"""Issue once, tell the status: the rules of a licence's life; its number is given by `reserving`."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.core import events
from app.core.clock import bangkok_date
from app.core.errors import NotFound
from app.core.events import Actor
from app.core.thai import arabic, clean
from app.licences.life import standing
from app.licences.models import BETWEEN, SQUEEZED, Licence, LicenceDocument, LicenceEdition, Status

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code survives being read aloud or typed from paper."""

CODE_LENGTH = 13
"""13 symbols of 5 random bits: 65 bits, not guessable."""

END_LENGTH = 5
"""The last group of a code, which with the number is enough: 25 bits, and few guesses a minute."""


def new_code() -> str:
    """A random verification code such as 7K3M-Q9ZC-… (stored without dashes)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def written(code: str) -> str:
    """The code in groups, as printed under the QR."""
    return "-".join((code[:4], code[4:8], code[8:]))


def typed(text: str) -> str:
    """What a person typed, brought back to the stored form: case, dashes, spaces and look-alikes do not matter.

    Thai and full-width digits are understood too.
    """
    typed_so = arabic(clean(text)).upper().translate(str.maketrans("OIL", "011"))
    return "".join(c for c in typed_so if c in ALPHABET)


@dataclass(frozen=True)
class Signed:
    """Facts about a signed file, to be kept beside it."""

    digest: str
    size: int
    signed_at: datetime
    signer: str
    certificate_serial: str
    certificate_fingerprint: str
    timestamped: bool
    checked: dict[str, Any]
    proved_until: datetime | None = None


def issue(db: Session, licence_id: UUID, signed: Signed, actor: Actor, now: datetime) -> bool:
    """Make the reserved licence valid with its first document. False when it was issued already: never twice."""
    licence = db.scalar(select(Licence).where(Licence.id == licence_id).with_for_update())
    if licence is None:
        raise NotFound
    if licence.status is not Status.RESERVED:
        return False
    licence.status, licence.status_at, licence.issued_at = Status.VALID, now, now
    licence.waits_since, licence.waits_for = None, None
    db.execute(update(LicenceEdition).where(LicenceEdition.id == licence.id).values(issued_at=now))
    db.add(LicenceDocument(licence_id=licence.id, form=1, edition=1, **vars(signed)))
    events.record(
        db,
        f"licence:{licence.id}",
        "licence.issue",
        actor,
        now,
        subject=licence.id,
        number=licence.number,
        sha256=signed.digest,
        certificate=signed.certificate_serial,
        checked=signed.checked,
    )
    return True


class Verdict(StrEnum):
    """What a stranger is told."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    SURRENDERED = "surrendered"
    REVOKED = "revoked"
    REPLACED = "replaced"
    """The licence is valid, but another edition of it is in force."""


def verdict(licence: Licence, now: datetime, code: str = "") -> Verdict:
    """How a licence stands at `now`, for whoever holds its edition with this `code` (default: the one in force)."""
    found = Verdict(standing(licence.status, licence.valid_until, bangkok_date(now), licence.suspended_until))
    if found is Verdict.VALID and code and code != licence.code:
        return Verdict.REPLACED
    return found


OF_LICENCE = LicenceEdition.licence_id == Licence.id
ISSUED = LicenceEdition.issued_at.is_not(None)


def by_code(db: Session, text: str) -> Licence | None:
    """The issued licence of which an edition has this verification code, however it was typed."""
    code = typed(text)
    if len(code) != CODE_LENGTH:
        return None
    return db.scalar(select(Licence).join(LicenceEdition, OF_LICENCE).where(LicenceEdition.code == code, ISSUED))


def by_number(db: Session, number: str, end: str) -> str | None:
    """The code of the edition with this number, as it is printed, and this end of its code: its random part."""
    wanted, last = squeezed(number), typed(end)
    if not 3 <= len(wanted) <= 40 or len(last) < END_LENGTH:
        return None
    named = SQUEEZED.in_([wanted])
    codes = (
        select(LicenceEdition.code).join(Licence, OF_LICENCE).where(named, LicenceEdition.code.endswith(last), ISSUED)
    )
    found = db.scalars(codes).all()
    return found[0] if len(found) == 1 else None


def squeezed(text: str) -> str:
    """A number however it was typed: Thai digits are digits; spaces, points and strokes do not matter."""
    return arabic(clean(text)).upper().translate(dict.fromkeys(map(ord, BETWEEN)))


def by_digest(db: Session, digest: str) -> tuple[Licence, int] | None:
    """The licence one of whose issued files has exactly this SHA-256, and which edition that is."""
    found = db.execute(
        select(Licence, LicenceDocument.edition)
        .join(LicenceDocument, LicenceDocument.licence_id == Licence.id)
        .where(LicenceDocument.digest == digest)
    ).first()
    return (found[0], found[1]) if found else None


def neighbours(db: Session, licence: Licence) -> tuple[Licence | None, Licence | None]:
    """The licence that this one renews, and the issued one that renews it."""
    before = db.get(Licence, licence.follows_id) if licence.follows_id else None
    renewed = Licence.follows_id == licence.id, Licence.issued_at.is_not(None)
    return before, db.scalar(select(Licence).where(*renewed))


def of_application(db: Session, application_id: UUID) -> Licence | None:
    """The issued licence of an application."""
    return db.scalar(select(Licence).where(Licence.application_id == application_id, Licence.issued_at.is_not(None)))


def of_applicant(db: Session, applicant_id: UUID) -> list[Licence]:
    """Every issued licence a person holds, newest first."""
    return list(
        db.scalars(
            select(Licence)
            .where(Licence.applicant_id == applicant_id, Licence.issued_at.is_not(None))
            .order_by(Licence.issued_at.desc())
        )
    )


_SUSPENDED = select(Licence).where(
    Licence.applicant_id == bindparam("applicant_id"), Licence.status == Status.SUSPENDED
)


def suspended(db: Session, applicant_id: UUID, now: datetime) -> list[Licence]:
    """The licences that a person holds and may not use now."""
    held = db.scalars(_SUSPENDED, {"applicant_id": applicant_id})
    return [one for one in held if verdict(one, now) is Verdict.SUSPENDED]


def mine(db: Session, applicant_id: UUID, licence_id: UUID) -> Licence:
    """The issued licence if this applicant holds it, else NotFound."""
    found = db.scalar(
        select(Licence).where(
            Licence.id == licence_id, Licence.applicant_id == applicant_id, Licence.issued_at.is_not(None)
        )
    )
    if found is None:
        raise NotFound
    return found


def document(db: Session, licence_id: UUID) -> LicenceDocument:
    """The newest signed file of a licence."""
    found = db.scalar(
        select(LicenceDocument)
        .where(LicenceDocument.licence_id == licence_id)
        .order_by(LicenceDocument.form.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found
