"""The papers that the portal prepares for a form: look at one, print it, find it again by its code."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms
from app.applications.form_models import Upload, UploadState
from app.catalogue.merging import AskedDocument
from app.catalogue.papers import Filled
from app.core import events
from app.core.errors import Conflict, Invalid, NotFound
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.papers import document, sheets
from app.papers.models import Paper
from app.stories import quoting
from app.stories.apply import Draft, draft
from app.stories.house import House
from app.stories.sealing import unsigned


@dataclass(frozen=True)
class Look:
    """One prepared paper of my form as it reads now, with what lies in its place."""

    draft: Draft
    asked: AskedDocument
    filled: Filled

    @property
    def file(self) -> Upload | None:
        """What was sent back or signed, whether it still fits or not."""
        return self.draft.files.get(self.asked.key)

    @property
    def settled(self) -> bool:
        """Whether a usable file is in its place that says what the answers say."""
        file = self.file
        return file is not None and file.state is UploadState.CLEAN and self.asked.key not in self.draft.stale


def look(db: Session, house: House, citizen: CitizenSession, form_id: UUID, key: str) -> Look:
    """One paper of my form; NotFound when the form does not need it or nobody prepares it."""
    current = draft(db, house, citizen, form_id)
    asked = next((one for one in current.documents if one.key == key), None)
    filled = quoting.filled(current.shape, asked, current.values) if asked else None
    if asked is None or filled is None:
        raise NotFound
    return Look(current, asked, filled)


def open_draft(db: Session, house: House, citizen: CitizenSession, form_id: UUID, key: str) -> Look:
    """The same to act on: the form is locked and still a draft, and everything the paper quotes is answered."""
    forms.draft(db, citizen.applicant_id, form_id)
    found = look(db, house, citizen, form_id, key)
    if found.filled.lacking:
        raise Invalid("ตอบข้อที่เอกสารนี้อ้างถึงก่อน แล้วพิมพ์หรือขอลายมือชื่อ")
    return found


def print_(db: Session, house: House, citizen: CitizenSession, form_id: UUID, key: str, now: datetime) -> Paper:
    """Make the paper that says what the answers say now; printing twice makes one."""
    found = open_draft(db, house, citizen, form_id, key)
    paper = sheets.keep(db, house.keyring, form_id, key, found.filled.body(), now)
    facts = {"document": key, "code": paper.code, "sha256": paper.sha256}
    actor = sessions.actor(citizen)
    events.record(db, f"form:{form_id}", "form.paper_printed", actor, now, subject=form_id, **facts)
    return paper


def file(db: Session, house: House, citizen: CitizenSession, form_id: UUID, key: str, code: str) -> tuple[str, bytes]:
    """A paper of my form to print, by its code: its name and the PDF. Conflict when its wording is no longer known."""
    current = draft(db, house, citizen, form_id)
    paper = sheets.by_code(db, sheets.tidy(code))
    if paper is None or paper.single_form_id != current.form.id or paper.document_key != key:
        raise NotFound
    asked = next((one for one in current.shape.documents if one.key == key), None)
    if asked is None or asked.document.prepared is None or not paper.body:
        raise Conflict("คู่มือของเรื่องนี้เปลี่ยนแล้ว เปิดหน้าเอกสารแล้วพิมพ์ใหม่")
    says = document.printed(paper, asked.document.prepared, current.form.reference, house.settings.base_url)
    return asked.document.prepared.title.th, unsigned(house, says, paper.made_at).data


def place_of(db: Session, citizen: CitizenSession, code: str) -> str:
    """Where the paper with this code belongs, for whoever scans it with a telephone; NotFound for somebody else's."""
    paper = sheets.by_code(db, sheets.tidy(code))
    if paper is None:
        raise NotFound
    form = forms.of_applicant(db, citizen.applicant_id, paper.single_form_id)
    return f"/forms/{form.id}/documents#{paper.document_key}"
