"""An officer saw elsewhere what must be there before a decision, or does without it by law."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core.db import attempt
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.thai import clean_lines
from app.core.web import Db, Fields, Now, one, render, see
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.officer_case import case_page
from app.pages.officer_room import CASE, Decider, case_path, drawn_again, from_our_page, number_of
from app.stories import support

router = APIRouter()
LONGEST = 1000


@router.post(f"{CASE}/supports")
def confirm(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Decider, now: Now) -> Response:
    """Kept, with the reason; else the case again with what was chosen and typed."""
    key, basis, note = one(fields, "need"), one(fields, "support_basis"), clean_lines(one(fields, "support_note"))
    problems: tuple[Problem, ...] = () if from_our_page(request, officer, fields) else (drawn_again(),)
    try:
        with attempt(db):
            if not problems:
                revision, house = number_of(fields, "revision"), house_of(request)
                support.confirm(db, house, officer, application_id, revision, key, basis, note[:LONGEST], now)
                return see(case_path(request, application_id))
    except Invalid as refused:
        problems = tuple(Problem(at, _(words)) for at, words in refused.problems.items())
    page = case_page(request, db, officer, application_id, now, problems, needed=(key, basis, note))
    return render(request, "officer/case.html", page, status=422)
