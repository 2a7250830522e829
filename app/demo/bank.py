"""A bank: a page to pay a Thai QR bill, the signed confirmation to the biller, inquiry, and the daily statement.

**Confirmation.** Each payment is told to the portal by `POST` of the JSON below to its callback address (SCB's
bill-payment confirmation), at once and up to three more times until the answer is 200. Every attempt is signed anew:

    X-Timestamp: seconds since 1970, UTC
    X-Signature: hex HMAC-SHA256(secret, X-Timestamp + "." + body), body exactly as sent

**Addresses** (under this router's prefix): `/pay` and `/paid/{id}` for people; `/v1/payment/billpayment/inquiry` as SCB
documents it; `/v1/reconciliation/{billerId}/{YYYY-MM-DD}`; and for programs that play payers `POST /v1/payments`
(`Order`) and `POST /v1/payments/{id}/confirmations`, which sends the confirmation once more.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

import httpx2
from fastapi import APIRouter, HTTPException, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from app.core import roots
from app.core.clock import BANGKOK, Clock
from app.demo.bank_book import Book, Transaction
from app.demo.bank_qr import read, satang
from app.demo.bank_statement import statement
from app.demo.roles import Agency

CODE = "006"
"""The collecting bank's number in the Thai clearing system."""
REPEATS = (0.5, 1.0, 2.0)
"""Seconds to wait before each repetition of a confirmation nobody has acknowledged."""
WINDOW_SECONDS = 5.0


class Order(BaseModel):
    """What a program asks the bank to do in a payer's name. Give `qr`, or biller and references with an amount.

    `amount` beside `qr` pays another sum than the bill says. `callback`: confirm once, twice, or not at all.
    `wait`: answer only when the confirmation is acknowledged or given up.
    """

    model_config = ConfigDict(extra="forbid")

    qr: str = ""
    billerId: str = ""  # noqa: N815 - the bank's JSON speaks camelCase
    reference1: str = ""
    reference2: str = ""
    amount: str = ""
    payerName: str = "ผู้จ่าย สาธิต"  # noqa: N815
    paidAt: AwareDatetime | None = None  # noqa: N815
    callback: Literal["once", "twice", "withhold"] = "once"
    delaySeconds: Annotated[float, Field(ge=0, le=60)] = 0.0  # noqa: N815
    numericAmount: bool = False  # noqa: N815
    wait: bool = True


@dataclass(frozen=True)
class Delivery:
    """One attempt to confirm: when, and what the portal answered (0: nothing)."""

    at: datetime
    status: int


class Bank:
    """One collecting bank, its book and its open confirmations."""

    def __init__(
        self,
        payees: Sequence[Agency],
        book: Book,
        callback_url: str,
        secret: str,
        clock: Clock,
        repeats: Sequence[float] = REPEATS,
    ) -> None:
        self.payees: Mapping[str, Agency] = {payee.biller_id: payee for payee in payees}
        self.book = book
        self.callback_url = callback_url
        self.clock = clock
        self.repeats = repeats
        self.deliveries: dict[str, list[Delivery]] = {}
        self._secret = secret.encode()
        self._errands: set[asyncio.Task[None]] = set()
        self._client: httpx2.AsyncClient | None = None

    def router(self) -> APIRouter:
        """The addresses for programs."""
        router = APIRouter()
        router.add_api_route("/v1/payments", self.order, methods=["POST"])
        router.add_api_route("/v1/payments/{transaction_id}", self.show)
        router.add_api_route("/v1/payments/{transaction_id}/confirmations", self.confirm_again, methods=["POST"])
        router.add_api_route("/v1/payment/billpayment/inquiry", self.inquire)
        router.add_api_route("/v1/reconciliation/{biller_id}/{day}", self.reconcile)
        return router

    async def order(self, order: Order) -> Response:
        """Pay, and tell the portal as the order says. 422 when the bill cannot be read or the biller is unknown."""
        try:
            slip = read(order.qr) if order.qr else None
            due = satang(order.amount) if order.amount else slip.satang if slip else None
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        bill = (slip.biller_id, slip.reference1, slip.reference2) if slip else self._typed(order)
        if bill[0] not in self.payees or not bill[1] or due is None:
            raise HTTPException(422, "unknown biller, or no reference, or no amount")
        paid = self.book.record(bill, due, order.paidAt or self.clock.now(), order.payerName)
        if order.callback != "withhold":
            errand = self.confirm(
                paid, order.delaySeconds, numeric=order.numericAmount, times=2 if order.callback == "twice" else 1
            )
            if order.wait:
                await errand
        return self._shown(paid)

    @staticmethod
    def _typed(order: Order) -> tuple[str, str, str]:
        return order.billerId, order.reference1, order.reference2

    async def show(self, transaction_id: str) -> Response:
        """A payment and every attempt to confirm it."""
        return self._shown(self._found(transaction_id))

    async def confirm_again(self, transaction_id: str) -> Response:
        """Send the confirmation of a payment once more (a withheld one for the first time) and wait for the outcome."""
        paid = self._found(transaction_id)
        await self.confirm(paid)
        return self._shown(paid)

    async def inquire(
        self,
        billerId: str,  # noqa: N803 - the bank's parameters speak camelCase
        reference1: str,
        transactionDate: date,  # noqa: N803
        eventCode: Annotated[Literal["00300100"], Query()],  # noqa: N803
        reference2: str = "",
        amount: str = "",
    ) -> Response:
        """The payments that fit: SCB's bill payment inquiry for Thai QR tag 30 (event 00300100)."""
        del eventCode
        try:
            due = satang(amount) if amount else None
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        found = [
            confirmation(paid, self.payees[billerId])
            for paid in self.book.of(billerId, transactionDate, reference1, reference2)
            if due in (None, paid.satang) and billerId in self.payees
        ]
        if not found:
            return JSONResponse(
                {"status": {"code": 1104, "description": "Requested entity record does not exist"}}, 404
            )
        return JSONResponse({"status": {"code": 1000, "description": "Success"}, "data": found})

    async def reconcile(self, biller_id: str, day: date) -> Response:
        """The statement of one biller and day, cp874."""
        payee = self.payees.get(biller_id)
        if payee is None:
            raise HTTPException(404)
        name = f"{payee.code}-{day:%Y%m%d}.txt"
        return Response(
            statement(CODE, payee, day, self.book.of(biller_id, day)),
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": "text/plain"},
        )

    def confirm(
        self, paid: Transaction, delay: float = 0.0, *, numeric: bool = False, times: int = 1
    ) -> asyncio.Task[None]:
        """Start telling the portal about a payment; the task ends when every telling is acknowledged or given up."""
        errand = asyncio.create_task(self._tell(paid, delay, numeric=numeric, times=times))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)
        return errand

    async def _tell(self, paid: Transaction, delay: float, *, numeric: bool, times: int) -> None:
        await asyncio.sleep(delay)
        said = confirmation(paid, self.payees[paid.biller_id])
        body = json.dumps({**said, "amount": float(paid.amount)} if numeric else said, ensure_ascii=False).encode()
        for _ in range(times):
            for pause in (0.0, *self.repeats):
                await asyncio.sleep(pause)
                if await self._post(paid.transaction_id, body) == 200:
                    break

    async def _post(self, transaction_id: str, body: bytes) -> int:
        if self._client is None:
            self._client = httpx2.AsyncClient(timeout=WINDOW_SECONDS, trust_env=False, verify=roots.trusted())
        now = self.clock.now()
        seconds = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-Timestamp": seconds,
            "X-Signature": signature(self._secret, seconds, body),
        }
        status = 0
        with suppress(httpx2.HTTPError):
            status = (await self._client.post(self.callback_url, content=body, headers=headers)).status_code
        self.deliveries.setdefault(transaction_id, []).append(Delivery(now, status))
        return status

    async def close(self) -> None:
        """Give up open confirmations and let go of connections."""
        for errand in list(self._errands):
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def _found(self, transaction_id: str) -> Transaction:
        paid = self.book.get(transaction_id)
        if paid is None:
            raise HTTPException(404)
        return paid

    def _shown(self, paid: Transaction) -> Response:
        deliveries = [
            {**asdict(delivery), "at": delivery.at.isoformat()}
            for delivery in self.deliveries.get(paid.transaction_id, [])
        ]
        return JSONResponse({**confirmation(paid, self.payees[paid.biller_id]), "deliveries": deliveries})


def signature(secret: bytes, seconds: str, body: bytes) -> str:
    """What makes a confirmation authentic; see the top of this module."""
    return hmac.new(secret, seconds.encode() + b"." + body, hashlib.sha256).hexdigest()


def confirmation(paid: Transaction, payee: Agency) -> dict[str, Any]:
    """The JSON of a payment, in the confirmation and in the inquiry alike."""
    return {
        "payeeProxyId": paid.biller_id,
        "payeeProxyType": "BILLERID",
        "payeeAccountNumber": payee.account,
        "payeeName": payee.name.en,
        "payerProxyId": "",
        "payerProxyType": "",
        "payerAccountNumber": "xxxxxx4321",
        "payerName": paid.payer,
        "sendingBankCode": "014",
        "receivingBankCode": CODE,
        "amount": paid.amount,
        "transactionId": paid.transaction_id,
        "transactionDateandTime": paid.paid_at.astimezone(BANGKOK).isoformat(timespec="milliseconds"),
        "billPaymentRef1": paid.reference1,
        "billPaymentRef2": paid.reference2,
        "billPaymentRef3": "",
        "currencyCode": "764",
        "channelCode": "PMH",
        "transactionType": "Domestic Transfers",
    }
