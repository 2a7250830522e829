"""What I pay: a bill with its Thai QR, what became of the payment, several bills made one, receipts."""

from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.billing import receipts, thai_qr
from app.billing.bills import find, thai_qr_of
from app.billing.models import Bill
from app.catalogue.schema import Text
from app.core.db import attempt
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.money import baht_words
from app.core.web import Db, Fields, Now, as_file, form_token, one, render, see, texts, token_holds
from app.identity import signed_in
from app.pages import qr
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import FeeLine, Problem
from app.pages.contexts.money import BillChoice, CombinePage, FeeBack, PayPage
from app.pages.odd_money import odd_money
from app.pages.who import Citizen
from app.pdf import issued
from app.stories import acting, issue, owing, pay
from app.stories.house import House
from app.stories.owing import Owed

router = APIRouter()


@router.get("/bills/{bill_id}")
def bill(request: Request, bill_id: UUID, db: Db, citizen: Citizen, now: Now, paid: str = "") -> Response:
    """How to pay, or what became of the payment. Never asks to pay again while a payment is being checked.

    `paid`: the person comes from the bank, or says that they have paid; the page then waits for the bank's word.
    """
    house = house_of(request)
    owed = owing.bill(db, house, citizen.applicant_id, bill_id, now, says_paid=bool(paid))
    token = form_token(house.settings.cookie_secret, citizen.session_id, "pay")
    return render(request, "citizen/pay.html", _page(house, owed, token))


def _page(house: House, owed: Owed, token: str) -> PayPage:
    bill = owed.bill
    payload = thai_qr.build(thai_qr_of(bill))
    return PayPage(
        bill_id=bill.id,
        form_id=owed.applications[0].single_form_id,
        number=bill.number,
        application_numbers=tuple(application.number for application in owed.applications),
        services=tuple(service.short_name for service in owed.services),
        payee=Text(th=bill.payee_th, en=bill.payee_en),
        state=owed.state,
        satang=bill.amount_satang,
        in_words=baht_words(bill.amount_satang),
        due_at=bill.due_at,
        biller_id=bill.biller_id,
        ref1=bill.ref1,
        ref2=bill.ref2,
        lines=tuple(
            FeeLine(Text(th=x.label_th, en=x.label_en), owed.laws.get(x.law, x.law), x.satang) for x in owed.lines
        ),
        phone=house.agency(bill.agency_code).phone,
        qr=qr.draw(payload) if owed.state == "open" else None,
        bank_href=_bank(house, bill, payload),
        paid_at=bill.paid_at,
        receipt_number=owed.receipt.number if owed.receipt else "",
        receipt_href=f"/bills/{bill.id}/receipt.pdf" if owed.receipt and owed.receipt.file_digest else "",
        announced_at=owed.announced_at,
        disowned=owed.disowned,
        closed=owed.closed,
        odd=tuple(odd_money(held) for held in owed.odd),
        back=tuple(
            FeeBack(
                reason=_(x.reason),
                satang=x.satang,
                owed_at=x.owed_at,
                returned_at=x.returned_at,
                reference=x.reference or "",
            )
            for x in owed.back
        ),
        replaced_href=f"/bills/{owed.heir.id}" if owed.heir else "",
        replaced_number=owed.heir.number if owed.heir else "",
        combines=owed.combines,
        token=token,
    )


def _bank(house: House, bill: Bill, payload: str) -> str:
    """The bank's own pay page with this bill filled in and the way back here; "" when there is none."""
    asked = {"qr": payload, "back": f"{house.settings.base_url}/bills/{bill.id}?paid=yes", "ui_locales": lang()}
    return f"{house.settings.bank.pay_page}?{urlencode(asked)}" if house.settings.bank.pay_page else ""


@router.get("/bills/{bill_id}/qr.png")
def picture(request: Request, bill_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """The code as a picture: whoever pays with the telephone they hold opens it in the bank's app."""
    owed = owing.bill(db, house_of(request), citizen.applicant_id, bill_id, now, says_paid=False)
    if owed.state != "open":
        return see(f"/bills/{bill_id}")
    name = f"pay-{owed.bill.number.replace(' ', '-')}.png"
    return as_file(qr.picture(thai_qr.build(thai_qr_of(owed.bill))), name, "image/png")


@router.post("/bills/{bill_id}/ask")
def ask_the_bank(request: Request, bill_id: UUID, fields: Fields, db: Db, citizen: Citizen) -> Response:
    """I have paid and nothing shows: ask the bank now instead of waiting for its word."""
    owed = find(db, bill_id, citizen.applicant_id)
    if not token_holds(house_of(request).settings.cookie_secret, citizen.session_id, "pay", one(fields, "token")):
        raise Conflict("เปิดหน้านี้นานเกินไป เปิดใบแจ้งชำระอีกครั้งแล้วกดใหม่")
    pay.ask_about(db, owed)
    return see(f"/bills/{bill_id}?paid=yes")


# — Several bills made one ——————————————————————————————————————————————————————————————————————————————————————————


@router.get("/bills/{bill_id}/combine")
def choose_bills(request: Request, bill_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """Which of my bills for the same payee to make one."""
    choice = owing.choice(db, house_of(request), citizen.applicant_id, bill_id, now)
    if len(choice) < 2:
        return see(f"/bills/{bill_id}")
    return render(request, "citizen/combine.html", _combining(request, citizen, choice, None))


def _combining(
    request: Request, citizen: Citizen, choice: list[Owed], chosen: set[str] | None, *problems: Problem
) -> CombinePage:
    first = choice[0].bill
    return CombinePage(
        problems=problems,
        payee=Text(th=first.payee_th, en=first.payee_en),
        bills=tuple(
            BillChoice(
                id=owed.bill.id,
                number=owed.bill.number,
                services=tuple(service.short_name for service in owed.services),
                satang=owed.bill.amount_satang,
                due_at=owed.bill.due_at,
                chosen=chosen is None or str(owed.bill.id) in chosen,
            )
            for owed in choice
        ),
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "combine"),
    )


@router.post("/bills/{bill_id}/combine")
def combine(request: Request, bill_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Make one bill of the chosen ones and go to pay it. Pressed again, it leads to the same bill."""
    house = house_of(request)
    find(db, bill_id, citizen.applicant_id)
    if not token_holds(house.settings.cookie_secret, citizen.session_id, "combine", one(fields, "token")):
        raise Conflict("เปิดหน้านี้นานเกินไป เปิดใบแจ้งชำระอีกครั้งแล้วกดใหม่")
    chosen = owing.ids(texts(fields).get("bill", []))
    try:
        with attempt(db):
            one_bill = pay.combine(db, citizen.applicant_id, chosen, signed_in.actor(citizen), now)
            href = f"/bills/{one_bill.id}"
            acting.tell_principal(db, citizen, "agent_combined", now, href=href, reference=one_bill.number)
    except Invalid as wrong:
        choice = owing.choice(db, house, citizen.applicant_id, bill_id, now)
        if len(choice) < 2:
            return see(f"/bills/{bill_id}")
        said = Problem("bill", _(wrong.problems["bill"]))
        page = _combining(request, citizen, choice, {str(one_id) for one_id in chosen}, said)
        return render(request, "citizen/combine.html", page, status=422)
    return see(f"/bills/{one_bill.id}")


# — Papers ——————————————————————————————————————————————————————————————————————————————————————————————————————————


@router.get("/bills/{bill_id}/bill.pdf")
def bill_pdf(request: Request, bill_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """The bill as a file, for the counter of a bank."""
    number, data = issue.bill_pdf(db, house_of(request), citizen.applicant_id, bill_id, now)
    return as_file(data, f"bill-{number.replace(' ', '-')}.pdf", "application/pdf")


@router.get("/bills/{bill_id}/receipt.pdf")
def receipt_pdf(request: Request, bill_id: UUID, db: Db, citizen: Citizen) -> Response:
    """The e-receipt; NotFound until it has been drawn and sealed."""
    owed = find(db, bill_id, citizen.applicant_id)
    receipt = receipts.of_bill(db, owed.id)
    if receipt is None or receipt.file_digest is None:
        raise NotFound
    data = house_of(request).files.read(issued.newest(db, receipt.file_digest))
    return as_file(data, f"receipt-{receipt.number.replace(' ', '-')}.pdf", "application/pdf")
