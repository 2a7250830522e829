"""Money that fits no bill, as people read about it: one kind of trouble, and what was decided."""

from app.billing.held import Held
from app.billing.models import BillStatus, PaymentStatus
from app.pages.contexts.money import OddKind, OddMoney


def kind(held: Held) -> OddKind:
    """What went wrong: amounts and moments are compared with the bill it named."""
    payment, bill = held.payment, held.bill
    if bill is None or payment.status is PaymentStatus.UNMATCHED:
        return "unmatched"
    if payment.status is PaymentStatus.DUPLICATE:
        return "twice"
    if payment.status is PaymentStatus.WRONG_AMOUNT:
        return "less" if payment.amount_satang < bill.amount_satang else "more"
    return "late" if payment.paid_at > bill.due_at or bill.status is not BillStatus.VOID else "withdrawn"


def odd_money(held: Held) -> OddMoney:
    """The same for a page, with what the cashier decided."""
    refund = held.refund
    return OddMoney(
        kind=kind(held),
        satang=held.payment.amount_satang,
        paid_at=held.payment.paid_at,
        transaction=held.payment.transaction_id,
        refund_reason=refund.reason if refund else "",
        decided_at=refund.decided_at if refund else None,
        returned_at=refund.returned_at if refund else None,
        reference=(refund.reference or "") if refund else "",
    )
