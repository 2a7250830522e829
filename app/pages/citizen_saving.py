"""Keeping what is typed: a page at once, one change at a time, and the choice where two people answered the same."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.applications.keeping import Clash
from app.catalogue.schema import Question
from app.core import i18n
from app.core.i18n import gettext as _
from app.core.web import Db, Fields, Now, form_token, one, render, see, texts
from app.pages.citizen_form import house_of, topic_page
from app.pages.contexts.frame import Problem
from app.pages.contexts.saving import ClashPage, ClashView
from app.pages.kept import told
from app.pages.questions import in_words, row_address
from app.pages.who import Citizen
from app.stories import apply, saving
from app.stories.apply import Draft
from app.stories.house import House
from app.stories.saving import Saved

router = APIRouter()

SIDES = frozenset({"mine", "theirs"})


@router.post("/forms/{form_id}/topics/{key}")
def save(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Keep the page, right or wrong; on to the next one, or the same page with what to mend or to choose."""
    house = house_of(request)
    saved = saving.save_topic(db, house, citizen, form_id, key, texts(fields), now)
    if saved.clashes:
        return _choice(request, db, citizen, form_id, key, saved.clashes, fields)
    if saved.wrong and not one(fields, "then"):
        current = apply.draft(db, house, citizen, form_id)
        return render(request, "citizen/topic.html", topic_page(request, current, citizen, key, saved), status=422)
    return see(_after(request, form_id, key, saved, fields))


@router.post("/forms/{form_id}/topics/{key}/keep")
def keep(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """Keep some answers while the page is being filled; the page's own script asks, and is told in words."""
    kept = saving.keep(db, house_of(request), citizen, form_id, key, texts(fields), now)
    seen = {f"revision.{question}": revision for question, revision in kept.revisions.items()}
    return told(seen, [clash.key for clash in kept.clashes], now)


@router.post("/forms/{form_id}/topics/{key}/clash")
def clash(request: Request, form_id: UUID, key: str, fields: Fields, db: Db, citizen: Citizen, now: Now) -> Response:
    """The person has both answers before them and chooses; whoever changed one again meanwhile is shown again."""
    house, said = house_of(request), texts(fields)
    asked = {name.removeprefix("revision.") for name in said if name.startswith("revision.")}
    if any(one(fields, f"choose.{question}") not in SIDES for question in asked):
        return _again(request, db, citizen, form_id, key, fields)
    saved = saving.choose(db, house, citizen, form_id, key, said, now)
    if saved.clashes:
        return _choice(request, db, citizen, form_id, key, saved.clashes, fields)
    current = apply.draft(db, house, citizen, form_id)
    wrong = any(m.topic == key for m in current.missing)
    if wrong and one(fields, "then") not in {"leave", "question"}:
        return see(f"/forms/{form_id}/topics/{key}")
    return see(_after(request, form_id, key, saved, fields))


def _after(request: Request, form_id: UUID, key: str, saved: Saved, fields: FormData) -> str:
    """Where a saved page leads to."""
    form = f"/forms/{form_id}"
    if one(fields, "then") == "question":
        return f"{form}/ask/{key}"
    if one(fields, "then"):
        onward = row_address(one(fields, "then"))
        return f"{form}/topics/{key}{onward}" if onward else form
    if request.query_params.get("back") == "check":
        return f"{form}/check"
    if saved.swapped or saved.revealed:
        return f"{form}/topics/{key}"
    return f"{form}/topics/{saved.after}" if saved.after else f"{form}/documents"


def _choice(
    request: Request,
    db: Session,
    citizen: Citizen,
    form_id: UUID,
    key: str,
    clashes: tuple[Clash, ...],
    fields: FormData,
) -> Response:
    current = apply.draft(db, house_of(request), citizen, form_id)
    views = tuple(_view(db, house_of(request), citizen, current.shape.questions[clash.key], clash) for clash in clashes)
    return _drawn(request, current, citizen, key, views, fields, 409)


def _again(request: Request, db: Session, citizen: Citizen, form_id: UUID, key: str, fields: FormData) -> Response:
    """The same choice where one was left open: what was typed came back with the page."""
    current = apply.draft(db, house_of(request), citizen, form_id)
    said = texts(fields)
    views = []
    for question in current.topic(key).questions:
        held = current.held.get(question.key)
        if f"revision.{question.key}" not in said or held is None:
            continue
        reading = question.read(said)
        problem = reading.problem.model_dump() if reading.problem else None
        view = _view(
            db, house_of(request), citizen, question, Clash(question.key, held, reading.value, reading.raw, problem)
        )
        chosen = one(fields, f"choose.{question.key}")
        missing = "" if chosen in SIDES else _("เลือกคำตอบที่จะใช้ใน “%(name)s”") % {"name": question.name.to(i18n.lang())}
        views.append(ClashView(**{**vars(view), "chosen": chosen, "problem": missing}))
    return _drawn(request, current, citizen, key, tuple(views), fields, 422)


def _drawn(
    request: Request,
    current: Draft,
    citizen: Citizen,
    key: str,
    views: tuple[ClashView, ...],
    fields: FormData,
    status: int,
) -> Response:
    base = f"/forms/{current.form.id}/topics/{key}"
    back = "?back=check" if request.query_params.get("back") == "check" else ""
    page = ClashPage(
        problems=tuple(Problem(f"choose.{view.key}", view.problem) for view in views if view.problem),
        title=current.topic(key).title,
        here=base,
        clashes=views,
        action=f"{base}/clash{back}",
        keep=f"{base}/keep",
        then="leave" if one(fields, "then") == "leave" else "",
        token=form_token(house_of(request).settings.cookie_secret, citizen.session_id, "topic"),
    )
    return render(request, "citizen/clash.html", page, status=status)


def _view(db: Session, house: House, citizen: Citizen, question: Question, clash: Clash) -> ClashView:
    theirs = clash.theirs
    return ClashView(
        key=question.key,
        label=question.name,
        theirs=in_words(question, theirs.value, theirs.raw),
        by=saving.writer(db, house, citizen, theirs),
        at=theirs.at,
        mine=in_words(question, clash.mine, clash.my_raw),
        raw=clash.my_raw,
        marks={f"revision.{question.key}": str(theirs.revision)},
    )
