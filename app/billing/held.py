"""Money that came and fits nothing: what is known of it, which bill it may pay after all, or that it goes back.

It lies in the ledger's account of unmatched money until a cashier of the collecting agency says what becomes of it.
Both acts are final, and each happens once however often it is pressed.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.billing import bills, ledger
from app.billing.models import Bill, BillStatus, Payment, PaymentStatus, Refund
from app.core.db import new_id
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import Actor, record

ODD = (PaymentStatus.WRONG_AMOUNT, PaymentStatus.DUPLICATE, PaymentStatus.LATE, PaymentStatus.UNMATCHED)
"""What booked money is that pays no bill."""

LEAST_REASON = 10
"""Characters of a reason that a payer can understand."""


@dataclass(frozen=True)
class Held:
    """One such payment, the bill that its references meant (if any), and what was decided."""

    payment: Payment
    bill: Bill | None
    refund: Refund | None

    @property
    def decided(self) -> bool:
        """Whether a cashier has said what becomes of it."""
        return self.refund is not None or self.payment.status is PaymentStatus.SETTLED


_HELD = (
    select(Payment, Bill, Refund)
    .outerjoin(Bill, Bill.id == Payment.bill_id)
    .outerjoin(Refund, Refund.payment_id == Payment.id)
)


def waiting(db: Session, biller_id: str, limit: int = 200) -> list[Held]:
    """Money of a collecting account that nobody has decided about, the oldest first."""
    return _read(db, _undecided(biller_id).order_by(Payment.paid_at, Payment.id).limit(limit))


def _undecided(biller_id: str) -> Select[Payment, Bill, Refund]:
    return _HELD.where(Payment.biller_id == biller_id, Payment.status.in_(ODD), Refund.payment_id.is_(None))


def count(db: Session, biller_id: str) -> int:
    """How many of them there are."""
    return int(db.scalar(_undecided(biller_id).with_only_columns(func.count(Payment.id))) or 0)


def to_return(db: Session, biller_id: str, limit: int = 200) -> list[Held]:
    """Money that was decided to go back and has not yet, the oldest decision first."""
    query = _HELD.where(Payment.biller_id == biller_id, Refund.returned_at.is_(None), Refund.decided_at.is_not(None))
    return _read(db, query.order_by(Refund.decided_at, Payment.id).limit(limit))


def unconfirmed(db: Session, biller_id: str, limit: int = 200) -> list[Payment]:
    """What the bank announced and has not confirmed: nobody decides anything, but the cashier sees it coming."""
    query = select(Payment).where(
        Payment.biller_id == biller_id, Payment.status.in_([PaymentStatus.PENDING, PaymentStatus.DISOWNED])
    )
    return list(db.scalars(query.order_by(Payment.received_at.desc(), Payment.id).limit(limit)))


def find(db: Session, biller_id: str, payment_id: UUID) -> Held:
    """One booked payment of this collecting account. Raises NotFound."""
    booked = Payment.status.in_([*ODD, PaymentStatus.SETTLED])
    found = _read(db, _HELD.where(Payment.id == payment_id, Payment.biller_id == biller_id, booked))
    if not found:
        raise NotFound("ไม่พบรายการเงินนี้")
    return found[0]


def of_bill(db: Session, bill: Bill) -> list[Held]:
    """Odd money whose references mean this bill, decided or not, the oldest first."""
    means_it = (Payment.biller_id == bill.biller_id) & (Payment.ref1 == bill.ref1) & (Payment.ref2 == bill.ref2)
    return _read(db, _HELD.where(means_it, Payment.status.in_(ODD)).order_by(Payment.paid_at, Payment.id))


def _read(db: Session, query: Select[Payment, Bill, Refund]) -> list[Held]:
    return [Held(payment, bill, refund) for payment, bill, refund in db.execute(query)]


def fitting(db: Session, held: Held, now: datetime, limit: int = 20) -> list[Bill]:
    """Open bills of exactly this amount that it may pay: the same payer's, or anybody's when it names no bill.

    A bill with money on its way is left out: it would be paid twice.
    """
    query = select(Bill).where(
        Bill.biller_id == held.payment.biller_id,
        Bill.amount_satang == held.payment.amount_satang,
        Bill.status == BillStatus.OPEN,
        Bill.due_at > now,
    )
    if held.bill is not None:
        query = query.where(Bill.applicant_id == held.bill.applicant_id)
    found = db.scalars(query.order_by(Bill.issued_at.desc(), Bill.id).limit(limit))
    return [bill for bill in found if not bills.being_checked(db, bill)]


def assign(db: Session, biller_id: str, payment_id: UUID, bill_id: UUID, actor: Actor, now: datetime) -> bool:
    """Let the money pay an open bill that it fits. False when it already pays this bill: nothing is done twice.

    Raises Conflict when something else was decided, or the bill is not open or of another amount or payer.
    """
    held = _locked(db, biller_id, payment_id)
    if held.payment.status is PaymentStatus.SETTLED and held.payment.bill_id == bill_id:
        return False
    _undecided_still(held)
    bill = bills.locked(db, bill_id)
    if bill.id not in {one.id for one in fitting(db, held, now)}:
        raise Conflict("ใบแจ้งชำระ %(number)s จ่ายแล้ว ปิดแล้ว หรือไม่ตรงกับเงินก้อนนี้ เลือกใบอื่นหรือคืนเงิน", number=bill.number)
    bills.pay(db, bill, held.payment, actor, now)
    held.payment.status, held.payment.bill_id = PaymentStatus.SETTLED, bill.id
    db.flush()
    _tell(db, held.payment, "payment_assigned", actor, now, bill=bill.number)
    return True


def refund(
    db: Session, biller_id: str, payment_id: UUID, agency_code: str, reason: str, actor: Actor, now: datetime
) -> Refund:
    """Decide that the money goes back, with a reason for the payer. Pressed twice, the first decision stands.

    Raises Invalid for a reason nobody understands, Conflict when the money pays a bill already.
    """
    held = _locked(db, biller_id, payment_id)
    if held.refund is not None:
        return held.refund
    _undecided_still(held)
    if len(reason) < LEAST_REASON:
        raise Invalid(problems={"reason": "บอกเหตุผลให้ผู้จ่ายเข้าใจ อย่างน้อย 10 ตัวอักษร เช่น จ่ายซ้ำ"})
    if actor.id is None:
        raise ValueError("a person decides about a refund")
    decided = Refund(
        payment_id=payment_id,
        agency_code=agency_code,
        reason=reason,
        officer_id=actor.id,
        officer_name=actor.name,
        decided_at=now,
    )
    db.add(decided)
    db.flush()
    ledger.set_aside(db, new_id(), held.payment, now)
    _tell(db, held.payment, "refund_decided", actor, now, reason=reason)
    return decided


def returned(db: Session, biller_id: str, payment_id: UUID, reference: str, actor: Actor, now: datetime) -> Refund:
    """Note the transfer that gave the money back. Pressed twice, the first note stands.

    Raises Invalid without the bank's number of the transfer, Conflict when no refund was decided.
    """
    held = _locked(db, biller_id, payment_id)
    if held.refund is None:
        raise Conflict("ยังไม่มีการตัดสินให้คืนเงินก้อนนี้")
    if held.refund.returned_at is not None:
        return held.refund
    if not 4 <= len(reference) <= 60:
        raise Invalid(problems={"reference": "ใส่เลขที่รายการโอนของธนาคาร 4 ถึง 60 ตัวอักษร"})
    held.refund.returned_at, held.refund.reference = now, reference
    ledger.give_back(db, new_id(), held.payment, now)
    _tell(db, held.payment, "refund_returned", actor, now, reference=reference)
    return held.refund


def _locked(db: Session, biller_id: str, payment_id: UUID) -> Held:
    """The payment locked (a refund of it is only written under this lock), with what is decided now."""
    mine = (Payment.id == payment_id) & (Payment.biller_id == biller_id)
    db.scalar(select(Payment).where(mine).with_for_update().execution_options(populate_existing=True))
    return find(db, biller_id, payment_id)


def _undecided_still(held: Held) -> None:
    if held.decided:
        raise Conflict("มีผู้ตัดสินเรื่องเงินก้อนนี้ไปแล้ว เปิดหน้าอีกครั้งเพื่อดูผล")


def _tell(db: Session, payment: Payment, kind: str, actor: Actor, now: datetime, **facts: object) -> None:
    stream = f"bill:{payment.bill_id}" if payment.bill_id else f"payment:{payment.id}"
    record(
        db, stream, kind, actor, now, subject=payment.bill_id, transaction=payment.transaction_id,
        satang=payment.amount_satang, **facts,
    )  # fmt: skip
