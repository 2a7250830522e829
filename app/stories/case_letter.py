"""Letters about a case that is still open: the deficiency notice, signed by both sides, and each notice of delay.

Numbered in the transaction of the act, drawn and sealed by a job, told in the inbox, handed out to the applicant, to
the officers of the case and (of delays) to who receives the copies of the law.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import case_letters, cases, deficiency_letter, delay_letter
from app.applications.case_letters import CaseLetter, Says
from app.applications.deficiency_letter import Acknowledged, Deficiency
from app.applications.delay_letter import Delay
from app.applications.models import Application, DeficiencyItem, DeficiencyNotice
from app.catalogue.schema import Service
from app.core import jobs
from app.core.clock import bangkok_date
from app.core.errors import NotFound
from app.core.events import SYSTEM, record
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.notices import inbox
from app.pdf import issued, letter_data
from app.pdf.whole import Document
from app.stories.house import House
from app.stories.sealing import sealed, stored


def of_deficiencies(
    db: Session,
    house: House,
    application: Application,
    service: Service,
    notice: DeficiencyNotice,
    items: Sequence[DeficiencyItem],
    now: datetime,
) -> CaseLetter:
    """The record of everything missing, as its officer signs it now (Licensing Facilitation Act s.8)."""
    named = {("answer", question.key): question.name.th for question in service.questions}
    named |= {("document", use.key): use.document.name.th for use in service.documents}
    agency = house.agency(application.agency_code)
    says = Deficiency(
        agency=agency.name.th,
        address=agency.address.th,
        phone=agency.phone,
        applicant=application.applicant_name,
        service=service.name.th,
        manual=service.version,
        application=application.number,
        filed_on=bangkok_date(application.submitted_at).isoformat(),
        items=tuple((named[item.kind, item.key], item.reason, item.instruction) for item in items),
        message=notice.message,
        mend_by=notice.mend_by.isoformat(),
        appeal=service.appeal.text.th,
        appeal_law=service.appeal.law.th,
        signer=notice.officer_name,
        position=notice.officer_position,
        signed_at=now.isoformat(),
        url=_track(house, application),
    )
    made = _ordered(db, case_letters.reserve(db, application, Says.DEFICIENCY, says.kept(), now))
    href, day = f"/applications/{application.id}/deficiency", notice.mend_by.isoformat()
    inbox.tell(db, application.applicant_id, "deficiency", now, href=href, reference=application.number, day=day)
    return made


def of_delay(
    db: Session, house: House, application: Application, service: Service, by: tuple[str, str] | None, now: datetime
) -> CaseLetter:
    """Why it takes longer, as the application holds it (s.10). `by`: name and position of who says so now.

    Without `by` it is told again: by whoever told it last, else in the name of who signs for the agency.
    """
    agency = house.agency(application.agency_code)
    before = [one for one in case_letters.of_application(db, application.id) if one.says is Says.DELAY]
    last = delay_letter.again(before[-1].content) if before else None
    signer, position = by or ((last.signer, last.position) if last else (agency.signer.th, ""))
    says = Delay(
        agency=agency.name.th,
        address=agency.address.th,
        phone=agency.phone,
        applicant=application.applicant_name,
        service=service.name.th,
        application=application.number,
        filed_on=bangkok_date(application.submitted_at).isoformat(),
        due_on=(application.due_on or bangkok_date(now)).isoformat(),
        count=len(before) + 1,
        reason=application.delay_reason,
        until=application.delay_until.isoformat() if application.delay_until else "",
        complaints=agency.complaints.name.th,
        signer=signer,
        position=position,
        url=_track(house, application),
    )
    made = _ordered(db, case_letters.reserve(db, application, Says.DELAY, says.kept(), now))
    href = f"/forms/{application.single_form_id}/track"
    inbox.tell(db, application.applicant_id, "delay", now, href=href, reference=application.number)
    return made


def _track(house: House, application: Application) -> str:
    return f"{house.settings.base_url}/track/{application.number.replace(' ', '-')}"


def _ordered(db: Session, made: CaseLetter) -> CaseLetter:
    jobs.enqueue(db, "draw_case_letter", letter_id=str(made.id))
    return made


def countersign(db: Session, citizen: CitizenSession, application_id: UUID, now: datetime) -> CaseLetter | None:
    """The applicant's side signs the deficiency notice: the same record is drawn once more, with both names."""
    cases.of_applicant(db, citizen.applicant_id, application_id, lock=True)
    letter = case_letters.deficiency(db, application_id)
    if letter is None:  # returned before these letters were drawn
        return None
    by = {"name": citizen.name_for, "ial": str(citizen.ial)}
    if case_letters.countersign(db, letter, by, sessions.actor(citizen), now):
        _ordered(db, letter)
    return letter


def draw(house: House, letter_id: UUID) -> None:
    """Job: the file of a letter as it is signed by then. One for each state of it, however often this runs."""
    now = house.clock.now()
    with house.database.transaction() as db:
        row = db.get_one(CaseLetter, letter_id)
        both = row.countersigned_at is not None
        if _there(row, both=both) or not row.content:
            return
        says = document(row, letter_data.place(house.settings.base_url))
        agency_code = row.agency_code
    form = stored(house, sealed(house, agency_code, says, now), now, signed=True)
    with house.database.transaction() as db:
        row = case_letters.locked(db, letter_id)
        if _there(row, both=both) or not row.content:
            return
        if both:
            row.countersigned_digest = form.digest
        else:
            row.file_digest = form.digest
        of = cases.stream(row.application_id)
        about = {"number": row.number, "says": str(row.says), "sha256": form.digest}
        record(db, of, "application.letter", SYSTEM, now, subject=row.application_id, **about)
        issued.keep(db, form, "letter", of, now)


def _there(row: CaseLetter, *, both: bool) -> bool:
    return (row.countersigned_digest if both else row.file_digest) is not None


def document(row: CaseLetter, schema_url: str) -> Document:
    """The letter in the words that were kept."""
    id_, on = str(row.id), bangkok_date(row.issued_at)
    if row.says is Says.DELAY:
        return delay_letter.document(id_, row.number, on, delay_letter.again(row.content), schema_url)
    signed = None
    if row.countersigned_at is not None and row.countersigned_by is not None:
        signed = Acknowledged(row.countersigned_by["name"], row.countersigned_by["ial"], row.countersigned_at)
    return deficiency_letter.document(id_, row.number, on, deficiency_letter.again(row.content), signed, schema_url)


def _file(db: Session, letters: Sequence[CaseLetter], letter_id: UUID) -> tuple[str, str]:
    letter = next((one for one in letters if one.id == letter_id), None)
    if letter is None or letter.handed_out is None:
        raise NotFound
    return letter.number, issued.newest(db, letter.handed_out)


def of_mine(db: Session, applicant_id: UUID, application_id: UUID, letter_id: UUID) -> tuple[str, str]:
    """Number and file (sha256 hex) of a letter about my application. Raises NotFound until it is there."""
    cases.of_applicant(db, applicant_id, application_id)
    return _file(db, case_letters.of_application(db, application_id), letter_id)


def of_case(db: Session, application_id: UUID, letter_id: UUID) -> tuple[str, str]:
    """The same for an officer who has the case before them."""
    return _file(db, case_letters.of_application(db, application_id), letter_id)
