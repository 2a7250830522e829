"""An officer confirms that the sender may act for the company, against the registry's authorising text."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core.i18n import gettext as _
from app.core.thai import clean_lines
from app.core.web import Db, Fields, Now, one, render, see
from app.pages.contexts.frame import Problem
from app.pages.officer_case import case_page
from app.pages.officer_room import CASE, Worker, case_path, drawn_again, from_our_page, number_of
from app.stories import standing

router = APIRouter()

SHORTEST_NOTE = 5


@router.post(f"{CASE}/standing")
def confirm(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Confirmed, with what it was seen from; else the case again with the words that were typed."""
    note = clean_lines(one(fields, "standing_note"))[:1000]
    problems: tuple[Problem, ...] = () if from_our_page(request, officer, fields) else (drawn_again(),)
    if len(note) < SHORTEST_NOTE:
        problems += (Problem("standing_note", _("บอกว่าดูอำนาจของผู้ส่งจากอะไร")),)
    if problems:
        page = case_page(request, db, officer, application_id, now, problems, standing_note=note)
        return render(request, "officer/case.html", page, status=422)
    standing.confirm(db, officer, application_id, number_of(fields, "revision"), note, now)
    return see(case_path(request, application_id))
