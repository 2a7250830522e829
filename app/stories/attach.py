"""Documents arrive, lie in quarantine, are looked through by a job, and are then trusted or refused with a reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.applications import forms, inspection, uploads
from app.applications.drafts import touch
from app.applications.inspection import Allowed, Problem
from app.applications.models import Upload, UploadState
from app.catalogue.schema import Document
from app.core import jobs
from app.core.errors import Conflict, NotFound
from app.identity.sessions import CitizenSession
from app.stories import mend, unasked
from app.stories.apply import shape_of
from app.stories.house import House

log = structlog.get_logger(__name__)

TYPES = {"pdf": inspection.PDF, "jpeg": inspection.JPEG, "png": inspection.PNG}


@dataclass(frozen=True)
class Arrival:
    """A file as the browser sent it."""

    filename: str
    data: BinaryIO
    size: int


def _judge(document: Document, arrival: Arrival) -> Problem | None:
    head = arrival.data.read(inspection.HEAD_BYTES)
    arrival.data.seek(0)
    allowed = Allowed(tuple(TYPES[name] for name in document.formats), document.max_mb * 1024 * 1024)
    return inspection.arrive(arrival.filename, head, arrival.size, allowed)


def _keep(
    db: Session,
    house: House,
    citizen: CitizenSession,
    form_id: UUID,
    document: Document,
    arrival: Arrival,
    now: datetime,
    item_id: UUID | None,
) -> Upload:
    if uploads.count(db, form_id) >= uploads.QUOTA_FILES:
        raise Conflict("แบบฟอร์มนี้รับไฟล์ครบจำนวนแล้ว ติดต่อศูนย์ช่วยเหลือถ้าต้องส่งเพิ่ม")
    uploads.at_quarantine(db)
    digest = house.quarantine.put(arrival.data, document.max_mb * 1024 * 1024)
    upload = uploads.put(
        db,
        form_id,
        document.key,
        filename=inspection.display_name(arrival.filename),
        media_type=inspection.media_type(arrival.filename),
        size=arrival.size,
        digest=digest,
        person_id=citizen.person_id,
        now=now,
        item_id=item_id,
    )
    jobs.enqueue(db, "inspect_upload", upload_id=str(upload.id))
    return upload


def to_form(
    db: Session,
    house: House,
    citizen: CitizenSession,
    form_id: UUID,
    document_key: str,
    arrival: Arrival,
    now: datetime,
) -> Problem | None:
    """Attach a file to a document of my draft; a Problem when it can be refused at once (nothing else is touched)."""
    form = forms.draft(db, citizen.applicant_id, form_id)
    documents = (asked.document for asked in shape_of(db, house, form).documents)
    document = next((one for one in (*documents, unasked.FILE) if one.key == document_key), None)
    if document is None:
        raise NotFound
    problem = _judge(document, arrival)
    if problem is None:
        _keep(db, house, citizen, form.id, document, arrival, now, None)
        touch(form, now)
    return problem


def to_item(
    db: Session,
    house: House,
    citizen: CitizenSession,
    application_id: UUID,
    item_id: UUID,
    arrival: Arrival,
    now: datetime,
) -> Problem | None:
    """Attach a new file to one item of my deficiency notice."""
    mending = mend.open_notice(db, house, citizen, application_id, lock=True)
    mend.being_mended(mending)
    item = mend.item_of(mending, item_id)
    if item.kind != "document":
        raise NotFound
    document = mending.document(item).document
    problem = _judge(document, arrival)
    if problem is None:
        _keep(db, house, citizen, mending.application.single_form_id, document, arrival, now, item.id)
        item.answered_at = now
    return problem


def remove(db: Session, citizen: CitizenSession, form_id: UUID, document_key: str, now: datetime) -> None:
    """Take a file out of my draft."""
    form = forms.draft(db, citizen.applicant_id, form_id)
    upload = uploads.of_form(db, form.id).get(document_key)
    if upload is None:
        raise NotFound
    uploads.remove(upload, now)


def inspect(house: House, upload_id: UUID) -> None:
    """Job: look through one file in a limited process; store its clean form and pictures of its pages."""
    with house.database.transaction() as db:
        upload = uploads.one(db, upload_id)
        if upload.state is not UploadState.CHECKING:
            return
        digest, kind = upload.digest, upload.media_type
    with house.quarantine.open(digest) as file:
        found = inspection.inspect(file, kind)
    stored, size, previews = "", 0, list[str]()
    if found.detail:
        log.warning("a file could not be looked through", upload=str(upload_id), detail=found.detail)
    if found.ok:
        data = found.clean if found.clean is not None else house.quarantine.read(digest)
        stored, size = house.files.put(data), len(data)
        previews = [house.files.put(picture) for picture in found.previews]
    with house.database.transaction() as db:
        upload = uploads.one(db, upload_id, lock=True)
        if upload.state is not UploadState.CHECKING:
            return
        if found.problem is None:
            uploads.judged(
                upload, media_type=found.media_type, digest=stored, size=size, pages=found.pages, previews=previews
            )
        else:
            uploads.refused(upload, found.problem.message, dict(found.problem.values))


def purge(house: House) -> None:
    """By the clock: empty the quarantine of files that no upload is waiting for any more.

    Not at once after inspection: the store is by content, so the same file may have arrived twice.
    """
    with house.database.transaction() as db:
        uploads.at_quarantine(db, alone=True)
        waiting = uploads.waiting(db)
        for digest in list(house.quarantine.digests()):
            if digest not in waiting:
                house.quarantine.remove(digest)


def mine(db: Session, citizen: CitizenSession, form_id: UUID, upload_id: UUID) -> Upload:
    """A clean file of my own form, to look at again."""
    form = forms.of_applicant(db, citizen.applicant_id, form_id)
    upload = uploads.one(db, upload_id)
    if upload.single_form_id != form.id or upload.state is not UploadState.CLEAN:
        raise NotFound
    return upload
