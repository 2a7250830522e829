"""Fees that go back: paid for what the State does not give after all. Owed at once by law, transferred by a cashier.

The receipt stands, for the money did come. Money that fits no bill is another matter (`held`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.billing import bills, ledger, receipts
from app.billing.models import Bill, BillStatus, FeeReturn, Payment
from app.core.db import new_id
from app.core.errors import Invalid, NotFound
from app.core.events import Actor, record

REFERENCE = range(4, 61)
"""How many characters a bank's number of a transfer has."""


@dataclass(frozen=True)
class Owed:
    """One fee to give back, with the bill and the payment it came by."""

    fee: FeeReturn
    bill: Bill
    payment: Payment


_OWED = (
    select(FeeReturn, Bill, Payment)
    .join(Bill, Bill.id == FeeReturn.bill_id)
    .join(Payment, Payment.id == FeeReturn.payment_id)
)


def owe(
    db: Session, application_id: UUID, reason: str, actor: Actor, now: datetime, bill: Bill | None = None
) -> FeeReturn | None:
    """What was paid for this application goes back; the same however often it is said. None when nothing was paid.

    `bill`: the paid one that is meant, where several were paid for it; else the newest.
    """
    found = [bill] if bill is not None else bills.of_application(db, application_id)
    paid = next((one for one in found if one.status is BillStatus.PAID), None)
    if paid is None:
        return None
    known = FeeReturn.bill_id == paid.id, FeeReturn.application_id == application_id
    if (found := db.scalar(select(FeeReturn).where(*known))) is not None:
        return found
    fees = [line for line in bills.lines(db, paid.id) if line.application_id == application_id]
    made = FeeReturn(
        id=new_id(),
        bill_id=paid.id,
        application_id=application_id,
        payment_id=receipts.settling(db, paid.id).id,
        biller_id=paid.biller_id,
        satang=sum(line.satang for line in fees),
        reason=reason,
        owed_at=now,
    )
    db.add(made)
    db.flush()
    ledger.owe_back(db, made.id, fees, now)
    _tell(db, made, "fee_owed_back", actor, now, reason=reason)
    return made


def waiting(db: Session, biller_id: str, limit: int = 200) -> list[Owed]:
    """What a collecting account owes and has not given back yet, the oldest first."""
    mine = FeeReturn.biller_id == biller_id, FeeReturn.returned_at.is_(None)
    query = _OWED.where(*mine).order_by(FeeReturn.owed_at, FeeReturn.id).limit(limit)
    return [Owed(*row) for row in db.execute(query)]


def find(db: Session, biller_id: str, fee_id: UUID) -> Owed:
    """One of this collecting account. Raises NotFound."""
    row = db.execute(_OWED.where(FeeReturn.id == fee_id, FeeReturn.biller_id == biller_id)).first()
    if row is None:
        raise NotFound("ไม่พบรายการเงินนี้")
    return Owed(*row)


def of_bill(db: Session, bill_id: UUID) -> list[FeeReturn]:
    """What of a bill goes back, or did."""
    return _several(db, FeeReturn.bill_id == bill_id)


def of_applications(db: Session, application_ids: Sequence[UUID]) -> dict[UUID, FeeReturn]:
    """The same by application."""
    return {one.application_id: one for one in _several(db, FeeReturn.application_id.in_(application_ids))}


def _several(db: Session, which: ColumnElement[bool]) -> list[FeeReturn]:
    return list(db.scalars(select(FeeReturn).where(which).order_by(FeeReturn.owed_at, FeeReturn.id)))


def returned(db: Session, biller_id: str, fee_id: UUID, reference: str, actor: Actor, now: datetime) -> FeeReturn:
    """Note the transfer that gave it back. Pressed twice, the first note stands. Raises Invalid, NotFound."""
    mine = FeeReturn.id == fee_id, FeeReturn.biller_id == biller_id
    fee = db.scalar(select(FeeReturn).where(*mine).with_for_update().execution_options(populate_existing=True))
    if fee is None:
        raise NotFound("ไม่พบรายการเงินนี้")
    if fee.returned_at is not None:
        return fee
    if len(reference) not in REFERENCE:
        raise Invalid(problems={"reference": "ใส่เลขที่รายการโอนของธนาคาร 4 ถึง 60 ตัวอักษร"})
    fee.returned_at, fee.reference = now, reference
    ledger.returned(db, new_id(), db.get_one(Payment, fee.payment_id).channel, fee.satang, now)
    _tell(db, fee, "fee_returned", actor, now, reference=reference)
    return fee


def _tell(db: Session, fee: FeeReturn, kind: str, actor: Actor, now: datetime, **facts: object) -> None:
    record(db, f"bill:{fee.bill_id}", kind, actor, now, subject=fee.bill_id, satang=fee.satang, **facts)
