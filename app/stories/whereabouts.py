"""What is read to say where the applications of forms stand: by the form, so that nothing waits for anything.

One form, the usual case, is asked for as one value and not as a list of one: for a list PostgreSQL plans the statement
anew at every execution, which costs four times as much as running it (measured: 1.4 ms against 0.35).
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    String,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.applications.case_letters import CaseLetter
from app.applications.models import Application, DeficiencyNotice
from app.billing import held
from app.billing.models import Bill, BillLine, BillStatus, Payment, PaymentStatus, Receipt
from app.core.events import Event
from app.core.reading import Prepared, columns
from app.licences.models import Licence
from app.pdf.issued import IssuedFile

_FORM = bindparam("form", type_=Uuid)
_ONE = Application.single_form_id == _FORM
_SEVERAL = Application.single_form_id == any_(bindparam("forms", type_=ARRAY(Uuid)))

_APPLICATION = (
    Application.id,
    Application.single_form_id,
    Application.number,
    Application.service_slug,
    Application.service_version,
    Application.agency_code,
    Application.premises_name,
    Application.state,
    Application.fee_satang,
    Application.submitted_at,
    Application.check_by,
    Application.due_on,
    Application.taken_by,
    Application.taken_at,
    Application.delay_reason,
    Application.delay_until,
    Application.delay_told_at,
    Application.decision,
)
_NOTICE = (DeficiencyNotice.id, DeficiencyNotice.mend_by, DeficiencyNotice.mended_at)
_LICENCE = (Licence.id, Licence.issued_at, Licence.waits_since)


def _sent(which: ColumnElement[bool]) -> Prepared:
    return Prepared(
        select(*_APPLICATION, *_NOTICE, *_LICENCE)
        .outerjoin(DeficiencyNotice, DeficiencyNotice.application_id == Application.id)
        .outerjoin(Licence, Licence.application_id == Application.id)
        .where(which)
        .order_by(Application.number),
        parts=(_APPLICATION, _NOTICE, _LICENCE),
    )


_SENT, _SENT_OF_SEVERAL = _sent(_ONE), _sent(_SEVERAL)

_ANNOUNCED = exists().where(
    Payment.biller_id == Bill.biller_id,
    Payment.ref1 == Bill.ref1,
    Payment.ref2 == Bill.ref2,
    Payment.status == PaymentStatus.PENDING,
)
_UNFIT = exists().where(Payment.bill_id == Bill.id, or_(*(Payment.status == odd for odd in held.ODD)))
_LINE = (BillLine.application_id, _ANNOUNCED.label("checking"), _UNFIT.label("unfit"))
_BILL = columns(Bill)
_RECEIPT = (Receipt.id, Receipt.file_digest)


def _billed(which: ColumnElement[bool]) -> Prepared:
    return Prepared(
        select(*_LINE, *_BILL, *_RECEIPT)
        .join(Bill, Bill.id == BillLine.bill_id)
        .join(Application, Application.id == BillLine.application_id)
        .outerjoin(Receipt, Receipt.bill_id == Bill.id)
        .where(which)
        .order_by(case((Bill.status == BillStatus.PAID, 2), (Bill.status == BillStatus.OPEN, 1), else_=0))
        .order_by(Bill.issued_at, Bill.id),
        parts=(_LINE, _BILL, _RECEIPT),
    )


_BILLED, _BILLED_OF_SEVERAL = _billed(_ONE), _billed(_SEVERAL)

_STREAMS = union_all(
    select(literal("form:") + cast(_FORM, String)),
    select(literal("application:") + cast(Application.id, String)).where(_ONE),
    select(literal("bill:") + cast(BillLine.bill_id, String))
    .join(Application, Application.id == BillLine.application_id)
    .where(_ONE),
)
_HAPPENED = Prepared(
    select(
        Event.stream,
        Event.seq,
        Event.at,
        Event.kind,
        Event.actor_kind,
        Event.acted_by,
        Event.actor_name,
        Event.applicant_id,
        Event.subject_id,
        Event.facts,
    )
    .where(Event.stream == any_(func.array(_STREAMS.scalar_subquery(), type_=ARRAY(String))))
    .order_by(Event.at)
)
"""Events of a form, its applications and every bill that ever held their fees; without their hashes."""

_LETTERS = Prepared(
    select(
        CaseLetter.id,
        CaseLetter.application_id,
        CaseLetter.number,
        CaseLetter.says,
        CaseLetter.issued_at,
        CaseLetter.file_digest,
        CaseLetter.countersigned_at,
        func.coalesce(CaseLetter.countersigned_digest, CaseLetter.file_digest).label("handed_out"),
        select(IssuedFile.size)
        .where(IssuedFile.first == func.coalesce(CaseLetter.countersigned_digest, CaseLetter.file_digest))
        .order_by(IssuedFile.edition.desc())
        .limit(1)
        .scalar_subquery()
        .label("size"),
    )
    .join(Application, Application.id == CaseLetter.application_id)
    .where(_ONE)
    .order_by(CaseLetter.issued_at, CaseLetter.number)
)


def letters(db: Session, form_id: UUID) -> dict[UUID, list[Any]]:
    """What the applications of a form were told by letter before they were decided, the oldest first, with its size."""
    found: dict[UUID, list[Any]] = {}
    for letter in _LETTERS.rows(db, form=form_id):
        found.setdefault(letter.application_id, []).append(letter)
    return found


def sent(db: Session, form_ids: Sequence[UUID]) -> list[Any]:
    """What these forms became, as far as a line says it: application, deficiency notice, licence; by number."""
    if len(form_ids) == 1:
        return _SENT.rows(db, form=form_ids[0])
    return _SENT_OF_SEVERAL.rows(db, forms=[*form_ids]) if form_ids else []


def billed(db: Session, form_ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """Their bills by application: line, bill, receipt, the one that counts last. A bill of several is one object."""
    if len(form_ids) == 1:
        rows = _BILLED.rows(db, form=form_ids[0])
    else:
        rows = _BILLED_OF_SEVERAL.rows(db, forms=[*form_ids]) if form_ids else []
    found: dict[UUID, list[Any]] = {}
    met: dict[UUID, Any] = {}
    for line, bill, receipt in rows:
        found.setdefault(line.application_id, []).append((line, met.setdefault(bill.id, bill), receipt))
    return found


def thread(db: Session, form_id: UUID) -> list[Event]:
    """Everything that happened to a form, its applications and their bills, oldest first."""
    return _HAPPENED.rows(db, form=form_id)
