"""Asking the bank itself whether money came: the bill-payment inquiry of SCB's developer documents, over httpx2.

Nothing here reads settings or the database: address, key and time limit are arguments, the answer is a value.
"""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import httpx2

from app.billing.confirmation import CHANNEL, Confirmation, confirm, load
from app.core import roots
from app.core.clock import bangkok_date
from app.core.errors import Unavailable

PATH = "/v1/payment/billpayment/inquiry"
STATEMENTS = "/v1/reconciliation"
THAI_QR_TAG_30 = "00300100"
SUCCESS = 1000
MAX_ANSWER_BYTES = 256 * 1024

_NO_ANSWER = "ธนาคารยังไม่ตอบ เราจะถามธนาคารอีกครั้งให้เอง ยังไม่ต้องจ่ายซ้ำ"


@dataclass(frozen=True)
class Question:
    """What is asked: money for these references on this day in Thailand; `satang` and `transaction_id` narrow it."""

    day: date
    biller_id: str
    ref1: str
    ref2: str
    satang: int | None = None
    transaction_id: str | None = None

    @classmethod
    def about(cls, said: Confirmation) -> "Question":
        """Whether what the bank announced is so. The amount is not asked for: the bank's own answer decides it."""
        day = bangkok_date(said.paid_at)
        return cls(day, said.biller_id, said.ref1, said.ref2, transaction_id=said.transaction_id)


class Bank:
    """The inquiry service of one collecting bank. Keep one; it keeps its connections. Safe for several threads."""

    def __init__(self, base_url: str, *, api_key: str = "", channel: str = CHANNEL, timeout: float = 5.0) -> None:
        self.channel = channel
        headers = {"accept-language": "EN", "resourceOwnerId": api_key}
        if api_key:
            headers["authorization"] = f"Bearer {api_key}"
        self._client = httpx2.Client(
            base_url=base_url, headers=headers, timeout=timeout, trust_env=False, verify=roots.trusted()
        )

    def inquire(self, question: Question) -> Confirmation | None:
        """The payment that was asked about, as the bank knows it; None when the bank knows none.

        With a transaction id it is that transaction, otherwise the earliest. Raises Unavailable when the bank does not
        answer, or answers what is not its protocol: nothing is then known, and nothing must be concluded.
        """
        found = self.payments(question)
        return min(found, key=lambda said: (said.paid_at, said.transaction_id), default=None)

    def payments(self, question: Question) -> list[Confirmation]:
        """Every payment that answers the question (a bill can have been paid twice). Raises Unavailable."""
        answer = self._ask(question)
        if answer is None:
            return []
        try:
            return [said for said in _read(answer, self.channel) if _answers(said, question)]
        except ValueError as error:
            raise Unavailable(_NO_ANSWER) from error

    def statement(self, biller_id: str, day: date) -> bytes:
        """The daily file of one account, as the bank sends it. Raises Unavailable."""
        try:
            answer = self._client.get(f"{STATEMENTS}/{biller_id}/{day.isoformat()}")
        except httpx2.HTTPError as error:
            raise Unavailable(_NO_ANSWER) from error
        if answer.status_code != 200:
            raise Unavailable(_NO_ANSWER)
        return bytes(answer.content)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _ask(self, question: Question) -> bytes | None:
        """The body of a 200, None for a 404."""
        parameters = {
            "eventCode": THAI_QR_TAG_30,
            "transactionDate": question.day.isoformat(),
            "billerId": question.biller_id,
            "reference1": question.ref1,
            "reference2": question.ref2,
        }
        if question.satang is not None:
            parameters["amount"] = f"{question.satang // 100}.{question.satang % 100:02d}"
        body = bytearray()
        try:
            with self._client.stream("GET", PATH, params=parameters, headers={"requestUId": uuid4().hex}) as response:
                if response.status_code == 404:
                    return None
                if response.status_code != 200:
                    raise Unavailable(_NO_ANSWER)
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > MAX_ANSWER_BYTES:
                        raise Unavailable(_NO_ANSWER)
        except httpx2.HTTPError as error:
            raise Unavailable(_NO_ANSWER) from error
        return bytes(body)


def _read(answer: bytes, channel: str) -> list[Confirmation]:
    """The transactions in an answer. Raises ValueError when it is not an answer of this protocol."""
    said = load(answer)
    status, data = said.get("status"), said.get("data")
    if not isinstance(status, dict) or status.get("code") != SUCCESS:
        raise ValueError("the bank reports no success")
    transactions = [data] if isinstance(data, dict) else data or []
    if not isinstance(transactions, list) or not all(isinstance(one, dict) for one in transactions):
        raise ValueError("data is not a list of transactions")
    return [confirm(one, channel) for one in transactions if one and one.get("reverseFlag", "N") != "Y"]


def _answers(said: Confirmation, question: Question) -> bool:
    """Whether a transaction is what was asked: a bank that answers about something else convinces nobody."""
    if question.transaction_id is not None and said.transaction_id != question.transaction_id:
        return False
    if question.satang is not None and said.satang != question.satang:
        return False
    return (said.biller_id, said.ref1, said.ref2) == (question.biller_id, question.ref1, question.ref2)
