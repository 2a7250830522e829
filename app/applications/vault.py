"""My documents that an officer has found complete once: they need not be brought again while they are fresh."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.applications.form_models import SingleForm, Upload, UploadState
from app.applications.models import Application
from app.applications.workflow import State

FRESH = timedelta(days=180)
"""How long after it was first attached a document can be used again."""

FOUND_COMPLETE = (State.ACCEPTED, State.AWAITING_PAYMENT, State.PREPARING, State.ISSUED)
"""States behind the completeness check."""


@dataclass(frozen=True)
class Verified:
    """A document of an earlier application of mine, and where an officer found it complete."""

    upload: Upload
    reference: str
    """Of the form it was sent with."""
    number: str
    """Of the application in which it was checked."""
    service_slug: str
    agency_code: str

    @property
    def until(self) -> datetime:
        """When it is too old to be used again. Using it does not make it younger."""
        return self.upload.uploaded_at + FRESH


_CHECKED = (
    select(
        Application.number,
        Application.service_slug,
        Application.agency_code,
        Application.documents,
        SingleForm.reference,
    )
    .join(SingleForm, SingleForm.id == Application.single_form_id)
    .where(Application.applicant_id == bindparam("applicant_id"), Application.state.in_(FOUND_COMPLETE))
    .order_by(Application.submitted_at.desc(), Application.number)
)


def of_applicant(db: Session, applicant_id: UUID, now: datetime) -> list[Verified]:
    """The latest verified file for each document, freshest first."""
    where: dict[UUID, tuple[str, str, str, str]] = {}
    for row in db.execute(_CHECKED, {"applicant_id": applicant_id}):
        for document in row.documents:
            place = (row.reference, row.number, row.service_slug, row.agency_code)
            where.setdefault(UUID(document["upload"]), place)
    query = select(Upload).where(
        Upload.id.in_(where), Upload.state == UploadState.CLEAN, Upload.uploaded_at > now - FRESH
    )
    latest: dict[str, Upload] = {}
    for upload in db.scalars(query.order_by(Upload.uploaded_at.desc(), Upload.id)) if where else ():
        latest.setdefault(upload.document_key, upload)
    return [Verified(upload, *where[upload.id]) for upload in latest.values()]


def use(db: Session, form_id: UUID, found: Verified, person_id: UUID, now: datetime) -> Upload:
    """Put it under the same document of a draft, hiding what lay there. It says where it is from and keeps its age."""
    former = found.upload
    in_use = (
        (Upload.single_form_id == form_id)
        & (Upload.document_key == former.document_key)
        & Upload.removed_at.is_(None)
        & Upload.deficiency_item_id.is_(None)
    )
    for here in db.scalars(select(Upload).where(in_use).with_for_update()):
        here.removed_at = now
    db.flush()
    again = Upload(
        single_form_id=form_id,
        document_key=former.document_key,
        filename=former.filename,
        media_type=former.media_type,
        size=former.size,
        digest=former.digest,
        arrived=former.arrived,
        reused_from=found.reference,
        variant=former.variant,
        issued_on=former.issued_on,
        paper_id=former.paper_id,
        state=UploadState.CLEAN,
        pages=former.pages,
        previews=list(former.previews),
        uploaded_by=person_id,
        uploaded_at=former.uploaded_at,
    )
    db.add(again)
    db.flush()
    return again
