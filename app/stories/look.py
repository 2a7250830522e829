"""An officer looks at a person's data, and the person can see it: written in the transaction that shows it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications.form_models import SingleForm
from app.applications.models import Application
from app.catalogue.schema import Service, Text
from app.core.errors import NotFound
from app.identity import people
from app.identity.sessions import OfficerSession
from app.privacy import access
from app.privacy.access import About, Viewer
from app.privacy.models import ViewerKind
from app.stories.house import House

CASE = Text(th="ตรวจและพิจารณาคำขอ", en="Examining the application")
DOCUMENT = Text(th="ตรวจเอกสารของคำขอ", en="Examining a document of the application")
LETTER = {"letter": Text(th="หนังสือถึงผู้ยื่น", en="A letter to the applicant")}
COPY = Text(th="รับสำเนาหนังสือแจ้งเหตุล่าช้าตามกฎหมาย", en="Receiving the copy of a notice of delay that the law asks for")
OPDC = Text(th="สำนักงาน ก.พ.ร.", en="Office of the Public Sector Development Commission (OPDC)")
"""Whoever reports on every agency and is none of the catalogue's."""
JUST_BEFORE = timedelta(minutes=10)
"""How long an opened document may lie on an officer's screen before its pictures count as another look."""


def recorded(
    db: Session,
    house: House,
    officer: OfficerSession,
    application: Application,
    what: Mapping[str, Text],
    purpose: Text,
    now: datetime,
) -> None:
    """Write who saw what of whom."""
    viewer = Viewer(
        ViewerKind.OFFICER,
        officer.agency_code,
        agency.name if (agency := house.catalogue.agencies.get(officer.agency_code)) else OPDC,
        Text(th=officer.position, en=officer.position_en),
        officer.officer_id,
    )
    about = About(application.id, application.number)
    access.record_view(db, person_behind(db, application), viewer, what, purpose, now, about=about)


def person_behind(db: Session, application: Application) -> UUID:
    """Whose personal data a case holds: the applicant's; of a company, the human being who sent it."""
    try:
        return people.person_of(db, application.applicant_id)
    except NotFound:
        form = db.get_one(SingleForm, application.single_form_id)
        return form.submitted_by or form.started_by


def at_picture(
    db: Session, house: House, officer: OfficerSession, application: Application, key: str, name: Text, now: datetime
) -> None:
    """Write that an officer saw a page of document `key`, unless its opening was written down just before."""
    if not access.seen(db, officer.officer_id, application.id, key, now - JUST_BEFORE):
        recorded(db, house, officer, application, {key: name}, DOCUMENT, now)


def personal(service: Service, application: Application) -> dict[str, Text]:
    """The personal answers that a case page shows, by key, with their labels."""
    shown = {q.key: q.name for q in service.questions if q.personal and q.key in application.answers}
    return shown or {"name": Text(th="ชื่อผู้ยื่น", en="Name of the applicant")}
