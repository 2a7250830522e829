"""ใบเสร็จรับเงิน: the number is reserved once per paid bill; the file is drawn and sealed outside any transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.billing import bills, series
from app.billing.models import Bill, BillStatus, Payment, PaymentStatus, Receipt
from app.core.db import new_id
from app.core.errors import Conflict, NotFound
from app.core.events import Actor, record


def reserve(db: Session, bill_id: UUID, now: datetime, actor: Actor) -> Receipt:
    """The bill's receipt, numbered now if it has none yet. Run again after a crash it is the same receipt.

    Raises Conflict when the bill is not paid, NotFound when there is none.
    """
    bill = bills.locked(db, bill_id)
    known = of_bill(db, bill_id)
    if known is not None:
        return known
    if bill.status is not BillStatus.PAID:
        raise Conflict("ใบแจ้งชำระ %(number)s ยังไม่ได้จ่าย จึงยังออกใบเสร็จไม่ได้", number=bill.number)
    receipt = Receipt(
        id=new_id(),
        number=series.receipt_number(db, bill.agency_code, now),
        agency_code=bill.agency_code,
        bill_id=bill_id,
        payment_id=settling(db, bill_id).id,
        issued_at=now,
    )
    db.add(receipt)
    db.flush()
    record(db, f"bill:{bill_id}", "receipt_numbered", actor, now, subject=bill_id, number=receipt.number)
    return receipt


def attach(db: Session, receipt_id: UUID, digest: str, now: datetime, actor: Actor) -> Receipt:
    """Note the stored file (sha256 hex) of a receipt. The first file stands: a step that ran twice changes nothing."""
    receipt = db.scalar(
        select(Receipt).where(Receipt.id == receipt_id).with_for_update().execution_options(populate_existing=True)
    )
    if receipt is None:
        raise NotFound("ไม่พบใบเสร็จนี้")
    if receipt.file_digest is None:
        receipt.file_digest = digest
        record(
            db, f"bill:{receipt.bill_id}", "receipt_issued", actor, now, subject=receipt.bill_id, number=receipt.number,
            digest=digest,
        )  # fmt: skip
    return receipt


def of_bill(db: Session, bill_id: UUID) -> Receipt | None:
    """The receipt of a bill, if it has been numbered."""
    return db.scalar(select(Receipt).where(Receipt.bill_id == bill_id))


def by_digest(db: Session, digest: str) -> Receipt | None:
    """The receipt whose file has exactly this SHA-256 (hex)."""
    return db.scalar(select(Receipt).where(Receipt.file_digest == digest))


def find(db: Session, receipt_id: UUID, applicant_id: UUID) -> Receipt:
    """The applicant's own receipt. Raises NotFound when there is none or it belongs to another."""
    own = (Receipt.id == receipt_id) & (Bill.applicant_id == applicant_id)
    receipt = db.scalar(select(Receipt).join(Bill, Bill.id == Receipt.bill_id).where(own))
    if receipt is None:
        raise NotFound("ไม่พบใบเสร็จนี้")
    return receipt


def settling(db: Session, bill_id: UUID) -> Payment:
    """The one payment that settled a paid bill."""
    settled = (Payment.bill_id == bill_id) & (Payment.status == PaymentStatus.SETTLED)
    return db.scalars(select(Payment).where(settled)).one()
