"""My vault: documents that were verified once and answers that were sent, used again with one tap, on record."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms, vault
from app.applications.drafts import touch
from app.applications.vault import Verified
from app.core import events
from app.core.clock import bangkok_date
from app.core.errors import Conflict, NotFound
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.stories import dating
from app.stories.apply import Draft, shape_of
from app.stories.house import House


def mine(db: Session, citizen: CitizenSession, now: datetime) -> list[Verified]:
    """What the party has that can be used again; an agent sees that of the services they act in."""
    found = vault.of_applicant(db, citizen.applicant_id, now)
    return [one for one in found if citizen.covers(one.service_slug)]


def offers(db: Session, citizen: CitizenSession, current: Draft, now: datetime) -> dict[str, Verified]:
    """What could be used for the documents of this form that have no file yet."""
    wanted = {asked.key for asked in current.documents if asked.key not in current.files}
    if not wanted:
        return {}
    today, documents = bangkok_date(now), {asked.key: asked.document for asked in current.documents}
    found = (one for one in mine(db, citizen, now) if one.upload.document_key in wanted)
    fresh = (one for one in found if dating.fits(documents.get(one.upload.document_key), one.upload, today))
    return {one.upload.document_key: one for one in fresh}


def use(
    db: Session, house: House, citizen: CitizenSession, form_id: UUID, document_key: str, upload_id: UUID, now: datetime
) -> None:
    """Use a verified document again in my draft: it says from where, and the form's record says who did it."""
    form = forms.draft(db, citizen.applicant_id, form_id)
    asked = {one.key: one.document for one in shape_of(db, house, form).documents}
    found = next((one for one in mine(db, citizen, now) if one.upload.id == upload_id), None)
    if found is None or document_key not in asked or found.upload.document_key != document_key:
        raise NotFound
    if not dating.fits(asked[document_key], found.upload, bangkok_date(now)):
        raise Conflict("เอกสารเดิมออกนานเกินกำหนดของเรื่องนี้แล้ว อัปโหลดฉบับใหม่")
    vault.use(db, form.id, found, citizen.person_id, now)
    touch(form, now)
    facts = {"key": document_key, "former": found.reference, "number": found.number}
    events.record(db, f"form:{form.id}", "form.reuse_document", sessions.actor(citizen), now, subject=form.id, **facts)
