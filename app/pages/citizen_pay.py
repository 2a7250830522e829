"""What I pay: bills with Thai QR, and their receipts."""

from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.applications import cases
from app.billing import bills, payments, receipts, thai_qr
from app.billing.fees import Quote
from app.billing.models import Bill, BillStatus, PaymentStatus
from app.catalogue.schema import Text
from app.core.errors import NotFound
from app.core.i18n import lang
from app.core.thai import baht_words
from app.core.web import Db, Now, as_file, render
from app.pages import qr
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import FeeLine
from app.pages.contexts.money import PayPage
from app.pages.who import Citizen
from app.stories import issue
from app.stories.house import House

router = APIRouter()

BillState = Literal["open", "waiting", "checking", "paid", "expired", "void"]


def _state(db: Session, bill: Bill) -> BillState:
    if bill.status is BillStatus.PAID:
        return "paid"
    if bills.being_checked(db, bill):
        return "checking"
    return {BillStatus.OPEN: "open", BillStatus.EXPIRED: "expired", BillStatus.VOID: "void"}[bill.status]  # type: ignore[return-value]


@router.get("/bills/{bill_id}")
def pay(request: Request, bill_id: UUID, db: Db, citizen: Citizen, paid: str = "") -> Response:
    """How to pay, or what became of the payment. Never asks to pay again while a payment is being checked.

    `paid`: the person comes from the bank, or says that they have paid; the page then waits for the bank's word.
    """
    house = house_of(request)
    bill = bills.find(db, bill_id, citizen.applicant_id)
    lines = bills.lines(db, bill.id)
    application = cases.of_applicant(db, citizen.applicant_id, lines[0].application_id)
    service = house.service(db, application.service_slug, application.service_version)
    receipt = receipts.of_bill(db, bill.id)
    state = _state(db, bill)
    if paid and state == "open":
        state = "waiting"
    odd = dict.fromkeys((PaymentStatus.WRONG_AMOUNT, PaymentStatus.DUPLICATE, PaymentStatus.LATE), 0)
    for payment in payments.of_bill(db, bill):
        if payment.status in odd:
            odd[payment.status] += payment.amount_satang
    payload = thai_qr.build(bills.thai_qr_of(bill))
    laws = {line.law.th: line.law for line in Quote.from_json(application.quote).lines}
    page = PayPage(
        bill_id=bill.id,
        form_id=application.single_form_id,
        number=bill.number,
        application_number=application.number,
        service=service.short_name,
        payee=Text(th=bill.payee_th, en=bill.payee_en),
        state=state,
        satang=bill.amount_satang,
        in_words=baht_words(bill.amount_satang),
        due_at=bill.due_at,
        biller_id=bill.biller_id,
        ref1=bill.ref1,
        ref2=bill.ref2,
        lines=tuple(FeeLine(Text(th=x.label_th, en=x.label_en), laws.get(x.law, x.law), x.satang) for x in lines),
        phone=house.agency(bill.agency_code).phone,
        qr=qr.draw(payload) if state == "open" else None,
        bank_href=_bank(house, bill, payload),
        paid_at=bill.paid_at,
        receipt_number=receipt.number if receipt else "",
        receipt_href=f"/bills/{bill.id}/receipt.pdf" if receipt and receipt.file_digest else "",
        wrong_amount=odd[PaymentStatus.WRONG_AMOUNT],
        paid_twice=odd[PaymentStatus.DUPLICATE],
        paid_late=odd[PaymentStatus.LATE],
    )
    return render(request, "citizen/pay.html", page)


def _bank(house: House, bill: Bill, payload: str) -> str:
    """The bank's own pay page with this bill filled in and the way back here; "" when there is none."""
    asked = {"qr": payload, "back": f"{house.settings.base_url}/bills/{bill.id}?paid=yes", "ui_locales": lang()}
    return f"{house.settings.bank.pay_page}?{urlencode(asked)}" if house.settings.bank.pay_page else ""


@router.get("/bills/{bill_id}/bill.pdf")
def bill_pdf(request: Request, bill_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """The bill as a file, for the counter of a bank."""
    number, data = issue.bill_pdf(db, house_of(request), citizen.applicant_id, bill_id, now)
    return as_file(data, f"bill-{number.replace(' ', '-')}.pdf", "application/pdf")


@router.get("/bills/{bill_id}/receipt.pdf")
def receipt_pdf(request: Request, bill_id: UUID, db: Db, citizen: Citizen) -> Response:
    """The e-receipt; NotFound until it has been drawn and sealed."""
    bill = bills.find(db, bill_id, citizen.applicant_id)
    receipt = receipts.of_bill(db, bill.id)
    if receipt is None or receipt.file_digest is None:
        raise NotFound
    data = house_of(request).files.read(receipt.file_digest)
    return as_file(data, f"receipt-{receipt.number.replace(' ', '-')}.pdf", "application/pdf")
