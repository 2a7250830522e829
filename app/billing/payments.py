"""Money that arrives: the door for the bank's signed confirmations, and settlement.

A confirmation only *claims* a payment (`callbacks.receive`); a job then asks the bank itself (`bank.inquire`) and
`settle`s what the bank answers. Every transaction is stored once by (channel, transaction id), and booked once by the
ledger's own key: whatever is wrong with it, the money is in the books and nothing is booked twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.billing import bills, ledger, replacing
from app.billing.confirmation import Confirmation
from app.billing.models import Bill, BillStatus, Payment, PaymentStatus, Refund
from app.core.clock import BANGKOK
from app.core.db import new_id
from app.core.events import Actor, record

PATIENCE = timedelta(minutes=30)
"""How long a bank may need before its inquiry knows what its confirmation announced."""

NOT_BOOKED = (PaymentStatus.PENDING, PaymentStatus.DISOWNED)


@dataclass(frozen=True)
class Outcome:
    """What a confirmed transaction turned out to be.

    `repeated`: it was settled before, and nothing was done now. `differs`: repeated with other facts than the first
    time (a matter for the bank and a person; the first booking stands).
    """

    status: PaymentStatus
    payment_id: UUID
    bill_id: UUID | None
    repeated: bool = False
    differs: bool = False


def claim(db: Session, said: Confirmation, now: datetime) -> Payment:
    """Store a transaction the bank announced, to be confirmed by inquiry; a known one is returned as it is."""
    db.execute(
        insert(Payment)
        .values(
            id=new_id(),
            channel=said.channel,
            transaction_id=said.transaction_id,
            biller_id=said.biller_id,
            ref1=said.ref1,
            ref2=said.ref2,
            amount_satang=said.satang,
            paid_at=said.paid_at,
            received_at=now,
            status=PaymentStatus.PENDING,
            raw=dict(said.raw),
        )
        .on_conflict_do_nothing(index_elements=[Payment.channel, Payment.transaction_id])
    )
    return db.scalars(_transaction(said.channel, said.transaction_id)).one()


def claimed(db: Session, channel: str, transaction_id: str) -> Confirmation | None:
    """What the bank announced and we have not booked yet: what to ask it about. None when nothing is left to do."""
    payment = db.scalar(_transaction(channel, transaction_id))
    return said_of(payment) if payment is not None and payment.status in NOT_BOOKED else None


def settle(db: Session, confirmed: Confirmation, now: datetime, actor: Actor) -> Outcome:
    """Book a transaction the bank itself has confirmed, exactly once, and pay the bill it fits.

    Idempotent: delivered again, at once by many or years later, it answers the same and writes nothing. Only money
    that no bill had asked for is judged once more, when its bill is there and nobody has sent it back.
    """
    claim(db, confirmed, now)
    payment = db.scalars(_transaction(confirmed.channel, confirmed.transaction_id).with_for_update()).one()
    differs = payment.status not in NOT_BOOKED and said_of(payment).money != confirmed.money
    final = payment.status not in (*NOT_BOOKED, PaymentStatus.UNMATCHED) or db.get(Refund, payment.id) is not None
    if final or differs:
        return Outcome(payment.status, payment.id, payment.bill_id, repeated=True, differs=differs)
    bill = bills.locked_by_references(db, confirmed.biller_id, confirmed.ref1, confirmed.ref2)
    if bill is None and payment.status is PaymentStatus.UNMATCHED:
        return Outcome(payment.status, payment.id, None, repeated=True)
    payment.biller_id, payment.ref1, payment.ref2 = confirmed.biller_id, confirmed.ref1, confirmed.ref2
    payment.amount_satang, payment.paid_at, payment.raw = confirmed.satang, confirmed.paid_at, dict(confirmed.raw)
    if bill is not None and bill.replaced_by is not None and _fits(bill, confirmed):
        replacing.restore(db, bill, actor, now)
    status = _judge(db, bill, confirmed)
    if bill is not None and status is PaymentStatus.SETTLED:
        bills.pay(db, bill, payment, actor, now)
    elif payment.booked_at is None:
        ledger.take(db, payment, ledger.UNMATCHED, now)
    payment.status, payment.bill_id = status, bill.id if bill else None
    payment.booked_at = payment.booked_at or now
    db.flush()
    if payment.status is not PaymentStatus.SETTLED:
        stream = f"bill:{bill.id}" if bill else f"payment:{payment.id}"
        record(
            db,
            stream,
            f"payment_{payment.status}",
            actor,
            now,
            subject=payment.bill_id,
            channel=payment.channel,
            transaction=payment.transaction_id,
            satang=payment.amount_satang,
        )
    return Outcome(payment.status, payment.id, payment.bill_id)


def disown(
    db: Session, channel: str, transaction_id: str, now: datetime, actor: Actor, patience: timedelta = PATIENCE
) -> bool:
    """The bank, asked, does not know what it announced: after `patience` nobody waits for it any more.

    True when that changed something; False when it is too early (the payment stays pending and is asked about again).
    """
    payment = db.scalar(_transaction(channel, transaction_id).with_for_update())
    if payment is None or payment.status is not PaymentStatus.PENDING or now < payment.received_at + patience:
        return False
    payment.status = PaymentStatus.DISOWNED
    record(
        db, f"payment:{payment.id}", "payment_disowned", actor, now, channel=channel, transaction=payment.transaction_id
    )
    return True


def pending(db: Session, before: datetime, limit: int = 200) -> list[Confirmation]:
    """Announced before `before` and still unconfirmed, oldest first: what a sweep asks the bank about again."""
    waiting = (
        select(Payment)
        .where(Payment.status == PaymentStatus.PENDING, Payment.received_at < before)
        .order_by(Payment.received_at)
        .limit(limit)
    )
    return [said_of(payment) for payment in db.scalars(waiting)]


def before_its_bill(db: Session, bill: Bill) -> list[Confirmation]:
    """Money that the bank confirmed with the references of a bill before there was one."""
    return [said_of(payment) for payment in of_bill(db, bill) if payment.status is PaymentStatus.UNMATCHED]


def of_bill(db: Session, bill: Bill) -> list[Payment]:
    """Every transaction whose references mean this bill, whatever became of it, oldest first."""
    means_it = (Payment.biller_id == bill.biller_id) & (Payment.ref1 == bill.ref1) & (Payment.ref2 == bill.ref2)
    return list(db.scalars(select(Payment).where(means_it).order_by(Payment.received_at, Payment.id)))


def booked_on(db: Session, biller_id: str, ref1: str, ref2: str, satang: int, day: date) -> int:
    """How many booked transactions of this day in Thailand have these references and this amount."""
    start = datetime.combine(day, time(), BANGKOK)
    same = select(func.count(Payment.id)).where(
        Payment.biller_id == biller_id,
        Payment.ref1 == ref1,
        Payment.ref2 == ref2,
        Payment.amount_satang == satang,
        Payment.booked_at.is_not(None),
        Payment.paid_at >= start,
        Payment.paid_at < start + timedelta(days=1),
    )
    return int(db.scalar(same) or 0)


def said_of(payment: Payment) -> Confirmation:
    """The bank's words again, from the stored payment."""
    return Confirmation(
        channel=payment.channel,
        transaction_id=payment.transaction_id,
        biller_id=payment.biller_id,
        ref1=payment.ref1,
        ref2=payment.ref2,
        satang=payment.amount_satang,
        paid_at=payment.paid_at,
        raw=payment.raw,
    )


def _transaction(channel: str, transaction_id: str) -> Select[Payment]:
    """The stored transaction as it stands now, not as this session may remember it."""
    known = (Payment.channel == channel) & (Payment.transaction_id == transaction_id)
    return select(Payment).where(known).execution_options(populate_existing=True)


def _judge(db: Session, bill: Bill | None, said: Confirmation) -> PaymentStatus:
    """What a transaction means for the bill it names. Time is the bank's moment of payment, not when we heard."""
    if bill is None:
        return PaymentStatus.UNMATCHED
    heir = replacing.heir(db, bill)
    if bill.status is BillStatus.PAID or (heir is not None and heir.status is BillStatus.PAID):
        return PaymentStatus.DUPLICATE
    if bill.status is BillStatus.VOID or said.paid_at > bill.due_at:
        return PaymentStatus.LATE
    return PaymentStatus.SETTLED if _fits(bill, said) else PaymentStatus.WRONG_AMOUNT


def _fits(bill: Bill, said: Confirmation) -> bool:
    """Exactly the bill's amount, in time."""
    return said.satang == bill.amount_satang and said.paid_at <= bill.due_at
