"""The books: each booking balances, nothing is booked twice, and they always agree with bills and payments."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.billing import bills, ledger, payments, receipts
from app.billing.confirmation import Confirmation
from app.billing.models import Bill, BillStatus, LedgerEntry, Payment, PaymentStatus, Receipt
from app.core.db import Database, new_id
from app.core.errors import Conflict
from app.core.events import SYSTEM
from tests.billing import world
from tests.billing.world import BANK, CLERK, FEE, NOW, household, item, paid


@pytest.mark.parametrize(
    "legs",
    [{}, {"a": 1}, {"a": 1, "b": 1}, {"a": 1, "b": -2}, {"a": 0, "b": 0}, {"a": 5, "b": -5, "c": 0}],
)
def test_a_booking_that_does_not_balance_or_moves_nothing_is_refused(db: Session, legs: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must balance"):
        ledger.post(db, new_id(), NOW, legs)


def test_one_cause_cannot_be_booked_twice(db: Session) -> None:
    cause = new_id()
    ledger.post(db, cause, NOW, {"a": 5, "b": -5})
    with pytest.raises(IntegrityError):
        ledger.post(db, cause, NOW, {"a": 5, "b": -5})


@pytest.mark.parametrize(("debit", "credit"), [(0, 0), (5, 5), (-5, 0), (0, -5)])
def test_a_leg_has_one_side_and_is_never_negative(db: Session, debit: int, credit: int) -> None:
    leg = {"transaction": new_id(), "account": "a", "debit_satang": debit, "credit_satang": credit, "at": NOW}
    with pytest.raises(IntegrityError):
        db.execute(insert(LedgerEntry).values(leg))


def test_the_database_itself_refuses_to_commit_what_does_not_balance(db: Session) -> None:
    for account, debit, credit in (("a", 5, 0), ("b", 0, 4)):
        db.execute(
            insert(LedgerEntry).values(
                transaction=world.BOOKING, account=account, debit_satang=debit, credit_satang=credit, at=NOW
            )
        )
    with pytest.raises(IntegrityError, match="does not balance"):
        db.execute(text("set constraints all immediate"))


def test_verification_names_every_account_that_differs_from_bills_and_payments(db: Session) -> None:
    bill = world.bill(db)
    payments.settle(db, paid(bill), NOW, BANK)
    assert ledger.verify(db) == []
    db.execute(update(Payment).values(amount_satang=FEE - 1))
    ledger.post(db, new_id(), NOW, {"bank:cash": 7, ledger.UNMATCHED: -7})
    assert ledger.verify(db) == [
        f"bank:bank stands at {FEE} satang, bills and payments say {FEE - 1}",
        "bank:cash stands at 7 satang, bills and payments say 0",
        "liability:unmatched stands at -7 satang, bills and payments say 0",
    ]


class Cashier(RuleBasedStateMachine):
    """Bills are issued, paid rightly and wrongly, withdrawn and expired in any order; the clock only moves forward."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self._opened = self.database.transaction()
        self.db = self._opened.__enter__()
        self.home = household(self.db)
        self.now = NOW
        self.bills: list[Bill] = []
        self.told: list[Confirmation] = []

    def teardown(self) -> None:
        self.db.rollback()
        self._opened.__exit__(None, None, None)

    @rule(fees=st.lists(st.integers(1, 10_000), min_size=1, max_size=3), days=st.integers(1, 20))
    def issue(self, fees: list[int], days: int) -> None:
        items = [
            item(application, satang, slug)
            for satang, application, slug in zip(
                fees, [self.home.food, self.home.liquor, self.home.food], ["food", "liquor", "food"], strict=False
            )
        ]
        due = self.now + timedelta(days=days)
        self.bills.append(
            bills.issue(
                self.db, payee=world.PAYEE, payer=self.home.payer, items=items, due_at=due, actor=CLERK, now=self.now
            )
        )

    @precondition(lambda self: self.bills)
    @rule(data=st.data(), off=st.sampled_from([0, 0, 0, -1, 1]), ago=st.integers(0, 10), known=st.integers(0, 4))
    def pay(self, data: st.DataObject, off: int, ago: int, known: int) -> None:
        bill = data.draw(st.sampled_from(self.bills))
        paid_at = max(bill.issued_at, self.now - timedelta(days=ago))
        said = paid(bill, f"T{len(self.told)}", satang=max(1, bill.amount_satang + off), paid_at=paid_at)
        self._settle(said if known else paid(bill, said.transaction_id, ref1="UNKNOWN"))

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        said = data.draw(st.sampled_from(self.told))
        assert payments.settle(self.db, said, self.now, BANK).repeated

    @precondition(lambda self: self.bills)
    @rule(data=st.data())
    def claim_and_disown(self, data: st.DataObject) -> None:
        said = paid(data.draw(st.sampled_from(self.bills)), f"C{new_id()}", paid_at=self.now)
        payments.claim(self.db, said, self.now)
        assert payments.disown(self.db, said.channel, said.transaction_id, self.now + payments.PATIENCE, SYSTEM)

    @precondition(lambda self: self.bills)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        bill = data.draw(st.sampled_from(self.bills))
        paid_before = bill.status is BillStatus.PAID
        try:
            bills.void(self.db, bill.id, "ผู้ยื่นถอนคำขอ", CLERK, self.now)
        except Conflict:
            assert paid_before
        else:
            assert bill.status is BillStatus.VOID

    @rule(days=st.integers(0, 10))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        bills.expire_due(self.db, self.now)

    @precondition(lambda self: self.bills)
    @rule(data=st.data())
    def receipt(self, data: st.DataObject) -> None:
        bill = data.draw(st.sampled_from(self.bills))
        try:
            receipts.reserve(self.db, bill.id, self.now, SYSTEM)
        except Conflict:
            assert bill.status is not BillStatus.PAID
        else:
            assert bill.status is BillStatus.PAID

    @invariant()
    def the_books_agree(self) -> None:
        self.db.flush()
        assert ledger.verify(self.db) == []

    @invariant()
    def every_satang_that_came_is_in_the_bank(self) -> None:
        assert ledger.balance(self.db, ledger.bank("bank")) == sum(said.satang for said in self.told)

    @invariant()
    def a_bill_is_paid_by_one_settled_payment_and_receipted_without_gaps(self) -> None:
        settled = self.db.scalars(select(Payment.bill_id).where(Payment.status == PaymentStatus.SETTLED)).all()
        assert sorted(settled, key=str) == sorted((b.id for b in self.bills if b.status is BillStatus.PAID), key=str)
        numbers = sorted(self.db.scalars(select(Receipt.number)))
        assert [int(number[-6:]) for number in numbers] == list(range(1, len(numbers) + 1))

    def _settle(self, said: Confirmation) -> None:
        payments.settle(self.db, said, self.now, BANK)
        self.told.append(said)


def test_after_any_sequence_of_acts_the_books_agree(shared_database: Database) -> None:
    Cashier.database = shared_database
    run_state_machine_as_test(Cashier, settings=settings(world.LAWS, max_examples=15, stateful_step_count=12))
