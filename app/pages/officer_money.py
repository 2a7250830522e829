"""The cash desk: money that fits no bill, opened one by one, and the act that ends each matter."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.billing.held import Held
from app.billing.models import Payment
from app.core.db import attempt
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.web import Db, Fields, Now, one, render, see
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.money import DrawerPage, FittingBill, HeldRow, MatterPage
from app.pages.odd_money import kind
from app.pages.officer_fees import Cashier, fee_row
from app.pages.officer_room import bound, drawn_again, from_our_page, token
from app.stories import cashier, owing
from app.stories.cashier import Matter
from app.stories.house import House

router = APIRouter()


@router.get("/officer/money")
def drawer(request: Request, db: Db, officer: Cashier) -> Response:
    """What waits for a decision, what is to be given back, and what the bank has not confirmed."""
    house = house_of(request)
    found = cashier.drawer(db, house, officer)
    page = DrawerPage(
        agency=house.agency(officer.agency_code).name,
        waiting=tuple(_row(held) for held in found.waiting),
        to_return=tuple(_row(held) for held in found.to_return),
        unconfirmed=tuple(_row(_alone(payment)) for payment in found.unconfirmed),
        fees=tuple(fee_row(owed) for owed in found.fees),
    )
    return render(request, "officer/money.html", page)


def _alone(payment: Payment) -> Held:
    return Held(payment, None, None)


def _row(held: Held) -> HeldRow:
    payment = held.payment
    return HeldRow(
        id=payment.id,
        kind=kind(held),
        satang=payment.amount_satang,
        paid_at=payment.paid_at,
        ref1=payment.ref1,
        ref2=payment.ref2,
        transaction=payment.transaction_id,
        bill_number=held.bill.number if held.bill else "",
    )


@router.get("/officer/money/{payment_id}")
def matter(request: Request, payment_id: UUID, db: Db, officer: Cashier, now: Now) -> Response:
    """One payment: what is known of it, and what can be done."""
    found = cashier.matter(db, house_of(request), officer, payment_id, now)
    return render(request, "officer/matter.html", _page(request, officer, found))


def _page(
    request: Request, officer: OfficerSession, found: Matter, *problems: Problem, reason: str = "", reference: str = ""
) -> MatterPage:
    held = found.held
    bill, refund = held.bill, held.refund
    return MatterPage(
        problems=problems,
        row=_row(held),
        payer=str(held.payment.raw.get("payerName") or ""),
        asked_satang=bill.amount_satang if bill else 0,
        due_at=bill.due_at if bill else None,
        bill_status=bill.status.value if bill else "",
        owner=bill.payer_name if bill else "",
        application=found.application.number if found.application else "",
        fitting=tuple(
            FittingBill(
                id=one.id,
                number=one.number,
                payer=one.payer_name,
                services=found.services.get(one.id, ()),
                satang=one.amount_satang,
                due_at=one.due_at,
            )
            for one in found.fitting
        ),
        settled=held.decided and refund is None,
        reason=refund.reason if refund else reason,
        decided_at=refund.decided_at if refund else None,
        decided_by=refund.officer_name if refund else "",
        returned_at=refund.returned_at if refund else None,
        reference=(refund.reference or reference) if refund else "",
        token=token(request, officer),
    )


@router.post("/officer/money/{payment_id}/assign")
def assign(request: Request, payment_id: UUID, fields: Fields, db: Db, officer: Cashier, now: Now) -> Response:
    """Let the money pay the chosen bill."""
    house = house_of(request)
    bound(request, officer, fields)
    chosen = owing.ids([one(fields, "bill")])
    if not chosen:
        found = cashier.matter(db, house, officer, payment_id, now)
        page = _page(request, officer, found, Problem("bill", _("เลือกใบแจ้งชำระที่เงินก้อนนี้จะจ่าย")))
        return render(request, "officer/matter.html", page, status=422)
    cashier.assign(db, house, officer, payment_id, chosen.pop(), now)
    return see(f"/officer/money/{payment_id}")


@router.post("/officer/money/{payment_id}/refund")
def refund(request: Request, payment_id: UUID, fields: Fields, db: Db, officer: Cashier, now: Now) -> Response:
    """Decide that the money goes back."""
    return _with_a_word(request, payment_id, fields, db, officer, now, "reason", cashier.refund)


@router.post("/officer/money/{payment_id}/returned")
def returned(request: Request, payment_id: UUID, fields: Fields, db: Db, officer: Cashier, now: Now) -> Response:
    """Note the transfer that gave it back."""
    return _with_a_word(request, payment_id, fields, db, officer, now, "reference", cashier.returned)


def _with_a_word(
    request: Request,
    payment_id: UUID,
    fields: Fields,
    db: Db,
    officer: Cashier,
    now: Now,
    name: str,
    act: Callable[[Db, House, OfficerSession, UUID, str, datetime], object],
) -> Response:
    """An act that needs the word in field `name`; else the page again, with what was typed."""
    house, word = house_of(request), one(fields, name)
    problem = drawn_again()
    if from_our_page(request, officer, fields):
        try:
            with attempt(db):
                act(db, house, officer, payment_id, word, now)
                return see(f"/officer/money/{payment_id}")
        except Invalid as wrong:
            problem = Problem(name, _(wrong.problems[name]))
    found = cashier.matter(db, house, officer, payment_id, now)
    page = _page(request, officer, found, problem, **{name: word})
    return render(request, "officer/matter.html", page, status=422)
