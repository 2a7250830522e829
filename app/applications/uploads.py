"""Documents of a form: stored when they arrive, trusted when a job has looked inside, never overwritten in silence."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.applications.form_models import Upload, UploadState
from app.core.errors import NotFound

QUARANTINE_LOCK = 7_302_569
"""Number of the advisory lock around the quarantine folder."""

QUOTA_FILES = 120
"""Files one form may receive in its life (replaced ones included): a bound against filling the store."""


_IN_USE = select(Upload).where(
    Upload.single_form_id == bindparam("form_id"), Upload.removed_at.is_(None), Upload.deficiency_item_id.is_(None)
)


def of_form(db: Session, form_id: UUID) -> dict[str, Upload]:
    """The file in use for each document of the form itself (not of a deficiency notice)."""
    return {row.document_key: row for row in db.scalars(_IN_USE, {"form_id": form_id})}


def of_items(db: Session, item_ids: list[UUID]) -> dict[UUID, Upload]:
    """The file in use for each item of a deficiency notice."""
    rows = db.scalars(select(Upload).where(Upload.deficiency_item_id.in_(item_ids), Upload.removed_at.is_(None)))
    return {row.deficiency_item_id: row for row in rows if row.deficiency_item_id}


def count(db: Session, form_id: UUID) -> int:
    """How many files the form ever received."""
    return db.execute(select(func.count()).where(Upload.single_form_id == form_id)).scalar_one()


def put(
    db: Session,
    form_id: UUID,
    document_key: str,
    *,
    filename: str,
    media_type: str,
    size: int,
    digest: str,
    person_id: UUID,
    now: datetime,
    item_id: UUID | None = None,
    variant: str = "",
    issued_on: date | None = None,
) -> Upload:
    """Record a file that lies in quarantine; the one it replaces is hidden, not destroyed."""
    query = select(Upload).where(
        Upload.single_form_id == form_id, Upload.document_key == document_key, Upload.removed_at.is_(None)
    )
    query = query.where(
        Upload.deficiency_item_id.is_(None) if item_id is None else Upload.deficiency_item_id == item_id
    )
    for former in db.scalars(query.with_for_update()):
        former.removed_at = now
    db.flush()
    upload = Upload(
        single_form_id=form_id,
        document_key=document_key,
        deficiency_item_id=item_id,
        filename=filename,
        media_type=media_type,
        size=size,
        digest=digest,
        arrived=digest,
        variant=variant,
        issued_on=issued_on,
        uploaded_by=person_id,
        uploaded_at=now,
    )
    db.add(upload)
    db.flush()
    return upload


def move(db: Session, upload: Upload, document_key: str, now: datetime) -> None:
    """Put a file of a form under another of its documents, hiding what lay there."""
    _hide(db, upload.single_form_id, document_key, now)
    upload.document_key = document_key
    db.flush()


def copy(db: Session, upload: Upload, document_key: str, now: datetime) -> Upload:
    """The same sound file for one more document of its form, hiding what lay there."""
    _hide(db, upload.single_form_id, document_key, now)
    also = Upload(
        single_form_id=upload.single_form_id,
        document_key=document_key,
        filename=upload.filename,
        media_type=upload.media_type,
        size=upload.size,
        digest=upload.digest,
        arrived=upload.arrived,
        state=upload.state,
        pages=upload.pages,
        previews=list(upload.previews),
        uploaded_by=upload.uploaded_by,
        uploaded_at=upload.uploaded_at,
    )
    db.add(also)
    db.flush()
    return also


def _hide(db: Session, form_id: UUID, document_key: str, now: datetime) -> None:
    for former in db.scalars(
        _IN_USE.where(Upload.document_key == document_key).with_for_update(), {"form_id": form_id}
    ):
        former.removed_at = now
    db.flush()


def twin(db: Session, form_id: UUID, document_key: str, digest: str) -> str | None:
    """The key of another document of the form for which exactly these bytes are in use; None when there is none."""
    return next(
        (
            key
            for key, row in of_form(db, form_id).items()
            if row.arrived == digest and key != document_key and row.state is not UploadState.REFUSED
        ),
        None,
    )


def one(db: Session, upload_id: UUID, *, lock: bool = False) -> Upload:
    """One upload by id, for jobs and for stories that check whose it is."""
    query = select(Upload).where(Upload.id == upload_id)
    upload = db.scalar(query.with_for_update() if lock else query)
    if upload is None:
        raise NotFound
    return upload


def at_quarantine(db: Session, *, alone: bool = False) -> None:
    """Until this transaction ends: many may put files in quarantine together, or one may empty it `alone`."""
    lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
    db.execute(select(lock(QUARANTINE_LOCK)))


def waiting(db: Session) -> set[str]:
    """Digests of the files that still lie in quarantine to be looked through."""
    return set(db.scalars(select(Upload.digest).where(Upload.state == UploadState.CHECKING)))


def remove(upload: Upload, now: datetime) -> None:
    """Take a file out of the form at the person's wish."""
    upload.removed_at = now


def judged(upload: Upload, *, media_type: str, digest: str, size: int, pages: int, previews: list[str]) -> None:
    """A job found the file sound: what is stored now is the cleaned form, with pictures of its pages."""
    upload.state, upload.problem = UploadState.CLEAN, None
    upload.media_type, upload.digest, upload.size = media_type, digest, size
    upload.pages, upload.previews = pages, list(previews)


def refused(upload: Upload, message: str, values: dict[str, Any]) -> None:
    """A job found the file unusable; the person reads why and what to do."""
    upload.state = UploadState.REFUSED
    upload.problem = {"message": message, "values": values}


def put_back(db: Session, upload: Upload, message: str, values: dict[str, Any]) -> None:
    """What was to be added to a file is unusable: the file as it was is in use again, and says why."""
    refused(upload, message, values)
    former = db.scalar(
        select(Upload).where(
            Upload.single_form_id == upload.single_form_id,
            Upload.document_key == upload.document_key,
            Upload.removed_at == upload.uploaded_at,
        )
    )
    if former is None or upload.removed_at is not None:
        return
    upload.removed_at = upload.uploaded_at
    db.flush()
    former.removed_at, former.problem = None, upload.problem


def frozen(upload: Upload) -> dict[str, Any]:
    """What a snapshot and an agency keep of a document."""
    return {
        "key": upload.document_key,
        "upload": str(upload.id),
        "filename": upload.filename,
        "media_type": upload.media_type,
        "size": upload.size,
        "pages": upload.pages,
        "sha256": upload.digest,
        "at": upload.uploaded_at.isoformat(),
        **({"reused_from": upload.reused_from} if upload.reused_from else {}),
        **({"variant": upload.variant} if upload.variant else {}),
        **({"issued_on": upload.issued_on.isoformat()} if upload.issued_on else {}),
    }
