"""Papers that were sent back and whose code no picture told: the person types it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms, uploads
from app.applications.drafts import touch
from app.applications.form_models import Upload, UploadState
from app.core import rates
from app.core.errors import NotFound
from app.identity.sessions import CitizenSession
from app.papers import sheets
from app.stories import placing
from app.stories.apply import Draft
from app.stories.house import House

UNREAD = frozenset({placing.NO_CODE, placing.NO_SUCH_CODE})


def loose(current: Draft) -> list[Upload]:
    """Files whose code is being read or could not be read, oldest first."""
    mine = (one for key, one in current.files.items() if key.startswith(placing.LOOSE))
    return sorted(mine, key=lambda one: one.id)


def unread(upload: Upload) -> bool:
    """Whether typing its code would help."""
    return upload.state is UploadState.REFUSED and (upload.problem or {}).get("message") in UNREAD


def by_hand(
    db: Session, house: House, citizen: CitizenSession, form_id: UUID, key: str, typed: str, now: datetime
) -> None:
    """Put the file where the typed code says; the file itself says why when there is no such paper."""
    rates.take(db, "paper-code", str(citizen.person_id), now, limit=30, per_seconds=600)
    form = forms.draft(db, citizen.applicant_id, form_id)
    upload = uploads.of_form(db, form.id).get(key)
    if upload is None or not unread(upload):
        raise NotFound
    problem = placing.place(db, house, upload, [f"/P/{sheets.tidy(typed)}"], now)
    if problem is None:
        upload.state, upload.problem = UploadState.CLEAN, None
    else:
        said = placing.NO_SUCH_CODE if problem.message == placing.NO_CODE else problem.message
        uploads.refused(upload, said, dict(problem.values))
    touch(form, now)
