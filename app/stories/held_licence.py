"""An issued licence in an officer's hands: how it stands, what is under way, what the law and their duties allow."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases
from app.applications.models import Application
from app.catalogue.lives import LifeLaw, Order
from app.catalogue.schema import Service
from app.core.errors import Conflict, NotFound
from app.core.events import Actor
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.licences import life, matters
from app.licences.life import Action, By, Standing, Step
from app.licences.matters import Powers, Sitting
from app.licences.models import Licence, Matter
from app.stories import desk
from app.stories.house import House


@dataclass(frozen=True)
class Held:
    """A licence of this officer's agency: how it stands, what is under way, and what this officer can do now."""

    licence: Licence
    application: Application
    service: Service
    law: LifeLaw | None
    matter: Matter | None
    standing: Standing
    choices: tuple[tuple[Action, Step], ...]
    sitting: Sitting

    def order(self, action: Action) -> Order:
        """What the law wants for an act. Raises Conflict when it does not know it."""
        found = self.law.orders.get(action) if self.law else None
        if found is None:
            raise Conflict("กฎหมายของงานบริการนี้ไม่มีคำสั่งแบบนี้")
        return found

    @property
    def continues(self) -> bool:
        """Whether something is under way that the next act would finish or drop."""
        return self.matter is not None


def powers(law: LifeLaw | None) -> Powers:
    """What a law of the catalogue lets officers do, as the table asks for it."""
    orders = law.orders if law else {}
    return Powers(
        lawful=frozenset(Action(name) for name in orders),
        two_hands=frozenset(Action(name) for name, order in orders.items() if order.two_hands),
        heard_first=frozenset(Action(name) for name, order in orders.items() if order.hearing_days),
    )


def roles(officer: OfficerSession) -> frozenset[By]:
    """Duties as the table's roles."""
    known = {Duty.CHECK: By.CHECKER, Duty.APPROVE: By.APPROVER}
    return frozenset(role for duty, role in known.items() if duty in officer.duties)


def held(
    db: Session, house: House, officer: OfficerSession, licence_id: UUID, now: datetime, *, lock: bool = False
) -> Held:
    """The issued licence, if the application behind it lies within the officer's reach; else NotFound."""
    licence = matters.locked(db, licence_id) if lock else db.get(Licence, licence_id)
    if licence is None or licence.issued_at is None:
        raise NotFound
    application = cases.at_desk(db, desk.reach(officer), licence.application_id)
    law = house.catalogue.lives.get(licence.service_slug)
    matter = matters.under_way(db, licence_id)
    actor = Actor("officer", officer.officer_id, officer.name, licence.applicant_id)
    sitting = Sitting(roles(officer), actor, powers(law))
    at = matters.standing(licence, now)
    facts = matters.facts(licence, matter, sitting.powers, officer.officer_id, now)
    return Held(
        licence=licence,
        application=application,
        service=house.service(db, licence.service_slug, licence.service_version),
        law=law,
        matter=matter,
        standing=at,
        choices=tuple(life.choices(at, sitting.by, facts)),
        sitting=sitting,
    )
