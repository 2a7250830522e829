"""The letters of a case, as files: the officers of the case read what the applicant has; the look is recorded."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import case_letters, letters
from app.core.errors import NotFound
from app.core.thai import file_size
from app.core.web import Db, Now, as_file
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import LetterKind, LetterLink
from app.pages.officer_room import CASE, Worker
from app.pdf import issued
from app.stories import case_letter, desk, look
from app.stories.desk import Case

router = APIRouter()


def links(db: Db, found: Case) -> tuple[LetterLink, ...]:
    """Every letter that the applicant has from this case, the oldest first."""
    base, decided = f"/officer/applications/{found.application.id}", letters.of_application(db, found.application.id)
    rows: list[tuple[LetterKind, str, datetime, str, str | None]] = [
        (one.says.value, one.number, one.issued_at, f"{base}/letters/{one.id}/letter.pdf", one.handed_out)
        for one in case_letters.of_application(db, found.application.id)
    ]
    if decided is not None:
        rows.append(("decision", decided.number, decided.issued_at, f"{base}/letter.pdf", decided.file_digest))
    sizes = issued.sizes(db, [row[-1] for row in rows if row[-1]])
    return tuple(
        LetterLink(
            kind=kind, number=number, at=at, href=href if first else "", size=file_size(sizes.get(first or "", 0))
        )
        for kind, number, at, href, first in rows
    )


@router.get(f"{CASE}/letters/{{letter_id}}/letter.pdf")
def letter_pdf(request: Request, application_id: UUID, letter_id: UUID, db: Db, officer: Worker, now: Now) -> Response:
    """A letter from before the decision."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    number, digest = case_letter.of_case(db, found.application.id, letter_id)
    look.recorded(db, house_of(request), officer, found.application, look.LETTER, look.DOCUMENT, now)
    return as_file(house_of(request).files.read(digest), f"letter-{number.replace(' ', '-')}.pdf", "application/pdf")


@router.get(f"{CASE}/letter.pdf")
def decision_pdf(request: Request, application_id: UUID, db: Db, officer: Worker, now: Now) -> Response:
    """The letter about the decision; NotFound until it is there."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    row = letters.of_application(db, found.application.id)
    if row is None or row.file_digest is None:
        raise NotFound
    look.recorded(db, house_of(request), officer, found.application, look.LETTER, look.DOCUMENT, now)
    data = house_of(request).files.read(issued.newest(db, row.file_digest))
    return as_file(data, f"letter-{row.number.replace(' ', '-')}.pdf", "application/pdf")
