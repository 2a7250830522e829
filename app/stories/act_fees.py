"""An act on an issued licence that costs something: billed when it is signed, done when it is paid.

The fee is that of the service in force on the day of signing. What stands on the bill belongs to the application that
the licence came from, so that payer, receipt and books are as for any other fee.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import deadlines
from app.applications.deadlines import Unit
from app.applications.models import Application
from app.billing import bills, replacing
from app.billing.bills import Item, Payee, Payer
from app.billing.models import Bill, BillStatus
from app.catalogue.charges import LaterFee
from app.core.clock import bangkok_date
from app.core.errors import Conflict
from app.core.events import Actor
from app.core.money import baht
from app.licences import matters
from app.licences.life import Action
from app.licences.models import Kind, Licence, LicenceEdition, Matter, Outcome
from app.notices import inbox
from app.stories import new_edition
from app.stories.house import House
from app.stories.pay_by import due_moment


def due(house: House, licence: Licence, action: Action) -> LaterFee | None:
    """What the act costs today; None when it costs nothing."""
    service = house.catalogue.services.get(licence.service_slug)
    fees: Iterable[LaterFee] = service.later_fees if service else ()
    return next((fee for fee in fees if fee.due_for == action and fee.amount), None)


def demand(
    db: Session, house: House, licence: Licence, matter: Matter, fee: LaterFee, actor: Actor, now: datetime
) -> None:
    """Bill what was signed; its holder reads what to pay and where."""
    application = db.get_one(Application, licence.application_id)
    service, agency = house.catalogue.services[licence.service_slug], house.agency(licence.agency_code)
    last_day = deadlines.days_after(bangkok_date(now), service.payment.n, Unit(service.payment.unit))
    item = Item(application.id, agency.code, service.slug, fee.name.th, fee.name.en, fee.source.th, satang=fee.amount)
    bill = bills.issue(
        db,
        payee=Payee(agency.code, agency.name.th, agency.name.en, agency.biller_id),
        payer=Payer(licence.applicant_id, licence.holder),
        items=[item],
        due_at=due_moment(last_day),
        actor=actor,
        now=now,
    )
    matter.bill_id = bill.id
    db.flush()
    told = {"number": licence.number, "baht": baht(bill.amount_satang)}
    inbox.tell(db, licence.applicant_id, "licence_act_to_pay", now, href=f"/bills/{bill.id}", **told)


def must_be_paid(db: Session, licence_id: UUID) -> None:
    """Conflict while an act that was signed waits for its fee: one thing at a time."""
    if to_pay(db, licence_id) is not None:
        raise Conflict("ใบนี้มีค่าธรรมเนียมของเรื่องก่อนหน้ารอชำระอยู่ ชำระหรือรอให้ใบแจ้งพ้นกำหนดก่อน แล้วทำรายการนี้อีกครั้ง")


def to_pay(db: Session, licence_id: UUID) -> Bill | None:
    """The open bill of an act that was signed, as it stands after bills were combined."""
    owed = select(Bill).join(Matter, Matter.bill_id == Bill.id)
    found = db.scalars(owed.where(Matter.licence_id == licence_id).order_by(Bill.issued_at)).all()
    standing = (replacing.heir(db, bill) or bill for bill in found if bill.status in {BillStatus.OPEN, BillStatus.VOID})
    return next((bill for bill in standing if bill.status is BillStatus.OPEN), None)


def paid(db: Session, bill: Bill, now: datetime) -> None:
    """Whatever was signed and waited for this bill, or for one whose place it took, is made. Once, however often."""
    waited = [bill.id, *(one.id for one in replacing.predecessors(db, bill))]
    done = Matter.bill_id.in_(waited), Matter.outcome == Outcome.DONE
    for matter in db.scalars(select(Matter).where(*done).order_by(Matter.id)).all():
        licence = matters.locked(db, matter.licence_id)
        made = select(LicenceEdition.id).where(LicenceEdition.matter_id == matter.id)
        if db.scalar(made) is None:
            order(db, licence, matter, now)


def edition(action: Action, said: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]]:
    """What kind of edition an act orders, and what it says otherwise."""
    if action is Action.AMEND:
        return Kind.AMENDED, {said["key"]: said["value"]}
    return Kind.SUBSTITUTE, {}


def order(db: Session, licence: Licence, matter: Matter, now: datetime) -> None:
    """Have the edition made that was signed."""
    kind, amended = edition(matter.action, matter.said)
    new_edition.order(db, licence, matter, kind, amended, str(matter.said.get("known_by", "")), now)


def fall_away(db: Session, licence: Licence, actor: Actor, now: datetime) -> None:
    """The licence is gone: what was not paid for an act on it is owed no more."""
    if (owed := to_pay(db, licence.id)) is not None:
        replacing.without(db, owed.id, licence.application_id, "licence_gone", actor, now, though_checked=True)
