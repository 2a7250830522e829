"""ใบแจ้งชำระ: issued once with everything copied onto it, then only paid, withdrawn or expired. Amounts are satang."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select, update
from sqlalchemy.orm import Session

from app.billing import ledger, series, thai_qr
from app.billing.fees import Quote
from app.billing.models import Bill, BillLine, BillStatus, Payment, PaymentStatus
from app.core.db import new_id
from app.core.errors import Conflict, NotFound
from app.core.events import SYSTEM, Actor, record


@dataclass(frozen=True)
class Payee:
    """The collecting account: whose series of numbers, the name people see, and the 15-digit biller id."""

    agency_code: str
    name_th: str
    name_en: str
    biller_id: str


@dataclass(frozen=True)
class Payer:
    """Who owes it: the applicant (person or company) and the name written on bill and receipt."""

    applicant_id: UUID
    name: str


@dataclass(frozen=True)
class Item:
    """One fee: for an application of a service, earned by `agency_code`; the law is the source of the amount."""

    application_id: UUID
    agency_code: str
    service_slug: str
    label_th: str
    label_en: str
    law: str
    satang: int


def items_of(quote: Quote, application_id: UUID, agency_code: str) -> list[Item]:
    """What a quote puts on a bill: its lines that cost something."""
    return [
        Item(
            application_id=application_id,
            agency_code=agency_code,
            service_slug=line.service_slug,
            label_th=line.label.th,
            label_en=line.label.en,
            law=line.law.th,
            satang=line.satang,
        )
        for line in quote.lines
        if line.satang
    ]


def issue(
    db: Session, *, payee: Payee, payer: Payer, items: Sequence[Item], due_at: datetime, actor: Actor, now: datetime
) -> Bill:
    """Issue one bill for the items, which may belong to several applications of one collecting account.

    Takes the next number of the agency and the next reference of the account (both stay locked until the transaction
    ends) and books what is owed. Raises ValueError when there is nothing to pay or the due moment has passed: the
    caller knows a free service before asking for a bill.
    """
    if not items or any(item.satang <= 0 for item in items):
        raise ValueError("a bill needs items, each of at least one satang")
    if due_at <= now:
        raise ValueError("a bill must be due after it is issued")
    number = series.bill_number(db, payee.agency_code, now)
    ref1 = series.first_reference(db, payee.biller_id, now)
    bill = Bill(
        id=new_id(),
        number=number,
        agency_code=payee.agency_code,
        payee_th=payee.name_th,
        payee_en=payee.name_en,
        biller_id=payee.biller_id,
        ref1=ref1,
        ref2=series.second_reference(ref1, due_at),
        applicant_id=payer.applicant_id,
        payer_name=payer.name,
        amount_satang=sum(item.satang for item in items),
        status=BillStatus.OPEN,
        issued_at=now,
        due_at=due_at,
    )
    db.add(bill)
    db.flush()
    db.add_all(BillLine(bill_id=bill.id, position=n, **asdict(item)) for n, item in enumerate(items, start=1))
    ledger.demand(db, bill.id, bill, now)
    _tell(db, bill, "bill_issued", actor, now, satang=bill.amount_satang, due_at=due_at.isoformat())
    return bill


def payee_of(bill: Bill) -> Payee:
    """The collecting account as it is written on a bill."""
    return Payee(bill.agency_code, bill.payee_th, bill.payee_en, bill.biller_id)


def items_on(db: Session, bill_id: UUID) -> list[Item]:
    """The fees on a bill, to be put on another one."""
    return [Item(**{part.name: getattr(line, part.name) for part in fields(Item)}) for line in lines(db, bill_id)]


def void(db: Session, bill_id: UUID, reason: str, actor: Actor, now: datetime, *, though_checked: bool = False) -> Bill:
    """Withdraw a bill that is not owed any more. A second time changes nothing.

    Raises Conflict when it is paid or a payment for it is being checked, NotFound when there is no such bill.
    `though_checked`: an order ended what it was for; the money that may still be on its way then comes too late.
    """
    bill = locked(db, bill_id)
    if bill.status is BillStatus.VOID:
        return bill
    if bill.status is BillStatus.PAID:
        raise Conflict("ใบแจ้งชำระ %(number)s จ่ายแล้ว จึงยกเลิกไม่ได้", number=bill.number)
    if not though_checked and being_checked(db, bill):
        raise Conflict("กำลังตรวจสอบการชำระของใบแจ้ง %(number)s กับธนาคาร ยกเลิกได้เมื่อรู้ผล", number=bill.number)
    if bill.status is BillStatus.OPEN:
        ledger.release(db, new_id(), bill, now)
    bill.status = BillStatus.VOID
    _tell(db, bill, "bill_void", actor, now, reason=reason)
    return bill


def reissue(db: Session, bill_id: UUID, due_at: datetime, actor: Actor, now: datetime) -> Bill:
    """Withdraw a bill and issue it anew with new references and a new due moment (an expired bill, a lost one)."""
    old = void(db, bill_id, "reissued", actor, now)
    payer = Payer(old.applicant_id, old.payer_name)
    new = issue(db, payee=payee_of(old), payer=payer, items=items_on(db, bill_id), due_at=due_at, actor=actor, now=now)
    old.replaced_by = new.id
    return new


def overdue(db: Session, now: datetime, limit: int = 200, grace: timedelta = timedelta(0)) -> list[Bill]:
    """Open bills whose due moment passed `grace` ago, oldest first: the bank is asked about them before they close."""
    return list(db.scalars(_overdue(now - grace).limit(limit)))


def expire_due(
    db: Session, now: datetime, limit: int = 200, grace: timedelta = timedelta(0), besides: Sequence[UUID] = ()
) -> list[UUID]:
    """Close open bills whose due moment passed `grace` ago, at most `limit` in one transaction; return their ids.

    `grace` leaves the bank time to tell of money that came at the last moment. A bill with a payment being checked
    waits for the bank's answer, as do those in `besides`; one that another worker holds is left to it.
    """
    waiting = exists().where(
        Payment.biller_id == Bill.biller_id,
        Payment.ref1 == Bill.ref1,
        Payment.ref2 == Bill.ref2,
        Payment.status == PaymentStatus.PENDING,
    )
    closing = (
        _overdue(now - grace)
        .where(~waiting, Bill.id.not_in(besides))
        .limit(limit)
        .with_for_update(skip_locked=True, of=Bill)
        .execution_options(populate_existing=True)
    )
    expired = list(db.scalars(closing))
    for bill in expired:
        ledger.release(db, new_id(), bill, now)
        bill.status = BillStatus.EXPIRED
        _tell(db, bill, "bill_expired", SYSTEM, now)
    return [bill.id for bill in expired]


def _overdue(since: datetime) -> Select[Bill]:
    return select(Bill).where(Bill.status == BillStatus.OPEN, Bill.due_at < since).order_by(Bill.due_at)


def pay(db: Session, bill: Bill, payment: Payment, actor: Actor, now: datetime) -> None:
    """Mark a locked, unpaid bill as paid by a payment of exactly its amount, and book it (called by settlement only).

    An expired bill that turns out to have been paid in time is owed again first, so that the books stay whole. Money
    that came before the bill is in the books already and only moves there.
    """
    if bill.status is BillStatus.EXPIRED:
        ledger.demand(db, new_id(), bill, now)
    if payment.booked_at is None:
        ledger.take(db, payment, ledger.receivable(bill.id), now)
    else:
        ledger.assign(db, new_id(), payment, bill, now)
    bill.status = BillStatus.PAID
    bill.paid_at = payment.paid_at
    _tell(db, bill, "bill_paid", actor, now, channel=payment.channel, transaction=payment.transaction_id)


def find(db: Session, bill_id: UUID, applicant_id: UUID) -> Bill:
    """The applicant's own bill. Raises NotFound when there is none or it belongs to another: the two look the same."""
    bill = db.get(Bill, bill_id)
    if bill is None or bill.applicant_id != applicant_id:
        raise NotFound("ไม่พบใบแจ้งชำระนี้")
    return bill


def of_application(db: Session, application_id: UUID) -> list[Bill]:
    """Every bill that holds a fee of the application, newest first (withdrawn and expired ones too)."""
    holds = exists().where(BillLine.bill_id == Bill.id, BillLine.application_id == application_id)
    return list(db.scalars(select(Bill).where(holds).order_by(Bill.issued_at.desc(), Bill.id.desc())))


def own(found: Iterable[Bill], granted_at: datetime | None) -> list[Bill]:
    """Of bills with fees of an application those for itself: later ones are for acts on what it was granted then."""
    return [bill for bill in found if granted_at is None or bill.issued_at <= granted_at]


def open_of_application(db: Session, application_id: UUID) -> UUID | None:
    """The one bill that asks for the application's fees now."""
    holds = exists().where(BillLine.bill_id == Bill.id, BillLine.application_id == application_id)
    return db.scalar(select(Bill.id).where(holds, Bill.status == BillStatus.OPEN))


def open_of_applicant(db: Session, applicant_id: UUID, now: datetime) -> list[Bill]:
    """What a person or company can pay now, the oldest first."""
    mine = select(Bill).where(Bill.applicant_id == applicant_id, Bill.status == BillStatus.OPEN, Bill.due_at > now)
    return list(db.scalars(mine.order_by(Bill.issued_at, Bill.id)))


def drawn(db: Session, bill_id: UUID, digest: str) -> bool:
    """Note the file (sha256 hex) of a bill. The first stands: False when it has one already."""
    first = update(Bill).where(Bill.id == bill_id, Bill.file_digest.is_(None)).values(file_digest=digest)
    return db.execute(first.returning(Bill.id).execution_options(synchronize_session=False)).first() is not None


def lines(db: Session, bill_id: UUID) -> list[BillLine]:
    """The fees on a bill, in their order."""
    return list(db.scalars(select(BillLine).where(BillLine.bill_id == bill_id).order_by(BillLine.position)))


def being_checked(db: Session, bill: Bill) -> bool:
    """Whether the bank has announced money for this bill that is not confirmed yet: nobody is asked to pay again."""
    announced = exists().where(
        Payment.biller_id == bill.biller_id,
        Payment.ref1 == bill.ref1,
        Payment.ref2 == bill.ref2,
        Payment.status == PaymentStatus.PENDING,
    )
    return bool(db.scalar(select(announced)))


def thai_qr_of(bill: Bill, ref3: str | None = None) -> thai_qr.BillPayment:
    """What the bill's QR code and counter barcode say; `ref3` routes the confirmation at some banks."""
    return thai_qr.BillPayment(bill.biller_id, bill.ref1, bill.ref2, bill.amount_satang, ref3)


def locked(db: Session, bill_id: UUID) -> Bill:
    """The bill as it stands now, locked until the transaction ends. Raises NotFound."""
    bill = _locked(db, Bill.id == bill_id)
    if bill is None:
        raise NotFound("ไม่พบใบแจ้งชำระนี้")
    return bill


def locked_by_references(db: Session, biller_id: str, ref1: str, ref2: str) -> Bill | None:
    """The bill a bank's references mean, locked until the transaction ends; None when there is no such bill."""
    return _locked(db, (Bill.biller_id == biller_id) & (Bill.ref1 == ref1) & (Bill.ref2 == ref2))


def _locked(db: Session, which: ColumnElement[bool]) -> Bill | None:
    return db.scalar(select(Bill).where(which).with_for_update().execution_options(populate_existing=True))


def _tell(db: Session, bill: Bill, kind: str, actor: Actor, now: datetime, **facts: object) -> None:
    record(db, f"bill:{bill.id}", kind, actor, now, subject=bill.id, number=bill.number, **facts)
