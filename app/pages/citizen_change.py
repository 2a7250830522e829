"""Asking to change one answer after an officer took the application; what was asked, and what became of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.changes import ChangeRequest
from app.catalogue.schema import Question, Service, Text
from app.core.db import attempt
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.thai import clean_lines
from app.core.web import Db, Fields, Now, form_token, one, render, see, texts, token_holds
from app.pages.acting import TOO_OLD
from app.pages.citizen_form import house_of
from app.pages.contexts.after import ChangePage, ChangeView
from app.pages.contexts.frame import FieldView, Problem
from app.pages.who import Citizen
from app.stories import change
from app.stories.change import Changeable

router = APIRouter()
CHANGE = "/applications/{application_id}/change"
APART = frozenset({"main", "why"})
"""Where a problem may stand that is not the answer's own."""


def change_view(service: Service, asked: ChangeRequest, fee_satang: int, problem: Text | str = "") -> ChangeView:
    """A request in the reader's language; `fee_satang` is what the application costs as it stands."""
    question = service.question(asked.key)
    return ChangeView(
        id=asked.id,
        label=question.name,
        before=question.show(asked.before, lang()),
        after=question.show(asked.value, lang()),
        why=asked.why,
        asked_at=asked.asked_at,
        state=asked.state.value,
        officer=asked.officer_name,
        reason=asked.reason,
        answered_at=asked.answered_at,
        fee_satang=asked.fee_satang if asked.fee_satang != fee_satang else None,
        problem=problem,
    )


def _page(request: Request, found: Changeable, citizen: Citizen, **other: Any) -> ChangePage:
    application, house = found.application, house_of(request)
    said = application.answers
    return ChangePage(
        application_id=application.id,
        form_id=application.single_form_id,
        number=application.number,
        service=found.service.short_name,
        agency=house.agency(application.agency_code).name,
        possible=found.possible,
        due_on=application.due_on or application.check_by,
        answers=tuple((q.key, q.name, q.show(said[q.key]["value"], lang())) for q in found.questions),
        requests=tuple(change_view(found.service, asked, application.fee_satang) for asked in found.requests),
        token=form_token(house.settings.cookie_secret, citizen.session_id, "change"),
        **other,
    )


def _one(question: Question, found: Changeable, raw: Mapping[str, str] | None = None) -> dict[str, Any]:
    value = found.application.answers[question.key]["value"]
    field = FieldView(question=question, raw=raw or question.fill(value), at=question.fields[0])
    return {"field": field, "before": question.show(value, lang())}


@router.get(CHANGE)
def choose(request: Request, application_id: UUID, db: Db, citizen: Citizen) -> Response:
    """Which answer, and what was asked so far."""
    found = change.look(db, house_of(request), citizen, application_id)
    if not found.possible and not found.requests:
        return see(f"/forms/{found.application.single_form_id}/track")
    return render(request, "citizen/change.html", _page(request, found, citizen))


@router.get(f"{CHANGE}/{{key}}")
def ask(request: Request, application_id: UUID, key: str, db: Db, citizen: Citizen) -> Response:
    """One answer, to be given anew with the reason."""
    found = change.look(db, house_of(request), citizen, application_id)
    if not found.possible:
        return see(f"/applications/{application_id}/change")
    page = _page(request, found, citizen, **_one(found.question(key), found))
    return render(request, "citizen/change.html", page)


@router.post(f"{CHANGE}/{{key}}")
def send(
    request: Request, application_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Ask for it; the same page with what to mend when it cannot be asked so."""
    house, said, why = house_of(request), texts(fields), clean_lines(one(fields, "why"))[:2000]
    problems: dict[str, Text | str] = {}
    try:
        with attempt(db):
            _still_ours(request, citizen, fields)
            reading = change.ask(db, house, citizen, application_id, key, said, why, now)
            if reading.problem:
                problems[reading.at] = reading.problem
    except Invalid as refused:
        problems = {at: _(words) for at, words in refused.problems.items()} or {key: _(refused.message)}
    if not problems:
        return see(f"/applications/{application_id}/change")
    return _again(request, db, citizen, application_id, key, said, why, problems)


def _ours(request: Request, citizen: Citizen, fields: Fields) -> bool:
    secret = house_of(request).settings.cookie_secret
    return token_holds(secret, citizen.session_id, "change", one(fields, "token"))


def _still_ours(request: Request, citizen: Citizen, fields: Fields) -> None:
    if not _ours(request, citizen, fields):
        raise Invalid(problems={"main": TOO_OLD})


def _again(
    request: Request,
    db: Db,
    citizen: Citizen,
    application_id: UUID,
    key: str,
    said: Mapping[str, list[str]],
    why: str,
    problems: Mapping[str, Text | str],
) -> Response:
    found = change.look(db, house_of(request), citizen, application_id)
    question = found.question(key)
    drawn = _one(question, found, question.read(said).raw)
    wrong = next((text for at, text in problems.items() if at not in APART), None)
    at = next((at for at in problems if at in question.fields), question.fields[0])
    text = Text.model_construct(th=wrong, en=wrong) if isinstance(wrong, str) else wrong
    drawn["field"] = FieldView(**{**vars(drawn["field"]), "problem": text, "at": at})
    page = _page(
        request,
        found,
        citizen,
        **drawn,
        why=why,
        why_problem=problems.get("why", ""),
        problems=tuple(Problem(where if where in APART else at, words) for where, words in problems.items()),
    )
    return render(request, "citizen/change.html", page, status=422)


@router.post(f"{CHANGE}/requests/{{request_id}}/take-back")
def take_back(
    request: Request, application_id: UUID, request_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Ask no more for it."""
    if not _ours(request, citizen, fields):
        raise Conflict("เปิดหน้านี้นานเกินไปหรือเปลี่ยนผู้ที่ทำแทนแล้ว เปิดหน้าอีกครั้งแล้วทำรายการใหม่")
    change.take_back(db, citizen, application_id, request_id, now)
    return see(f"/applications/{application_id}/change")
