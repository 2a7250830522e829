"""Settlement: whatever the bank says, however often and however late, money is booked once and never lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.billing import bills, ledger, payments, receipts
from app.billing.models import Bill, BillStatus, LedgerEntry, Payment, PaymentStatus, Receipt
from app.core.db import Database
from app.core.errors import Conflict
from app.core.events import SYSTEM, Event, history
from tests.billing import world
from tests.billing.world import BANK, CLERK, DUE, FEE, NOW, paid


def test_the_right_amount_in_time_pays_the_bill(db: Session) -> None:
    bill = world.bill(db)
    outcome = payments.settle(db, paid(bill), NOW, BANK)
    assert (outcome.status, outcome.bill_id, outcome.repeated) == (PaymentStatus.SETTLED, bill.id, False)
    assert (bill.status, bill.paid_at) == (BillStatus.PAID, NOW + timedelta(hours=1))
    assert ledger.balance(db, ledger.receivable(bill.id)) == 0
    assert ledger.balance(db, ledger.bank("bank")) == FEE
    assert [event.kind for event in history(db, f"bill:{bill.id}")] == ["bill_issued", "bill_paid"]
    assert ledger.verify(db) == []


def test_the_same_transaction_again_answers_the_same_and_writes_nothing(db: Session) -> None:
    bill = world.bill(db)
    first = payments.settle(db, paid(bill), NOW, BANK)
    before = _counts(db)
    again = payments.settle(db, paid(bill), NOW + timedelta(days=400), BANK)
    assert again == replace(first, repeated=True)
    assert _counts(db) == before


def test_the_same_transaction_told_differently_is_noticed_and_the_first_booking_stands(db: Session) -> None:
    bill = world.bill(db)
    payments.settle(db, paid(bill), NOW, BANK)
    before = _counts(db)
    again = payments.settle(db, paid(bill, satang=FEE + 1), NOW, BANK)
    assert (again.status, again.repeated, again.differs) == (PaymentStatus.SETTLED, True, True)
    assert _counts(db) == before


def test_a_second_payment_of_a_paid_bill_is_kept_apart(db: Session) -> None:
    bill = world.bill(db)
    payments.settle(db, paid(bill), NOW, BANK)
    outcome = payments.settle(db, paid(bill, "T0002"), NOW, BANK)
    assert (outcome.status, outcome.bill_id) == (PaymentStatus.DUPLICATE, bill.id)
    _assert_held(db, FEE)
    assert [payment.transaction_id for payment in payments.of_bill(db, bill)] == ["T0001", "T0002"]


@pytest.mark.parametrize("satang", [1, FEE - 1, FEE + 1, 10 * FEE])
def test_a_wrong_amount_leaves_the_bill_open(db: Session, satang: int) -> None:
    bill = world.bill(db)
    outcome = payments.settle(db, paid(bill, satang=satang), NOW, BANK)
    assert (outcome.status, bill.status) == (PaymentStatus.WRONG_AMOUNT, BillStatus.OPEN)
    _assert_held(db, satang)
    assert payments.settle(db, paid(bill, "T0002"), NOW, BANK).status is PaymentStatus.SETTLED


@pytest.mark.parametrize("other", [{"ref1": "25690009999"}, {"ref2": ""}, {"biller_id": "111111111111111"}])
def test_money_for_an_unknown_reference_is_kept_without_a_bill(db: Session, other: dict[str, str]) -> None:
    bill = world.bill(db)
    outcome = payments.settle(db, paid(bill, **other), NOW, BANK)
    assert (outcome.status, outcome.bill_id, bill.status) == (PaymentStatus.UNMATCHED, None, BillStatus.OPEN)
    assert [event.kind for event in history(db, f"payment:{outcome.payment_id}")] == ["payment_unmatched"]
    _assert_held(db, FEE)


def test_money_after_the_due_moment_is_late_whether_or_not_the_bill_has_expired(db: Session) -> None:
    bill = world.bill(db)
    late = DUE + timedelta(seconds=1)
    assert payments.settle(db, paid(bill, "T1", paid_at=late), late, BANK).status is PaymentStatus.LATE
    bills.expire_due(db, late)
    assert payments.settle(db, paid(bill, "T2", paid_at=late), late, BANK).status is PaymentStatus.LATE
    assert bill.status is BillStatus.EXPIRED
    _assert_held(db, 2 * FEE)


def test_money_for_a_withdrawn_bill_is_late(db: Session) -> None:
    bill = world.bill(db)
    bills.void(db, bill.id, "ผู้ยื่นถอนคำขอ", CLERK, NOW)
    assert payments.settle(db, paid(bill), NOW, BANK).status is PaymentStatus.LATE
    assert bill.status is BillStatus.VOID
    _assert_held(db, FEE)


def test_a_bill_paid_at_the_last_moment_is_paid_though_the_bank_told_us_after_it_expired(db: Session) -> None:
    bill = world.bill(db)
    bills.expire_due(db, DUE + timedelta(days=1))
    outcome = payments.settle(db, paid(bill, paid_at=DUE), DUE + timedelta(days=2), BANK)
    assert (outcome.status, bill.status) == (PaymentStatus.SETTLED, BillStatus.PAID)
    assert ledger.verify(db) == []


def test_an_announced_payment_waits_unbooked_until_the_bank_confirms_it(db: Session) -> None:
    bill = world.bill(db)
    announced = paid(bill, satang=1)
    payments.claim(db, announced, NOW)
    assert payments.claimed(db, "bank", "T0001") == announced
    assert payments.pending(db, NOW + timedelta(minutes=5)) == [announced]
    assert payments.pending(db, NOW) == []
    assert bills.being_checked(db, bill)
    assert ledger.balance(db, ledger.bank("bank")) == 0

    assert payments.settle(db, paid(bill), NOW, BANK).status is PaymentStatus.SETTLED
    assert payments.claimed(db, "bank", "T0001") is None
    assert not bills.being_checked(db, bill)
    assert ledger.verify(db) == []


def test_what_the_bank_disowns_blocks_nobody_and_is_still_booked_when_the_bank_finds_it(db: Session) -> None:
    bill = world.bill(db)
    later = NOW + payments.PATIENCE
    payments.claim(db, paid(bill), NOW)
    assert payments.disown(db, "bank", "T0001", later, SYSTEM)
    assert not payments.disown(db, "bank", "T0001", later, SYSTEM)
    assert not payments.disown(db, "bank", "T9999", later, SYSTEM)
    assert not bills.being_checked(db, bill)
    assert payments.settle(db, paid(bill), later, BANK).status is PaymentStatus.SETTLED
    assert not payments.disown(db, "bank", "T0001", later, SYSTEM)


def test_a_bank_gets_half_an_hour_to_find_what_it_announced(db: Session) -> None:
    bill = world.bill(db)
    payments.claim(db, paid(bill), NOW)
    early = NOW + payments.PATIENCE - timedelta(seconds=1)
    assert not payments.disown(db, "bank", "T0001", early, SYSTEM)
    assert bills.being_checked(db, bill)


def test_the_same_number_at_another_bank_is_another_transaction(db: Session) -> None:
    first, second = world.bill(db), world.bill(db)
    assert payments.settle(db, paid(first), NOW, BANK).status is PaymentStatus.SETTLED
    assert payments.settle(db, paid(second, channel="krungthai"), NOW, BANK).status is PaymentStatus.SETTLED
    assert ledger.balance(db, ledger.bank("krungthai")) == FEE


def test_fifty_threads_that_deliver_one_confirmation_book_it_once(wide_database: Database) -> None:
    with wide_database.transaction() as db:
        bill = world.bill(db)

    def deliver(_: int) -> payments.Outcome:
        with wide_database.transaction() as db:
            outcome = payments.settle(db, paid(bill), NOW, BANK)
            receipts.reserve(db, bill.id, NOW, SYSTEM)
            return outcome

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(deliver, range(50)))
    with wide_database.transaction() as db:
        assert sorted(outcome.repeated for outcome in outcomes) == [False, *[True] * 49]
        assert {outcome.status for outcome in outcomes} == {PaymentStatus.SETTLED}
        assert db.scalar(select(func.count()).select_from(Payment)) == 1
        assert db.scalar(select(func.count()).select_from(Receipt)) == 1
        assert ledger.balance(db, ledger.bank("bank")) == FEE
        assert ledger.verify(db) == []


def test_two_payments_that_race_for_one_bill_end_as_one_settled_and_the_rest_duplicates(
    wide_database: Database,
) -> None:
    with wide_database.transaction() as db:
        bill = world.bill(db)

    def deliver(n: int) -> PaymentStatus:
        with wide_database.transaction() as db:
            return payments.settle(db, paid(bill, f"T{n}"), NOW, BANK).status

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(deliver, range(8)))
    with wide_database.transaction() as db:
        assert statuses == [*[PaymentStatus.DUPLICATE] * 7, PaymentStatus.SETTLED]
        _assert_held(db, 7 * FEE)


def test_a_bill_withdrawn_while_its_payment_arrives_is_one_or_the_other(wide_database: Database) -> None:
    with wide_database.transaction() as db:
        several = [world.bill(db) for _ in range(6)]

    def pay(bill: Bill) -> object:
        with wide_database.transaction() as db:
            return payments.settle(db, paid(bill, f"T{bill.ref1}"), NOW, BANK).status

    def withdraw(bill: Bill) -> object:
        with wide_database.transaction() as db:
            try:
                return bills.void(db, bill.id, "ผู้ยื่นถอนคำขอ", CLERK, NOW).status
            except Conflict as refusal:
                return refusal.message

    with ThreadPoolExecutor(4) as pool:
        acts = [pool.submit(act, bill) for bill in several for act in (pay, withdraw)]
        for act in acts:
            act.result()
    with wide_database.transaction() as db:
        pairs = set(db.execute(select(Bill.status, Payment.status).join(Payment, Payment.bill_id == Bill.id)))
        assert pairs <= {(BillStatus.PAID, PaymentStatus.SETTLED), (BillStatus.VOID, PaymentStatus.LATE)}
        assert ledger.verify(db) == []


def _assert_held(db: Session, satang: int) -> None:
    """So much money is held that no bill of ours asked for, and the books agree."""
    assert -ledger.balance(db, ledger.UNMATCHED) == satang
    assert ledger.verify(db) == []


def _counts(db: Session) -> list[int | None]:
    return [db.scalar(select(func.count()).select_from(table)) for table in (Payment, LedgerEntry, Event, Receipt)]
