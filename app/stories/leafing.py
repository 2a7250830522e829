"""One more leaf of a document: whoever photographs a contract of three pages sends three pictures, one at a time."""

from datetime import datetime
from io import BytesIO
from pathlib import PurePath
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms, inspection, uploads
from app.applications.drafts import touch
from app.applications.form_models import Upload, UploadState
from app.applications.inspection import JPEG, PDF, PNG, Allowed, Problem
from app.core import jobs
from app.core.errors import Conflict
from app.core.files import TOO_BIG
from app.core.thai import file_size
from app.identity.sessions import CitizenSession
from app.stories import attach
from app.stories.attach import Arrival
from app.stories.house import House

MOST_BYTES = 40 * 1024 * 1024
"""Of all leaves of one document together."""


def takes_more(upload: Upload) -> bool:
    """Whether a leaf can be put behind this file: it is a picture, or was made of pictures here.

    A PDF that somebody brought stays as it is: it may be signed.
    """
    ours = upload.media_type in (JPEG, PNG) or (upload.media_type == PDF and upload.arrived not in ("", upload.digest))
    return upload.state is UploadState.CLEAN and ours and upload.paper_id is None


def add(
    db: Session, house: House, citizen: CitizenSession, form_id: UUID, key: str, arrival: Arrival, now: datetime
) -> Problem | None:
    """Put a picture behind the file of a document of my draft; a Problem when it can be refused at once.

    Until a job has looked at it the document is being checked; when it cannot be used, the file stays as it was.
    """
    form = forms.draft(db, citizen.applicant_id, form_id)
    document = attach.asked_for(db, house, form, key)
    attach.not_meanwhile(db, form.id, key, arrival)
    here = uploads.of_form(db, form.id).get(key)
    if here is None or not takes_more(here):
        raise Conflict("เพิ่มหน้าให้ไฟล์นี้ไม่ได้แล้ว เปิดหน้าเอกสารอีกครั้งเพื่อดูไฟล์ล่าสุด")
    problem = attach.judged(arrival, Allowed((JPEG, PNG), document.max_mb * 1024 * 1024))
    if problem is None:
        problem = _put(db, house, citizen, here, arrival, now)
    if problem is None:
        touch(form, now)
    attach.taken(db, house, arrival)
    return problem


def _put(
    db: Session, house: House, citizen: CitizenSession, here: Upload, arrival: Arrival, now: datetime
) -> Problem | None:
    leaf = inspection.media_type(arrival.filename), arrival.data.read()
    data = inspection.joined([(here.media_type, house.files.read(here.digest)), leaf])
    if len(data) > MOST_BYTES:
        return Problem(TOO_BIG, {"limit": file_size(MOST_BYTES)})
    if uploads.count(db, here.single_form_id) >= uploads.QUOTA_FILES:
        raise Conflict("แบบฟอร์มนี้รับไฟล์ครบจำนวนแล้ว ติดต่อศูนย์ช่วยเหลือถ้าต้องส่งเพิ่ม")
    uploads.at_quarantine(db)
    whole = uploads.put(
        db,
        here.single_form_id,
        here.document_key,
        filename=f"{PurePath(here.filename).stem}.pdf",
        media_type=inspection.LEAVES,
        size=len(data),
        digest=house.quarantine.put(BytesIO(data), MOST_BYTES),
        person_id=citizen.person_id,
        now=now,
        variant=here.variant,
        issued_on=here.issued_on,
    )
    jobs.enqueue(db, "inspect_upload", upload_id=str(whole.id))
    return None
