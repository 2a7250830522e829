"""Companies: known by their juristic number, described by the business registry with the time it said so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import events
from app.core.db import new_id
from app.core.errors import NotFound
from app.core.events import SYSTEM, Actor
from app.identity import accounts
from app.identity.accounts import Owner
from app.identity.company_claims import CompanyClaims
from app.identity.models import Applicant, ApplicantKind, Organisation

ANOTHER_COMPANYS = "บัญชีนี้เคยใช้กับนิติบุคคลอื่น เราจึงไม่เปิดข้อมูลให้ ติดต่อศูนย์ช่วยเหลือ"


@dataclass(frozen=True)
class SignedInCompany:
    """A company whose account was used to sign in: itself, and the party it is."""

    organisation_id: UUID
    applicant_id: UUID
    name: str


def recognise(db: Session, claims: CompanyClaims, now: datetime) -> tuple[SignedInCompany, UUID]:
    """The company behind verified claims, made known the first time, and its account.

    The name of the registry, once known, is kept: what the account calls itself changes nothing. An account that comes
    back with another company is refused (Forbidden).
    """
    row = {
        "id": new_id(),
        "juristic_id": claims.juristic_id,
        "name_th": claims.name,
        "name_en": "",
        "status": "",
        "created_at": now,
    }
    db.execute(insert(Organisation).values(**row).on_conflict_do_nothing(index_elements=["juristic_id"]))
    found = db.execute(
        select(Organisation.id, Organisation.name_th).where(Organisation.juristic_id == claims.juristic_id)
    ).one()
    owner = Owner(ApplicantKind.ORGANISATION, found.id)
    company = SignedInCompany(found.id, accounts.party(db, owner, now), found.name_th)
    return company, accounts.account(db, owner, claims.issuer, claims.subject, now, ANOTHER_COMPANYS)


def signed_in(db: Session, company: SignedInCompany, who: Actor, issuer: str, now: datetime) -> None:
    """Record which human being came in with the company's account."""
    events.record(
        db,
        f"organisation:{company.organisation_id}",
        "company_signed_in",
        who,
        now,
        subject=company.organisation_id,
        issuer=issuer,
    )


def find(db: Session, organisation_id: UUID) -> Organisation:
    """A company by its id; NotFound."""
    found = db.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def of_party(db: Session, applicant_id: UUID) -> Organisation:
    """The company an applicant is; NotFound when there is none (or it is a person)."""
    found = db.scalar(
        select(Organisation)
        .join(Applicant, Applicant.organisation_id == Organisation.id)
        .where(Applicant.id == applicant_id)
    )
    if found is None:
        raise NotFound
    return found


def with_party(db: Session, organisation_id: UUID) -> tuple[Organisation, UUID]:
    """A company and the party it is; NotFound."""
    found = db.execute(
        select(Organisation, Applicant.id.label("applicant_id"))
        .join(Applicant, Applicant.organisation_id == Organisation.id)
        .where(Organisation.id == organisation_id)
    ).first()
    if found is None:
        raise NotFound
    return found.Organisation, found.applicant_id


def asking(db: Session, organisation_id: UUID, now: datetime) -> str:
    """Note that the registry is being asked about a company; its juristic number. NotFound."""
    number: str | None = db.scalar(
        update(Organisation)
        .where(Organisation.id == organisation_id)
        .values(asked_at=now)
        .returning(Organisation.juristic_id)
    )
    if number is None:
        raise NotFound
    return number


def describe(db: Session, organisation_id: UUID, profile: Mapping[str, Any], at: datetime, now: datetime) -> None:
    """Keep what the registry said at `at`; a change of status is an event of its own."""
    company = db.get_one(Organisation, organisation_id, with_for_update=True)
    before, company.status = company.status, str(profile.get("status", ""))
    company.name_th = profile.get("name_th") or company.name_th
    company.name_en = profile.get("name_en") or company.name_en
    company.profile, company.profile_at = dict(profile), at
    if company.status != before:
        events.record(
            db,
            f"organisation:{organisation_id}",
            "company_status",
            SYSTEM,
            now,
            subject=organisation_id,
            before=before,
            status=company.status,
        )
