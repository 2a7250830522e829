"""An officer says by what a case may be decided though the portal does not have the licence it rests on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, supports
from app.applications.supports import SupportCheck
from app.core.errors import Conflict, Invalid
from app.identity.sessions import OfficerSession
from app.stories import desk, resting
from app.stories.house import House
from app.stories.review import SHORTEST_REASON

SEEN = "seen"
"""What an officer chooses who saw the licence elsewhere; the other choices are the grounds of the catalogue."""


def confirm(
    db: Session,
    house: House,
    officer: OfficerSession,
    application_id: UUID,
    revision: int,
    key: str,
    basis: str,
    note: str,
    now: datetime,
) -> None:
    """The officer who holds the case saw the licence elsewhere, or names the ground on which the law spares it.

    Invalid without a basis and reasons. Where nothing is lacking (any more) nothing is kept.
    """
    application = cases.at_desk(db, desk.reach(officer), application_id, lock=True)
    cases.stale(application, revision)
    if application.taken_by != officer.officer_id:
        raise Conflict("รับเรื่องนี้ก่อน จึงบันทึกข้อนี้ได้")
    if application.closed_at is not None:
        raise Conflict("เรื่องนี้จบไปแล้ว ไม่ต้องบันทึกข้อนี้อีก")
    service = house.service(db, application.service_slug, application.service_version)
    resting_on = resting.of_case(db, house, application, service, now)
    needed = next((one for one in resting_on if one.key == key and one.lacking), None)
    if needed is None:
        return
    ground = next((one for one in needed.need.without if one.key == basis), None)
    problems = {}
    if ground is None and basis != SEEN:
        problems["support_basis"] = "เลือกว่าพิจารณาได้เพราะอะไร"
    if len(note) < SHORTEST_REASON:
        problems["support_note"] = "บอกว่าเห็นจากอะไร หรือเหตุผลในเรื่องนี้ อย่างน้อย 10 ตัวอักษร"
    if problems:
        raise Invalid(problems=problems)
    check = SupportCheck(
        application_id=application.id,
        service_slug=needed.key,
        ground={"key": ground.key, "text": ground.text.model_dump(), "law": ground.law.model_dump()}
        if ground
        else None,
        note=note,
        officer_id=officer.officer_id,
        officer_name=f"{officer.name} {officer.position}",
        at=now,
    )
    supports.keep(db, application, check, desk.actor(officer, application))
