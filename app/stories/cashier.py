"""The cash desk: money that fits nothing gets its end, by a cashier of the agency whose account it came to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications.models import Application
from app.billing import bills, fee_returns, held
from app.billing.fee_returns import Owed
from app.billing.held import Held
from app.billing.models import Bill, Payment, Refund
from app.catalogue.schema import Text
from app.core.events import Actor
from app.core.thai import clean
from app.identity import signed_in
from app.identity.signed_in import OfficerSession
from app.stories import look, pay
from app.stories.house import House

PURPOSE = Text(th="จัดการเงินที่ไม่ตรงใบแจ้งชำระ", en="Settling money that fits no bill")
SEEN = Text(th="ชื่อผู้ชำระและใบแจ้งชำระ", en="Name of the payer and the bill")


@dataclass(frozen=True)
class Drawer:
    """Everything at the cash desk: to decide about, to give back, and still unconfirmed at the bank."""

    waiting: list[Held]
    to_return: list[Held]
    unconfirmed: list[Payment]
    fees: list[Owed]
    """Fees that go back, because nothing is given for them."""


def drawer(db: Session, house: House, officer: OfficerSession) -> Drawer:
    """What lies at this officer's agency."""
    account = _account(house, officer)
    return Drawer(
        held.waiting(db, account),
        held.to_return(db, account),
        held.unconfirmed(db, account),
        fee_returns.waiting(db, account),
    )


@dataclass(frozen=True)
class Matter:
    """One payment with what is known of it, and the bills it may pay."""

    held: Held
    fitting: list[Bill]
    services: dict[UUID, tuple[Text, ...]]
    """What each of those bills is for."""
    application: Application | None
    """The application whose bill it named."""


def matter(db: Session, house: House, officer: OfficerSession, payment_id: UUID, now: datetime) -> Matter:
    """One payment opened: that the cashier saw whose it may be is on that person's record. Raises NotFound."""
    found = held.find(db, _account(house, officer), payment_id)
    fitting = [] if found.decided else held.fitting(db, found, now)
    application = _application(db, found.bill)
    for case in filter(None, [application, *(_application(db, bill) for bill in fitting)]):
        look.recorded(db, house, officer, case, {"payer_name": SEEN}, PURPOSE, now)
    return Matter(found, fitting, {bill.id: _services(db, house, bill) for bill in fitting}, application)


def _services(db: Session, house: House, bill: Bill) -> tuple[Text, ...]:
    slugs = dict.fromkeys(line.service_slug for line in bills.lines(db, bill.id))
    return tuple(house.catalogue.services[slug].short_name for slug in slugs)


def _application(db: Session, bill: Bill | None) -> Application | None:
    return db.get(Application, bills.lines(db, bill.id)[0].application_id) if bill is not None else None


def assign(db: Session, house: House, officer: OfficerSession, payment_id: UUID, bill_id: UUID, now: datetime) -> None:
    """Let the money pay a bill it fits; its applications move on as if the bank had said so."""
    if held.assign(db, _account(house, officer), payment_id, bill_id, _actor(officer), now):
        pay.is_paid(db, bill_id, now)


def refund(db: Session, house: House, officer: OfficerSession, payment_id: UUID, reason: str, now: datetime) -> Refund:
    """Decide that the money goes back, and tell the payer why."""
    account = _account(house, officer)
    return held.refund(db, account, payment_id, officer.agency_code, clean(reason), _actor(officer), now)


def returned(
    db: Session, house: House, officer: OfficerSession, payment_id: UUID, reference: str, now: datetime
) -> Refund:
    """Note the transfer that gave it back."""
    return held.returned(db, _account(house, officer), payment_id, clean(reference), _actor(officer), now)


def fee(db: Session, house: House, officer: OfficerSession, fee_id: UUID, now: datetime) -> Owed:
    """One fee to give back, opened: the look is on the payer's record. Raises NotFound."""
    found = fee_returns.find(db, _account(house, officer), fee_id)
    case = db.get_one(Application, found.fee.application_id)
    look.recorded(db, house, officer, case, {"payer_name": SEEN}, PURPOSE, now)
    return found


def fee_returned(
    db: Session, house: House, officer: OfficerSession, fee_id: UUID, reference: str, now: datetime
) -> None:
    """Note the transfer that gave a fee back."""
    fee_returns.returned(db, _account(house, officer), fee_id, clean(reference), _actor(officer), now)


def _account(house: House, officer: OfficerSession) -> str:
    return house.agency(officer.agency_code).biller_id


def _actor(officer: OfficerSession) -> Actor:
    who = signed_in.actor(officer)
    return Actor(who.kind, who.id, f"{officer.name} {officer.position}")
