"""Receipts: one per paid bill, numbered without gaps, the same again after a crash, the applicant's own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.billing import payments, receipts
from app.core.db import Database, new_id
from app.core.errors import Conflict, NotFound
from app.core.events import SYSTEM, history
from tests.billing import world
from tests.billing.world import BANK, NOW, paid

DIGEST = "a" * 64


def test_a_paid_bill_gets_one_number_however_often_it_is_asked_for(db: Session) -> None:
    bill = world.bill(db)
    outcome = payments.settle(db, paid(bill), NOW, BANK)
    first = receipts.reserve(db, bill.id, NOW, SYSTEM)
    again = receipts.reserve(db, bill.id, NOW + timedelta(days=60), SYSTEM)
    assert first is again
    assert (first.number, first.bill_id, first.payment_id) == ("รจ 2569-000001", bill.id, outcome.payment_id)
    assert receipts.of_bill(db, bill.id) is first
    assert [event.kind for event in history(db, f"bill:{bill.id}")] == ["bill_issued", "bill_paid", "receipt_numbered"]


def test_an_unpaid_bill_gets_no_receipt_and_takes_no_number(db: Session) -> None:
    unpaid, settled = world.bill(db), world.bill(db)
    with pytest.raises(Conflict, match="ยังไม่ได้จ่าย"):
        receipts.reserve(db, unpaid.id, NOW, SYSTEM)
    with pytest.raises(NotFound):
        receipts.reserve(db, new_id(), NOW, SYSTEM)
    payments.settle(db, paid(settled), NOW, BANK)
    assert receipts.reserve(db, settled.id, NOW, SYSTEM).number == "รจ 2569-000001"


def test_a_receipt_number_lost_in_a_crash_is_given_again(database: Database) -> None:
    with database.transaction() as db:
        first, second = world.bill(db), world.bill(db)
        payments.settle(db, paid(first, "T1"), NOW, BANK)
        payments.settle(db, paid(second, "T2"), NOW, BANK)
    with database.transaction() as db:
        receipts.reserve(db, first.id, NOW, SYSTEM)
        db.rollback()
    with database.transaction() as db:
        assert receipts.reserve(db, second.id, NOW, SYSTEM).number == "รจ 2569-000001"


def test_eight_threads_number_receipts_without_gap_or_repetition(wide_database: Database) -> None:
    with wide_database.transaction() as db:
        several = [world.bill(db) for _ in range(12)]
        for n, bill in enumerate(several):
            payments.settle(db, paid(bill, f"T{n}"), NOW, BANK)

    def number(n: int) -> str:
        with wide_database.transaction() as db:
            return receipts.reserve(db, several[n % 12].id, NOW, SYSTEM).number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(number, range(36)))
    assert sorted(set(numbers)) == [f"รจ 2569-{n:06d}" for n in range(1, 13)]
    assert numbers[:12] == numbers[12:24] == numbers[24:]


def test_the_first_file_of_a_receipt_stands(db: Session) -> None:
    bill = world.bill(db)
    payments.settle(db, paid(bill), NOW, BANK)
    receipt = receipts.reserve(db, bill.id, NOW, SYSTEM)
    receipts.attach(db, receipt.id, DIGEST, NOW, SYSTEM)
    receipts.attach(db, receipt.id, "b" * 64, NOW, SYSTEM)
    assert receipt.file_digest == DIGEST
    assert [event.kind for event in history(db, f"bill:{bill.id}")][-1] == "receipt_issued"
    with pytest.raises(NotFound):
        receipts.attach(db, new_id(), DIGEST, NOW, SYSTEM)


def test_only_a_sha256_is_a_files_digest(db: Session) -> None:
    bill = world.bill(db)
    payments.settle(db, paid(bill), NOW, BANK)
    receipt = receipts.reserve(db, bill.id, NOW, SYSTEM)
    with pytest.raises(IntegrityError):
        receipts.attach(db, receipt.id, "A" * 64, NOW, SYSTEM)


def test_only_the_applicant_finds_the_receipt(db: Session) -> None:
    bill = world.bill(db)
    payments.settle(db, paid(bill), NOW, BANK)
    receipt = receipts.reserve(db, bill.id, NOW, SYSTEM)
    assert receipts.find(db, receipt.id, bill.applicant_id) is receipt
    for receipt_id, applicant_id in ((receipt.id, new_id()), (new_id(), bill.applicant_id)):
        with pytest.raises(NotFound):
            receipts.find(db, receipt_id, applicant_id)
