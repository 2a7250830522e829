"""The agency's inbox of questions that people asked while filling its forms."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core.db import attempt
from app.core.errors import Invalid
from app.core.i18n import filled
from app.core.web import Db, Fields, Now, one, render, see
from app.engagement import questions
from app.identity.sessions import OfficerSession
from app.pages.citizen_asking import question_view
from app.pages.citizen_form import house_of
from app.pages.contexts.asking import InboxOfQuestionsPage
from app.pages.contexts.frame import Problem
from app.pages.officer_room import Worker, bound, token
from app.stories import asking

router = APIRouter()


def _page(
    request: Request, db: Db, officer: OfficerSession, *problems: Problem, wrong: UUID | None = None, said: str = ""
) -> InboxOfQuestionsPage:
    house = house_of(request)
    counts = sorted(questions.counts(db, officer.agency_code).items(), key=lambda one: -one[1][0])
    return InboxOfQuestionsPage(
        problems=problems,
        office=house.agency(officer.agency_code).name,
        counts=tuple(
            (
                asking.service_name(house, slug),
                asking.title_of(house, slug, page),
                asked,
                waiting,
            )
            for (slug, page), (asked, waiting) in counts
        ),
        questions=tuple(question_view(house, one) for one in questions.waiting(db, officer.agency_code)),
        wrong=wrong,
        said=said,
        token=token(request, officer),
    )


@router.get("/officer/questions")
def waiting(request: Request, db: Db, officer: Worker) -> Response:
    """What waits for an answer, and where people get stuck."""
    return render(request, "officer/questions.html", _page(request, db, officer))


@router.post("/officer/questions/{question_id}")
def answer(request: Request, question_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Answer one; with words for everybody it becomes part of the manual."""
    bound(request, officer, fields)
    try:
        with attempt(db):
            asking.answer(db, officer, question_id, one(fields, "answer"), one(fields, "shared_as"), now)
    except Invalid as refused:
        wrong = Problem(f"answer-{question_id}", filled(refused.message, refused.values))
        page = _page(request, db, officer, wrong, wrong=question_id, said=one(fields, "shared_as"))
        return render(request, "officer/questions.html", page, status=422)
    return see("/officer/questions")
