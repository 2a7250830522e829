"""The last page of every form: what it did not ask. Each agency of the form reads it; the service's owner learns."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms, gaps, uploads
from app.applications.drafts import touch
from app.applications.form_models import SingleForm, Upload, UploadState
from app.applications.gaps import FormGap, Outcome
from app.applications.models import Application
from app.catalogue.schema import Document, Reason
from app.catalogue.texts import Text
from app.core import events
from app.core.thai import clean_lines
from app.identity import sessions
from app.identity.sessions import CitizenSession, OfficerSession
from app.stories import look
from app.stories.boxes import Typed, merged
from app.stories.house import House

NAME: Final = Text(th="ข้อมูลที่แบบฟอร์มไม่ได้ถาม", en="What the form did not ask")
IMPROVING: Final = Text(th="ปรับปรุงแบบฟอร์ม", en="Improving the form")

FILE: Final = Document(
    key="unasked",
    name=Text(th="ไฟล์ประกอบ", en="Attached file"),
    kind="other",
    issuer=Text(th="ผู้ยื่น", en="The applicant"),
    who_prepares="applicant",
    reasons=(Reason(key="unclear", text=Text(th="ไม่ชัดเจน", en="It is not clear")),),
    personal=True,
)
"""The one file that may come with it, for the same gate as any document."""


def say(db: Session, citizen: CitizenSession, form_id: UUID, sent: Typed, now: datetime) -> tuple[str, bool]:
    """Keep what my form did not ask; nothing takes it back. What stands now, and whether another screen was faster."""
    form = forms.draft(db, citizen.applicant_id, form_id)
    after, disputed = merged({FILE.key: form.unasked}, [(FILE.key,)], sent)
    if not disputed:
        form.unasked = clean_lines(after[FILE.key])[: gaps.LONGEST]
        touch(form, now)
    return form.unasked, bool(disputed)


def said(form: SingleForm, file: Upload | None) -> dict[str, Any] | None:
    """What is frozen and sent of it; a file counts once it was found sound."""
    sound = file is not None and file.state is UploadState.CLEAN
    return gaps.frozen(form, uploads.frozen(file) if file is not None and sound else None)


def tasks(db: Session, house: House, officer: OfficerSession, now: datetime) -> list[tuple[FormGap, Application]]:
    """What people had to say beside the forms of this agency, for whoever answers for them; each look is recorded."""
    found = gaps.open_of(db, officer.agency_code)
    for _gap, application in found:
        look.recorded(db, house, officer, application, {FILE.key: NAME}, IMPROVING, now)
    return found


def settle(db: Session, officer: OfficerSession, application_id: UUID, outcome: Outcome, now: datetime) -> None:
    """Say what becomes of one."""
    gaps.settle(db, officer.agency_code, application_id, outcome, officer.officer_id, now)
    stream, actor = f"application:{application_id}", sessions.actor(officer)
    events.record(db, stream, "application.form_gap", actor, now, subject=application_id, outcome=str(outcome))
