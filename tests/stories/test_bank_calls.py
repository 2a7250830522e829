"""What the bank says, in every order and every wrong way: each call is kept, the bill's page says what is so, once."""

import json
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.billing import callbacks, ledger, series
from app.billing.models import BankCallback, Bill, LedgerEntry, Payment, PaymentStatus, Receipt, Verdict
from app.demo import walk
from tests.stories.world import Case, World, at_once

FEE = "700.00"


@pytest.fixture(scope="module")
def unpaid(shared: World) -> Case:
    """A bill that nobody in this module pays."""
    return shared.awaiting_payment()


@pytest.fixture(scope="module")
def paid(shared: World) -> tuple[Case, dict[str, Any]]:
    """A bill whose payment the bank told twice, and what it told; the licence is there."""
    case = shared.awaiting_payment()
    said = shared.paid(qr=shared.slip(case), callback="twice")
    case.licence = walk.await_licence(case.me, case.form)
    return case, said


@pytest.fixture(scope="module")
def announced(shared: World) -> tuple[Case, dict[str, Any]]:
    """A bill with a payment that the bank announced under its signature and, when asked, does not know."""
    case = shared.awaiting_payment()
    real = shared.paid(qr=shared.slip(case))
    said = {**real, "transactionId": f"{real['transactionId'][:-4]}WXYZ"}
    assert shared.knock(told(said)).status_code == 200
    return case, said


def told(said: dict[str, Any]) -> bytes:
    """The bank's message about a payment."""
    return json.dumps(said, ensure_ascii=False).encode()


def status_of(world: World, said: dict[str, Any]) -> PaymentStatus:
    """What the portal made of a payment, when there is nothing left to do."""
    world.when_idle()
    found = world.rows(select(Payment.status).where(Payment.transaction_id == said["transactionId"]))
    assert len(found) == 1
    return PaymentStatus(found[0][0])


def knocks(world: World) -> int:
    """How many knocks were ever kept."""
    return int(world.rows(select(func.count()).select_from(BankCallback))[0][0])


def verdicts(world: World, since: int) -> list[Verdict]:
    """What was made of every knock after the first `since`."""
    rows = world.rows(select(BankCallback.verdict).order_by(BankCallback.received_at, BankCallback.id).offset(since))
    return [Verdict(row[0]) for row in rows]


def receipts(world: World, case: Case) -> int:
    """How many receipts a bill has."""
    bill = UUID(case.bill.rpartition("/")[2])
    return int(world.rows(select(func.count()).where(Receipt.bill_id == bill))[0][0])


def test_a_bank_that_tells_twice_is_heard_once(shared: World, paid: tuple[Case, dict[str, Any]]) -> None:
    case, said = paid

    assert status_of(shared, said) is PaymentStatus.SETTLED
    case.me.open(case.bill).must_see("ชำระเงินแล้ว 700 บาท").must_see("ใบเสร็จรับเงิน")
    assert receipts(shared, case) == 1


def test_a_bank_that_tells_again_after_the_licence_was_issued_changes_nothing(
    shared: World, paid: tuple[Case, dict[str, Any]]
) -> None:
    case, said = paid
    entries = select(func.count()).select_from(LedgerEntry)
    shared.when_idle()
    before = shared.rows(entries)

    shared.told_again(said["transactionId"])

    assert status_of(shared, said) is PaymentStatus.SETTLED
    assert shared.rows(entries) == before
    assert receipts(shared, case) == 1


def test_a_known_transaction_told_with_another_amount_is_refused_and_kept(
    shared: World, paid: tuple[Case, dict[str, Any]]
) -> None:
    case, said = paid
    before = knocks(shared)

    answer = shared.knock(told({**said, "amount": "999.00"}))

    assert answer.status_code == 409
    assert verdicts(shared, before) == [Verdict.CONFLICTING]
    assert status_of(shared, said) is PaymentStatus.SETTLED
    assert receipts(shared, case) == 1


def test_money_paid_twice_is_kept_and_the_page_says_whom_to_ask_for_it(
    shared: World, paid: tuple[Case, dict[str, Any]]
) -> None:
    case, first = paid

    second = shared.paid(
        billerId=first["payeeProxyId"],
        reference1=first["billPaymentRef1"],
        reference2=first["billPaymentRef2"],
        amount=FEE,
        callback="once",
    )

    assert status_of(shared, second) is PaymentStatus.DUPLICATE
    case.me.open(case.bill).must_see("ชำระเงินแล้ว 700 บาท").must_see("มีเงินเข้าอีก 700.00 บาท")
    case.me.must_see("เจ้าหน้าที่การเงินจะคืนเงินให้")
    assert receipts(shared, case) == 1


def test_two_payments_told_at_the_same_moment_are_one_settled_and_one_to_give_back(world: World) -> None:
    case = world.awaiting_payment()
    slip = world.slip(case)
    both = [world.paid(qr=slip), world.paid(qr=slip)]
    case.me.open(case.bill).must_see("รอชำระ")

    at_once([partial(world.knock, told(said)) for said in both])

    assert {status_of(world, said) for said in both} == {PaymentStatus.SETTLED, PaymentStatus.DUPLICATE}
    case.me.open(case.bill).must_see("มีเงินเข้าอีก 700.00 บาท")
    assert receipts(world, case) == 1


def test_a_wrong_amount_leaves_the_bill_open_and_the_right_one_still_pays_it(world: World) -> None:
    case = world.awaiting_payment()
    slip = world.slip(case)

    wrong = [world.paid(qr=slip, amount=amount, callback="once") for amount in ("699.99", "1.00", "7000.00")]

    assert {status_of(world, said) for said in wrong} == {PaymentStatus.WRONG_AMOUNT}
    case.me.open(case.bill).must_see("มีเงินเข้า 699.99 บาท น้อยกว่าใบแจ้ง 0.01 บาท").must_see("สแกนด้วยแอปธนาคาร")
    assert receipts(world, case) == 0

    right = world.paid(qr=slip, callback="once")

    assert status_of(world, right) is PaymentStatus.SETTLED
    case.me.open(case.bill).must_see("ชำระเงินแล้ว 700 บาท").must_see("มีเงินเข้า 7,000.00 บาท")
    assert receipts(world, case) == 1


def test_the_amount_the_bank_itself_confirms_counts_and_not_the_amount_in_the_call(shared: World, unpaid: Case) -> None:
    said = shared.paid(qr=shared.slip(unpaid), amount="100.00")

    shared.knock(told({**said, "amount": FEE}))

    assert status_of(shared, said) is PaymentStatus.WRONG_AMOUNT
    unpaid.me.open(unpaid.bill).must_see("มีเงินเข้า 100.00 บาท").must_see("สแกนด้วยแอปธนาคาร")
    assert receipts(shared, unpaid) == 0


def test_money_for_a_reference_nobody_knows_is_kept_without_a_bill(shared: World, unpaid: Case) -> None:
    biller = shared.paid(qr=shared.slip(unpaid))["payeeProxyId"]

    said = shared.paid(billerId=biller, reference1="25690999999", reference2="26120199", amount=FEE, callback="once")

    assert status_of(shared, said) is PaymentStatus.UNMATCHED
    unpaid.me.open(unpaid.bill).must_see("สแกนด้วยแอปธนาคาร")
    assert not unpaid.me.sees("มีเงินเข้า 700.00 บาท")


def test_a_payment_that_the_bank_announces_but_does_not_confirm_says_do_not_pay_again(
    shared: World, announced: tuple[Case, dict[str, Any]]
) -> None:
    case, said = announced

    assert status_of(shared, said) is PaymentStatus.PENDING
    case.me.open(case.bill).must_see("กำลังตรวจสอบการชำระ").must_see("อย่าจ่ายซ้ำ")
    assert not case.me.sees("สแกนด้วยแอปธนาคาร")
    assert receipts(shared, case) == 0


def test_a_case_whose_payment_is_being_checked_cannot_be_withdrawn(announced: tuple[Case, dict[str, Any]]) -> None:
    case, _said = announced

    assert not case.told().links(f"{case.mine}/withdraw")
    case.me.open(f"{case.mine}/withdraw").press("ถอนคำขอ")

    assert case.me.status == 409
    case.me.must_see("กำลังตรวจสอบการชำระของใบแจ้ง")


def test_a_call_that_is_not_the_banks_is_refused_kept_and_told_no_reason(shared: World, unpaid: Case) -> None:
    body = told(shared.paid(qr=shared.slip(unpaid)))
    secret, now = shared.house.settings.bank.callback_secret, shared.house.clock.now()
    good = callbacks.sign(body, secret, now)
    odd: list[tuple[bytes, dict[str, str], int, Verdict]] = [
        (body, {}, 401, Verdict.FORGED),
        (body, {**good, "X-Signature": "0" * 64}, 401, Verdict.FORGED),
        (body, {**good, "X-Signature": good["X-Signature"][:-1]}, 401, Verdict.FORGED),
        (body.replace(b"700.00", b"700.01"), good, 401, Verdict.FORGED),
        (body, callbacks.sign(body, "another secret", now), 401, Verdict.FORGED),
        (body, callbacks.sign(body, secret, now - timedelta(minutes=6)), 401, Verdict.STALE),
        (body, callbacks.sign(body, secret, now + timedelta(minutes=6)), 401, Verdict.STALE),
        (b"{", callbacks.sign(b"{", secret, now), 400, Verdict.MALFORMED),
        (b"\xff\xfe{}", callbacks.sign(b"\xff\xfe{}", secret, now), 400, Verdict.MALFORMED),
        (b"", callbacks.sign(b"", secret, now), 400, Verdict.MALFORMED),
        (b"9" * 20_000, {}, 413, Verdict.TOO_BIG),
    ]
    before = knocks(shared)

    answers = [shared.knock(sent, headers) for sent, headers, _status, _verdict in odd]

    assert [answer.status_code for answer in answers] == [status for _, _, status, _ in odd]
    assert verdicts(shared, before) == [verdict for *_, verdict in odd]
    assert {answer.text for answer in answers} == {answers[0].text}
    shared.when_idle()
    unpaid.me.open(unpaid.bill).must_see("สแกนด้วยแอปธนาคาร")


def test_ten_megabytes_at_the_banks_door_are_turned_away(shared: World) -> None:
    answer = shared.knock(b'{"amount": "' + b"9" * 10 * 1024 * 1024 + b'"}')

    assert answer.status_code == 413
    assert shared.knock(b"{}").status_code == 400


def test_money_that_came_before_its_bill_existed_pays_it_as_soon_as_it_does(world: World, unpaid: Case) -> None:
    del unpaid  # there is a bill: the next one has the next number
    case = world.accepted()
    (last,) = world.rows(select(Bill.biller_id, Bill.ref1, Bill.due_at).order_by(Bill.ref1.desc()).limit(1))
    next_ref1 = str(int(last.ref1) + 1)
    next_ref2 = series.second_reference(next_ref1, last.due_at)
    said = world.paid(billerId=last.biller_id, reference1=next_ref1, reference2=next_ref2, amount=FEE, callback="once")
    assert status_of(world, said) is PaymentStatus.UNMATCHED

    walk.decide(world.officer("song"), case.desk, "approve", "ลงชื่ออนุญาต")

    case.licence = walk.await_licence(case.me, case.form)
    assert status_of(world, said) is PaymentStatus.SETTLED
    world.told_again(said["transactionId"])
    assert status_of(world, said) is PaymentStatus.SETTLED


def test_the_books_agree_with_bills_and_payments_whatever_the_bank_said(
    shared: World, paid: tuple[Case, dict[str, Any]]
) -> None:
    status_of(shared, paid[1])

    with shared.house.database.transaction() as db:
        assert ledger.verify(db) == []
