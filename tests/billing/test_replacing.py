"""Bills that take each other's place: several become one, one fee falls away, an old slip turns out to be paid."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.billing import bills, held, ledger, payments, replacing
from app.billing.confirmation import Confirmation
from app.billing.models import Bill, BillLine, BillStatus, PaymentStatus
from app.core.db import Database, new_id
from app.core.errors import Conflict, DomainError, Invalid, NotFound
from app.core.events import SYSTEM, Actor, history
from tests.billing import world
from tests.billing.world import BANK, CLERK, DUE, NOW, Household, paid

LATER = NOW + timedelta(hours=2)


def two(db: Session) -> tuple[Household, Bill, Bill]:
    """One payer with two open bills, of 700 and of 2,200 baht."""
    home = world.household(db)
    return home, world.bill_of(db, home, 70_000), world.bill_of(db, home, 220_000, DUE - timedelta(days=1))


def combined(db: Session, home: Household, *singles: Bill, now: datetime = LATER) -> Bill:
    """The one bill of them."""
    return replacing.combine(db, home.applicant_id, [bill.id for bill in singles], CLERK, now)


def test_two_bills_become_one_with_every_fee_and_the_earlier_last_day(db: Session) -> None:
    home, small, large = two(db)
    one = combined(db, home, large, small)
    assert (one.amount_satang, one.status, one.due_at) == (290_000, BillStatus.OPEN, large.due_at)
    assert [line.satang for line in bills.lines(db, one.id)] == [70_000, 220_000]
    assert {small.status, large.status} == {BillStatus.VOID}
    assert small.replaced_by == large.replaced_by == one.id
    assert ledger.verify(db) == []


def test_combining_again_gives_the_same_bill_and_writes_nothing(db: Session) -> None:
    home, small, large = two(db)
    one = combined(db, home, small, large)
    before = len(history(db, f"bill:{one.id}"))
    assert combined(db, home, large, small) is one
    assert len(history(db, f"bill:{one.id}")) == before


def test_three_bills_may_be_combined_in_two_steps(db: Session) -> None:
    home, small, large = two(db)
    third = world.bill_of(db, home, 500)
    one = combined(db, home, combined(db, home, small, large), third)
    assert (one.amount_satang, len(bills.lines(db, one.id))) == (290_500, 3)
    assert {bill.id for bill in replacing.predecessors(db, one)} >= {small.id, large.id, third.id}
    assert replacing.heir(db, small) is one
    assert ledger.verify(db) == []


def test_what_cannot_be_combined_is_refused_and_nothing_changes(db: Session) -> None:
    home, small, large = two(db)
    stranger = world.bill(db)
    other = bills.Payee("excise", "กรมตัวอย่าง", "Example Department", "099400016550200")
    fee = [world.item(world.application(db, home), 500)]
    elsewhere = bills.issue(db, payee=other, payer=home.payer, items=fee, due_at=DUE, actor=CLERK, now=NOW)
    with pytest.raises(NotFound):
        combined(db, home, small, stranger)
    with pytest.raises(Invalid):
        combined(db, home, small)
    with pytest.raises(Invalid):
        combined(db, home, small, small)
    with pytest.raises(Invalid):
        combined(db, home, small, elsewhere)
    with pytest.raises(Conflict, match="พ้นกำหนด"):
        combined(db, home, small, large, now=DUE)
    payments.claim(db, paid(small), NOW)
    with pytest.raises(Conflict, match="กำลังตรวจสอบ"):
        combined(db, home, small, large)
    payments.settle(db, paid(small), NOW, BANK)
    with pytest.raises(Conflict, match="จ่ายหรือยกเลิก"):
        combined(db, home, small, large)
    assert (large.status, elsewhere.status) == (BillStatus.OPEN, BillStatus.OPEN)


def test_the_old_slip_of_a_combined_bill_still_pays_its_fee_and_the_rest_gets_a_bill_of_its_own(db: Session) -> None:
    home, small, large = two(db)
    one = combined(db, home, small, large)
    outcome = payments.settle(db, paid(small, paid_at=LATER), LATER, BANK)
    assert (outcome.status, outcome.bill_id) == (PaymentStatus.SETTLED, small.id)
    assert (small.status, small.replaced_by, one.status) == (BillStatus.PAID, None, BillStatus.VOID)
    rest = replacing.heir(db, one)
    assert rest is not None
    assert (rest.amount_satang, rest.status) == (220_000, BillStatus.OPEN)
    assert payments.settle(db, paid(large, "T2", paid_at=LATER), LATER, BANK).status is PaymentStatus.SETTLED
    assert (large.status, rest.status) == (BillStatus.PAID, BillStatus.VOID)
    assert ledger.verify(db) == []


def test_the_old_slip_after_the_combined_bill_was_paid_is_a_second_payment(db: Session) -> None:
    home, small, large = two(db)
    one = combined(db, home, small, large)
    assert payments.settle(db, paid(one, paid_at=LATER), LATER, BANK).status is PaymentStatus.SETTLED
    outcome = payments.settle(db, paid(small, "T2", paid_at=LATER), LATER, BANK)
    assert (outcome.status, small.status) == (PaymentStatus.DUPLICATE, BillStatus.VOID)
    assert ledger.balance(db, ledger.UNMATCHED) == -70_000
    assert ledger.verify(db) == []


def test_the_old_slip_while_the_combined_bill_is_being_checked_is_kept_for_the_cashier(db: Session) -> None:
    home, small, large = two(db)
    one = combined(db, home, small, large)
    payments.claim(db, paid(one, "T1", paid_at=LATER), LATER)
    assert payments.settle(db, paid(small, "T2", paid_at=LATER), LATER, BANK).status is PaymentStatus.LATE
    assert payments.settle(db, paid(one, "T1", paid_at=LATER), LATER, BANK).status is PaymentStatus.SETTLED
    assert ledger.verify(db) == []


@pytest.mark.parametrize("other", [{"satang": 69_999}, {"paid_at": DUE + timedelta(seconds=1)}])
def test_a_wrong_amount_or_a_late_one_for_an_old_slip_changes_no_bill(db: Session, other: dict[str, Any]) -> None:
    home, small, large = two(db)
    one = combined(db, home, small, large)
    assert payments.settle(db, paid(small, **other), LATER, BANK).status is PaymentStatus.LATE
    assert (small.status, one.status) == (BillStatus.VOID, BillStatus.OPEN)
    assert ledger.verify(db) == []


def test_when_one_fee_falls_away_the_others_stay_on_a_new_bill(db: Session) -> None:
    home, small, large = two(db)
    one = combined(db, home, small, large)
    (gone, _stays) = bills.lines(db, one.id)
    rest = replacing.without(db, one.id, gone.application_id, "application_withdrawn", CLERK, LATER)
    assert rest is not None
    assert (rest.amount_satang, one.status, one.replaced_by) == (220_000, BillStatus.VOID, rest.id)
    assert replacing.without(db, one.id, gone.application_id, "application_withdrawn", CLERK, LATER) is None
    # Money for the withdrawn fee, or for both, is nobody's debt any more; the slip of the one that stays is.
    assert payments.settle(db, paid(one, "T1", paid_at=LATER), LATER, BANK).status is PaymentStatus.LATE
    assert payments.settle(db, paid(small, "T2", paid_at=LATER), LATER, BANK).status is PaymentStatus.LATE
    assert payments.settle(db, paid(large, "T3", paid_at=LATER), LATER, BANK).status is PaymentStatus.SETTLED
    assert ledger.verify(db) == []


def test_the_last_fee_takes_its_bill_with_it(db: Session) -> None:
    home, small, _large = two(db)
    (line,) = bills.lines(db, small.id)
    assert replacing.without(db, small.id, line.application_id, "application_withdrawn", CLERK, LATER) is None
    assert (small.status, small.replaced_by) == (BillStatus.VOID, None)
    assert bills.open_of_application(db, line.application_id) is None
    assert [bill.amount_satang for bill in bills.open_of_applicant(db, home.applicant_id, NOW)] == [220_000]


def test_the_bank_and_the_person_at_once_pay_every_fee_exactly_once(wide_database: Database) -> None:
    """The person combines two bills while the bank confirms both old slips, in every order that threads find."""
    for n in range(12):
        with wide_database.transaction() as db:
            home, small, large = two(db)
        gate = Barrier(3, timeout=60)

        def combine(home: Household = home, pair: tuple[Bill, Bill] = (small, large), gate: Barrier = gate) -> bool:
            gate.wait()
            try:
                with wide_database.transaction() as db:
                    combined(db, home, *pair)
            except Conflict:
                return False
            return True

        def settle(bill: Bill, gate: Barrier = gate, n: int = n) -> PaymentStatus:
            gate.wait()
            with wide_database.transaction() as db:
                return payments.settle(db, paid(bill, f"R{n}-{bill.number}", paid_at=LATER), LATER, BANK).status

        with ThreadPoolExecutor(3) as pool:
            settled = [pool.submit(settle, bill) for bill in (small, large)]
            pool.submit(combine).result()
            assert [one.result() for one in settled] == [PaymentStatus.SETTLED] * 2
        with wide_database.transaction() as db:
            assert bills.open_of_applicant(db, home.applicant_id, NOW) == []
            assert ledger.verify(db) == []


def test_eight_presses_at_once_make_one_combined_bill(wide_database: Database) -> None:
    with wide_database.transaction() as db:
        home, small, large = two(db)

    def press(_: int) -> UUID:
        with wide_database.transaction() as db:
            return combined(db, home, small, large).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(press, range(8)))) == 1


class Counterdesk(RuleBasedStateMachine):
    """One payer, any order of announcing, settling, withdrawing, combining, assigning and giving back."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self._opened = self.database.transaction()
        self.db = self._opened.__enter__()
        self.home = world.household(self.db)
        self.cashier: Actor = world.officer(self.db)
        self.now = NOW
        self.told: list[Confirmation] = []
        self.withdrawn: set[UUID] = set()

    def teardown(self) -> None:
        self.db.rollback()
        self._opened.__exit__(None, None, None)

    def all(self) -> list[Bill]:
        mine = select(Bill).where(Bill.applicant_id == self.home.applicant_id).order_by(Bill.ref1)
        return list(self.db.scalars(mine))

    def open(self) -> list[Bill]:
        return [bill for bill in self.all() if bill.status is BillStatus.OPEN]

    @rule(satang=st.sampled_from([100, 100, 250]), days=st.integers(3, 20))
    def approve(self, satang: int, days: int) -> None:
        world.bill_of(self.db, self.home, satang, self.now + timedelta(days=days), self.now)

    @precondition(lambda self: len(self.open()) > 1)
    @rule(data=st.data())
    def combine(self, data: st.DataObject) -> None:
        some = data.draw(st.lists(st.sampled_from(self.open()), min_size=2, max_size=3, unique_by=lambda b: b.id))
        try:
            combined(self.db, self.home, *some, now=self.now)
        except Conflict:
            assert any(bills.being_checked(self.db, bill) or bill.due_at <= self.now for bill in some)

    @precondition(lambda self: self.open())
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        bill = data.draw(st.sampled_from(self.open()))
        line = data.draw(st.sampled_from(bills.lines(self.db, bill.id)))
        try:
            replacing.without(self.db, bill.id, line.application_id, "application_withdrawn", CLERK, self.now)
        except Conflict:
            assert bills.being_checked(self.db, bill)
        else:
            self.withdrawn.add(line.application_id)

    @precondition(lambda self: self.all())
    @rule(data=st.data(), off=st.sampled_from([0, 0, 0, 0, -1]), announced_only=st.sampled_from([False, False, True]))
    def bank_speaks(self, data: st.DataObject, off: int, *, announced_only: bool) -> None:
        bill = data.draw(st.sampled_from(self.all()))
        said = paid(bill, f"T{new_id()}", satang=max(1, bill.amount_satang + off), paid_at=self.now)
        if announced_only:
            payments.claim(self.db, said, self.now)
            return
        payments.settle(self.db, said, self.now, BANK)
        self.told.append(said)

    @rule()
    def bank_knows_nothing(self) -> None:
        for said in payments.pending(self.db, self.now + timedelta(seconds=1)):
            payments.disown(self.db, said.channel, said.transaction_id, self.now + payments.PATIENCE, SYSTEM)

    @rule(days=st.integers(0, 6))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        bills.expire_due(self.db, self.now)

    @rule(data=st.data(), act=st.sampled_from(["assign", "refund", "return"]))
    def cashier_decides(self, data: st.DataObject, act: str) -> None:
        account = world.PAYEE.biller_id
        waiting = held.to_return(self.db, account) if act == "return" else held.waiting(self.db, account)
        if not waiting:
            return
        one = data.draw(st.sampled_from(waiting))
        try:
            if act == "assign":
                for bill in held.fitting(self.db, one, self.now)[:1]:
                    held.assign(self.db, account, one.payment.id, bill.id, self.cashier, self.now)
            elif act == "refund":
                why = "จ่ายซ้ำ คืนเงินให้ผู้จ่าย"
                held.refund(self.db, account, one.payment.id, world.PAYEE.agency_code, why, self.cashier, self.now)
            else:
                held.returned(self.db, account, one.payment.id, "TR-0001", self.cashier, self.now)
        except DomainError as refused:
            raise AssertionError(refused.message) from refused

    @invariant()
    def the_books_agree(self) -> None:
        self.db.flush()
        assert ledger.verify(self.db) == []

    @invariant()
    def no_fee_is_asked_for_twice_and_none_that_was_withdrawn(self) -> None:
        query = select(BillLine.application_id).join(Bill, Bill.id == BillLine.bill_id)
        asked = Counter(self.db.scalars(query.where(Bill.status.in_([BillStatus.OPEN, BillStatus.PAID]))))
        assert set(asked.values()) <= {1}
        assert not self.withdrawn & asked.keys()


def test_whatever_the_order_of_acts_the_books_agree_and_nobody_is_asked_twice(shared_database: Database) -> None:
    Counterdesk.database = shared_database
    run_state_machine_as_test(Counterdesk, settings=settings(world.LAWS, max_examples=20, stateful_step_count=16))
