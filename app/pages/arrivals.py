"""A file as it comes with a form, or in pieces before it."""

from dataclasses import replace
from uuid import UUID

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from app.core.errors import Invalid, NotFound
from app.core.web import Db, one
from app.pages.citizen_form import house_of
from app.pages.who import Citizen
from app.stories import attach, dating
from app.stories.attach import Arrival


def arrival(fields: FormData, key: str = "") -> Arrival:
    """The posted file; an empty one when none was chosen."""
    given = [file for file in (fields.get("file"), fields.get("photo")) if isinstance(file, UploadFile)]
    if not given:
        raise Invalid("เลือกไฟล์ที่จะแนบก่อน")
    upload = next((file for file in given if file.size), given[0])
    seen = one(fields, "seen") if "seen" in fields else None
    both = one(fields, "both") == "yes"
    return Arrival(upload.filename or "", upload.file, upload.size or 0, both=both, seen=seen, said=_said(fields, key))


def _said(fields: FormData, key: str) -> dict[str, str]:
    """What stands in the boxes beside the file of a document."""
    return {part: one(fields, f"said-{key}.{part}") for part in dating.PARTS}


def arrived(request: Request, db: Db, citizen: Citizen, form_id: UUID, key: str, fields: FormData) -> Arrival:
    """What was sent with the form, or before it in pieces."""
    if not (incoming := one(fields, "incoming")):
        return arrival(fields, key)
    try:
        whole = attach.gathered(db, house_of(request), citizen, form_id, UUID(incoming))
    except ValueError:
        raise NotFound from None
    seen = one(fields, "seen") if "seen" in fields else None
    return replace(whole, both=one(fields, "both") == "yes", seen=seen, said=_said(fields, key))
