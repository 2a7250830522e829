"""Bills: numbered without gaps, everything copied onto them, seen by their own applicant only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.billing import bills, ledger, payments, series, thai_qr
from app.billing.models import Bill, BillLine, BillStatus
from app.core.db import Database, new_id
from app.core.errors import Conflict, NotFound
from app.core.events import history
from tests.billing import world
from tests.billing.world import BANK, CLERK, DUE, NOW, PAYEE, item


def test_a_bill_copies_the_collecting_account_and_adds_up_its_fees(db: Session) -> None:
    home = world.household(db)
    fees = [item(home.food, 150_000), item(home.liquor, 33_050, "liquor-retail", "excise")]
    bill = bills.issue(db, payee=PAYEE, payer=home.payer, items=fees, due_at=DUE, actor=CLERK, now=NOW)

    assert (bill.number, bill.amount_satang, bill.status) == ("บช 2569-000001", 183_050, BillStatus.OPEN)
    assert (bill.payee_th, bill.payee_en, bill.biller_id) == (PAYEE.name_th, PAYEE.name_en, PAYEE.biller_id)
    assert [(line.application_id, line.satang) for line in bills.lines(db, bill.id)] == [
        (home.food, 150_000),
        (home.liquor, 33_050),
    ]
    assert bills.of_application(db, home.liquor) == [bill]
    assert [event.kind for event in history(db, f"bill:{bill.id}")] == ["bill_issued"]


def test_the_qr_code_of_a_bill_reads_back_as_the_bill(db: Session) -> None:
    bill = world.bill(db, 123_456)
    read = thai_qr.parse(thai_qr.build(bills.thai_qr_of(bill, "BIZ")))
    assert read == thai_qr.BillPayment(bill.biller_id, bill.ref1, bill.ref2, 123_456, "BIZ")


def test_what_is_owed_is_booked_to_each_agency_and_service(db: Session) -> None:
    home = world.household(db)
    fees = [item(home.food, 100), item(home.food, 50), item(home.liquor, 30, "liquor-retail", "excise")]
    bill = bills.issue(db, payee=PAYEE, payer=home.payer, items=fees, due_at=DUE, actor=CLERK, now=NOW)
    assert ledger.balance(db, ledger.receivable(bill.id)) == 180
    assert ledger.balance(db, ledger.revenue("nb-samutthara", "food-notify")) == -150
    assert ledger.balance(db, ledger.revenue("excise", "liquor-retail")) == -30
    assert ledger.verify(db) == []


@pytest.mark.parametrize("satang", [[], [0], [100, 0], [-1]])
def test_a_bill_with_nothing_to_pay_is_refused(db: Session, satang: list[int]) -> None:
    home = world.household(db)
    fees = [item(home.food, amount) for amount in satang]
    with pytest.raises(ValueError, match="at least one satang"):
        bills.issue(db, payee=PAYEE, payer=home.payer, items=fees, due_at=DUE, actor=CLERK, now=NOW)


def test_a_bill_that_is_due_before_it_is_issued_is_refused(db: Session) -> None:
    with pytest.raises(ValueError, match="due after"):
        world.bill(db, due_at=NOW)


def test_the_first_bill_of_a_buddhist_year_is_number_one_by_the_calendar_in_thailand(db: Session) -> None:
    last_minute, first_minute = datetime(2026, 12, 31, 16, 59, tzinfo=UTC), datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    due = first_minute + timedelta(days=15)
    numbers = [world.bill(db, now=at, due_at=due).number for at in (last_minute, last_minute, first_minute)]
    assert numbers == ["บช 2569-000001", "บช 2569-000002", "บช 2570-000001"]


def test_each_agency_counts_for_itself_but_references_never_meet_in_a_shared_account(db: Session) -> None:
    other = bills.Payee("excise", "กรมตัวอย่าง", "Example Department", PAYEE.biller_id)
    first, second = world.bill(db), world.bill(db, payee=other)
    assert first.number == second.number == "บช 2569-000001"
    assert first.ref1 != second.ref1


def test_a_number_taken_in_a_transaction_that_failed_is_given_again(database: Database) -> None:
    with database.transaction() as db:
        first = world.bill(db).number
    with database.transaction() as db:
        lost = world.bill(db).number
        db.rollback()
    with database.transaction() as db:
        again = world.bill(db).number
    assert (first, lost, again) == ("บช 2569-000001", "บช 2569-000002", "บช 2569-000002")


def test_eight_threads_issue_without_gap_or_repetition(wide_database: Database) -> None:

    def issue_some(_: int) -> list[str]:
        numbers = []
        for turn in range(4):
            with wide_database.transaction() as db:
                number = world.bill(db).number
                if turn == 1:
                    db.rollback()
                else:
                    numbers.append(number)
        return numbers

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(number for some in pool.map(issue_some, range(8)) for number in some)
    assert numbers == [f"บช 2569-{n:06d}" for n in range(1, 25)]


def test_a_mistyped_reference_names_no_other_bill() -> None:
    ref1 = "25690000127"
    right = series.second_reference(ref1, DUE)
    for at, digit in enumerate(ref1):
        for other in "0123456789".replace(digit, ""):
            assert series.second_reference(ref1[:at] + other + ref1[at + 1 :], DUE) != right
    for at, (left, after) in enumerate(pairwise(ref1)):
        if left != after:
            assert series.second_reference(ref1[:at] + after + left + ref1[at + 2 :], DUE) != right


def test_only_the_applicant_finds_the_bill(db: Session) -> None:
    bill = world.bill(db)
    assert bills.find(db, bill.id, bill.applicant_id) == bill
    for bill_id, applicant_id in ((bill.id, new_id()), (new_id(), bill.applicant_id)):
        with pytest.raises(NotFound) as refusal:
            bills.find(db, bill_id, applicant_id)
        assert refusal.value.message == "ไม่พบใบแจ้งชำระนี้"


def test_a_withdrawn_bill_is_owed_no_more_and_withdrawing_again_changes_nothing(db: Session) -> None:
    bill = world.bill(db)
    bills.void(db, bill.id, "ผู้ยื่นถอนคำขอ", CLERK, NOW)
    bills.void(db, bill.id, "ผู้ยื่นถอนคำขอ", CLERK, NOW)
    assert bill.status is BillStatus.VOID
    assert ledger.balance(db, ledger.receivable(bill.id)) == 0
    assert [event.kind for event in history(db, f"bill:{bill.id}")] == ["bill_issued", "bill_void"]
    assert ledger.verify(db) == []


def test_a_paid_bill_cannot_be_withdrawn(db: Session) -> None:
    bill = world.bill(db)
    payments.settle(db, world.paid(bill), NOW, BANK)
    with pytest.raises(Conflict, match="จ่ายแล้ว"):
        bills.void(db, bill.id, "พลั้งมือ", CLERK, NOW)


def test_a_bill_with_money_on_its_way_cannot_be_withdrawn_and_does_not_expire(db: Session) -> None:
    bill = world.bill(db)
    payments.claim(db, world.paid(bill), NOW)
    with pytest.raises(Conflict, match="กำลังตรวจสอบ"):
        bills.void(db, bill.id, "พลั้งมือ", CLERK, NOW)
    assert bills.expire_due(db, DUE + timedelta(days=1)) == []
    assert bills.being_checked(db, bill)


def test_bills_expire_when_their_moment_has_passed_and_not_before(db: Session) -> None:
    due, later = world.bill(db), world.bill(db, due_at=DUE + timedelta(days=1))
    assert bills.expire_due(db, DUE) == []
    assert bills.expire_due(db, DUE + timedelta(seconds=1), grace=timedelta(minutes=1)) == []
    assert bills.expire_due(db, DUE + timedelta(seconds=1)) == [due.id]
    assert (due.status, later.status) == (BillStatus.EXPIRED, BillStatus.OPEN)
    assert ledger.verify(db) == []


def test_an_expired_bill_is_issued_anew_with_new_references_and_the_same_fees(db: Session) -> None:
    old = world.bill(db)
    bills.expire_due(db, DUE + timedelta(days=1))
    new = bills.reissue(db, old.id, DUE + timedelta(days=30), CLERK, DUE + timedelta(days=2))
    assert (old.status, new.status, new.number) == (BillStatus.VOID, BillStatus.OPEN, "บช 2569-000002")
    assert (new.ref1, new.ref2) != (old.ref1, old.ref2)
    assert [(x.application_id, x.satang) for x in bills.lines(db, new.id)] == [
        (x.application_id, x.satang) for x in bills.lines(db, old.id)
    ]
    assert ledger.verify(db) == []


@pytest.mark.parametrize(
    "change",
    [
        {"amount_satang": 0},
        {"amount_satang": -5},
        {"status": "paid"},
        {"status": "lost"},
        {"paid_at": NOW},
        {"biller_id": "12345"},
        {"due_at": NOW - timedelta(days=1)},
    ],
)
def test_the_database_itself_refuses_an_impossible_bill(db: Session, change: dict[str, object]) -> None:
    bill = world.bill(db)
    with pytest.raises(IntegrityError):
        db.execute(update(Bill.__table__).where(Bill.id == bill.id).values(change))  # type: ignore[arg-type]


def test_two_bills_never_share_references(db: Session) -> None:
    first, second = world.bill(db), world.bill(db)
    same = {"ref1": first.ref1, "ref2": first.ref2}
    with pytest.raises(IntegrityError):
        db.execute(update(Bill).where(Bill.id == second.id).values(same))


def test_the_fees_of_a_bill_cannot_be_orphaned(db: Session) -> None:
    bill = world.bill(db)
    with pytest.raises(DBAPIError):
        db.execute(delete(Bill).where(Bill.id == bill.id))
    db.rollback()
    assert db.scalars(select(BillLine)).all() == []
