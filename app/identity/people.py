"""Natural persons: who they are on first sign-in, and what other rooms may ask about them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import events
from app.core.db import new_id
from app.core.errors import NotFound
from app.core.events import Actor
from app.core.secrets import Keyring
from app.identity import accounts
from app.identity.accounts import Owner
from app.identity.claims import Claims
from app.identity.models import Applicant, ApplicantKind, Person

ANOTHER_PERSONS = "บัญชีนี้เคยใช้กับเลขประจำตัวประชาชนอื่น เราจึงไม่เปิดข้อมูลให้ ติดต่อศูนย์ช่วยเหลือ"


@dataclass(frozen=True)
class SignedInPerson:
    """What a session is opened for."""

    person_id: UUID
    applicant_id: UUID
    account_id: UUID


@dataclass(frozen=True)
class Profile:
    """A person as their identity provider last described them. `birth_date` may be only a year, or a year and month."""

    person_id: UUID
    applicant_id: UUID
    citizen_id: str
    title: str
    given_name: str
    family_name: str
    name_en: str
    birth_date: str | None

    @property
    def name(self) -> str:
        """Title, given and family name as written in Thai: "นางสาวมะลิ ตัวอย่าง"."""
        return full_name(self.title, self.given_name, self.family_name)


def full_name(title: str, given_name: str, family_name: str) -> str:
    """A Thai title stands against the name, a Latin one before a space."""
    gap = " " if title and title.isascii() else ""
    return f"{title}{gap}{given_name} {family_name}".strip()


def recognise(db: Session, keyring: Keyring, claims: Claims, now: datetime) -> SignedInPerson:
    """The person behind verified claims; first time, the person, their applicant and the account are created.

    The account key is (issuer, subject). A second account with the same citizen id belongs to the same person. An
    account that comes back with another citizen id is refused (Forbidden): subjects must never be reused. Two first
    sign-ins at the same moment make one person: the constraints decide, both transactions go on.
    """
    return recognise_by(db, keyring, claims, now, None)


def recognise_by(
    db: Session, keyring: Keyring, claims: Claims, now: datetime, account_id: UUID | None
) -> SignedInPerson:
    """The same where another account (a company's, whose token also names the person) was the one that signed in."""
    index = keyring.blind_index(claims.citizen_id)
    person_id = _person(db, keyring, claims, index, now)
    owner = Owner(ApplicantKind.PERSON, person_id)
    applicant_id = accounts.party(db, owner, now)
    account_id = account_id or accounts.account(
        db, owner, claims.issuer, claims.subject, now, ANOTHER_PERSONS, ial=claims.ial
    )
    who = Actor("citizen", person_id, full_name(claims.title, claims.given_name, claims.family_name), applicant_id)
    events.record(
        db, f"person:{person_id}", "signed_in", who, now, subject=person_id, issuer=claims.issuer, ial=str(claims.ial)
    )
    return SignedInPerson(person_id, applicant_id, account_id)


def _person(db: Session, keyring: Keyring, claims: Claims, index: str, now: datetime) -> UUID:
    described = {
        "title": claims.title,
        "given_name": claims.given_name,
        "family_name": claims.family_name,
        **({"name_en": claims.name_en} if claims.name_en else {}),
        **({"birth_date": claims.birth_date} if claims.birth_date else {}),
    }
    person_id: UUID | None = db.scalar(
        update(Person).where(Person.citizen_index == index).values(**described).returning(Person.id)
    )
    if person_id is not None:
        return person_id
    new = new_id()
    row = {
        "id": new,
        "citizen_id": keyring.seal(claims.citizen_id, _place(new)),
        "citizen_index": index,
        "name_en": claims.name_en,
        "created_at": now,
        **described,
    }
    db.execute(insert(Person).values(**row).on_conflict_do_nothing(index_elements=["citizen_index"]))
    return db.execute(select(Person.id).where(Person.citizen_index == index)).scalar_one()


def profile(db: Session, keyring: Keyring, person_id: UUID) -> Profile:
    """Everything we know of a person, citizen id opened; NotFound. For prefill jobs and documents, not for lists."""
    row = db.execute(
        select(Person, Applicant.id.label("applicant_id"))
        .join(Applicant, Applicant.person_id == Person.id)
        .where(Person.id == person_id)
    ).first()
    if row is None:
        raise NotFound
    person: Person = row.Person
    return Profile(
        person_id=person.id,
        applicant_id=row.applicant_id,
        citizen_id=keyring.open(person.citizen_id, _place(person.id)),
        title=person.title,
        given_name=person.given_name,
        family_name=person.family_name,
        name_en=person.name_en,
        birth_date=person.birth_date,
    )


def person_of(db: Session, applicant_id: UUID) -> UUID:
    """The person an applicant is; NotFound when there is none (or it is an organisation)."""
    person_id = db.scalar(select(Applicant.person_id).where(Applicant.id == applicant_id))
    if person_id is None:
        raise NotFound
    return person_id


def names(db: Session, person_id: UUID) -> tuple[str, str, str]:
    """Title, given and family name; NotFound."""
    found = db.execute(
        select(Person.title, Person.given_name, Person.family_name).where(Person.id == person_id)
    ).first()
    if found is None:
        raise NotFound
    return found.title, found.given_name, found.family_name


def applicant_of(db: Session, person_id: UUID) -> UUID:
    """The party a person is for their own matters; NotFound."""
    found = db.scalar(select(Applicant.id).where(Applicant.person_id == person_id))
    if found is None:
        raise NotFound
    return found


def find_by_citizen_id(db: Session, keyring: Keyring, citizen_id: str) -> UUID | None:
    """The person with exactly this number, through the blind index."""
    return db.scalar(select(Person.id).where(Person.citizen_index == keyring.blind_index(citizen_id)))


def reseal(db: Session, keyring: Keyring, limit: int = 500) -> int:
    """Bring up to `limit` people under the current key; returns how many were left to do (0 = the old key may go)."""
    rows = db.execute(
        select(Person.id, Person.citizen_id)
        .where(Person.citizen_id.not_like(f"{keyring.prefix}%"))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        resealed = keyring.reseal(row.citizen_id, _place(row.id))
        db.execute(update(Person).where(Person.id == row.id).values(citizen_id=resealed))
    return len(rows)


def _place(person_id: UUID) -> str:
    return f"people.citizen_id/{person_id}"
