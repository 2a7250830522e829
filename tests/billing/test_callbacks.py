"""The callback door: the bank is let in, everybody else is turned away politely, and every knock is kept."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.billing import bills, payments
from app.billing.callbacks import FRESH, MAX_BODY_BYTES, Received, receive, sign
from app.billing.models import BankCallback, Payment, PaymentStatus, Verdict
from app.core.db import Database
from tests.billing import world
from tests.billing.world import BANK, NOW, Message, paid

SECRET = "ความลับระหว่างเรากับธนาคาร"


def test_a_signed_confirmation_is_kept_claimed_and_answered_as_the_bank_expects(db: Session) -> None:
    bill = world.bill(db)
    received = knock(db, Message.about(paid(bill)).body)
    assert (received.verdict, received.status, received.waiting) == (Verdict.ACCEPTED, 200, True)
    assert received.answer == {
        "resCode": "00",
        "resDesc": "success",
        "transactionId": "T0001",
        "confirmId": received.callback.id.hex,
    }
    assert received.said == paid(bill) == payments.claimed(db, "bank", "T0001")
    assert bills.being_checked(db, bill)
    assert kept(db).body == Message.about(paid(bill)).body


@pytest.mark.parametrize("amount", ["2000.00", "2000", "2000.0", 2000, 2000.0])
def test_an_amount_is_the_same_as_text_and_as_a_number(db: Session, amount: object) -> None:
    received = knock(db, Message.about(paid(world.bill(db)), amount=amount).body)
    assert received.said is not None
    assert received.said.satang == 200_000


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Signature": "", "X-Timestamp": ""},
        {"X-Signature": "0" * 64, "X-Timestamp": str(int(NOW.timestamp()))},
        {"X-Signature": "ก" * 64, "X-Timestamp": str(int(NOW.timestamp()))},
        {"X-Signature": "0" * 64, "X-Timestamp": "๑๒๓"},
        {"X-Signature": "0" * 64, "X-Timestamp": "-1"},
        {"X-Signature": "0" * 64 + "\n", "X-Timestamp": "\x00"},
        {"X-Signature": "0" * 10_000, "X-Timestamp": "9" * 10_000},
    ],
)
def test_a_confirmation_without_the_banks_signature_is_refused_and_kept(db: Session, headers: dict[str, str]) -> None:
    bill = world.bill(db)
    received = receive(db, Message.about(paid(bill)).body, headers, SECRET, NOW)
    assert_refused(db, received, Verdict.FORGED, 401)
    assert not bills.being_checked(db, bill)


def test_one_changed_byte_makes_a_forgery(db: Session) -> None:
    body = Message.about(paid(world.bill(db))).body
    headers = sign(body, SECRET, NOW)
    received = receive(db, body.replace(b"2000.00", b"2000.01"), headers, SECRET, NOW)
    assert_refused(db, received, Verdict.FORGED, 401)


def test_another_secret_makes_a_forgery(db: Session) -> None:
    body = Message.about(paid(world.bill(db))).body
    assert_refused(db, receive(db, body, sign(body, "another", NOW), SECRET, NOW), Verdict.FORGED, 401)


def test_a_signature_moved_to_another_moment_is_a_forgery(db: Session) -> None:
    body = Message.about(paid(world.bill(db))).body
    old = sign(body, SECRET, NOW - timedelta(days=1))
    moved = old | {"X-Timestamp": str(int(NOW.timestamp()))}
    assert_refused(db, receive(db, body, moved, SECRET, NOW), Verdict.FORGED, 401)


@pytest.mark.parametrize("age", [FRESH + timedelta(seconds=1), -FRESH - timedelta(seconds=1), timedelta(days=9000)])
def test_an_old_or_future_signature_is_refused_and_kept(db: Session, age: timedelta) -> None:
    body = Message.about(paid(world.bill(db))).body
    assert_refused(db, receive(db, body, sign(body, SECRET, NOW - age), SECRET, NOW), Verdict.STALE, 401)


@pytest.mark.parametrize("age", [FRESH, -FRESH, timedelta(0)])
def test_five_minutes_either_way_are_fresh(db: Session, age: timedelta) -> None:
    body = Message.about(paid(world.bill(db))).body
    assert receive(db, body, sign(body, SECRET, NOW - age), SECRET, NOW).accepted


def test_the_names_of_headers_may_be_written_in_any_case(db: Session) -> None:
    body = Message.about(paid(world.bill(db))).body
    headers = {name.upper(): value.upper() for name, value in sign(body, SECRET, NOW).items()}
    assert receive(db, body, headers, SECRET, NOW).accepted


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe{}",
        '{"transactionId": "ก"}'.encode("cp874"),
        b"\xef\xbb\xbf{}",
        b'{"amount": 1e99999999999999999999}',
        b'{"amount": ' + b"9" * 5_000 + b"}",
        b"[" * 10_000,
    ],
)
def test_a_signed_body_that_is_no_message_is_refused_and_kept(db: Session, body: bytes) -> None:
    assert_refused(db, knock(db, body), Verdict.MALFORMED, 400)
    assert kept(db).body == body


@pytest.mark.parametrize(
    "last",
    [
        b'"transactionId": "T0002"',
        b'"payerName": "\\u0000"',
        b'"payerName": "\\ud800"',
        b'"fee": NaN',
        b'"fee": -Infinity',
        b'"fee": 1e99999999999999999999',
    ],
)
def test_a_right_message_with_one_thing_no_json_should_hold_is_refused_and_kept(db: Session, last: bytes) -> None:
    said = Message.about(paid(world.bill(db)))
    said.said.pop("payerName")
    assert_refused(db, knock(db, said.body[:-1] + b", " + last + b"}"), Verdict.MALFORMED, 400)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "2,000.00"},
        {"amount": "-2000.00"},
        {"amount": "0.00"},
        {"amount": "2000.001"},
        {"amount": 2000.001},
        {"amount": True},
        {"amount": None},
        {"amount": [2000]},
        {"amount": "99999999999.99"},
        {"amount": "๒๐๐๐"},
        {"currencyCode": "840"},
        {"currencyCode": None},
        {"payeeProxyType": "MOBILE"},
        {"payeeProxyId": "0994-0001"},
        {"payeeProxyId": 99400016550100},
        {"transactionId": ""},
        {"transactionId": "T" * 65},
        {"transactionId": "T 1"},
        {"transactionId": 7},
        {"billPaymentRef1": None},
        {"billPaymentRef1": "A" * 41},
        {"billPaymentRef1": "อ้างอิง"},
        {"transactionDateandTime": "2026-11-20T09:30:00"},
        {"transactionDateandTime": "2569-11-20T09:30:00+07:00"},
        {"transactionDateandTime": "yesterday"},
        {"transactionDateandTime": 1_763_605_800},
    ],
)
def test_a_signed_message_whose_money_or_identity_is_unclear_is_refused_and_kept(
    db: Session, wrong: dict[str, Any]
) -> None:
    assert_refused(db, knock(db, Message.about(paid(world.bill(db)), **wrong).body), Verdict.MALFORMED, 400)


def test_ten_megabytes_are_refused_unread_and_only_their_beginning_is_kept(db: Session) -> None:
    body = b"{" + b" " * (10 * 1024 * 1024)
    assert_refused(db, knock(db, body), Verdict.TOO_BIG, 413)
    assert (kept(db).size, len(kept(db).body)) == (len(body), MAX_BODY_BYTES)


def test_a_message_repeated_by_the_bank_is_accepted_again_and_claimed_once(db: Session) -> None:
    bill = world.bill(db)
    body = Message.about(paid(bill)).body
    for waiting in (True, True):
        assert knock(db, body).waiting is waiting
    payments.settle(db, paid(bill), NOW, BANK)
    assert (knock(db, body).accepted, knock(db, body).waiting) == (True, False)
    assert count(db, Payment) == 1
    assert count(db, BankCallback) == 4


@pytest.mark.parametrize("booked", [False, True])
def test_the_same_transaction_with_another_amount_is_refused_and_changes_nothing(db: Session, booked: bool) -> None:  # noqa: FBT001
    bill = world.bill(db)
    knock(db, Message.about(paid(bill)).body)
    if booked:
        payments.settle(db, paid(bill), NOW, BANK)
    received = knock(db, Message.about(paid(bill), amount="1.00").body)
    assert (received.verdict, received.status, received.waiting) == (Verdict.CONFLICTING, 409, False)
    assert payments.of_bill(db, bill)[0].amount_satang == bill.amount_satang


def test_money_for_a_biller_or_reference_we_do_not_know_is_still_claimed(db: Session) -> None:
    bill = world.bill(db)
    said = Message.about(paid(bill), payeeProxyId="123456789012345", billPaymentRef1="abc-1 ", billPaymentRef2=None)
    received = knock(db, said.body)
    assert received.said is not None
    assert (received.said.ref1, received.said.ref2) == ("ABC-1", "")
    assert payments.settle(db, received.said, NOW, BANK).status is PaymentStatus.UNMATCHED


def test_an_empty_secret_lets_nobody_in(db: Session) -> None:
    body = Message.about(paid(world.bill(db))).body
    with pytest.raises(ValueError, match="secret is not set"):
        receive(db, body, sign(body, "", NOW), "", NOW)


def test_fifty_knocks_at_once_are_all_kept_and_claim_one_payment(wide_database: Database) -> None:
    with wide_database.transaction() as db:
        body = Message.about(paid(world.bill(db))).body

    def deliver(_: int) -> Verdict:
        with wide_database.transaction() as db:
            return knock(db, body).verdict

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(deliver, range(50))) == {Verdict.ACCEPTED}
    with wide_database.transaction() as db:
        assert (count(db, BankCallback), count(db, Payment)) == (50, 1)


def changed(other: dict[str, Any]) -> bytes:
    return json.dumps(Message.about(paid(world.unsaved_bill())).said | other).encode()


messages = st.dictionaries(
    st.sampled_from([*Message.about(paid(world.unsaved_bill())).said, "other"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2),
    max_size=4,
)


@settings(world.LAWS, max_examples=60)
@given(
    body=st.binary(max_size=200) | messages.map(changed),
    headers=st.none() | st.dictionaries(st.sampled_from(["X-Signature", "x-timestamp", "Other"]), st.text()),
)
def test_no_knock_whatsoever_raises_and_each_is_kept(db: Session, body: bytes, headers: dict[str, str] | None) -> None:
    with db.begin_nested() as savepoint:
        received = receive(db, body, sign(body, SECRET, NOW) if headers is None else headers, SECRET, NOW)
        assert received.accepted is (received.answer["resCode"] == "00")
        assert kept(db).verdict is received.verdict
        savepoint.rollback()


def knock(db: Session, body: bytes) -> Received:
    return receive(db, body, sign(body, SECRET, NOW), SECRET, NOW)


def kept(db: Session) -> BankCallback:
    return db.scalars(select(BankCallback)).one()


def count(db: Session, table: type[BankCallback | Payment]) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def assert_refused(db: Session, received: Received, verdict: Verdict, status: int) -> None:
    """Turned away with the same words for every reason, kept with its own, and nothing claimed."""
    assert (received.verdict, received.status, received.accepted, received.said) == (verdict, status, False, None)
    assert received.answer == {"resCode": "99", "resDesc": "refused", "transactionId": "", "confirmId": ""}
    assert (kept(db).verdict, bool(kept(db).reason)) == (verdict, True)
    assert count(db, Payment) == 0
