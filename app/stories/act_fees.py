"""An act on an issued licence that costs something: billed when it is signed, done when it is paid.

The fee is that of the service in force on the day of signing. What stands on the bill belongs to the application that
the licence came from, so that payer, receipt and books are as for any other fee.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
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
from app.core import events, jobs
from app.core.clock import bangkok_date
from app.core.errors import Conflict
from app.core.events import SYSTEM, Actor
from app.core.money import baht
from app.licences import matters
from app.licences.life import Action, Standing
from app.licences.models import Kind, Licence, LicenceEdition, Matter
from app.licences.notice import Fee
from app.notices import inbox
from app.stories import act_bills, new_edition
from app.stories.house import House
from app.stories.pay_by import due_moment

GONE = (Standing.REVOKED, Standing.SURRENDERED)
UNPAID = "ไม่ได้ชำระค่าธรรมเนียมภายในกำหนด จึงไม่ออกฉบับใหม่"
"""Why nothing came of what was granted, as an agency would write it."""


def due(house: House, licence: Licence, action: Action) -> LaterFee | None:
    """What the act costs today; None when it costs nothing."""
    service = house.catalogue.services.get(licence.service_slug)
    fees: Iterable[LaterFee] = service.later_fees if service else ()
    return next((fee for fee in fees if fee.due_for == action and fee.amount), None)


def told(house: House, licence: Licence, action: Action, now: datetime) -> Fee | None:
    """What the letter of an act that is signed now says of its fee; None when it costs nothing."""
    fee = due(house, licence, action)
    return Fee(baht(fee.amount), fee.source.th, _last_day(house, licence, now)) if fee else None


def _last_day(house: House, licence: Licence, now: datetime) -> date:
    payment = house.catalogue.services[licence.service_slug].payment
    return deadlines.days_after(bangkok_date(now), payment.n, Unit(payment.unit))


def demand(
    db: Session, house: House, licence: Licence, matter: Matter, fee: LaterFee, actor: Actor, now: datetime
) -> None:
    """Bill what was signed; its holder reads what to pay and where."""
    application = db.get_one(Application, licence.application_id)
    service, agency = house.catalogue.services[licence.service_slug], house.agency(licence.agency_code)
    item = Item(application.id, agency.code, service.slug, fee.name.th, fee.name.en, fee.source.th, satang=fee.amount)
    bill = bills.issue(
        db,
        payee=Payee(agency.code, agency.name.th, agency.name.en, agency.biller_id),
        payer=Payer(licence.applicant_id, licence.holder),
        items=[item],
        due_at=due_moment(_last_day(house, licence, now)),
        actor=actor,
        now=now,
    )
    matter.bill_id = bill.id
    db.flush()
    facts = {"number": licence.number, "baht": baht(bill.amount_satang)}
    inbox.tell(db, licence.applicant_id, "licence_act_to_pay", now, href=f"/bills/{bill.id}", **facts)


def must_be_paid(db: Session, licence_id: UUID) -> None:
    """Conflict while an act that was signed waits for its fee: one thing at a time."""
    if act_bills.to_pay(db, licence_id) is not None:
        raise Conflict("ใบนี้มีค่าธรรมเนียมของเรื่องก่อนหน้ารอชำระอยู่ ชำระหรือรอให้ใบแจ้งพ้นกำหนดก่อน แล้วทำรายการนี้อีกครั้ง")


def wake(db: Session, bill: Bill) -> None:
    """A bill was paid or has expired: a job sees to whatever was signed and waited for it (`follow`).

    Not here, for whoever settles holds the bill, and every act on a licence locks that before its bills.
    """
    if act_bills.waiting(db, bill):
        jobs.enqueue(db, "follow_act", bill_id=str(bill.id))


def follow(house: House, bill_id: UUID) -> None:
    """Job: what was signed is made once it is paid, or falls away when it was not. Once, however often this runs."""
    now = house.clock.now()
    with house.database.transaction() as db:
        waited = [matter.id for matter in act_bills.waiting(db, db.get_one(Bill, bill_id))]
    for matter_id in waited:
        with house.database.transaction() as db:
            _followed(db, matter_id, now)


def _followed(db: Session, matter_id: UUID, now: datetime) -> None:
    matter = db.get_one(Matter, matter_id)
    licence = matters.locked(db, matter.licence_id)
    db.refresh(matter)
    bill = act_bills.standing(db, matter)
    if bill is None or db.scalar(select(LicenceEdition.id).where(LicenceEdition.matter_id == matter.id)) is not None:
        return
    actor = Actor(SYSTEM.kind, None, SYSTEM.name, licence.applicant_id)
    if bill.status is BillStatus.EXPIRED:
        _unpaid(db, licence, matter, actor, now)
    elif bill.status is not BillStatus.PAID or act_bills.gone_back(db, bill, licence):
        return
    elif matters.standing(licence, now) in GONE:
        act_bills.give_back(db, licence, matter, act_bills.GONE, "licence_fee_back", actor, now)
    else:
        new_edition.must_be_made(db, licence.id)
        matter.answer = ""
        order(db, licence, matter, now)


def _unpaid(db: Session, licence: Licence, matter: Matter, actor: Actor, now: datetime) -> None:
    """Nothing comes of what was signed, as its letter said; whoever held the bill reads so. Once."""
    if matter.answer:
        return
    matter.answer = UNPAID
    stream, facts = matters.stream(licence.id), {"number": licence.number, "act": str(matter.action)}
    events.record(db, stream, "licence.act_unpaid", actor, now, subject=licence.id, **facts)
    href = f"/licences/{licence.id}"
    inbox.tell(db, licence.applicant_id, "licence_act_unpaid", now, href=href, number=licence.number)


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
    """The licence is gone: what was not paid for an act on it is owed no more, what was paid for nothing goes back."""
    while (owed := act_bills.to_pay(db, licence.id)) is not None:
        replacing.without(db, owed.id, licence.application_id, "licence_gone", actor, now, though_checked=True)
    for matter in act_bills.unmade(db, licence.id):
        act_bills.give_back(db, licence, matter, act_bills.GONE, "licence_fee_back", actor, now)
