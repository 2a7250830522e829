"""The licence that an approval leads to, before it is decided: as a file and page by page, marked as a draft."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.workflow import FINAL
from app.core.errors import NotFound
from app.core.web import Db, Now, as_file
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.officer_room import CASE, Worker
from app.pdf import pictures
from app.stories import desk, drafting, look

router = APIRouter()


@router.get(f"{CASE}/draft.pdf")
def draft(request: Request, application_id: UUID, db: Db, officer: Worker, now: Now) -> Response:
    """The draft as a file."""
    return as_file(_drawn(request, db, officer, application_id, now), "draft.pdf", "application/pdf")


@router.get(f"{CASE}/draft/pages/{{number}}")
def page(request: Request, application_id: UUID, number: int, db: Db, officer: Worker, now: Now) -> Response:
    """One page of it as a picture."""
    picture = pictures.page(_drawn(request, db, officer, application_id, now), number)
    if picture is None:
        raise NotFound
    return as_file(picture, f"draft-{number}.png", "image/png", inline=True)


def _drawn(request: Request, db: Db, officer: OfficerSession, application_id: UUID, now: Now) -> bytes:
    """Drawn anew each time: nothing of a draft is kept. The look is recorded, unless the page around it did."""
    house = house_of(request)
    found = desk.case(db, house, officer, application_id, now)
    if found.service.licence is None or found.application.state in FINAL:
        raise NotFound
    look.at_picture(db, house, officer, found.application, drafting.KEY, drafting.NAME, now)
    return drafting.licence(db, house, found.application, found.service, now)
