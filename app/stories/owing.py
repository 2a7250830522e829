"""A bill as its payer finds it: what it is for, whether to pay it now, and what became of money that came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases
from app.applications.models import Application
from app.applications.workflow import State
from app.billing import bills, fee_returns, held, payments, receipts, replacing
from app.billing.fees import Quote
from app.billing.held import Held
from app.billing.models import Bill, BillLine, BillStatus, FeeReturn, Payment, PaymentStatus, Receipt
from app.catalogue.schema import Service, Text
from app.stories.house import House

BillState = Literal["open", "waiting", "checking", "overdue", "paid", "expired", "replaced", "void"]


@dataclass(frozen=True)
class Owed:
    """One bill with everything its page says."""

    bill: Bill
    state: BillState
    lines: list[BillLine]
    applications: list[Application]
    services: list[Service]
    laws: dict[str, Text]
    """The law of each line in both languages, by its Thai words."""
    receipt: Receipt | None
    odd: list[Held]
    back: list[FeeReturn]
    """What of it goes back, because nothing is given for it any more."""
    announced_at: datetime | None
    disowned: bool
    closed: bool
    heir: Bill | None
    combines: int


def bill(
    db: Session, house: House, applicant_id: UUID, bill_id: UUID, now: datetime, *, says_paid: bool = False
) -> Owed:
    """My bill. `says_paid`: the person has paid, so nobody asks them again while the bank is silent."""
    found = bills.find(db, bill_id, applicant_id)
    lines = bills.lines(db, bill_id)
    ids = dict.fromkeys(line.application_id for line in lines)
    applications = [cases.of_applicant(db, applicant_id, application_id) for application_id in ids]
    came = payments.of_bill(db, found)
    state = _state(found, came, now, says_paid=says_paid)
    back = fee_returns.of_bill(db, bill_id)
    ended = {one.application_id for one in back}
    return Owed(
        bill=found,
        state=state,
        lines=lines,
        applications=applications,
        services=[house.service(db, one.service_slug, one.service_version) for one in applications],
        laws={line.law.th: line.law for one in applications for line in Quote.from_json(one.quote).lines},
        receipt=receipts.of_bill(db, bill_id),
        odd=held.of_bill(db, found),
        back=back,
        announced_at=next((p.received_at for p in came if p.status is PaymentStatus.PENDING), None),
        disowned=any(payment.status is PaymentStatus.DISOWNED for payment in came),
        closed=state == "paid" and any(one.state is State.LAPSED and one.id not in ended for one in applications),
        heir=replacing.heir(db, found),
        combines=len(_combinable(db, found, now)) if state == "open" else 0,
    )


def _state(found: Bill, came: Iterable[Payment], now: datetime, *, says_paid: bool) -> BillState:
    if found.status is BillStatus.PAID:
        return "paid"
    if any(payment.status is PaymentStatus.PENDING for payment in came):
        return "checking"
    if found.status is BillStatus.OPEN:
        return "overdue" if found.due_at <= now else "waiting" if says_paid else "open"
    if found.status is BillStatus.EXPIRED:
        return "expired"
    return "replaced" if found.replaced_by is not None else "void"


def _combinable(db: Session, found: Bill, now: datetime) -> list[Bill]:
    """My open bills of the same account that no money is on its way for."""
    account = (found.agency_code, found.biller_id)
    mine = bills.open_of_applicant(db, found.applicant_id, now)
    return [one for one in mine if (one.agency_code, one.biller_id) == account and not bills.being_checked(db, one)]


def choice(db: Session, house: House, applicant_id: UUID, bill_id: UUID, now: datetime) -> list[Owed]:
    """The bills that this one of mine can be combined with, itself among them."""
    found = bills.find(db, bill_id, applicant_id)
    return [bill(db, house, applicant_id, one.id, now) for one in _combinable(db, found, now)]


def ids(texts: Iterable[str]) -> set[UUID]:
    """Bills as a form names them; what is no id names none."""
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found
