"""The officer who holds a case answers what the applicant asks to change."""

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
from app.pages.officer_room import CASE, Decider, case_path, drawn_again, from_our_page
from app.stories import change

router = APIRouter()


@router.post(f"{CASE}/changes/{{request_id}}")
def answer(
    request: Request, application_id: UUID, request_id: UUID, fields: Fields, db: Db, officer: Decider, now: Now
) -> Response:
    """Accept, or refuse with a reason; else the case again with the words that were typed."""
    reason, house = clean_lines(one(fields, "reason"))[:2000], house_of(request)
    accept = one(fields, "verdict") == "accept"
    problems: tuple[Problem, ...] = () if from_our_page(request, officer, fields) else (drawn_again(),)
    try:
        with attempt(db):
            if not problems:
                change.answer(db, house, officer, application_id, request_id, reason, now, accept=accept)
    except Invalid as refused:
        problems = tuple(Problem(at, _(words)) for at, words in refused.problems.items())
    if problems:
        page = case_page(request, db, officer, application_id, now, problems, change_reason=(request_id, reason))
        return render(request, "officer/case.html", page, status=422)
    return see(case_path(request, application_id))
