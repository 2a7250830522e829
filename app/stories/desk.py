"""A case on an officer's desk: who may see it, what may be done with it now, and who has it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases
from app.applications.cases import AtDesk, Reach
from app.applications.deadlines import ClockEntry, LegalClock, Unit, working_days_after
from app.applications.models import Application, DeficiencyItem, DeficiencyNotice
from app.applications.queue import Hand
from app.applications.workflow import RULES, Action, By, State, actions
from app.billing import bills
from app.billing.models import Bill, BillStatus
from app.catalogue.schema import Service
from app.core.clock import bangkok_date
from app.core.events import Actor
from app.identity import officers, sessions
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.stories import resting
from app.stories.house import House
from app.stories.resting import Support

SOON_WORKING_DAYS = 3


def soon_after(now: datetime) -> date:
    """Whatever is due until this day is due soon."""
    return working_days_after(bangkok_date(now), SOON_WORKING_DAYS)


def reach(officer: OfficerSession) -> Reach:
    """What this officer can see at all."""
    return Reach(officer.officer_id, officer.agency_code, officer.office_code)


def roles(duties: Collection[Duty]) -> list[By]:
    """Duties as the workflow's roles."""
    return [role for duty, role in ((Duty.CHECK, By.CHECKER), (Duty.APPROVE, By.APPROVER)) if duty in duties]


def hand(house: House, officer: OfficerSession) -> Hand:
    """What this officer can move on by themselves, for choosing the next case."""
    two_hands = tuple(slug for slug, service in house.catalogue.services.items() if service.two_hands)
    return Hand(Duty.CHECK in officer.duties, Duty.APPROVE in officer.duties, two_hands)


def within_duties(officer: OfficerSession, action: Action) -> bool:
    """Whether any rule of the workflow lets an officer with these duties do `action`, in whatever state."""
    return any(rule.action is action and rule.by in roles(officer.duties) for rule in RULES)


def actor(officer: OfficerSession, application: Application) -> Actor:
    """The officer acting on someone's application."""
    who = sessions.actor(officer)
    return Actor(who.kind, who.id, f"{officer.name} {officer.position}", application.applicant_id)


def sitting(
    db: Session, house: House, officer: OfficerSession, application: Application, service: Service, now: datetime
) -> AtDesk:
    """The officer at a case: what the service and the licences it rests on let them do."""
    asked = application.state is State.ACCEPTED
    lacking = asked and any(one.lacking for one in resting.of_case(db, house, application, service, now))
    return AtDesk(officer.officer_id, service.two_hands, lacking)


@dataclass(frozen=True)
class Case:
    """A case as an officer sees it, with what may be done now."""

    application: Application
    service: Service
    clock: LegalClock
    notice: DeficiencyNotice | None
    items: tuple[DeficiencyItem, ...]
    bill: Bill | None
    actions: tuple[Action, ...]
    mine: bool
    proposer: str
    """Who proposes what waits for a second signature; "" when nothing does."""
    supports: tuple[Support, ...]
    """The other licences it rests on, while it is open."""

    @property
    def lacking(self) -> tuple[Support, ...]:
        """Those that must be there before it can be granted, and are not."""
        return tuple(one for one in self.supports if one.lacking)


def case(db: Session, house: House, officer: OfficerSession, application_id: UUID, now: datetime) -> Case:
    """The case at this officer's desk, else NotFound."""
    application = cases.at_desk(db, reach(officer), application_id)
    service = house.service(db, application.service_slug, application.service_version)
    notice = cases.deficiency(db, application.id)
    supports = resting.of_case(db, house, application, service, now) if application.closed_at is None else ()
    lacking = any(one.lacking for one in supports)
    given = cases.facts(db, application, now, AtDesk(officer.officer_id, service.two_hands, lacking))
    return Case(
        application,
        service,
        clock_of(db, application, service, now),
        notice,
        tuple(cases.deficiency_items(db, notice.id)) if notice else (),
        _bill(db, application),
        tuple(actions(application.state, roles(officer.duties), given)),
        application.taken_by == officer.officer_id,
        officers.name_of(db, application.proposed_by) if application.proposed_by else "",
        supports,
    )


def _bill(db: Session, application: Application) -> Bill | None:
    """Its own: the one that was paid, else the newest. An act on the licence that it became has others."""
    granted_at = application.closed_at if application.state is State.ISSUED else None
    found = bills.own(bills.of_application(db, application.id), granted_at)
    return next((bill for bill in found if bill.status is BillStatus.PAID), found[0] if found else None)


def clock_of(db: Session, application: Application, service: Service, now: datetime) -> LegalClock:
    """The legal clock of an application in its manual's unit."""
    return clock_from(cases.clock_entries(db, application.id), service, now)


def clock_from(entries: Sequence[ClockEntry], service: Service, now: datetime) -> LegalClock:
    """The same from movements that were read already (lists)."""
    return cases.clock(entries, service.duration.n, Unit(service.duration.unit), now)


def owner_name(db: Session, application: Application) -> str:
    """Who holds the case at the agency; "" when nobody took it."""
    return officers.name_of(db, application.taken_by) if application.taken_by else ""
