"""The books: double entry, satang, append-only.

Accounts are words: `receivable:<bill id>` (what a payer owes), `revenue:<agency>:<service>` (what an agency earned),
`bank:<channel>` (money received), `liability:unmatched` (money received that no bill of ours asked for: to give back
or to assign), `liability:refund` (what is decided to go back). A ledger transaction carries the id of its cause (a
bill, a payment), and an account appears in it once: the same payment cannot be booked twice, not even by mistake.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.billing.models import Bill, BillLine, BillStatus, FeeReturn, LedgerEntry, Payment, PaymentStatus, Refund

UNMATCHED = "liability:unmatched"
REFUNDS = "liability:refund"


def receivable(bill_id: UUID) -> str:
    """The account of what is still owed on one bill."""
    return f"receivable:{bill_id}"


def revenue(agency_code: str, service_slug: str) -> str:
    """The account of what one agency earns by one service."""
    return f"revenue:{agency_code}:{service_slug}"


def bank(channel: str) -> str:
    """The account of money received through one channel."""
    return f"bank:{channel}"


def post(db: Session, transaction: UUID, at: datetime, legs: Mapping[str, int]) -> None:
    """Book one transaction: account to signed satang, debit positive, credit negative.

    Raises ValueError when the legs do not add up to zero or one of them is zero.
    """
    if sum(legs.values()) != 0 or len(legs) < 2 or 0 in legs.values():
        raise ValueError(f"a ledger transaction must balance, and every leg must move money: {dict(legs)}")
    db.execute(
        insert(LedgerEntry),
        [
            {
                "transaction": transaction,
                "account": account,
                "debit_satang": max(satang, 0),
                "credit_satang": max(-satang, 0),
                "at": at,
            }
            for account, satang in legs.items()
        ],
    )


def demand(db: Session, transaction: UUID, bill: Bill, at: datetime) -> None:
    """A bill is owed: debit its receivable, credit each agency's revenue."""
    post(db, transaction, at, {receivable(bill.id): bill.amount_satang, **_revenues(db, bill.id, -1)})


def release(db: Session, transaction: UUID, bill: Bill, at: datetime) -> None:
    """A bill is no longer owed (withdrawn or expired): the reverse of `demand`."""
    post(db, transaction, at, {receivable(bill.id): -bill.amount_satang, **_revenues(db, bill.id, 1)})


def take(db: Session, payment: Payment, against: str, at: datetime) -> None:
    """Money arrived: debit the bank, credit `against` (the bill's receivable, or `UNMATCHED`), once per payment."""
    post(db, payment.id, at, {bank(payment.channel): payment.amount_satang, against: -payment.amount_satang})


def assign(db: Session, transaction: UUID, payment: Payment, bill: Bill, at: datetime) -> None:
    """Money that lay unmatched pays a bill after all: debit `UNMATCHED`, credit the bill's receivable."""
    post(db, transaction, at, {UNMATCHED: payment.amount_satang, receivable(bill.id): -payment.amount_satang})


def set_aside(db: Session, transaction: UUID, payment: Payment, at: datetime) -> None:
    """Unmatched money is to go back: debit `UNMATCHED`, credit `REFUNDS`."""
    post(db, transaction, at, {UNMATCHED: payment.amount_satang, REFUNDS: -payment.amount_satang})


def owe_back(db: Session, transaction: UUID, fees: Iterable[BillLine], at: datetime) -> None:
    """Paid fees are to go back: debit each agency's revenue, credit `REFUNDS`."""
    earned: Counter[str] = Counter()
    for fee in fees:
        earned[revenue(fee.agency_code, fee.service_slug)] += fee.satang
    post(db, transaction, at, {**earned, REFUNDS: -earned.total()})


def give_back(db: Session, transaction: UUID, payment: Payment, at: datetime) -> None:
    """A payment went back whole."""
    returned(db, transaction, payment.channel, payment.amount_satang, at)


def returned(db: Session, transaction: UUID, channel: str, satang: int, at: datetime) -> None:
    """Money went back: debit `REFUNDS`, credit the bank it had come through."""
    post(db, transaction, at, {REFUNDS: satang, bank(channel): -satang})


def balance(db: Session, account: str) -> int:
    """Debits less credits of one account, in satang."""
    moved = func.sum(LedgerEntry.debit_satang) - func.sum(LedgerEntry.credit_satang)
    return int(db.scalar(select(moved).where(LedgerEntry.account == account)) or 0)


def verify(db: Session) -> list[str]:
    """Prove the books against the bills and payments; every difference is one sentence, none means they agree."""
    moved = func.sum(LedgerEntry.debit_satang) - func.sum(LedgerEntry.credit_satang)
    faults = [
        f"transaction {row.transaction} is out of balance by {row.moved} satang"
        for row in db.execute(
            select(LedgerEntry.transaction, moved.label("moved")).group_by(LedgerEntry.transaction).having(moved != 0)
        )
    ]
    balances: dict[str, int] = {
        account: int(satang)
        for account, satang in db.execute(select(LedgerEntry.account, moved).group_by(LedgerEntry.account))
    }
    expected = _expected(db)
    faults += [
        f"{account} stands at {balances.get(account, 0)} satang, bills and payments say {expected.get(account, 0)}"
        for account in sorted(balances.keys() | expected.keys())
        if balances.get(account, 0) != expected.get(account, 0)
    ]
    return faults


def _revenues(db: Session, bill_id: UUID, sign: int) -> dict[str, int]:
    rows = db.execute(
        select(BillLine.agency_code, BillLine.service_slug, func.sum(BillLine.satang))
        .where(BillLine.bill_id == bill_id)
        .group_by(BillLine.agency_code, BillLine.service_slug)
    )
    return {revenue(agency, service): sign * int(satang) for agency, service, satang in rows}


def _expected(db: Session) -> dict[str, int]:
    """What each account must stand at, told by bills and payments alone."""
    expected: Counter[str] = Counter()
    owed = db.execute(select(Bill.id, Bill.amount_satang).where(Bill.status == BillStatus.OPEN))
    for bill_id, satang in owed:
        expected[receivable(bill_id)] += satang
    earned = db.execute(
        select(BillLine.agency_code, BillLine.service_slug, func.sum(BillLine.satang))
        .join(Bill, Bill.id == BillLine.bill_id)
        .where(Bill.status.in_([BillStatus.OPEN, BillStatus.PAID]))
        .group_by(BillLine.agency_code, BillLine.service_slug)
    )
    for agency, service, satang in earned:
        expected[revenue(agency, service)] -= int(satang)
    received = db.execute(
        select(
            Payment.channel,
            Payment.status,
            Refund.payment_id.is_not(None).label("set_aside"),
            Refund.returned_at.is_not(None).label("returned"),
            func.sum(Payment.amount_satang),
        )
        .outerjoin(Refund, Refund.payment_id == Payment.id)
        .where(Payment.booked_at.is_not(None))
        .group_by(Payment.channel, Payment.status, "set_aside", "returned")
    )
    for channel, status, set_aside, returned, satang in received:
        if not returned:
            expected[bank(channel)] += int(satang)
        if status is not PaymentStatus.SETTLED and not returned:
            expected[REFUNDS if set_aside else UNMATCHED] -= int(satang)
    _fees_back(db, expected)
    return expected


def _fees_back(db: Session, expected: Counter[str]) -> None:
    """What is earned no more because its fee goes back, and where the money lies meanwhile."""
    fees = (
        select(BillLine.agency_code, BillLine.service_slug, func.sum(BillLine.satang))
        .join(
            FeeReturn, (FeeReturn.bill_id == BillLine.bill_id) & (FeeReturn.application_id == BillLine.application_id)
        )
        .group_by(BillLine.agency_code, BillLine.service_slug)
    )
    for agency, service, satang in db.execute(fees):
        expected[revenue(agency, service)] += int(satang)
    gone = FeeReturn.returned_at.is_not(None)
    moved = select(Payment.channel, gone, func.sum(FeeReturn.satang)).join(Payment, Payment.id == FeeReturn.payment_id)
    for channel, returned_already, satang in db.execute(moved.group_by(Payment.channel, gone)):
        expected[bank(channel) if returned_already else REFUNDS] -= int(satang)
