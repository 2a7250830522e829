"""Asking the bank: over real HTTP, from a bank that answers rightly, wrongly, slowly or not at all."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.billing.bank import MAX_ANSWER_BYTES, Bank, Question
from app.core.errors import Unavailable
from tests.billing import world
from tests.billing.world import Message, paid

SAID = paid(world.unsaved_bill())
ASKED = Question.about(SAID)


@dataclass
class Counter:
    """A bank's counter: what it will answer, and what it has been asked."""

    status: int = 200
    answer: bytes = b""
    pause: float = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def say(self, *transactions: dict[str, Any], code: int = 1000) -> None:
        """Answer with these transactions, as SCB's documents show it."""
        said = {"status": {"code": code, "description": ""}, "data": list(transactions)}
        self.answer = json.dumps(said, ensure_ascii=False).encode()


@contextmanager
def serving(counter: Counter) -> Iterator[None]:
    """The counter open for business at `counter.url`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            counter.asked.append({"path": urlsplit(self.path).path, **dict(parse_qsl(urlsplit(self.path).query))})
            counter.headers.append({name.lower(): value for name, value in self.headers.items()})
            time.sleep(counter.pause)
            self.send_response(counter.status)
            self.send_header("content-length", str(len(counter.answer)))
            self.end_headers()
            self.wfile.write(counter.answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        counter.url = f"http://127.0.0.1:{server.server_port}"
        yield
        server.shutdown()


@pytest.fixture
def counter() -> Iterator[Counter]:
    open_counter = Counter()
    with serving(open_counter):
        yield open_counter


@pytest.fixture
def bank(counter: Counter) -> Iterator[Bank]:
    client = Bank(counter.url, api_key="key-of-ours", timeout=0.3)
    yield client
    client.close()


def said(**other: Any) -> dict[str, Any]:
    return Message.about(SAID, **other).said


def test_the_bank_confirms_what_it_announced(counter: Counter, bank: Bank) -> None:
    counter.say(said())
    assert bank.inquire(ASKED) == SAID
    assert counter.asked == [
        {
            "path": "/v1/payment/billpayment/inquiry",
            "eventCode": "00300100",
            "transactionDate": "2026-11-20",
            "billerId": SAID.biller_id,
            "reference1": SAID.ref1,
            "reference2": SAID.ref2,
        }
    ]
    assert counter.headers[0]["authorization"] == "Bearer key-of-ours"
    assert counter.headers[0]["resourceownerid"] == "key-of-ours"
    assert counter.headers[0]["requestuid"]


def test_the_bank_is_asked_about_the_day_in_thailand_and_the_amount_when_it_is_given(
    counter: Counter, bank: Bank
) -> None:
    counter.say()
    late_evening = replace(SAID, paid_at=datetime(2026, 11, 20, 17, 30, tzinfo=UTC))
    assert Question.about(late_evening).day == date(2026, 11, 21)
    bank.inquire(replace(ASKED, satang=200_005))
    assert counter.asked[0]["amount"] == "2000.05"


def test_a_bank_that_knows_nothing_says_so_with_404_or_an_empty_list(counter: Counter, bank: Bank) -> None:
    counter.status = 404
    assert bank.inquire(ASKED) is None
    counter.status = 200
    counter.say()
    assert bank.inquire(ASKED) is None


def test_only_the_transaction_that_was_asked_about_counts(counter: Counter, bank: Bank) -> None:
    other = said(transactionId="T0002", transactionDateandTime="2026-11-20T08:00:00+07:00")
    counter.say(other, said())
    assert bank.inquire(ASKED) == SAID
    assert bank.inquire(replace(ASKED, transaction_id="T0003")) is None

    without_id = replace(ASKED, transaction_id=None)
    assert [one.transaction_id for one in bank.payments(without_id)] == ["T0002", "T0001"]
    earliest = bank.inquire(without_id)
    assert earliest is not None
    assert earliest.transaction_id == "T0002"


@pytest.mark.parametrize(
    "other",
    [
        {"billPaymentRef1": "25690000002"},
        {"billPaymentRef2": ""},
        {"payeeProxyId": "111111111111111"},
        {"reverseFlag": "Y"},
    ],
)
def test_an_answer_about_something_else_or_a_reversal_convinces_nobody(
    counter: Counter, bank: Bank, other: dict[str, str]
) -> None:
    counter.say(said(**other))
    assert bank.inquire(ASKED) is None


def test_the_banks_amount_is_the_truth_whatever_was_announced(counter: Counter, bank: Bank) -> None:
    counter.say(said(amount=1))
    confirmed = bank.inquire(ASKED)
    assert confirmed is not None
    assert confirmed.satang == 100
    assert bank.inquire(replace(ASKED, satang=SAID.satang)) is None


@pytest.mark.parametrize("status", [301, 400, 401, 403, 429, 500, 502, 503])
def test_any_other_status_means_that_nothing_is_known(counter: Counter, bank: Bank, status: int) -> None:
    counter.status = status
    counter.say(said())
    assert_nothing_known(bank)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"status": {"code": 1000}, "data": "none"}',
        b'{"status": {"code": 1000}, "data": ["none"]}',
        b'{"status": "ok", "data": []}',
        b'{"status": {"code": 9503, "description": "down"}, "data": []}',
        b'{"status": {"code": 1000}, "data": [{"transactionId": "T0001"}]}',
    ],
)
def test_garbage_means_that_nothing_is_known(counter: Counter, bank: Bank, answer: bytes) -> None:
    counter.answer = answer
    assert_nothing_known(bank)


def test_an_answer_without_end_is_not_read_to_its_end(counter: Counter, bank: Bank) -> None:
    counter.say(said())
    counter.answer += b" " * MAX_ANSWER_BYTES
    assert_nothing_known(bank)


def test_a_bank_that_is_too_slow_or_gone_means_that_nothing_is_known(counter: Counter, bank: Bank) -> None:
    counter.say(said())
    counter.pause = 0.5
    assert_nothing_known(bank)
    gone = Bank("http://127.0.0.1:9", timeout=0.3)
    assert_nothing_known(gone)
    gone.close()


def assert_nothing_known(bank: Bank) -> None:
    with pytest.raises(Unavailable, match="ยังไม่ตอบ") as refusal:
        bank.inquire(ASKED)
    assert "ยังไม่ต้องจ่ายซ้ำ" in refusal.value.message
