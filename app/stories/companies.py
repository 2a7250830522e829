"""What the business registry says of a company: fetched in a job, kept with its time, asked again when it is old."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import jobs
from app.core.errors import Forbidden, Unavailable
from app.identity import organisations
from app.identity.models import ApplicantKind, Organisation
from app.identity.sessions import CitizenSession
from app.registries import dbd
from app.stories.house import House

FRESH = timedelta(hours=1)
"""How old an answer of the registry may be before it is asked again."""
ASK_EVERY = timedelta(minutes=1)
"""A registry that does not answer is not asked more often."""


def ask_registry(db: Session, organisation_id: UUID, now: datetime) -> None:
    """Fetch the profile in a job, unless it is fresh or was asked for just now."""
    company = organisations.find(db, organisation_id)
    known = company.profile_at is not None and now - company.profile_at < FRESH
    asked = company.asked_at is not None and now - company.asked_at < ASK_EVERY
    if not known and not asked:
        jobs.enqueue(db, "describe_company", once=f"company:{organisation_id}", organisation_id=str(organisation_id))


def describe(house: House, organisation_id: UUID) -> dict[str, Any] | None:
    """Job: what the registry says now, kept; None when it has no such company. Raises Unavailable."""
    now = house.clock.now()
    with house.database.transaction() as db:
        number = organisations.asking(db, organisation_id, now)
    fetched = house.registry.company(number, now)
    if fetched is None:
        return None
    with house.database.transaction() as db:
        organisations.describe(db, organisation_id, fetched.values, fetched.at, house.clock.now())
    return dict(fetched.values)


def described(house: House, organisation_id: UUID) -> None:
    """The same where nobody waits for the answer: a registry that is down is asked at the next occasion."""
    try:
        describe(house, organisation_id)
    except Unavailable:
        return


@dataclass(frozen=True)
class Registered:
    """A company as the registry knows it, or as far as it is known."""

    juristic_id: str
    name: str
    name_en: str
    status: str
    profile: dict[str, Any]
    at: datetime | None

    @property
    def operating(self) -> bool | None:
        """Whether it may file; None while the registry has not said."""
        return self.status == dbd.OPERATING if self.status else None

    def director(self, title: str, given: str, family: str) -> str:
        """The director of this name, as the registry writes it; "" when there is none."""
        directors = str(self.profile.get("directors", "")).splitlines()
        return next((one for one in directors if dbd.same_name(title, given, family, one)), "")


def of_party(db: Session, applicant_id: UUID) -> Registered:
    """The company a party is; NotFound for a person."""
    return registered(organisations.of_party(db, applicant_id))


def registered(company: Organisation) -> Registered:
    """The same from its row."""
    return Registered(
        company.juristic_id,
        company.name_th,
        company.name_en,
        company.status,
        dict(company.profile or {}),
        company.profile_at,
    )


def must_operate(db: Session, citizen: CitizenSession, now: datetime) -> None:
    """Refuse for a company that the registry says is not operating; ask the registry again when its word is old.

    While the registry has not answered nobody is refused: the officer sees that it has not.
    """
    if citizen.party_kind is not ApplicantKind.ORGANISATION:
        return
    company = organisations.of_party(db, citizen.applicant_id)
    ask_registry(db, company.id, now)
    if registered(company).operating is False:
        raise Forbidden(
            "ทะเบียนของกรมพัฒนาธุรกิจการค้าบอกว่า %(name)s มีสถานะ “%(status)s” จึงยื่นคำขอไม่ได้"
            " ถ้าสถานะนี้ไม่ถูกต้อง ติดต่อกรมพัฒนาธุรกิจการค้า สายด่วน 1570 แล้วเข้าสู่ระบบใหม่"
            " ถ้าต้องการยื่นในนามตัวเอง เปลี่ยนได้ที่หน้า “ทำแทนใคร”",
            name=company.name_th,
            status=company.status,
        )
