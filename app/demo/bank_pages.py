"""The bank as a payer sees it: paste what the QR code says, look at whom you pay and how much, pay once.

Every opened slip carries a number of its own, so pressing the button twice pays once. Paying is a POST to the bank
itself; the way back to the portal is a link.
"""

import secrets
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.core.clock import BANGKOK, bangkok_date
from app.demo.bank import Bank
from app.demo.bank_qr import Slip, read, satang
from app.demo.pages import page
from app.demo.roles import Both

UNREADABLE = Both(
    "อ่านคิวอาร์นี้ไม่ได้ คัดลอกข้อความใต้คิวอาร์มาวางใหม่ทั้งหมด", "This code cannot be read; paste the whole text again"
)
NOBODY = Both("ธนาคารไม่รู้จักผู้รับเงินรายนี้ ตรวจเลขผู้รับเงินอีกครั้ง", "The bank does not know this payee; check the biller number")
NO_AMOUNT = Both("ใส่จำนวนเงินเป็นบาท เช่น 1500.00", "Enter the amount in baht, for example 1500.00")


class Counter:
    """The pages of one bank; `home` is the portal, the only place a page leads back to."""

    def __init__(self, bank: Bank, home: str) -> None:
        self.bank = bank
        self.home = home
        self._paid: dict[str, str] = {}

    def router(self) -> APIRouter:
        """The addresses for people."""
        router = APIRouter()
        router.add_api_route("/pay", self.look)
        router.add_api_route("/pay", self.pay, methods=["POST"])
        router.add_api_route("/paid/{transaction_id}", self.paid)
        return router

    async def look(self, request: Request) -> Response:
        """An empty slip, or the one that `qr` or `billerId` and `reference1` describe."""
        asked = request.query_params
        if not (asked.get("qr") or asked.get("billerId")):
            return self._empty(request, None)
        try:
            slip = self._slip(dict(asked))
        except ValueError:
            return self._empty(request, UNREADABLE)
        return self._filled(request, slip, None) if slip.biller_id in self.bank.payees else self._empty(request, NOBODY)

    async def pay(self, request: Request) -> Response:
        """Book the payment, start telling the portal, and show the proof on a page of its own."""
        fields = {name: str(value) for name, value in (await request.form()).items()}
        number = fields.get("slip", "")
        if number not in self._paid:
            try:
                slip = self._slip(fields)
            except ValueError:
                return self._empty(request, UNREADABLE)
            if slip.biller_id not in self.bank.payees:
                return self._empty(request, NOBODY)
            try:
                due = slip.satang or satang(fields.get("amount", ""))
            except ValueError:
                return self._filled(request, slip, NO_AMOUNT)
            bill = (slip.biller_id, slip.reference1, slip.reference2)
            paid = self.bank.book.record(bill, due, self.bank.clock.now(), fields.get("payer") or "ผู้จ่าย สาธิต")
            self._paid[number] = paid.transaction_id
            self.bank.confirm(paid)
        return RedirectResponse(f"paid/{self._paid[number]}{_kept(request)}", status_code=303)

    async def paid(self, request: Request, transaction_id: str) -> Response:
        """The proof of payment."""
        paid = self.bank.book.get(transaction_id)
        if paid is None:
            return self._empty(request, UNREADABLE, 404)
        moment = paid.paid_at.astimezone(BANGKOK)
        return page(
            request,
            "paid.html",
            paid=paid,
            payee=self.bank.payees[paid.biller_id],
            amount=f"{paid.satang // 100:,}.{paid.satang % 100:02d}",
            moment=f"{moment:%d/%m/}{moment.year + 543} {moment:%H:%M:%S}",
            back=self._back(request.query_params.get("back", "")),
        )

    def _slip(self, fields: dict[str, str]) -> Slip:
        if fields.get("qr"):
            return read(fields["qr"])
        if not fields.get("reference1"):
            raise ValueError("no reference")
        amount = fields.get("amount", "")
        return Slip(
            fields.get("billerId", ""),
            fields["reference1"],
            fields.get("reference2", ""),
            satang(amount) if amount else None,
        )

    def _empty(self, request: Request, problem: Both | None, status: int = 422) -> Response:
        asked = request.query_params
        return page(
            request,
            "slip_empty.html",
            status=status if problem else 200,
            problem=problem,
            qr=asked.get("qr", ""),
            back=self._back(asked.get("back", "")),
        )

    def _filled(self, request: Request, slip: Slip, problem: Both | None) -> Response:
        due, now = slip.satang, self.bank.clock.now()
        earlier = self.bank.book.of(slip.biller_id, bangkok_date(now), slip.reference1, slip.reference2)
        return page(
            request,
            "slip.html",
            status=422 if problem else 200,
            slip=slip,
            action=f"pay{_kept(request)}",
            qr=request.query_params.get("qr", ""),
            payee=self.bank.payees[slip.biller_id],
            amount=f"{due // 100:,}.{due % 100:02d}" if due else "",
            plain_amount=f"{due // 100}.{due % 100:02d}" if due else "",
            number=secrets.token_urlsafe(16),
            paid_before=bool(earlier),
            problem=problem,
            back=self._back(request.query_params.get("back", "")),
        )

    def _back(self, url: str) -> str:
        return url if url == self.home or url.startswith(self.home + "/") else self.home


def _kept(request: Request) -> str:
    """The part of the address that travels from page to page: the way back and the language."""
    asked = request.query_params
    kept = urlencode({name: asked[name] for name in ("back", "ui_locales") if name in asked})
    return f"?{kept}" if kept else ""
