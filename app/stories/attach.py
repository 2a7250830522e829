"""Documents arrive, lie in quarantine, are looked through by a job, and are then trusted or refused with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.applications import forms, incoming, inspection, uploads
from app.applications.drafts import touch
from app.applications.form_models import SingleForm, Upload, UploadState
from app.applications.incoming import Incoming
from app.applications.inspection import Allowed, Problem
from app.catalogue.schema import Document
from app.core import jobs
from app.core.clock import bangkok_date
from app.core.errors import Conflict, NotFound
from app.core.i18n import lang
from app.identity.sessions import CitizenSession
from app.stories import dating, mend, placing, unasked
from app.stories.apply import shape_of
from app.stories.dating import Claim
from app.stories.house import House

log = structlog.get_logger(__name__)

ATTACHED_MEANWHILE = "อีกหน้าจอหนึ่งแนบ “%(name)s” ไว้แล้ว เปิดหน้าเอกสารอีกครั้ง ถ้าต้องการใช้ไฟล์ของคุณแทน กดเปลี่ยนไฟล์"

TYPES = {"pdf": inspection.PDF, "jpeg": inspection.JPEG, "png": inspection.PNG}


@dataclass(frozen=True)
class Arrival:
    """A file as the browser sent it."""

    filename: str
    data: BinaryIO
    size: int
    both: bool = False
    """The person says that this one file holds another document of the form too."""
    seen: str | None = None
    """Which file the page was drawn with ("" for none); None when it does not say."""
    incoming: Incoming | None = None
    """Where its pieces were gathered, when it came in pieces."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What was said beside the file (`dating.PARTS`)."""


def judged(arrival: Arrival, allowed: Allowed) -> Problem | None:
    """What can be said of a file before a job looks inside."""
    head = arrival.data.read(inspection.HEAD_BYTES)
    arrival.data.seek(0)
    return inspection.arrive(arrival.filename, head, arrival.size, allowed)


def _allowed(document: Document) -> Allowed:
    return Allowed(tuple(TYPES[name] for name in document.formats), document.max_mb * 1024 * 1024)


def _stored(db: Session, house: House, document: Document, arrival: Arrival) -> str:
    """Put the bytes into quarantine; their digest. What nothing refers to afterwards is purged."""
    uploads.at_quarantine(db)
    return house.quarantine.put(arrival.data, document.max_mb * 1024 * 1024)


def _keep(
    db: Session,
    citizen: CitizenSession,
    form_id: UUID,
    document: Document,
    arrival: Arrival,
    digest: str,
    now: datetime,
    item_id: UUID | None,
    claimed: Claim,
) -> Upload:
    if uploads.count(db, form_id) >= uploads.QUOTA_FILES:
        raise Conflict("แบบฟอร์มนี้รับไฟล์ครบจำนวนแล้ว ติดต่อศูนย์ช่วยเหลือถ้าต้องส่งเพิ่ม")
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
        variant=claimed.variant,
        issued_on=claimed.issued_on,
    )
    jobs.enqueue(db, "inspect_upload", upload_id=str(upload.id))
    return upload


def asked_for(db: Session, house: House, form: SingleForm, document_key: str) -> Document:
    """A document that a file can be given for; NotFound."""
    documents = (asked.document for asked in shape_of(db, house, form).documents)
    document = next((one for one in (*documents, unasked.FILE, placing.PAPER) if one.key == document_key), None)
    if document is None:
        raise NotFound
    return document


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
    document = asked_for(db, house, form, document_key)
    not_meanwhile(db, form.id, document_key, arrival)
    claimed = dating.claim(document, arrival.said, bangkok_date(now))
    problem = judged(arrival, _allowed(document)) or (claimed if isinstance(claimed, Problem) else None)
    if problem is None:
        digest = _stored(db, house, document, arrival)
        problem = _twin(db, house, form, document_key, digest, arrival)
    if problem is None and isinstance(claimed, Claim):
        _keep(db, citizen, form.id, placing.loose(document), arrival, digest, now, None, claimed)
        touch(form, now)
    taken(db, house, arrival)
    return problem


def taken(db: Session, house: House, arrival: Arrival) -> None:
    """What it came in is not needed any more."""
    if arrival.incoming is not None:
        arrival.data.close()
        incoming.done(db, arrival.incoming, pieces(house))


def not_meanwhile(db: Session, form_id: UUID, document_key: str, arrival: Arrival) -> None:
    """Conflict when another screen attached a file since the page was drawn: neither is replaced in silence."""
    here = uploads.of_form(db, form_id).get(document_key)
    if arrival.seen is not None and here is not None and str(here.id) != arrival.seen:
        raise Conflict(
            "อีกหน้าจอหนึ่งแนบ “%(name)s” ไว้แล้ว เปิดหน้าเอกสารอีกครั้ง ถ้าต้องการใช้ไฟล์ของคุณแทน กดเปลี่ยนไฟล์", name=here.filename
        )


def _twin(
    db: Session, house: House, form: SingleForm, document_key: str, digest: str, arrival: Arrival
) -> Problem | None:
    """One file for two requirements is mostly a slip: refused, unless the person says that it holds both."""
    if arrival.both or document_key == placing.PAPER.key:
        return None
    other = uploads.twin(db, form.id, document_key, digest)
    if other is None:
        return None
    names = {asked.key: asked.document.name for asked in shape_of(db, house, form).documents}
    return Problem(inspection.SAME_FILE, {"other": names.get(other, unasked.FILE.name).to(lang())})


def pieces(house: House) -> Path:
    """Where files in pieces are gathered."""
    return house.settings.data_dir / "pieces"


def in_pieces(
    db: Session,
    house: House,
    citizen: CitizenSession,
    form_id: UUID,
    document_key: str,
    what: tuple[str, int, str],
    now: datetime,
) -> tuple[UUID, int, int] | Problem:
    """Announce a large file (name, size, mark): its id, how many bytes are here, bytes per piece; or why not at all."""
    form = forms.draft(db, citizen.applicant_id, form_id)
    document = asked_for(db, house, form, document_key)
    allowed = _allowed(document)
    problem = inspection.promised(what[0], what[1], allowed)
    if problem is not None:
        return problem
    begun = incoming.begin(db, form.id, document_key, citizen.person_id, what, now)
    return begun.id, begun.received, incoming.PIECE


def piece(
    db: Session, house: House, citizen: CitizenSession, form_id: UUID, incoming_id: UUID, offset: int, data: bytes
) -> int:
    """One piece arrives; how many bytes are here now."""
    form = forms.draft(db, citizen.applicant_id, form_id)
    found = incoming.of_person(db, incoming_id, form.id, citizen.person_id)
    incoming.add(found, pieces(house), offset, data)
    return found.received


def gathered(db: Session, house: House, citizen: CitizenSession, form_id: UUID, incoming_id: UUID) -> Arrival:
    """A file whose pieces are all here, as if it had arrived whole. Conflict while some are missing."""
    found = incoming.of_person(db, incoming_id, form_id, citizen.person_id)
    path = pieces(house) / str(found.id)
    if found.received != found.size or not path.exists():
        found.received = min(found.received, path.stat().st_size if path.exists() else 0)
        raise Conflict("ไฟล์ยังมาไม่ครบ เปิดหน้าเอกสารอีกครั้ง ระบบจะส่งต่อจากที่ค้างไว้")
    return Arrival(found.filename, path.open("rb"), found.size, incoming=found)


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
    claimed = dating.claim(document, arrival.said, bangkok_date(now))
    problem = judged(arrival, _allowed(document)) or (claimed if isinstance(claimed, Problem) else None)
    if problem is None and isinstance(claimed, Claim):
        digest = _stored(db, house, document, arrival)
        forms.lock(db, mending.application.single_form_id)  # before the file it replaces, as whoever inspects that
        _keep(db, citizen, mending.application.single_form_id, document, arrival, digest, now, item.id, claimed)
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
        digest, kind, form_id = upload.digest, upload.media_type, upload.single_form_id
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
        forms.lock(db, form_id)  # before the file: whoever attaches takes them in this order
        upload = uploads.one(db, upload_id, lock=True)
        if upload.state is not UploadState.CHECKING:
            return
        problem = found.problem
        if problem is None:
            uploads.judged(
                upload, media_type=found.media_type, digest=stored, size=size, pages=found.pages, previews=previews
            )
            codes = () if kind == inspection.LEAVES else found.codes  # a leaf stays where it was put
            problem = placing.place(db, house, upload, codes, house.clock.now())
        if problem is not None and kind == inspection.LEAVES:
            uploads.put_back(db, upload, problem.message, dict(problem.values))
        elif problem is not None:
            uploads.refused(upload, problem.message, dict(problem.values))


def purge(house: House) -> None:
    """By the clock: empty the quarantine of files that no upload is waiting for any more.

    Not at once after inspection: the store is by content, so the same file may have arrived twice.
    """
    with house.database.transaction() as db:
        incoming.sweep(db, pieces(house), house.clock.now())
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
