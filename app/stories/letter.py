"""A decision against the applicant is told in a letter: numbered, drawn, sealed by the agency, kept for download."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, letters
from app.applications.decision_letter import Decision, document
from app.applications.models import Application
from app.catalogue.schema import Service, Text
from app.core import jobs
from app.core.clock import bangkok_date
from app.core.errors import Invalid, NotFound
from app.core.events import SYSTEM, Actor
from app.pdf import characters, issued, letter_data
from app.stories.house import House
from app.stories.sealing import sealed, stored


def order(db: Session, application_id: UUID) -> None:
    """Queue the letter, in the transaction of the decision."""
    jobs.enqueue(db, "draw_letter", application_id=str(application_id))


def must_be_printable(text: str) -> None:
    """Raise Invalid, before anything is decided, for words that the letter could not show letter by letter."""
    if lacking := characters.missing(text):
        raise Invalid(
            "หนังสือแจ้งพิมพ์ %(characters)s ไม่ได้ ให้ใช้อักษรไทย อักษรโรมัน หรือตัวเลขแทน สิ่งที่พิมพ์ไว้ยังอยู่ครบ",
            characters=characters.named(lacking),
        )


def draw(house: House, application_id: UUID) -> None:
    """Job: the letter about a refusal or a return for good. Same number and one file, however often it runs."""
    now = house.clock.now()
    with house.database.transaction() as db:
        application = cases.by_system(db, application_id)
        service = house.service(db, application.service_slug, application.service_version)
        row = letters.reserve(db, application, now)
        if row.file_digest is not None:
            return
        decision, on = application.decision or {}, bangkok_date(row.issued_at)
        told = says(house, application, service, decision, row.number, on, row.appeal_by)
        agency_code = application.agency_code
    form = stored(house, sealed(house, agency_code, document(told), now), now, signed=True)
    with house.database.transaction() as db:
        application = cases.by_system(db, application_id)
        actor = Actor(SYSTEM.kind, None, SYSTEM.name, application.applicant_id)
        if letters.attach(db, application, form.digest, actor, now):
            issued.keep(db, form, "letter", cases.stream(application_id), now)


def says(
    house: House,
    application: Application,
    service: Service,
    decision: Mapping[str, Any],
    number: str,
    on: date,
    appeal_by: date,
) -> Decision:
    """What the letter about a decision says, signed already or only prepared: the officer reads the same words."""
    agency = house.agency(application.agency_code)
    refused = "ground" in decision
    return Decision(
        id=str(application.id),
        number=number,
        on=on,
        agency=agency.name.th,
        address=agency.address.th,
        phone=agency.phone,
        applicant=application.applicant_name,
        service=service.name.th,
        application=application.number,
        filed_on=bangkok_date(application.submitted_at),
        refused=refused,
        ground=Text.model_validate(decision["ground"]).th if refused else "",
        law=Text.model_validate(decision["law"]).th if refused else "",
        explanation=str(decision["explanation"]),
        appeal=Text.model_validate(decision["appeal"]).th,
        appeal_law=Text.model_validate(decision["appeal_law"]).th,
        appeal_by=appeal_by,
        signer=str(decision["officer"]),
        position=str(decision["position"]),
        case_url=f"{house.settings.base_url}/track/{application.number.replace(' ', '-')}",
        schema_url=letter_data.place(house.settings.base_url),
    )


def of_mine(db: Session, applicant_id: UUID, application_id: UUID) -> tuple[str, str]:
    """Number and file (sha256 hex) of the letter about my application. Raises NotFound until it is there."""
    cases.of_applicant(db, applicant_id, application_id)
    letter = letters.of_application(db, application_id)
    if letter is None or letter.file_digest is None:
        raise NotFound
    return letter.number, issued.newest(db, letter.file_digest)
