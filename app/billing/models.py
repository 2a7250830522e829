"""The tables of money. Truth stands in constraints: what is said twice, late or wrongly cannot be stored twice.

All amounts are integer satang. Rows of `ledger_entries`, `bank_callbacks` and `receipts` are never deleted; ledger rows
are never updated either (the role `portal` needs only INSERT and SELECT there).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Connection, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, new_id, words


class BillStatus(StrEnum):
    """Where a bill stands. `paid` is final; an expired or a replaced bill may still turn out to be paid in time."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    EXPIRED = "expired"


class PaymentStatus(StrEnum):
    """What a bank's transaction turned out to be. Every one but `pending` and `disowned` is booked in the ledger."""

    PENDING = "pending"
    """Signed by the bank, not yet confirmed by asking the bank: the page says "กำลังตรวจสอบ"."""
    SETTLED = "settled"
    DUPLICATE = "duplicate"
    """Another transaction had already paid the bill, or the one that took its place."""
    WRONG_AMOUNT = "wrong_amount"
    LATE = "late"
    """Paid after the due moment, or for a bill that was withdrawn and whose fees nobody owes any more."""
    UNMATCHED = "unmatched"
    """No bill has these references."""
    DISOWNED = "disowned"
    """The bank, asked, does not know it. Not booked; a later confirmation still books it."""


class Verdict(StrEnum):
    """What we made of one knock at the callback door."""

    ACCEPTED = "accepted"
    FORGED = "forged"
    STALE = "stale"
    TOO_BIG = "too_big"
    MALFORMED = "malformed"
    CONFLICTING = "conflicting"
    """Authentic, but it says something else about a transaction we already know."""


class Bill(Base):
    """ใบแจ้งชำระ: one payer, one collecting account, one amount, for one or several applications."""

    __tablename__ = "bills"
    __table_args__ = (
        UniqueConstraint("agency_code", "number"),
        UniqueConstraint("biller_id", "ref1", "ref2"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("(status = 'paid') = (paid_at is not null)", name="paid_has_moment"),
        CheckConstraint("due_at > issued_at", name="due_after_issue"),
        CheckConstraint("biller_id ~ '^[0-9]{15}$'", name="biller_15_digits"),
        CheckConstraint("replaced_by is null or status = 'void'", name="replaced_is_void"),
        CheckConstraint("file_digest is null or file_digest ~ '^[0-9a-f]{64}$'", name="digest_is_sha256"),
        Index("ix_bills_applicant_id", "applicant_id", "issued_at"),
        Index("ix_bills_open_due", "due_at", postgresql_where="status = 'open'"),
        Index("ix_bills_replaced_by", "replaced_by", postgresql_where="replaced_by is not null"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20))
    agency_code: Mapped[str] = mapped_column(String(40))
    payee_th: Mapped[str]
    payee_en: Mapped[str]
    biller_id: Mapped[str] = mapped_column(String(15))
    ref1: Mapped[str] = mapped_column(String(20))
    ref2: Mapped[str] = mapped_column(String(20))
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"))
    payer_name: Mapped[str]
    amount_satang: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[BillStatus] = mapped_column(words(BillStatus), default=BillStatus.OPEN)
    issued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    replaced_by: Mapped[UUID | None] = mapped_column(ForeignKey("bills.id"))
    """The bill that asks for its fees now: several were made one, or one of several fees fell away."""
    file_digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of its file, which is drawn when it is first asked for; nobody signs it."""


class BillLine(Base):
    """One fee on a bill: for which application, of which service, whose revenue."""

    __tablename__ = "bill_lines"
    __table_args__ = (
        CheckConstraint("satang > 0", name="satang_positive"),
        CheckConstraint("position > 0", name="position_positive"),
        Index("ix_bill_lines_application_id", "application_id"),
    )

    bill_id: Mapped[UUID] = mapped_column(ForeignKey("bills.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    agency_code: Mapped[str] = mapped_column(String(40))
    service_slug: Mapped[str] = mapped_column(String(80))
    label_th: Mapped[str]
    label_en: Mapped[str]
    law: Mapped[str]
    satang: Mapped[int] = mapped_column(BigInteger)


class BankCallback(Base):
    """The inbox of the callback door: every knock as it came, also the forged and the broken ones."""

    __tablename__ = "bank_callbacks"
    __table_args__ = (
        Index("ix_bank_callbacks_received_at", "received_at"),
        Index("ix_bank_callbacks_transaction", "channel", "transaction_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    received_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(40))
    body: Mapped[bytes]
    """The first 16 KiB; `size` is the length that was sent."""
    size: Mapped[int] = mapped_column(BigInteger)
    signature: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[str] = mapped_column(String(40))
    """The time-stamp header as sent (unix seconds when it is well formed)."""
    verdict: Mapped[Verdict] = mapped_column(words(Verdict))
    reason: Mapped[str]
    transaction_id: Mapped[str | None] = mapped_column(String(64))


class Payment(Base):
    """One transaction at a bank, recorded once whatever the bank repeats, with what became of it."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("channel", "transaction_id"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("status != 'settled' or bill_id is not null", name="settled_has_bill"),
        CheckConstraint("(status in ('pending', 'disowned')) = (booked_at is null)", name="booked_when_judged"),
        Index("uq_payments_settled_bill", "bill_id", unique=True, postgresql_where="status = 'settled'"),
        Index("ix_payments_bill_id", "bill_id"),
        Index("ix_payments_references", "biller_id", "ref1", "ref2"),
        Index("ix_payments_unfinished", "received_at", postgresql_where="status = 'pending'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str] = mapped_column(String(40))
    transaction_id: Mapped[str] = mapped_column(String(64))
    biller_id: Mapped[str] = mapped_column(String(15))
    ref1: Mapped[str] = mapped_column(String(40))
    ref2: Mapped[str] = mapped_column(String(40))
    amount_satang: Mapped[int] = mapped_column(BigInteger)
    paid_at: Mapped[datetime]
    received_at: Mapped[datetime]
    booked_at: Mapped[datetime | None]
    status: Mapped[PaymentStatus] = mapped_column(words(PaymentStatus))
    bill_id: Mapped[UUID | None] = mapped_column(ForeignKey("bills.id"))
    raw: Mapped[dict[str, Any]]


class Refund(Base):
    """Money that fits nothing and goes back: who decided it and why, and the transfer that ended the matter."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("(returned_at is null) = (reference is null)", name="returned_has_reference"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"), primary_key=True)
    agency_code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str]
    """What the cashier tells the payer."""
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officers.id"))
    officer_name: Mapped[str]
    decided_at: Mapped[datetime]
    returned_at: Mapped[datetime | None]
    reference: Mapped[str | None] = mapped_column(String(60))
    """The bank's number of the transfer back."""


class FeeReturn(Base):
    """A fee that was paid and for which nothing is given any more: owed back by the act that ended its application."""

    __tablename__ = "fee_returns"
    __table_args__ = (
        UniqueConstraint("bill_id", "application_id"),
        CheckConstraint("satang > 0", name="satang_positive"),
        CheckConstraint("(returned_at is null) = (reference is null)", name="returned_has_reference"),
        Index("ix_fee_returns_waiting", "biller_id", "owed_at", postgresql_where="returned_at is null"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bill_id: Mapped[UUID] = mapped_column(ForeignKey("bills.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    biller_id: Mapped[str] = mapped_column(String(15))
    satang: Mapped[int] = mapped_column(BigInteger)
    """What that application's fees were of the bill, which others may have shared."""
    reason: Mapped[str]
    """Why, as the cashier reads it."""
    owed_at: Mapped[datetime]
    returned_at: Mapped[datetime | None]
    reference: Mapped[str | None] = mapped_column(String(60))
    """The bank's number of the transfer back."""


class LedgerEntry(Base):
    """One leg of a double entry. `transaction` is the id of its cause, so the same cause cannot be booked twice."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("debit_satang >= 0 and credit_satang >= 0", name="not_negative"),
        CheckConstraint("(debit_satang = 0) != (credit_satang = 0)", name="one_side"),
        Index("ix_ledger_entries_account", "account", "at"),
    )

    transaction: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(160), primary_key=True)
    debit_satang: Mapped[int] = mapped_column(BigInteger, default=0)
    credit_satang: Mapped[int] = mapped_column(BigInteger, default=0)
    at: Mapped[datetime]


class Receipt(Base):
    """ใบเสร็จรับเงิน: one per paid bill; the number is reserved first, the file is drawn and sealed afterwards."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("agency_code", "number"),
        UniqueConstraint("bill_id"),
        UniqueConstraint("payment_id"),
        CheckConstraint("file_digest is null or file_digest ~ '^[0-9a-f]{64}$'", name="digest_is_sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20))
    agency_code: Mapped[str] = mapped_column(String(40))
    bill_id: Mapped[UUID] = mapped_column(ForeignKey("bills.id"))
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"))
    issued_at: Mapped[datetime]
    file_digest: Mapped[str | None] = mapped_column(String(64))


BALANCE_GUARD = (
    """
create or replace function ledger_must_balance() returns trigger language plpgsql as $$
begin
    if (select sum(debit_satang) - sum(credit_satang) from ledger_entries
        where "transaction" = new."transaction") <> 0 then
        raise exception using errcode = 'check_violation', constraint = 'ck_ledger_entries_balanced',
            message = 'ledger transaction ' || new."transaction" || ' does not balance';
    end if;
    return null;
end $$
""",
    """
create constraint trigger ledger_balances after insert or update on ledger_entries
deferrable initially deferred for each row execute function ledger_must_balance()
""",
)
"""SQL that makes PostgreSQL itself refuse, at commit, a ledger transaction whose debits differ from its credits.

Alembic does not see triggers: the migration that creates `ledger_entries` executes these two statements.
"""


@event.listens_for(LedgerEntry.__table__, "after_create")
def _guard_balance(_table: object, connection: Connection, **_: object) -> None:
    """Tables made without migrations (a test's database) get the guard too."""
    for statement in BALANCE_GUARD:
        connection.exec_driver_sql(statement)
