"""A case goes from officer to officer: taken, put back, handed to a colleague, taken over from one who is away."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.applications import cases
from app.applications.workflow import State
from app.core import i18n
from app.core.db import attempt
from app.core.errors import Conflict, Invalid
from app.core.i18n import filled
from app.core.thai import clean_lines
from app.core.web import Db, Fields, Now, one, render, see
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.decision import PassingPage
from app.pages.contexts.frame import Problem
from app.pages.officer_room import CASE, Worker, bar, bound, case_path, drawn_again, from_our_page, token
from app.stories import desk, passing
from app.stories.desk import Case

router = APIRouter()
LONGEST_NOTE = 2000


def opened(request: Request, db: Db, officer: OfficerSession, application_id: UUID) -> str:
    """Where work on a case of mine begins: with the check when that is what it waits for."""
    application = cases.at_desk(db, desk.reach(officer), application_id)
    checks = application.state is State.SUBMITTED and Duty.CHECK in officer.duties
    return case_path(request, application_id, "/check" if checks else "")


@router.post(f"{CASE}/take")
def take(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Take a waiting case; exactly one officer gets it."""
    bound(request, officer, fields)
    passing.take(db, officer, application_id, now)
    return see(opened(request, db, officer, application_id))


@router.post(f"{CASE}/release")
def release(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Put my case back for a colleague."""
    bound(request, officer, fields)
    passing.release(db, officer, application_id, now)
    return see("/officer")


def _page(
    request: Request, db: Db, officer: OfficerSession, found: Case, fields: Fields, *problems: Problem
) -> PassingPage:
    english = i18n.lang() == "en"
    over = not found.mine
    chosen = [] if over else passing.successors(db, officer, found.application, found.service)
    return PassingPage(
        problems=problems,
        bar=bar(request, db, officer, found),
        over=over,
        action=case_path(request, found.application.id, "/take-over" if over else "/hand-over"),
        colleagues=tuple(
            (
                str(c.officer_id),
                c.name_en if english and c.name_en else c.name_th,
                c.position_en if english else c.position_th,
            )
            for c in chosen
        ),
        to=one(fields, "to"),
        note=one(fields, "note"),
        holder=str(found.application.taken_by or ""),
        token=token(request, officer),
    )


@router.get(f"{CASE}/hand-over")
def to_whom(request: Request, application_id: UUID, db: Db, officer: Worker, now: Now) -> Response:
    """To whom I give my case: the colleagues who could move it on."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    if not found.mine:
        raise Conflict("เรื่องนี้ไม่ได้อยู่กับคุณแล้ว")
    return render(request, "officer/passing.html", _page(request, db, officer, found, FormData()))


@router.post(f"{CASE}/hand-over")
def hand_over(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Give it, with a note for the colleague."""
    house, to = house_of(request), _id(one(fields, "to"))
    found = desk.case(db, house, officer, application_id, now)
    try:
        with attempt(db):
            _must_be_ours(request, officer, fields)
            passing.hand_over(db, house, officer, application_id, to, _note(fields), now)
    except Invalid as refused:
        return _again(request, db, officer, found, fields, refused)
    return see(case_path(request, application_id))


@router.get(f"{CASE}/take-over")
def from_whom(request: Request, application_id: UUID, db: Db, officer: Worker, now: Now) -> Response:
    """A colleague's case, and why I take it."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    if not passing.may_take_over(db, officer, found.application, found.service, now):
        raise Conflict("เพื่อนร่วมงานยังทำเรื่องนี้อยู่ รับแทนได้เมื่อไม่มีความเคลื่อนไหว 3 วันทำการ หรือเมื่อหัวหน้างานรับเอง")
    return render(request, "officer/passing.html", _page(request, db, officer, found, FormData()))


@router.post(f"{CASE}/take-over")
def take_over(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Take it, with a reason that stays in the file."""
    house, holder = house_of(request), _id(one(fields, "holder"))
    found = desk.case(db, house, officer, application_id, now)
    try:
        with attempt(db):
            _must_be_ours(request, officer, fields)
            passing.take_over(db, house, officer, application_id, holder, _note(fields), now)
    except Invalid as refused:
        return _again(request, db, officer, found, fields, refused)
    return see(opened(request, db, officer, application_id))


def _note(fields: Fields) -> str:
    return clean_lines(one(fields, "note"))[:LONGEST_NOTE]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _must_be_ours(request: Request, officer: OfficerSession, fields: Fields) -> None:
    if not from_our_page(request, officer, fields):
        again = drawn_again()
        raise Invalid(problems={again.field: str(again.text)})


def _again(
    request: Request, db: Db, officer: OfficerSession, found: Case, fields: Fields, refused: Invalid
) -> Response:
    problems = [Problem(at, filled(words, {})) for at, words in refused.problems.items()]
    page = _page(request, db, officer, found, fields, *problems)
    return render(request, "officer/passing.html", page, status=422)
