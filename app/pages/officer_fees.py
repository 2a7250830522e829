"""The cash desk gives a fee back: what was paid for nothing, and the transfer that ends the matter."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.billing.fee_returns import Owed
from app.core.db import attempt
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.web import Db, Fields, Now, one, render, see
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.money import FeePage, FeeRow
from app.pages.officer_room import drawn_again, from_our_page, token
from app.pages.who import duty
from app.stories import cashier

router = APIRouter()

Cashier = Annotated[OfficerSession, Depends(duty(Duty.CASHIER))]
"""An officer of the cash desk."""

FEE = "/officer/money/fees/{fee_id}"


def fee_row(owed: Owed) -> FeeRow:
    """A fee to give back as the list shows it."""
    return FeeRow(
        id=owed.fee.id,
        transaction=owed.payment.transaction_id,
        payer=owed.bill.payer_name,
        bill_number=owed.bill.number,
        owed_at=owed.fee.owed_at,
        satang=owed.fee.satang,
    )


@router.get(FEE)
def fee(request: Request, fee_id: UUID, db: Db, officer: Cashier, now: Now) -> Response:
    """Whose it is, why it goes back, and where it came from."""
    found = cashier.fee(db, house_of(request), officer, fee_id, now)
    return render(request, "officer/fee.html", _page(request, officer, found))


def _page(request: Request, officer: OfficerSession, owed: Owed, *problems: Problem, reference: str = "") -> FeePage:
    return FeePage(
        problems=problems,
        row=fee_row(owed),
        paid_at=owed.payment.paid_at,
        ref1=owed.bill.ref1,
        ref2=owed.bill.ref2,
        reason=_(owed.fee.reason),
        returned_at=owed.fee.returned_at,
        reference=owed.fee.reference or reference,
        token=token(request, officer),
    )


@router.post(f"{FEE}/returned")
def returned(request: Request, fee_id: UUID, fields: Fields, db: Db, officer: Cashier, now: Now) -> Response:
    """Note the transfer that gave it back; else the page again, with what was typed."""
    house, reference, problem = house_of(request), one(fields, "reference"), drawn_again()
    if from_our_page(request, officer, fields):
        try:
            with attempt(db):
                cashier.fee_returned(db, house, officer, fee_id, reference, now)
                return see(FEE.format(fee_id=fee_id))
        except Invalid as wrong:
            problem = Problem("reference", _(wrong.problems["reference"]))
    found = cashier.fee(db, house, officer, fee_id, now)
    return render(request, "officer/fee.html", _page(request, officer, found, problem, reference=reference), status=422)
