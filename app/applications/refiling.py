"""Correcting what was sent before anybody took it: a draft beside it, sent in its place; the old one is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, make_transient, mapped_column

from app.applications import cases, checking, choices, deadlines, gaps
from app.applications.drafts import term
from app.applications.filing import Share
from app.applications.form_models import Answer, ChosenService, FormState, SingleForm, Upload, UploadState
from app.applications.links import LinkedRecord
from app.applications.models import Application
from app.applications.workflow import START
from app.core import events
from app.core.db import Base, new_id
from app.core.errors import Conflict, Invalid
from app.core.events import Actor

TAKEN = "เจ้าหน้าที่รับเรื่องไปตรวจแล้ว จึงส่งใหม่ทั้งฉบับไม่ได้ ขอแก้ทีละข้อได้ที่หน้าติดตามคำขอ"
"""Said when an officer was faster: what was sent stands, and a change of one answer can be asked for."""

OTHER_SERVICES = "คำตอบใหม่ทำให้ต้องยื่นเรื่องอื่นแทน ถอนคำขอเดิมแล้วเริ่มแบบฟอร์มใหม่ คำตอบที่แก้ไว้ยังอยู่ในแบบร่างนี้"
"""Said when the new answers call for other services than those that were sent."""


class Filing(Base):
    """A filing that was replaced by a later one: exactly what was sent, by whom and when, with its receipt."""

    __tablename__ = "filings"

    single_form_id: Mapped[UUID] = mapped_column(ForeignKey("single_forms.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """1 for what was sent first."""
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    snapshot: Mapped[str | None]
    snapshot_sha256: Mapped[str | None] = mapped_column(String(64))
    receipt_digest: Mapped[str | None] = mapped_column(String(64))
    replaced_at: Mapped[datetime]


def untouched(applications: Sequence[Application]) -> bool:
    """Whether nobody at any agency has taken any of these up: then the whole form may be sent anew."""
    return bool(applications) and all(one.state is START and one.taken_by is None for one in applications)


def open_correction(db: Session, form_id: UUID) -> SingleForm | None:
    """The draft that corrects this form and was not sent yet."""
    return db.scalar(select(SingleForm).where(SingleForm.corrects == form_id, SingleForm.state == FormState.DRAFT))


def replaced(db: Session, form_id: UUID) -> list[Filing]:
    """The filings before the one that counts, oldest first."""
    return list(db.scalars(select(Filing).where(Filing.single_form_id == form_id).order_by(Filing.number)))


def begin(db: Session, form: SingleForm, person_id: UUID, actor: Actor, now: datetime) -> SingleForm:
    """A draft with everything that was sent. The caller holds the row lock of the form; what was sent stands."""
    found = open_correction(db, form.id)
    if found is not None:
        return found
    before = db.scalar(select(func.count()).where(SingleForm.corrects == form.id)) or 0
    draft = SingleForm(
        id=new_id(),
        reference=f"{form.reference} ({before + 2})",
        corrects=form.id,
        renews=form.renews,
        applicant_id=form.applicant_id,
        started_by=person_id,
        language=form.language,
        prefill=form.prefill,
        prefill_at=form.prefill_at,
        registries=dict(form.registries),
        acknowledged_at=form.acknowledged_at,
        unasked=form.unasked,
        created_at=now,
        updated_at=now,
        expires_at=term(now),
    )
    db.add(draft)
    db.flush()
    for place, (slug, version) in enumerate(choices.of_form(db, form.id)):
        db.add(ChosenService(single_form_id=draft.id, service_slug=slug, service_version=version, position=place))
    _copy(db, select(Answer).where(Answer.single_form_id == form.id), draft.id)
    _copy(db, select(LinkedRecord).where(LinkedRecord.single_form_id == form.id), draft.id)
    files = select(Upload).where(Upload.single_form_id == form.id, Upload.removed_at.is_(None))
    _copy(db, files.where(Upload.deficiency_item_id.is_(None), Upload.state == UploadState.CLEAN), draft.id)
    events.record(db, f"form:{form.id}", "form.correct", actor, now, subject=form.id, draft=draft.reference)
    return draft


def _copy(db: Session, rows: Any, form_id: UUID) -> None:
    for row in list(db.scalars(rows)):
        db.expunge(row)
        make_transient(row)
        row.single_form_id = form_id
        if isinstance(row, Upload):
            row.id = new_id()
        db.add(row)
    db.flush()


def replace(
    db: Session,
    draft: SingleForm,
    form: SingleForm,
    person_id: UUID,
    snapshot: tuple[str, str],
    shares: Sequence[Share],
    actor: Actor,
    now: datetime,
) -> None:
    """Send the draft in place of what was sent. The caller holds the row locks of both forms.

    Every application keeps its number and counts as received anew. Raises Conflict when an officer was faster, Invalid
    when the answers call for other services than those that were sent.
    """
    mine = {one.service_slug: one for one in db.scalars(_of_form(form.id))}
    if not untouched(list(mine.values())):
        raise Conflict(TAKEN)
    if set(mine) != {share.service_slug for share in shares}:
        raise Invalid(OTHER_SERVICES)
    _keep(db, form, now)
    for share in shares:
        _refile(db, mine[share.service_slug], share, actor, now)
    _take_over(db, draft, form, now)
    text, sha256 = snapshot
    before = form.snapshot_sha256
    form.snapshot, form.snapshot_sha256, form.idempotency_key, form.receipt_digest = text, sha256, sha256, None
    form.submitted_at, form.submitted_by, form.updated_at = now, person_id, now
    form.unasked, draft.unasked = draft.unasked, ""
    draft.state, draft.submitted_at, draft.updated_at = FormState.DISCARDED, now, now
    facts = {"reference": draft.reference, "sha256": sha256, "before": before}
    events.record(db, f"form:{form.id}", "form.refile", actor, now, subject=form.id, **facts)
    db.flush()


def _of_form(form_id: UUID) -> Any:
    query = select(Application).where(Application.single_form_id == form_id).order_by(Application.number)
    return query.with_for_update().execution_options(populate_existing=True)


def _keep(db: Session, form: SingleForm, now: datetime) -> None:
    number = db.scalar(select(func.count()).where(Filing.single_form_id == form.id)) or 0
    db.add(
        Filing(
            single_form_id=form.id,
            number=number + 1,
            submitted_at=form.submitted_at,
            submitted_by=form.submitted_by,
            snapshot=form.snapshot,
            snapshot_sha256=form.snapshot_sha256,
            receipt_digest=form.receipt_digest,
            replaced_at=now,
        )
    )


def _refile(db: Session, application: Application, share: Share, actor: Actor, now: datetime) -> None:
    changes = _changes(application, share)
    received = deadlines.deemed_received_on(now)
    application.answers, application.documents = share.answers, share.documents
    application.quote, application.fee_satang = share.quote, share.fee_satang
    application.unasked, application.linked = share.unasked, list(share.linked)
    application.agency_code, application.office_code = share.agency_code, share.office_code
    application.premises_name = share.premises_name
    application.submitted_at = application.complete_from = now
    application.received_on = received
    last = deadlines.working_days_after(received, share.check_days - 1) if share.check_days > 1 else received
    application.check_by = last
    gaps.note(db, application, now)
    checking.clear(db, application.id, [(change["kind"], change["key"]) for change in changes])
    facts = {"number": application.number, "changes": changes, "check_by": last.isoformat()}
    events.record(db, cases.stream(application.id), "application.refile", actor, now, subject=application.id, **facts)


def _changes(application: Application, share: Share) -> list[dict[str, Any]]:
    """What differs between the two filings of one application: kind, key, before and after."""
    before = {("answer", key): said["value"] for key, said in application.answers.items()}
    before |= {("document", one["key"]): one["sha256"] for one in application.documents}
    after: Mapping[tuple[str, str], Any] = {("answer", key): said["value"] for key, said in share.answers.items()}
    after = {**after, **{("document", one["key"]): one["sha256"] for one in share.documents}}
    return [
        {"kind": kind, "key": key, "before": before.get((kind, key)), "after": after.get((kind, key))}
        for kind, key in sorted({*before, *after})
        if before.get((kind, key)) != after.get((kind, key))
    ]


def _take_over(db: Session, draft: SingleForm, form: SingleForm, now: datetime) -> None:
    """The form's answers and files are those of the draft now; its former files stay, out of use."""
    db.flush()
    answers, files, records = Answer.single_form_id, Upload.single_form_id, LinkedRecord.single_form_id
    in_use = Upload.removed_at.is_(None)
    for statement in (
        delete(Answer).where(answers == form.id),
        delete(LinkedRecord).where(records == form.id),
        update(LinkedRecord).where(records == draft.id).values(single_form_id=form.id),
        update(Answer).where(answers == draft.id).values(single_form_id=form.id),
        update(Upload).where(files == form.id, in_use).values(removed_at=now),
        update(Upload).where(files == draft.id).values(single_form_id=form.id),
    ):
        db.execute(statement, execution_options={"synchronize_session": False})
    db.expire_all()
