"""Two hands: one officer proposes, another signs exactly that or sends it back. One person is never both."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import checking
from app.applications.models import Application
from app.applications.workflow import Action
from app.core.errors import Invalid
from app.identity.sessions import OfficerSession
from app.stories.house import House
from app.stories.review import SHORTEST_REASON, Said, act, approval, delay_of, hand_on, mine_to_decide, refusal


def propose(
    db: Session,
    house: House,
    officer: OfficerSession,
    application_id: UUID,
    revision: int,
    action: Action,
    said: Said,
    now: datetime,
) -> None:
    """The first hand: what the decision shall say, whole. The case goes on to a colleague who may sign."""
    application = mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    content = approval(said) if action is Action.PROPOSE_APPROVAL else refusal(service, said)
    delay = delay_of(db, application, service, said, now)
    act(db, house, officer, application, service, action, now)
    application.proposal = content | {"officer": officer.name, "position": officer.position}
    application.proposed_at, application.proposed_by = now, officer.officer_id
    application.delay_reason = delay or application.delay_reason
    hand_on(db, house, officer, application, service, now)


def send_back(
    db: Session, house: House, officer: OfficerSession, application_id: UUID, revision: int, said: Said, now: datetime
) -> None:
    """The second hand does not sign: the case goes back to whoever proposed, with the reason as an internal note."""
    application = mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    if len(said.message.strip()) < SHORTEST_REASON:
        raise Invalid(problems={"message": "บอกผู้เสนอว่าต้องแก้อะไร อย่างน้อย 10 ตัวอักษร"})
    maker = application.proposed_by
    act(db, house, officer, application, service, Action.SEND_BACK, now)
    checking.note(db, application.id, officer.officer_id, officer.name, said.message, now)
    _forget(application)
    application.taken_by, application.taken_at = maker, now


def recall(
    db: Session, house: House, officer: OfficerSession, application_id: UUID, revision: int, now: datetime
) -> None:
    """The first hand takes the proposal back before it is signed, to propose anew."""
    application = mine_to_decide(db, officer, application_id, revision)
    service = house.service(db, application.service_slug, application.service_version)
    act(db, house, officer, application, service, Action.RECALL, now)
    _forget(application)


def _forget(application: Application) -> None:
    application.proposal = application.proposed_at = application.proposed_by = None
