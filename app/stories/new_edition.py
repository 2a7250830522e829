"""A new edition of a licence: ordered with an officer's signature, drawn and sealed by a job, then in force.

The number stays, the verification code is new: whoever scans an earlier edition reads that it was replaced.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.core import events, jobs
from app.core.errors import Conflict
from app.core.events import SYSTEM, Actor
from app.core.thai import thai_digits
from app.licences import document as licence_document
from app.licences import editions, matters, schema
from app.licences import service as licences
from app.licences.document import Content
from app.licences.models import Kind, Licence, LicenceDocument, LicenceEdition, Matter, Status
from app.notices import inbox
from app.pdf import confirming
from app.stories import issue
from app.stories.house import House
from app.stories.sealing import Unfit, evidence, sealed

MARKS = {Kind.AMENDED: "ฉบับแก้ไขข้อมูล", Kind.SUBSTITUTE: "ใบแทน"}


def order(
    db: Session, licence: Licence, matter: Matter, kind: Kind, answers: Mapping[str, Any], premises: str, now: datetime
) -> LicenceEdition:
    """Reserve the next edition and have it drawn. `answers`: what changes; everything that changed before stays so.

    The caller has asked `must_be_made` before it wrote anything.
    """
    last = editions.issued(db, licence.id)[-1]
    made = LicenceEdition(
        licence_id=licence.id,
        number=last.number + 1,
        code=licences.new_code(),
        kind=kind,
        matter_id=matter.id,
        holder=licence.holder,
        premises=premises or licence.premises,
        answers={**last.answers, **answers},
        ordered_at=now,
    )
    db.add(made)
    db.flush()
    jobs.enqueue(db, "issue_edition", edition_id=str(made.id))
    return made


def must_be_made(db: Session, licence_id: UUID) -> None:
    """Conflict while an edition is still being made: the next would not say what it changed, and be overtaken by it."""
    if db.scalar(select(exists().where(LicenceEdition.licence_id == licence_id, LicenceEdition.issued_at.is_(None)))):
        raise Conflict("ระบบยังจัดทำฉบับก่อนหน้าของใบนี้อยู่ รอสักครู่ แล้วทำรายการนี้อีกครั้ง")


def draw(house: House, edition_id: UUID) -> None:
    """Job: the signed document of an edition, which then is in force. One, however often and wherever this dies.

    Nothing is issued of a licence that does not hold any more. Raises as sealing does; the job is tried again.
    """
    now = house.clock.now()
    with house.database.transaction() as db:
        edition = db.get_one(LicenceEdition, edition_id)
        licence = db.get_one(Licence, edition.licence_id)
        if edition.issued_at is not None or licence.status is not Status.VALID:
            return
        application = db.get_one(Application, licence.application_id)
        service = house.service(db, licence.service_slug, licence.service_version)
        before, _ = licences.neighbours(db, licence)
        number = before.number if before else ""
        says = _says(house, edition, issue.content(house, application, service, licence, edition.answers, number))
    if service.licence is None:
        raise Unfit("a service without a document has no editions")
    if faults := schema.faults(licence_document.xml(says), service.licence):
        raise Unfit("; ".join(faults))
    fit = sealed(house, licence.agency_code, licence_document.document(says), now)
    proof = confirming.confirm(fit.data, [house.trust_roots], now)
    digest = house.files.put(fit.data)
    signed = licences.Signed(
        digest=digest,
        size=len(fit.data),
        signed_at=now,
        signer=proof.certificate.subject,
        certificate_serial=proof.certificate.serial,
        certificate_fingerprint=proof.certificate.fingerprint,
        timestamped=True,
        checked=evidence(fit, proof),
    )
    with house.database.transaction() as db:
        _in_force(db, edition_id, signed, now)


def _says(house: House, edition: LicenceEdition, whole: Content) -> Content:
    """The licence's own words, with what it is in its title; the page of its code says what it takes the place of."""
    code, mark = licences.written(edition.code), MARKS[edition.kind]
    return replace(
        whole,
        id=str(edition.id),
        code=code,
        title=f"{whole.title} ({mark} ฉบับที่ {thai_digits(str(edition.number))})",
        verify_url=f"{house.settings.base_url}/verify/{code}",
    )


def _in_force(db: Session, edition_id: UUID, signed: licences.Signed, now: datetime) -> None:
    edition = db.get_one(LicenceEdition, edition_id)
    licence = matters.locked(db, edition.licence_id)
    db.refresh(edition)
    if edition.issued_at is not None or licence.status is not Status.VALID:
        return
    newest = licences.document(db, licence.id).form
    edition.issued_at = now
    licence.code, licence.premises = edition.code, edition.premises
    licence.revision += 1
    db.flush()
    db.add(LicenceDocument(licence_id=licence.id, form=newest + 1, edition=edition.number, **vars(signed)))
    actor = Actor(SYSTEM.kind, None, SYSTEM.name, licence.applicant_id)
    facts = {"number": licence.number, "edition": edition.number, "sha256": signed.digest}
    events.record(
        db, matters.stream(licence.id), "licence.new_edition", actor, now, subject=licence.id,
        kind_of_edition=str(edition.kind), certificate=signed.certificate_serial, checked=signed.checked, **facts,
    )  # fmt: skip
    inbox.tell(
        db, licence.applicant_id, "licence_new_edition", now, href=f"/licences/{licence.id}", number=licence.number
    )
