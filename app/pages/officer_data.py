"""The data-protection officer of an agency: what people ask about their data, and which cases are kept for a reason."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.core.clock import bangkok_date
from app.core.db import attempt
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.web import Db, Fields, Now, form_token, one, render, see, token_holds
from app.identity import sessions
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.citizen_my_data import request_view
from app.pages.contexts.frame import Problem
from app.pages.contexts.my_data import DataAnswerPage, DataRequestsPage, HoldView
from app.pages.who import duty
from app.privacy import requests
from app.stories import keeping

router = APIRouter()

Manager = Annotated[OfficerSession, Depends(duty(Duty.MANAGE))]
"""Who answers for the agency's data."""

AGAIN = {"main": "เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ ตรวจอีกครั้งแล้วกดปุ่มเดิม สิ่งที่พิมพ์ยังอยู่ครบ"}


def _token(request: Request, officer: OfficerSession) -> str:
    return form_token(house_of(request).settings.cookie_secret, officer.session_id, "officer-data")


def _bound(request: Request, officer: OfficerSession, fields: Fields) -> bool:
    secret = house_of(request).settings.cookie_secret
    return token_holds(secret, officer.session_id, "officer-data", one(fields, "token"))


def _list(
    request: Request, db: Db, officer: OfficerSession, now: Now, said: Mapping[str, str], wrong: Mapping[str, str]
) -> DataRequestsPage:
    house, code = house_of(request), officer.agency_code
    return DataRequestsPage(
        problems=tuple(Problem(field, _(words)) for field, words in wrong.items()),
        office=house.agency(code).name,
        today=bangkok_date(now),
        waiting=tuple(request_view(house, row, now) for row in requests.of_agency(db, code, waiting=True)),
        answered=tuple(request_view(house, row, now) for row in requests.of_agency(db, code, waiting=False)),
        holds=tuple(
            HoldView(id=row.id, number=row.number, reason=row.reason, placed_at=row.placed_at)
            for row in requests.holds_of(db, code)
        ),
        number=said.get("number", ""),
        reason=said.get("reason", ""),
        wrong={field: _(words) for field, words in wrong.items()},
        token=_token(request, officer),
    )


@router.get("/officer/data")
def waiting(request: Request, db: Db, officer: Manager, now: Now) -> Response:
    """What waits for an answer, least time left first."""
    return render(request, "officer/data_requests.html", _list(request, db, officer, now, {}, {}))


@router.get("/officer/data/{request_id}")
def read(request: Request, request_id: UUID, db: Db, officer: Manager, now: Now) -> Response:
    """One request and its answer."""
    return render(request, "officer/data_answer.html", _one(request, db, officer, request_id, now, {}, {}))


def _one(
    request: Request,
    db: Db,
    officer: OfficerSession,
    request_id: UUID,
    now: Now,
    said: Mapping[str, str],
    wrong: Mapping[str, str],
) -> DataAnswerPage:
    row = requests.at_agency(db, officer.agency_code, request_id)
    keeping.request_seen(db, house_of(request), officer, row, now)
    return DataAnswerPage(
        problems=tuple(Problem(field, _(words)) for field, words in wrong.items()),
        request=request_view(house_of(request), row, now),
        granted=said.get("granted", ""),
        answer=said.get("answer", ""),
        wrong={field: _(words) for field, words in wrong.items()},
        token=_token(request, officer),
    )


@router.post("/officer/data/{request_id}")
def answer(request: Request, request_id: UUID, fields: Fields, db: Db, officer: Manager, now: Now) -> Response:
    """Answer once, with the reason; or the same page with what to mend."""
    said, wrong = {name: one(fields, name) for name in ("granted", "answer")}, AGAIN
    if _bound(request, officer, fields):
        try:
            with attempt(db):
                who = sessions.actor(officer)
                requests.answer(db, officer.agency_code, request_id, said["granted"], said["answer"], who, now)
                return see(f"/officer/data/{request_id}")
        except Invalid as refused:
            wrong = dict(refused.problems)
    page = _one(request, db, officer, request_id, now, said, wrong)
    return render(request, "officer/data_answer.html", page, status=422)


@router.post("/officer/holds")
def hold(request: Request, fields: Fields, db: Db, officer: Manager, now: Now) -> Response:
    """Keep a case of the agency past its period."""
    said, wrong = {name: one(fields, name) for name in ("number", "reason")}, AGAIN
    if _bound(request, officer, fields):
        try:
            with attempt(db):
                keeping.hold(db, officer, said["number"], said["reason"], now)
                return see("/officer/data#holds")
        except Invalid as refused:
            wrong = dict(refused.problems)
    page = _list(request, db, officer, now, said, wrong)
    return render(request, "officer/data_requests.html", page, status=422)


@router.post("/officer/holds/{hold_id}/lift")
def lift(request: Request, hold_id: UUID, fields: Fields, db: Db, officer: Manager, now: Now) -> Response:
    """The reason is over."""
    if not _bound(request, officer, fields):
        raise Conflict("เปิดหน้านี้นานเกินไปหรือเข้าสู่ระบบใหม่ เปิดหน้าอีกครั้งแล้วทำรายการใหม่")
    requests.lift(db, officer.agency_code, hold_id, sessions.actor(officer), now)
    return see("/officer/data#holds")
