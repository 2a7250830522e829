"""A paper that was printed here comes back: its code says for which document it is, and there it is put."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy.orm import Session

from app.applications import uploads
from app.applications.form_models import FormState, SingleForm, Upload
from app.applications.inspection import Problem
from app.catalogue.schema import Document, Reason
from app.catalogue.texts import Text
from app.core import events
from app.core.events import SYSTEM
from app.papers import sheets
from app.papers.models import Paper
from app.stories.apply import shape_of
from app.stories.house import House

PAPER: Final = Document(
    key="scan",
    name=Text(th="กระดาษที่พิมพ์จากที่นี่", en="A paper printed here"),
    kind="other",
    issuer=Text(th="ผู้ยื่น", en="The applicant"),
    who_prepares="applicant",
    reasons=(Reason(key="unreadable", text=Text(th="ภาพไม่ชัด อ่านไม่ได้", en="The picture is unclear")),),
    personal=True,
)
"""Any printed paper: what a file is judged by before its code is read."""
LOOSE: Final = "scan_"
"""How the key of a file begins whose code has not been read yet."""

NO_CODE = "อ่านรหัสบนกระดาษไม่ได้ พิมพ์รหัส 12 ตัวใต้คิวอาร์ หรือถ่ายใหม่ให้เห็นคิวอาร์ทั้งรูปและไม่เบลอ"
NO_SUCH_CODE = "ไม่มีกระดาษรหัสนี้ในแบบฟอร์มของคุณ ตรวจรหัส 12 ตัวใต้คิวอาร์อีกครั้ง"
NOT_ASKED = "แบบฟอร์มนี้ไม่ต้องใช้ “%(name)s” แล้ว ลบไฟล์นี้ได้"


def loose(document: Document) -> Document:
    """Where a file goes when it arrives: several papers may be on their way to their places at once."""
    return document.model_copy(update={"key": f"{LOOSE}{uuid4().hex}"}) if document is PAPER else document


def place(db: Session, house: House, upload: Upload, codes: Iterable[str], now: datetime) -> Problem | None:
    """Put a sound file where the codes on it say; one file may hold several papers.

    A file that was given for a document and carries no code of ours stays there. A Problem for one that came without a
    document and cannot be placed. The caller holds the row locks of the form and of the upload.
    """
    unknown = upload.document_key.startswith(LOOSE)
    form = db.get_one(SingleForm, upload.single_form_id)
    if upload.deficiency_item_id is not None or form.state is not FormState.DRAFT:
        return None
    known = (sheets.by_code(db, code) for code in sheets.codes_in(codes))
    mine = [paper for paper in known if paper is not None and _is_theirs(db, paper, form)]
    if not mine:
        return Problem(NO_CODE) if unknown else None
    asked = {one.key: one.document for one in shape_of(db, house, form).documents}
    wanted = {paper.document_key: paper for paper in mine if paper.document_key in asked}
    if not wanted:
        gone = mine[0].document_key
        known_name = house.catalogue.documents[gone].name.th if gone in house.catalogue.documents else gone
        return Problem(NOT_ASKED, {"name": known_name}) if unknown else None
    here = wanted.pop(upload.document_key, None)
    if here is None:
        here = wanted.pop(next(iter(wanted)))
        uploads.move(db, upload, here.document_key, now)
    upload.paper_id = here.id
    _record(db, form, here, upload, now)
    for paper in wanted.values():
        copy = uploads.copy(db, upload, paper.document_key, now)
        copy.paper_id = paper.id
        _record(db, form, paper, copy, now)
    return None


def _is_theirs(db: Session, paper: Paper, form: SingleForm) -> bool:
    """Whether it was printed from a form of the same party: what it quotes is compared anyway."""
    if paper.single_form_id == form.id:
        return True
    other = db.get(SingleForm, paper.single_form_id)
    return other is not None and other.applicant_id == form.applicant_id


def _record(db: Session, form: SingleForm, paper: Paper, upload: Upload, now: datetime) -> None:
    facts = {"document": paper.document_key, "code": paper.code, "paper": paper.sha256, "file": upload.digest}
    events.record(db, f"form:{form.id}", "form.paper_filed", SYSTEM, now, subject=form.id, **facts)
