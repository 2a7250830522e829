"""What an act on an issued licence was billed: the bill that asks for it now, and money that goes back for nothing.

Nothing here makes an edition. Whoever writes holds the licence; bills are locked after it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.billing import fee_returns, replacing
from app.billing.models import Bill, BillLine, BillStatus, FeeReturn
from app.core.events import Actor
from app.core.money import baht
from app.licences.models import Licence, LicenceEdition, Matter, Outcome
from app.notices import inbox

GONE = "ใบถูกเพิกถอนหรือคืนก่อนที่จะออกฉบับใหม่ จึงไม่ได้ออกให้"
UNFIT = "จัดทำฉบับใหม่ของใบไม่ได้ จึงไม่ได้ออกให้"
"""Why the fee of an act goes back (msgids)."""


def standing(db: Session, matter: Matter) -> Bill | None:
    """The bill that asks for the fee of a signed act, as it stands after bills were combined; None when none does."""
    bill = db.scalar(select(Bill).where(Bill.id == matter.bill_id).execution_options(populate_existing=True))
    if bill is None:
        return None
    last = replacing.heir(db, bill) or bill
    asks = exists().where(
        BillLine.bill_id == last.id, BillLine.application_id == Licence.application_id, Licence.id == matter.licence_id
    )
    return last if db.scalar(select(asks)) else None


def to_pay(db: Session, licence_id: UUID) -> Bill | None:
    """The open bill of an act that was signed."""
    billed = select(Matter).where(Matter.licence_id == licence_id, Matter.bill_id.is_not(None))
    bills = (standing(db, matter) for matter in db.scalars(billed.order_by(Matter.opened_at)).all())
    return next((bill for bill in bills if bill is not None and bill.status is BillStatus.OPEN), None)


def waiting(db: Session, bill: Bill) -> Sequence[Matter]:
    """What was signed and waits for this bill, or for one whose place it took; in the order to lock licences in."""
    meant = [bill.id, *(one.id for one in replacing.predecessors(db, bill))]
    signed = Matter.bill_id.in_(meant), Matter.outcome == Outcome.DONE
    return db.scalars(select(Matter).where(*signed).order_by(Matter.licence_id, Matter.id)).all()


def unmade(db: Session, licence_id: UUID) -> Sequence[Matter]:
    """What was signed and billed about a licence and has brought no edition."""
    made = exists().where(LicenceEdition.matter_id == Matter.id, LicenceEdition.issued_at.is_not(None))
    billed = Matter.licence_id == licence_id, Matter.bill_id.is_not(None), Matter.outcome == Outcome.DONE
    return db.scalars(select(Matter).where(*billed, ~made).order_by(Matter.opened_at)).all()


def gone_back(db: Session, bill: Bill, licence: Licence) -> bool:
    """Whether the fee of this licence's act on a bill goes back, or did: then nothing is made for it."""
    of_it = FeeReturn.bill_id == bill.id, FeeReturn.application_id == licence.application_id
    return bool(db.scalar(select(exists().where(*of_it))))


def give_back(
    db: Session, licence: Licence, matter: Matter, reason: str, kind: str, actor: Actor, now: datetime
) -> bool:
    """What was paid for an act goes back and its holder reads so (`kind`), once; False when nothing was paid."""
    bill = standing(db, matter)
    if bill is None or bill.status is not BillStatus.PAID:
        return False
    if not gone_back(db, bill, licence):
        fee = fee_returns.owe(db, licence.application_id, reason, actor, now, bill)
        told = {"number": licence.number, "baht": baht(fee.satang if fee else 0)}
        inbox.tell(db, licence.applicant_id, kind, now, href=f"/bills/{bill.id}", **told)
    return True
