"""A new edition of a licence: ordered with an officer's signature, drawn and sealed by a job, then in force.

The number stays, the verification code is new: whoever scans an earlier edition reads that it was replaced.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.core import events, jobs
from app.core.db import new_id
from app.core.errors import Conflict
from app.core.events import SYSTEM, Actor
from app.core.failpoints import reach
from app.core.thai import thai_digits
from app.licences import document as licence_document
from app.licences import editions, matters, schema
from app.licences import service as licences
from app.licences.document import Content
from app.licences.life import Standing
from app.licences.models import Kind, Licence, LicenceDocument, LicenceEdition, Matter
from app.notices import inbox
from app.stories import act_bills, issue
from app.stories.house import House
from app.stories.sealing import Unfit

log = structlog.get_logger(__name__)

MARKS = {Kind.AMENDED: "ฉบับแก้ไขข้อมูล", Kind.SUBSTITUTE: "ใบแทน"}


def order(
    db: Session, licence: Licence, matter: Matter, kind: Kind, answers: Mapping[str, Any], premises: str, now: datetime
) -> LicenceEdition:
    """Reserve the next edition and have it drawn. `answers`: what changes; everything that changed before stays so.

    The caller has asked `must_be_made` before it wrote anything. One that could not be made gives its place away.
    """
    last = editions.issued(db, licence.id)[-1]
    in_vain = LicenceEdition.licence_id == licence.id, LicenceEdition.unfit != ""
    made = db.scalar(select(LicenceEdition).where(*in_vain).with_for_update())
    if made is None:
        made = LicenceEdition(id=new_id(), licence_id=licence.id, number=last.number + 1, holder=licence.holder)
        db.add(made)
    made.code, made.kind, made.matter_id, made.unfit = licences.new_code(), kind, matter.id, ""
    made.premises, made.answers, made.ordered_at = premises or licence.premises, {**last.answers, **answers}, now
    db.flush()
    jobs.enqueue(db, "issue_edition", edition_id=str(made.id))
    return made


def must_be_made(db: Session, licence_id: UUID) -> None:
    """Conflict while an edition is still being made: the next would not say what it changed, and be overtaken by it."""
    of_it = LicenceEdition.licence_id == licence_id, LicenceEdition.unfit == ""
    if db.scalar(select(exists().where(*of_it, LicenceEdition.issued_at.is_(None)))):
        raise Conflict("ระบบยังจัดทำฉบับก่อนหน้าของใบนี้อยู่ รอสักครู่ แล้วทำรายการนี้อีกครั้ง")


def draw(house: House, edition_id: UUID) -> None:
    """Job: the signed document of an edition, which then is in force. One, however often and wherever this dies.

    Nothing is issued of a licence that does not hold any more. Raises as sealing does; the job is tried again. What
    cannot be made at all is given up, so that the next one can be.
    """
    now = house.clock.now()
    try:
        _drawn(house, edition_id, now)
    except Unfit as why:
        log.exception("an edition could not be made", edition=str(edition_id))
        with house.database.transaction() as db:
            give_up(db, edition_id, str(why), now)


def give_up(db: Session, edition_id: UUID, why: str, now: datetime) -> None:
    """It cannot be made: the edition before stays in force, its holder reads so, and another can be asked for.

    What was paid for it goes back: asking again is billed again.
    """
    edition = db.get_one(LicenceEdition, edition_id)
    licence = matters.locked(db, edition.licence_id)
    db.refresh(edition)
    if edition.issued_at is not None or edition.unfit:
        return
    edition.unfit = why
    actor = Actor(SYSTEM.kind, None, SYSTEM.name, licence.applicant_id)
    events.record(
        db, matters.stream(licence.id), "licence.edition_unfit", actor, now, subject=licence.id,
        number=licence.number, edition=edition.number, why=why,
    )  # fmt: skip
    matter = db.get_one(Matter, edition.matter_id)
    if act_bills.give_back(db, licence, matter, act_bills.UNFIT, "licence_unfit_fee_back", actor, now):
        return
    href = f"/licences/{licence.id}"
    inbox.tell(db, licence.applicant_id, "licence_edition_unfit", now, href=href, number=licence.number)


def must_be_fit(db: Session, house: House, licence: Licence, kind: Kind, answers: Mapping[str, Any]) -> None:
    """Conflict when an edition with these words could not be made: nobody signs what will never be.

    It is asked before anything is written; what only drawing and sealing find out is `give_up`'s.
    """
    known = editions.issued(db, licence.id)[-1]
    edition = LicenceEdition(
        id=new_id(), number=known.number + 1, code=known.code, kind=kind, answers={**known.answers, **answers}
    )
    application = db.get_one(Application, licence.application_id)
    service = house.service(db, licence.service_slug, licence.service_version)
    before, _ = licences.neighbours(db, licence)
    whole = issue.content(house, application, service, licence, edition.answers, before.number if before else "")
    if service.licence is None or schema.faults(licence_document.xml(_says(house, edition, whole)), service.licence):
        raise Conflict("จัดทำใบด้วยข้อมูลนี้ไม่ได้ จึงยังไม่ได้ลงชื่อ แจ้งผู้ดูแลระบบ แล้วทำรายการนี้อีกครั้ง")


def _drawn(house: House, edition_id: UUID, now: datetime) -> None:
    with house.database.transaction() as db:
        edition = db.get_one(LicenceEdition, edition_id)
        licence = db.get_one(Licence, edition.licence_id)
        if edition.issued_at is not None or edition.unfit or not _holds(licence, now):
            return
        application = db.get_one(Application, licence.application_id)
        service = house.service(db, licence.service_slug, licence.service_version)
        before, _ = licences.neighbours(db, licence)
        number = before.number if before else ""
        says = _says(house, edition, issue.content(house, application, service, licence, edition.answers, number))
    if service.licence is None:
        raise Unfit("a service without a document has no editions")
    signed = issue.signed(house, licence.agency_code, says, service.licence, now)
    reach("edition.stored")
    with house.database.transaction() as db:
        db.info["failpoint"] = "edition"
        _in_force(db, edition_id, signed, now)


def _holds(licence: Licence, now: datetime) -> bool:
    """By the calendar, also where nobody wrote down yet that a suspension is over."""
    return matters.standing(licence, now) in {Standing.VALID, Standing.EXPIRED}


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
    if edition.issued_at is not None or not _holds(licence, now):
        return
    newest = licences.document(db, licence.id).form
    edition.issued_at, edition.unfit = now, ""
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
