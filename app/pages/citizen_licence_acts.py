"""What I do about my licence: ask for a substitute or other data on it, take that back, or give the licence back."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.schema import Question, Text
from app.core.db import attempt
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.thai import clean_lines
from app.core.web import Db, Fields, Now, form_token, one, render, see, texts, token_holds
from app.licences.life import Action, Step
from app.licences.models import Reason
from app.pages.acting import TOO_OLD
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import FeeLine, FieldView, Problem
from app.pages.contexts.holdings import LicenceActPage
from app.pages.who import Citizen
from app.stories import act_fees, holder_acts
from app.stories.holder_acts import Mine

router = APIRouter()
LICENCE = "/licences/{licence_id}"
LONGEST = 2000
Act = Literal["surrender", "substitute", "amend"]
STEPS: dict[Act, tuple[Action, Step]] = {
    "surrender": (Action.SURRENDER, Step.DO),
    "substitute": (Action.SUBSTITUTE, Step.ASK),
    "amend": (Action.AMEND, Step.ASK),
}


def _ours(request: Request, citizen: Citizen, fields: Fields) -> bool:
    secret = house_of(request).settings.cookie_secret
    return token_holds(secret, citizen.session_id, "licence", one(fields, "token"))


def bound(request: Request, citizen: Citizen, fields: Fields) -> None:
    """Conflict unless the form was drawn for this session; for forms in which nothing was typed."""
    if not _ours(request, citizen, fields):
        raise Conflict("เปิดหน้านี้นานเกินไปหรือเปลี่ยนผู้ที่ทำแทนแล้ว เปิดหน้าอีกครั้งแล้วทำรายการใหม่")


def still_ours(request: Request, citizen: Citizen, fields: Fields) -> None:
    """Invalid unless it was; for pages that are drawn again with what was typed."""
    if not _ours(request, citizen, fields):
        raise Invalid(problems={"main": TOO_OLD})


def _revision(fields: Fields) -> int:
    said = one(fields, "revision")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1


def _page(request: Request, citizen: Citizen, found: Mine, act: Act, **other: Any) -> LicenceActPage:
    """The page of one act. Conflict when the table does not let me do it now."""
    if not found.may(*STEPS[act]):
        raise Conflict("ใบนี้เปลี่ยนสถานะไปแล้ว จึงทำรายการนี้ไม่ได้ ดูสถานะล่าสุดก่อน")
    law = found.law.surrender if found.law and act == "surrender" else None
    fee = act_fees.due(house_of(request), found.licence, STEPS[act][0])
    return LicenceActPage(
        fee=FeeLine(fee.name, fee.source, fee.amount) if fee else None,
        id=found.licence.id,
        name=found.service.result_name,
        number=found.licence.number,
        act=act,
        law=law.law.to(lang()) if law else "",
        revision=found.licence.revision,
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "licence"),
        **other,
    )


def _problems(refused: Invalid) -> tuple[Problem, ...]:
    said = refused.problems or {"main": refused.message}
    return tuple(Problem(at, _(words)) for at, words in said.items())


@router.get(f"{LICENCE}/surrender")
def giving_back(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """What giving it back means."""
    found = holder_acts.mine(db, house_of(request), citizen, licence_id, now)
    return render(request, "citizen/licence_act.html", _page(request, citizen, found, "surrender"))


@router.post(f"{LICENCE}/surrender")
def give_back(request: Request, licence_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Given back, for good, once it was confirmed; else the page again with what was typed."""
    house, why = house_of(request), clean_lines(one(fields, "words"))[:LONGEST]
    try:
        with attempt(db):
            still_ours(request, citizen, fields)
            _sure(one(fields, "sure"))
            holder_acts.surrender(db, house, citizen, licence_id, _revision(fields), why, now)
    except Invalid as refused:
        found = holder_acts.mine(db, house, citizen, licence_id, now)
        page = _page(request, citizen, found, "surrender", words=why, problems=_problems(refused))
        return render(request, "citizen/licence_act.html", page, status=422)
    return see(f"/licences/{licence_id}")


def _sure(said: str) -> None:
    if said != "yes":
        raise Invalid(problems={"sure": "ทำเครื่องหมายว่าเข้าใจแล้ว ก่อนคืนใบ"})


@router.get(f"{LICENCE}/substitute")
def asking_substitute(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """Lost or damaged, and how."""
    found = holder_acts.mine(db, house_of(request), citizen, licence_id, now)
    return render(request, "citizen/licence_act.html", _page(request, citizen, found, "substitute"))


@router.post(f"{LICENCE}/substitute")
def ask_substitute(request: Request, licence_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Asked for; else the page again with what was typed."""
    house, how, reason = house_of(request), clean_lines(one(fields, "how"))[:LONGEST], one(fields, "reason")
    try:
        with attempt(db):
            still_ours(request, citizen, fields)
            holder_acts.ask_substitute(db, house, citizen, licence_id, _revision(fields), _reason(reason), how, now)
    except Invalid as refused:
        found = holder_acts.mine(db, house, citizen, licence_id, now)
        page = _page(request, citizen, found, "substitute", reason=reason, words=how, problems=_problems(refused))
        return render(request, "citizen/licence_act.html", page, status=422)
    return see(f"/licences/{licence_id}")


def _reason(said: str) -> Reason:
    if said not in set(Reason):
        raise Invalid(problems={"reason": "เลือกว่าสูญหายหรือชำรุด"})
    return Reason(said)


@router.get(f"{LICENCE}/amend")
def what_to_amend(request: Request, licence_id: UUID, db: Db, citizen: Citizen, now: Now) -> Response:
    """What stands on it and can be asked to be changed."""
    found = holder_acts.mine(db, house_of(request), citizen, licence_id, now)
    said = tuple((q.key, q.name, q.show(found.says[q.key], lang())) for q in found.amendable)
    return render(request, "citizen/licence_act.html", _page(request, citizen, found, "amend", answers=said))


@router.get(f"{LICENCE}/amend/{{key}}")
def asking_amendment(request: Request, licence_id: UUID, key: str, db: Db, citizen: Citizen, now: Now) -> Response:
    """One answer, to be given anew with the reason."""
    found = holder_acts.mine(db, house_of(request), citizen, licence_id, now)
    page = _page(request, citizen, found, "amend", **_one(_question(found, key), found))
    return render(request, "citizen/licence_act.html", page)


def _question(found: Mine, key: str) -> Question:
    question = next((one for one in found.amendable if one.key == key), None)
    if question is None:
        raise NotFound
    return question


def _one(question: Question, found: Mine, raw: Mapping[str, str] | None = None, **wrong: Any) -> dict[str, Any]:
    value = found.says[question.key]
    field = FieldView(question=question, raw=raw or question.fill(value), **{"at": question.fields[0], **wrong})
    return {"field": field, "before": question.show(value, lang())}


@router.post(f"{LICENCE}/amend/{{key}}")
def ask_amendment(
    request: Request, licence_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now
) -> Response:
    """Asked for; else the page again with what to mend."""
    house, said, why = house_of(request), texts(fields), clean_lines(one(fields, "why"))[:LONGEST]
    problems: tuple[Problem, ...] = ()
    try:
        with attempt(db):
            still_ours(request, citizen, fields)
            reading = holder_acts.ask_amendment(db, house, citizen, licence_id, _revision(fields), key, said, why, now)
            if reading.problem:
                problems = (Problem(reading.at, reading.problem),)
    except Invalid as refused:
        problems = _problems(refused)
    if not problems:
        return see(f"/licences/{licence_id}")
    found = holder_acts.mine(db, house, citizen, licence_id, now)
    question = _question(found, key)
    wrong = next((one for one in problems if one.field in {key, *question.fields}), None)
    text = Text.model_construct(th=wrong.text, en=wrong.text) if wrong and isinstance(wrong.text, str) else None
    drawn = _one(
        question, found, question.read(said).raw, problem=text or (wrong.text if wrong else None), at=question.fields[0]
    )
    page = _page(request, citizen, found, "amend", **drawn, words=why, problems=problems)
    return render(request, "citizen/licence_act.html", page, status=422)


@router.post(f"{LICENCE}/take-back")
def take_back(request: Request, licence_id: UUID, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Ask no more for what I asked for."""
    bound(request, citizen, fields)
    holder_acts.take_back(db, house_of(request), citizen, licence_id, _revision(fields), now)
    return see(f"/licences/{licence_id}")
