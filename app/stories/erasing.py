"""How each kind of data is let go: deleted, or emptied where the row itself is the State's record.

What stays: that there was an application, its number, its states and dates, amounts and the books, and the events.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from app.applications import case_letters, links, refiling
from app.applications.case_letters import CaseLetter
from app.applications.changes import ChangeRequest
from app.applications.form_models import Answer, SingleForm, Upload
from app.applications.incoming import Incoming
from app.applications.models import Application, CheckMark, DecisionLetter, DeficiencyItem, DeficiencyNotice
from app.applications.standing import Standing
from app.billing.models import Bill, BillLine, Payment, Receipt
from app.engagement.questions import FormQuestion
from app.licences.models import Licence, LicenceDocument, LicenceEdition, LicenceLetter, Matter
from app.licences.shares import Share
from app.papers.models import Paper, Signer
from app.pdf import issued
from app.privacy import copies
from app.privacy.models import Erasure, Kind

GONE = "–"
"""What stands where a name stood."""


@dataclass
class Gone:
    """How much one erasure took away."""

    rows: int = 0
    files: int = 0


def erase(db: Session, done: Erasure, now: datetime) -> Gone:
    """Let one kind of data of one case (or draft) go, and write the record of it. The caller holds the case."""
    gone = Gone()
    of_kind = {
        Kind.DRAFT: _draft,
        Kind.ANSWERS: _answers,
        Kind.DOCUMENTS: _documents,
        Kind.PAYMENT: _payment,
        Kind.LICENCE: _licence,
    }
    db.add(done)
    db.flush()  # first the record: the database lets notes go only when it is there
    of_kind[done.kind](db, done.subject_id, gone, now)
    return gone


def _draft(db: Session, form_id: UUID, gone: Gone, now: datetime) -> None:
    _form_answers(db, form_id, gone)
    _form_files(db, form_id, gone, now)


def _answers(db: Session, application_id: UUID, gone: Gone, now: datetime) -> None:
    application = db.get_one(Application, application_id)
    application.unasked = None
    application.answers, application.applicant_name, application.premises_name = {}, GONE, GONE
    if application.decision:
        application.decision = {**application.decision, **dict.fromkeys(_free(application.decision), GONE)}
    db.flush()
    gone.rows += 1 + db.execute(select(func.forget_notes(application_id))).scalar_one()
    notices = select(DeficiencyNotice.id).where(DeficiencyNotice.application_id == application_id)
    emptied = {"value": None, "raw": None, "problem": None, "instruction": GONE}
    gone.rows += _count(db, update(DeficiencyItem).where(DeficiencyItem.notice_id.in_(notices)).values(**emptied))
    of_case = DeficiencyNotice.application_id == application_id
    gone.rows += _count(db, update(DeficiencyNotice).where(of_case).values(message=""))
    gone.rows += _count(db, delete(CheckMark).where(CheckMark.application_id == application_id))
    of_case = ChangeRequest.application_id == application_id
    wiped = {"before": None, "value": None, "why": GONE, "reason": GONE}
    gone.rows += _count(db, update(ChangeRequest).where(of_case).values(**wiped))
    letter = db.get(DecisionLetter, application_id)
    if letter is not None and letter.file_digest:
        _doom(db, issued.forget(db, letter.file_digest), gone, now)
        letter.file_digest = None
    _case_letters(db, application_id, gone, now)
    if _all_of_form(db, application.single_form_id, Kind.ANSWERS):
        _form_answers(db, application.single_form_id, gone)
        form = db.get_one(SingleForm, application.single_form_id)
        if form.receipt_digest:
            _doom(db, issued.forget(db, form.receipt_digest), gone, now)
        form.snapshot = form.receipt_digest = None
        for filing in refiling.replaced(db, form.id):
            _doom(db, issued.forget(db, filing.receipt_digest or ""), gone, now)
            filing.snapshot = filing.receipt_digest = None
    db.flush()


def _case_letters(db: Session, application_id: UUID, gone: Gone, now: datetime) -> None:
    """What the letters said, and their files; that there were letters, and their numbers, stays."""
    for letter in case_letters.of_application(db, application_id):
        for digest in (letter.file_digest, letter.countersigned_digest):
            _doom(db, issued.forget(db, digest or ""), gone, now)
    values: dict[str, Any] = {"content": {}, "file_digest": None, "countersigned_digest": None}
    of_case = CaseLetter.application_id == application_id
    gone.rows += _count(db, update(CaseLetter).where(of_case).values(**values, countersigned_by=None))


def _free(decision: dict[str, Any]) -> set[str]:
    """Words an officer wrote about this very case."""
    return {"explanation", "note", "message"} & set(decision)


def _documents(db: Session, application_id: UUID, gone: Gone, now: datetime) -> None:
    application = db.get_one(Application, application_id)
    application.documents, application.linked = [], []
    gone.rows += 1
    db.flush()
    if _all_of_form(db, application.single_form_id, Kind.DOCUMENTS):
        _form_files(db, application.single_form_id, gone, now)


def _payment(db: Session, application_id: UUID, gone: Gone, now: datetime) -> None:
    """Names and files of the bills whose every application is past its period; numbers and amounts are the books'."""
    mine = select(BillLine.bill_id).where(BillLine.application_id == application_id)
    recorded = exists().where(Erasure.kind == Kind.PAYMENT, Erasure.subject_id == BillLine.application_id)
    others = exists().where(BillLine.bill_id == Bill.id, ~recorded)
    for bill_id in list(db.scalars(select(Bill.id).where(Bill.id.in_(mine), ~others))):
        gone.rows += _count(db, update(Bill).where(Bill.id == bill_id).values(payer_name=GONE))
        drawn = db.scalar(select(Bill.file_digest).where(Bill.id == bill_id))
        if drawn:
            _doom(db, issued.forget(db, drawn), gone, now)
            db.execute(update(Bill).where(Bill.id == bill_id).values(file_digest=None))
        gone.rows += _count(db, update(Payment).where(Payment.bill_id == bill_id).values(raw={}))
        receipt = db.scalar(select(Receipt).where(Receipt.bill_id == bill_id).with_for_update())
        if receipt is not None and receipt.file_digest:
            _doom(db, issued.forget(db, receipt.file_digest), gone, now)
            receipt.file_digest = None
    db.flush()


def _licence(db: Session, application_id: UUID, gone: Gone, now: datetime) -> None:
    licence = db.scalar(select(Licence).where(Licence.application_id == application_id).with_for_update())
    if licence is None:
        return
    licence.holder = licence.premises = GONE
    of_licence = LicenceDocument.licence_id == licence.id
    _doom(db, list(db.scalars(select(LicenceDocument.digest).where(of_licence))), gone, now)
    gone.rows += 1 + _count(db, delete(LicenceDocument).where(of_licence))
    gone.rows += _count(db, delete(Share).where(Share.licence_id == licence.id))
    _of_its_life(db, licence.id, gone, now)


def _of_its_life(db: Session, licence_id: UUID, gone: Gone, now: datetime) -> None:
    """Whom its editions name, what was under way about it in words, and the letters."""
    for digest in db.scalars(select(LicenceLetter.file_digest).where(LicenceLetter.licence_id == licence_id)):
        _doom(db, issued.forget(db, digest or ""), gone, now)
    for table, values in (
        (LicenceEdition, {"holder": GONE, "premises": GONE, "answers": {}}),
        (Matter, {"said": {}, "opened_name": GONE, "objection": "", "answer": ""}),
        (LicenceLetter, {"content": {}, "file_digest": None}),
    ):
        gone.rows += _count(db, update(table).where(table.licence_id == licence_id).values(**values))


def _form_answers(db: Session, form_id: UUID, gone: Gone) -> None:
    db.execute(update(SingleForm).where(SingleForm.id == form_id).values(unasked=""))
    gone.rows += _count(db, delete(Answer).where(Answer.single_form_id == form_id))
    of_form = FormQuestion.single_form_id == form_id
    gone.rows += _count(db, delete(FormQuestion).where(of_form, FormQuestion.shared_as == ""))
    public = update(FormQuestion).where(of_form).values(text=FormQuestion.shared_as, single_form_id=None)
    gone.rows += _count(db, public)
    emptied = update(Standing).where(Standing.single_form_id == form_id).values(person_name=GONE, said={})
    gone.rows += _count(db, emptied)


def _form_files(db: Session, form_id: UUID, gone: Gone, now: datetime) -> None:
    of_form = Upload.single_form_id == form_id
    for upload in db.execute(select(Upload.digest, Upload.previews).where(of_form)):
        _doom(db, [upload.digest, *upload.previews], gone, now)
    gone.rows += _count(db, delete(Upload).where(of_form))
    gone.rows += _count(db, delete(Signer).where(Signer.single_form_id == form_id))
    wiped = update(Paper).where(Paper.single_form_id == form_id).values(body={})
    gone.rows += _count(db, wiped)
    gone.rows += _count(db, delete(Incoming).where(Incoming.single_form_id == form_id))
    gone.rows += links.forget(db, form_id)


def _all_of_form(db: Session, form_id: UUID, kind: Kind) -> bool:
    """Whether every application of the form has let this kind go, this one included."""
    recorded = exists().where(Erasure.kind == kind, Erasure.subject_id == Application.id)
    return not db.scalar(select(exists().where(Application.single_form_id == form_id, ~recorded)))


def _doom(db: Session, digests: list[str], gone: Gone, now: datetime) -> None:
    copies.doom(db, digests, now)
    gone.files += len([digest for digest in digests if digest])


def _count(db: Session, statement: Any) -> int:
    return int(db.execute(statement.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
