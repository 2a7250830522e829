"""By what right somebody sends a form for somebody else: written down at sending, read and confirmed by an officer."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, standing
from app.applications.form_models import SingleForm
from app.applications.standing import Basis, Standing
from app.core.errors import Conflict, Forbidden
from app.identity import mandates, people
from app.identity.models import ApplicantKind
from app.identity.sessions import CitizenSession, OfficerSession
from app.stories import companies, desk
from app.stories.companies import Registered

COMPANY_IAL = Decimal("2.3")
"""Whoever sends something for a company proved their identity to this level (ThaID at a registrar or by face)."""


def must_be_sure(citizen: CitizenSession) -> None:
    """Refuse to send for a company with a weaker sign-in."""
    if citizen.party_kind is ApplicantKind.ORGANISATION and citizen.ial < COMPANY_IAL:
        raise Forbidden(
            "การส่งเรื่องแทนนิติบุคคลต้องยืนยันตัวตนระดับ %(level)s ขึ้นไป เข้าสู่ระบบใหม่ด้วยแอป ThaID แล้วส่งอีกครั้ง", level=COMPANY_IAL
        )


def written_down(db: Session, citizen: CitizenSession, form: SingleForm, now: datetime) -> None:
    """Keep on what basis this person sent the form; nothing for somebody who sends their own."""
    if citizen.for_self:
        return
    company = citizen.party_kind is ApplicantKind.ORGANISATION
    registered = companies.of_party(db, citizen.applicant_id) if company else None
    basis, said = _said(db, citizen, registered)
    db.add(
        Standing(
            single_form_id=form.id,
            basis=basis,
            person_id=citizen.person_id,
            person_name=citizen.display_name,
            mandate_id=citizen.mandate_id,
            needs_officer=company,
            said={"party": citizen.party_name, **said},
            at=now,
        )
    )
    db.flush()


def _said(db: Session, citizen: CitizenSession, registered: Registered | None) -> tuple[Basis, dict[str, Any]]:
    said: dict[str, Any] = {}
    if registered is not None:
        said = {
            "juristic_id": registered.juristic_id,
            "status": registered.status,
            "directors": str(registered.profile.get("directors", "")).splitlines(),
            "authority_text": registered.profile.get("authority_text", ""),
            "profile_at": registered.at.isoformat() if registered.at else None,
        }
    if citizen.mandate_id is not None:
        held = mandates.one(db, citizen.mandate_id)
        said["mandate"] = {
            "given_by": held.given_by,
            "given_at": held.given_at.isoformat(),
            "until": held.until.isoformat(),
            "director": _director(db, registered, held.given_by_id),
        }
        return Basis.MANDATE, said
    said["director"] = _director(db, registered, citizen.person_id)
    return (Basis.NAME_MATCHED if said["director"] else Basis.CLAIMED), said


def _director(db: Session, registered: Registered | None, person_id: UUID) -> str:
    return registered.director(*people.names(db, person_id)) if registered else ""


def confirm(
    db: Session, officer: OfficerSession, application_id: UUID, revision: int, note: str, now: datetime
) -> None:
    """The officer who holds the case has read the authorising text: this sender may act for the company."""
    application = cases.at_desk(db, desk.reach(officer), application_id, lock=True)
    cases.stale(application, revision)
    if application.taken_by != officer.officer_id:
        raise Conflict("รับเรื่องนี้ก่อน จึงยืนยันอำนาจของผู้ส่งได้")
    if application.closed_at is not None:
        raise Conflict("เรื่องนี้จบไปแล้ว ไม่ต้องยืนยันอำนาจของผู้ส่งอีก")
    who = desk.actor(officer, application)
    standing.confirm(db, application, officer.officer_id, f"{officer.name} {officer.position}", note, who, now)
