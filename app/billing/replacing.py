"""One bill takes the place of another: several are made one, one fee falls away, an old slip turns out to be paid.

An application's fee stands on one open bill at most. A bill that was replaced stays payable at the bank for as long as
somebody has its slip: when exactly its amount comes in time and its fees are still owed, it counts, and the bills that
asked for them since give way. Bills are locked in the order of their ids, so that nobody waits in a circle.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.billing import bills, ledger
from app.billing.bills import Item, Payer
from app.billing.models import Bill, BillLine, BillStatus
from app.core.db import new_id
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import Actor, record

LEAST_TIME = timedelta(days=3)
"""A bill for what remains gives at least this long to pay, also when it is issued on the last day."""

_TRIES = 3
"""Others may replace the bills that one waited for; each time the new ones are looked up again."""


def combine(db: Session, applicant_id: UUID, bill_ids: Iterable[UUID], actor: Actor, now: datetime) -> Bill:
    """Make one bill of several open ones of one payer and one collecting account, due when the first of them is.

    Pressed twice, it is the same bill. Raises NotFound for a bill that is not the applicant's, Invalid when there are
    fewer than two or several accounts, Conflict when one is paid, withdrawn, overdue, or being checked at the bank.
    """
    singles = [bills.locked(db, bill_id) for bill_id in sorted(set(bill_ids))]
    if any(bill.applicant_id != applicant_id for bill in singles):
        raise NotFound("ไม่พบใบแจ้งชำระนี้")
    if len(singles) < 2:
        raise Invalid(problems={"bill": "เลือกใบแจ้งชำระที่จะรวมอย่างน้อย 2 ใบ"})
    heirs = {bill.replaced_by for bill in singles}
    if len(heirs) == 1 and (heir := heirs.pop()) is not None:
        return bills.locked(db, heir)
    for bill in singles:
        _payable(bill, now)
    if len({(bill.agency_code, bill.biller_id) for bill in singles}) > 1:
        raise Invalid(problems={"bill": "รวมได้เฉพาะใบแจ้งชำระของหน่วยงานผู้รับเงินเดียวกัน"})
    singles.sort(key=lambda bill: (bill.issued_at, bill.number))
    items = [item for bill in singles for item in bills.items_on(db, bill.id)]
    for bill in singles:
        bills.void(db, bill.id, "combined", actor, now)
    return _in_place_of(db, singles, items, min(bill.due_at for bill in singles), actor, now)


def _payable(bill: Bill, now: datetime) -> None:
    if bill.status is not BillStatus.OPEN:
        raise Conflict("ใบแจ้งชำระ %(number)s จ่ายหรือยกเลิกไปแล้ว เปิดหน้าติดตามคำขอแล้วเลือกใหม่", number=bill.number)
    if bill.due_at <= now:
        raise Conflict("ใบแจ้งชำระ %(number)s พ้นกำหนดชำระแล้ว จึงรวมไม่ได้", number=bill.number)


def without(
    db: Session,
    bill_id: UUID,
    application_id: UUID,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    though_checked: bool = False,
) -> Bill | None:
    """Withdraw an open bill because one application's fee fell away; the bill for what others on it still owe.

    None when nothing is left, or when the bill is not open any more. Raises Conflict when it is paid or being checked
    (unless `though_checked`, as `bills.void` says).
    """
    old = bills.locked(db, bill_id)
    if old.status is not BillStatus.OPEN:
        return None
    bills.void(db, bill_id, reason, actor, now, though_checked=though_checked)
    rest = [item for item in bills.items_on(db, bill_id) if item.application_id != application_id]
    return _in_place_of(db, [old], rest, max(old.due_at, now + LEAST_TIME), actor, now) if rest else None


def restore(db: Session, old: Bill, actor: Actor, now: datetime) -> bool:
    """Make a replaced bill (locked by the caller) owed again, because money for it came; False when its fees are not.

    The bills that asked for its fees since are withdrawn, and what else stood on them moves to a bill of its own.
    """
    owed = _per_application(bills.items_on(db, old.id))
    for _ in range(_TRIES):
        holders = _open_holders(db, owed)
        held = _per_application(item for bill in holders for item in bills.items_on(db, bill.id))
        if all(held[application] == satang for application, satang in owed.items()):
            break
    else:
        return False
    if any(bills.being_checked(db, bill) for bill in holders):
        return False
    for bill in holders:
        rest = [item for item in bills.items_on(db, bill.id) if item.application_id not in owed]
        bills.void(db, bill.id, "earlier_bill_paid", actor, now)
        if rest:
            _in_place_of(db, [bill], rest, max(bill.due_at, now + LEAST_TIME), actor, now)
    ledger.demand(db, new_id(), old, now)
    old.status, old.replaced_by = BillStatus.OPEN, None
    record(db, f"bill:{old.id}", "bill_restored", actor, now, subject=old.id, number=old.number)
    return True


def predecessors(db: Session, bill: Bill) -> list[Bill]:
    """Every bill whose place this one took, directly or not: their slips may still be paid."""
    found: list[Bill] = []
    heirs = [bill.id]
    while heirs:
        older = list(db.scalars(select(Bill).where(Bill.replaced_by.in_(heirs))))
        found += older
        heirs = [one.id for one in older]
    return found


def heir(db: Session, bill: Bill) -> Bill | None:
    """The bill that stands at the end of a replaced bill's line; None when it was not replaced."""
    found = None
    while bill.replaced_by is not None:
        bill = found = db.scalars(select(Bill).where(Bill.id == bill.replaced_by)).one()
    return found


def _per_application(items: Iterable[Item]) -> Counter[UUID]:
    satang: Counter[UUID] = Counter()
    for item in items:
        satang[item.application_id] += item.satang
    return satang


def _open_holders(db: Session, owed: Iterable[UUID]) -> list[Bill]:
    """The open bills that hold a fee of these applications, locked."""
    holds = exists().where(BillLine.bill_id == Bill.id, BillLine.application_id.in_(list(owed)))
    query = select(Bill).where(holds, Bill.status == BillStatus.OPEN).order_by(Bill.id)
    return list(db.scalars(query.with_for_update().execution_options(populate_existing=True)))


def _in_place_of(
    db: Session, old: Sequence[Bill], items: Sequence[Item], due_at: datetime, actor: Actor, now: datetime
) -> Bill:
    first = old[0]
    new = bills.issue(
        db,
        payee=bills.payee_of(first),
        payer=Payer(first.applicant_id, first.payer_name),
        items=items,
        due_at=due_at,
        actor=actor,
        now=now,
    )
    for bill in old:
        bill.replaced_by = new.id
    db.flush()
    return new
