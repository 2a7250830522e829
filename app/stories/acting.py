"""For whom somebody acts: themselves, the company they signed in with, or a party that gave them a mandate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import events
from app.core.errors import Forbidden, NotFound
from app.core.events import Actor
from app.core.secrets import Keyring
from app.identity import mandates, organisations, sessions
from app.identity.mandates import Held
from app.identity.models import ApplicantKind
from app.identity.organisations import SignedInCompany
from app.identity.sessions import CitizenSession, Right
from app.notices import inbox
from app.stories.house import House


@dataclass(frozen=True)
class Party:
    """Somebody one may act for now. `key` is how the page of parties names it."""

    key: str
    applicant_id: UUID
    kind: ApplicantKind
    name: str
    name_en: str
    right: Right
    mandate_id: UUID | None = None
    services: tuple[str, ...] | None = None
    until: date | None = None
    juristic_id: str = ""


def parties(db: Session, citizen: CitizenSession, now: datetime) -> list[Party]:
    """Everybody this person may act for in this session: themselves first."""
    found = [
        Party(
            "self",
            citizen.own_applicant_id,
            ApplicantKind.PERSON,
            citizen.display_name,
            citizen.display_name_en,
            Right.SELF,
        )
    ]
    if citizen.organisation_id is not None:
        company, applicant_id = organisations.with_party(db, citizen.organisation_id)
        found.append(
            Party(
                "company",
                applicant_id,
                ApplicantKind.ORGANISATION,
                company.name_th,
                company.name_en or company.name_th,
                Right.COMPANY,
                juristic_id=company.juristic_id,
            )
        )
    return found + [_by_mandate(held) for held in mandates.held_by(db, citizen.person_id) if held.live(now)]


def _by_mandate(held: Held) -> Party:
    return Party(
        str(held.id),
        held.principal_id,
        held.principal_kind,
        held.principal,
        held.principal_en,
        Right.MANDATE,
        held.id,
        held.services,
        held.until,
    )


def offers(db: Session, citizen: CitizenSession, now: datetime) -> int:
    """How many mandates wait for this person's answer."""
    held = mandates.held_by(db, citizen.person_id)
    return sum(one.accepted_at is None and one.open(now) for one in held)


def change(db: Session, house: House, citizen: CitizenSession, key: str, now: datetime) -> str:
    """Act for another party: a new session, whose token is returned, and an event. NotFound for a party not mine."""
    chosen = next((party for party in parties(db, citizen, now) if party.key == key), None)
    if chosen is None:
        raise NotFound
    token = sessions.change_party(db, house.keyring, citizen, chosen.applicant_id, now, mandate_id=chosen.mandate_id)
    _changed(db, citizen, chosen.applicant_id, chosen.name, chosen.right, chosen.mandate_id, now)
    return token


def bind(db: Session, keyring: Keyring, citizen: CitizenSession, company: SignedInCompany, now: datetime) -> str:
    """Somebody who is signed in as a person has signed in with a company's account too: they act for it from here."""
    token = sessions.change_party(db, keyring, citizen, company.applicant_id, now, company=company)
    _changed(db, citizen, company.applicant_id, company.name, Right.COMPANY, None, now)
    return token


def _changed(
    db: Session, citizen: CitizenSession, party: UUID, name: str, right: Right, mandate: UUID | None, now: datetime
) -> None:
    who = Actor("citizen", citizen.person_id, citizen.display_name, party, mandate)
    stream = f"person:{citizen.person_id}"
    events.record(db, stream, "changed_party", who, now, subject=citizen.person_id, party=name, right=str(right))


def tell_principal(
    db: Session, citizen: CitizenSession, kind: str, now: datetime, *, href: str = "", **facts: str
) -> None:
    """An agent did something: the one they act for hears of it, in the same transaction."""
    if citizen.by_mandate:
        inbox.tell(db, citizen.applicant_id, kind, now, href=href, agent=citizen.display_name, **facts)


def within_mandate(citizen: CitizenSession, slugs: Iterable[str]) -> None:
    """Refuse to begin what the mandate is not for."""
    if not all(citizen.covers(slug) for slug in slugs):
        raise Forbidden(
            "%(party)s ไม่ได้มอบอำนาจให้คุณทำเรื่องนี้ ขอให้ผู้มอบเพิ่มงานบริการ หรือเปลี่ยนเป็นทำเรื่องของตัวเอง", party=citizen.party_name
        )
