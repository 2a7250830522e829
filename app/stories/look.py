"""An officer looks at a person's data, and the person can see it: written in the transaction that shows it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.applications.models import Application
from app.catalogue.schema import Service, Text
from app.identity import people
from app.identity.sessions import OfficerSession
from app.privacy import access
from app.privacy.access import About, Viewer
from app.privacy.models import ViewerKind
from app.stories.house import House

CASE = Text(th="ตรวจและพิจารณาคำขอ", en="Examining the application")
DOCUMENT = Text(th="ตรวจเอกสารของคำขอ", en="Examining a document of the application")


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
        house.agency(officer.agency_code).name,
        Text(th=officer.position, en=officer.position_en),
        officer.officer_id,
    )
    about = About(application.id, application.number)
    access.record_view(db, people.person_of(db, application.applicant_id), viewer, what, purpose, now, about=about)


def personal(service: Service, application: Application) -> dict[str, Text]:
    """The personal answers that a case page shows, by key, with their labels."""
    shown = {q.key: q.name for q in service.questions if q.personal and q.key in application.answers}
    return shown or {"name": Text(th="ชื่อผู้ยื่น", en="Name of the applicant")}
