"""An agency keeps a case past its period for a reason, and reads what people ask about their data, on record."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.catalogue.schema import Text
from app.core.errors import Invalid
from app.core.thai import clean
from app.identity import sessions
from app.identity.sessions import OfficerSession
from app.privacy import access, requests
from app.privacy.access import About, Viewer
from app.privacy.models import SubjectRequest, ViewerKind
from app.stories.house import House

REQUEST = {"request": Text(th="คำขอเรื่องข้อมูลของคุณ", en="Your request about your data")}
ANSWERING = Text(th="ตอบคำขอเรื่องข้อมูลของคุณ", en="Answering your request about your data")


def hold(db: Session, officer: OfficerSession, number: str, reason: str, now: datetime) -> None:
    """Keep a case of my agency, found by its number. Raises Invalid."""
    found = db.execute(
        select(Application.id, Application.number).where(
            Application.number == clean(number), Application.agency_code == officer.agency_code
        )
    ).first()
    if found is None:
        raise Invalid(problems={"number": "ไม่พบเลขคำขอนี้ในหน่วยงานของคุณ ตรวจเลขแล้วลองใหม่"})
    requests.hold(db, found.id, found.number, officer.agency_code, reason, sessions.actor(officer), now)


def request_seen(db: Session, house: House, officer: OfficerSession, row: SubjectRequest, now: datetime) -> None:
    """The data-protection officer read a request: its person sees that."""
    viewer = Viewer(
        ViewerKind.OFFICER,
        officer.agency_code,
        house.agency(officer.agency_code).name,
        Text(th=officer.position, en=officer.position_en),
        officer.officer_id,
    )
    access.record_view(db, row.person_id, viewer, REQUEST, ANSWERING, now, about=About(reference=row.number))
