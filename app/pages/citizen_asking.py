"""Stuck on a page of the form: ask the agency, and read what it answered."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.rows import ROW_ID
from app.core.db import attempt
from app.core.errors import Invalid
from app.core.i18n import filled
from app.core.web import Db, Fields, Now, form_token, one, render, see, token_holds
from app.engagement import questions
from app.engagement.questions import FormQuestion
from app.pages.citizen_form import house_of
from app.pages.contexts.asking import AskPage, MyQuestionsPage, QuestionView
from app.pages.contexts.frame import Problem
from app.pages.who import Citizen
from app.stories import asking
from app.stories.asking import Asking
from app.stories.house import House

router = APIRouter()
ASK = "/forms/{form_id}/ask/{page}"
ASK_MENDING = "/applications/{application_id}/deficiency/ask"
OLD = "เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ อ่านอีกครั้งแล้วกดปุ่มเดิม"
NAMES = ("service", "agency", "about", "text")


def _back(form_id: UUID, page: str) -> str:
    if page == asking.MENDING:
        return f"/forms/{form_id}/track"
    return f"/forms/{form_id}/{page}" if page in asking.PAGES else f"/forms/{form_id}/topics/{page}"


def _page(
    request: Request, found: Asking, citizen: Citizen, said: dict[str, str], back: str, *problems: Problem
) -> AskPage:
    house = house_of(request)
    return AskPage(
        problems=problems,
        page=found.page,
        title=found.title,
        back=back,
        services=tuple((s.slug, s.short_name, to.name if to else None) for s, to in found.services),
        agencies=tuple((a.code, a.name) for a in asking.local_authorities(house))
        if any(to is None for _, to in found.services)
        else (),
        about=found.about,
        said=said,
        longest=questions.LONGEST,
        token=form_token(house.settings.cookie_secret, citizen.session_id, "ask"),
    )


@router.get(ASK)
def ask(request: Request, form_id: UUID, page: str, db: Db, citizen: Citizen) -> Response:
    """What do you want to know? The page and its answers wait."""
    found = asking.begin(db, house_of(request), citizen, form_id, page)
    shown = _page(request, found, citizen, dict.fromkeys(NAMES, ""), _row_of(request, _back(form_id, page)))
    return render(request, "citizen/ask.html", shown)


@router.post(ASK)
def send(request: Request, form_id: UUID, page: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Send it, and back to the page."""
    found = asking.begin(db, house_of(request), citizen, form_id, page)
    return _sent(request, fields, db, citizen, now, found, _row_of(request, _back(form_id, page)))


@router.get(ASK_MENDING)
def ask_mending(request: Request, application_id: UUID, db: Db, citizen: Citizen) -> Response:
    """The same while mending what an officer sent back."""
    found = asking.begin_mending(db, house_of(request), citizen, application_id)
    back = _row_of(request, f"/applications/{application_id}/deficiency")
    return render(request, "citizen/ask.html", _page(request, found, citizen, dict.fromkeys(NAMES, ""), back))


@router.post(ASK_MENDING)
def send_mending(
    request: Request, application_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Send it to the agency that has the application."""
    found = asking.begin_mending(db, house_of(request), citizen, application_id)
    return _sent(
        request, fields, db, citizen, now, found, _row_of(request, f"/applications/{application_id}/deficiency")
    )


def _row_of(request: Request, base: str) -> str:
    """The page to come back to: the row that was being filled, where the question came from one."""
    group, _dot, row = request.query_params.get("row", "").partition(".")
    return f"{base}/rows/{group}/{row}" if group.isidentifier() and ROW_ID.fullmatch(row) else base


def _sent(request: Request, fields: Fields, db: Db, citizen: Citizen, now: Now, found: Asking, back: str) -> Response:
    house, said = house_of(request), {name: one(fields, name) for name in NAMES}
    wrong: tuple[Problem, ...] = (Problem("main", filled(OLD, {})),)
    try:
        with attempt(db):
            if token_holds(house.settings.cookie_secret, citizen.session_id, "ask", one(fields, "token")):
                kept = asking.ask(db, house, citizen, found, said, now)
                return see(f"/my/questions#q-{kept.id}")
    except Invalid as refused:
        wrong = tuple(Problem(name, filled(text, {})) for name, text in refused.problems.items())
    return render(request, "citizen/ask.html", _page(request, found, citizen, said, back, *wrong), status=422)


def question_view(house: House, found: FormQuestion) -> QuestionView:
    """A question with its place in words."""
    about = house.catalogue.questions.get(found.about)
    return QuestionView(
        id=found.id,
        service=asking.service_name(house, found.service_slug),
        agency=house.agency(found.agency_code).name,
        page=asking.title_of(house, found.service_slug, found.page),
        about=about.name if about else None,
        text=found.text,
        asked_at=found.asked_at,
        answer=found.answer,
        answered_at=found.answered_at,
        back=_back(found.single_form_id, found.page) if found.single_form_id else "",
    )


@router.get("/my/questions")
def mine(request: Request, db: Db, citizen: Citizen) -> Response:
    """What I asked, and what was answered."""
    house = house_of(request)
    listed = [one for one in questions.of_applicant(db, citizen.applicant_id) if citizen.covers(one.service_slug)]
    page = MyQuestionsPage(questions=tuple(question_view(house, one) for one in listed))
    return render(request, "citizen/questions.html", page)
