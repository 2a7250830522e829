"""Money that fits nothing: a cashier lets it pay a bill it fits, or sends it back; each once, and the books agree."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.billing import held, ledger, payments, receipts
from app.billing.models import Bill, BillStatus, Payment, PaymentStatus
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import SYSTEM, history
from tests.billing import world
from tests.billing.world import BANK, FEE, NOW, PAYEE, paid

ACCOUNT = PAYEE.biller_id
WHY = "จ่ายเกิน ขอให้คืน"


def odd(db: Session, bill: Bill, **other: object) -> Payment:
    """Money that names this bill wrongly."""
    outcome = payments.settle(db, paid(bill, "ODD", **other), NOW, BANK)
    assert outcome.status in held.ODD
    found = db.get(Payment, outcome.payment_id)
    assert found is not None
    return found


def test_money_without_a_bill_waits_at_the_account_it_came_to(db: Session) -> None:
    bill = world.bill(db)
    money = odd(db, bill, ref1="99999999999")
    assert [one.payment for one in held.waiting(db, ACCOUNT)] == [money]
    assert held.count(db, ACCOUNT) == 1
    assert held.waiting(db, "000000000000000") == []
    with pytest.raises(NotFound):
        held.find(db, "000000000000000", money.id)


def test_money_without_a_bill_may_pay_any_open_bill_of_its_amount_and_does_so_once(db: Session) -> None:
    bill, cheaper = world.bill(db), world.bill(db, FEE - 1)
    cashier = world.officer(db)
    money = odd(db, bill, ref1="99999999999")
    found = held.find(db, ACCOUNT, money.id)
    assert held.fitting(db, found, NOW) == [bill]
    with pytest.raises(Conflict):
        held.assign(db, ACCOUNT, money.id, cheaper.id, cashier, NOW)
    assert held.assign(db, ACCOUNT, money.id, bill.id, cashier, NOW)
    assert not held.assign(db, ACCOUNT, money.id, bill.id, cashier, NOW)
    assert (money.status, money.bill_id, bill.status) == (PaymentStatus.SETTLED, bill.id, BillStatus.PAID)
    assert receipts.reserve(db, bill.id, NOW, SYSTEM).payment_id == money.id
    assert [event.kind for event in history(db, f"bill:{bill.id}")][-3:] == [
        "bill_paid", "payment_assigned", "receipt_numbered",
    ]  # fmt: skip
    assert payments.settle(db, payments.said_of(money), NOW, BANK).repeated
    with pytest.raises(Conflict, match="ตัดสิน"):
        held.refund(db, ACCOUNT, money.id, PAYEE.agency_code, WHY, cashier, NOW)
    assert ledger.verify(db) == []


def test_a_second_payment_may_pay_another_bill_of_the_same_payer_but_nobody_elses(db: Session) -> None:
    home = world.household(db)
    first, second = world.bill_of(db, home), world.bill_of(db, home)
    world.bill(db)
    payments.settle(db, paid(first), NOW, BANK)
    money = odd(db, first)
    assert held.fitting(db, held.find(db, ACCOUNT, money.id), NOW) == [second]
    payments.claim(db, paid(second, "ONITSWAY"), NOW)
    assert held.fitting(db, held.find(db, ACCOUNT, money.id), NOW) == []


def test_money_goes_back_with_a_reason_and_the_transfer_is_noted_once(db: Session) -> None:
    bill = world.bill(db)
    cashier = world.officer(db)
    money = odd(db, bill, satang=FEE + 50)
    with pytest.raises(Conflict, match="ยังไม่มี"):
        held.returned(db, ACCOUNT, money.id, "TR-0001", cashier, NOW)
    with pytest.raises(Invalid):
        held.refund(db, ACCOUNT, money.id, PAYEE.agency_code, "สั้น", cashier, NOW)
    decided = held.refund(db, ACCOUNT, money.id, PAYEE.agency_code, WHY, cashier, NOW)
    assert held.refund(db, ACCOUNT, money.id, PAYEE.agency_code, "เหตุผลอื่นที่ยาวพอ", cashier, NOW) is decided
    assert (ledger.balance(db, ledger.UNMATCHED), ledger.balance(db, ledger.REFUNDS)) == (0, -FEE - 50)
    assert held.waiting(db, ACCOUNT) == []
    assert [one.payment for one in held.to_return(db, ACCOUNT)] == [money]
    assert [one.refund for one in held.of_bill(db, bill)] == [decided]
    assert ledger.verify(db) == []

    with pytest.raises(Invalid):
        held.returned(db, ACCOUNT, money.id, "x", cashier, NOW)
    held.returned(db, ACCOUNT, money.id, "TR-0001", cashier, NOW + timedelta(days=1))
    held.returned(db, ACCOUNT, money.id, "TR-9999", cashier, NOW + timedelta(days=2))
    assert (decided.reference, decided.returned_at) == ("TR-0001", NOW + timedelta(days=1))
    assert ledger.balance(db, ledger.bank("bank")) == 0
    assert held.to_return(db, ACCOUNT) == []
    assert ledger.verify(db) == []


def test_money_that_was_sent_back_pays_no_bill_that_comes_later(db: Session) -> None:
    bill = world.bill(db)
    early = paid(bill, "EARLY", ref1=str(int(bill.ref1) + 1))
    outcome = payments.settle(db, early, NOW, BANK)
    held.refund(db, ACCOUNT, outcome.payment_id, PAYEE.agency_code, WHY, world.officer(db), NOW)
    later = world.bill(db)
    assert (later.ref1, later.status) == (early.ref1, BillStatus.OPEN)
    again = payments.settle(db, paid(later, "EARLY"), NOW, BANK)
    assert (again.status, again.repeated, later.status) == (PaymentStatus.UNMATCHED, True, BillStatus.OPEN)
    assert ledger.verify(db) == []


def test_what_the_bank_only_announced_is_seen_coming_and_not_decided_about(db: Session) -> None:
    bill = world.bill(db)
    announced = payments.claim(db, paid(bill), NOW)
    assert held.unconfirmed(db, ACCOUNT) == [announced]
    assert held.waiting(db, ACCOUNT) == []
    with pytest.raises(NotFound):
        held.find(db, ACCOUNT, announced.id)
