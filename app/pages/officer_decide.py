"""Deciding: one act per page, with a preview of what the person will read, and the next case in line."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import checking, deadlines
from app.applications import queue as waiting
from app.applications.checking import Item, Mark
from app.applications.deadlines import Unit
from app.applications.workflow import Action
from app.billing.fees import Quote
from app.catalogue.schema import Text
from app.core import events
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.i18n import filled
from app.core.i18n import gettext as _
from app.core.thai import clean_lines
from app.core.web import Db, Fields, Now, one, render, see
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import FeeLine, Problem
from app.pages.contexts.officer import (
    DecidedPage,
    DecidePage,
)
from app.pages.officer_preview import letter, licence, name_of
from app.pages.officer_room import Decider, bar, drawn_again, from_our_page, revision_of, to_check, token
from app.stories import desk, look, review
from app.stories.desk import Case
from app.stories.house import House
from app.stories.review import Defect

router = APIRouter()


DECISIONS = (Action.ACCEPT, Action.RETURN, Action.CLOSE_INCOMPLETE, Action.APPROVE, Action.REJECT)


def _choices(found: Case, marks: dict[Item, Mark]) -> tuple[Action, ...]:
    """What the table allows, less what the findings contradict: the incomplete or unchecked is not accepted."""
    lacking = checking.missing(marks)
    checked = to_check(found) <= marks.keys()
    closed_by = {Action.RETURN, Action.CLOSE_INCOMPLETE}
    return tuple(
        action
        for action in DECISIONS
        if action in found.actions
        and not (action is Action.ACCEPT and (lacking or not checked))
        and not (action in closed_by and not lacking)
    )


def _page(
    request: Request,
    db: Db,
    officer: OfficerSession,
    found: Case,
    now: Now,
    chosen: Action | None,
    message: str = "",
    ground: str = "",
    problems: tuple[Problem, ...] = (),
) -> DecidePage:
    house = house_of(request)
    marks = checking.marks(db, found.application.id)
    service, application = found.service, found.application
    if chosen is not None:
        look.recorded(db, house, officer, application, look.personal(service, application), look.CASE, now)
    quote = Quote.from_json(application.quote)
    returning = chosen is Action.RETURN
    due = None
    if chosen is Action.ACCEPT and service.duration.unit != "minutes":
        due = deadlines.days_after(
            deadlines.deemed_received_on(application.complete_from), service.duration.n, Unit(service.duration.unit)
        )
    lacking = checking.missing(marks)
    items = tuple((name_of(found, item), mark.instruction) for item, mark in lacking.items())
    return DecidePage(
        problems=problems,
        bar=bar(db, house, officer, found),
        choices=_choices(found, marks),
        chosen=chosen,
        action=f"/officer/applications/{application.id}/decide" + (f"/{chosen}" if chosen else ""),
        grounds=tuple(
            (g.key, Text.model_construct(th=f"{g.text.th} ({g.law.th})", en=f"{g.text.en} ({g.law.en})"))
            for g in service.grounds
        )
        if chosen is Action.REJECT
        else (),
        ground=ground,
        message=message,
        mend_by=review.mend_by(service, now) if returning else None,
        mend_days=service.deficiency.words if returning else None,
        items=items,
        fees=tuple(FeeLine(line.label, line.law, line.satang) for line in quote.lines),
        total_satang=quote.total,
        due_on=due,
        letter=letter(house, officer, found, chosen, message, ground, items, now)
        if chosen in {Action.RETURN, Action.REJECT, Action.CLOSE_INCOMPLETE}
        else None,
        licence=licence(house, found) if chosen is Action.APPROVE and service.licence else None,
        token=token(request, officer),
    )


@router.get("/officer/applications/{application_id}/decide")
def choose(request: Request, application_id: UUID, db: Db, officer: Decider, now: Now) -> Response:
    """Which act; each is a page of its own."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    return render(request, "officer/decide.html", _page(request, db, officer, found, now, None))


def _chosen(officer: OfficerSession, found: Case, action: str) -> Action:
    known = next((one_ for one_ in DECISIONS if one_ == action), None)
    if known is None:
        raise NotFound
    if not desk.within_duties(officer, known):
        raise Forbidden("หน้าที่ของคุณยังไม่รวมการลงชื่อเรื่องนี้ ขอสิทธิ์จากผู้ดูแลระบบของหน่วยงานคุณ")
    if known not in found.actions:
        raise Conflict("ตอนนี้ทำรายการนี้ไม่ได้ ดูสถานะล่าสุดของเรื่องก่อน")
    return known


@router.get("/officer/applications/{application_id}/decide/{action}")
def prepare(request: Request, application_id: UUID, action: str, db: Db, officer: Decider, now: Now) -> Response:
    """One act, with a preview of what the person will read."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    chosen = _chosen(officer, found, action)
    return render(request, "officer/decide.html", _page(request, db, officer, found, now, chosen))


@router.post("/officer/applications/{application_id}/decide/{action}")
def decide(
    request: Request, application_id: UUID, action: str, fields: Fields, db: Db, officer: Decider, now: Now
) -> Response:
    """Sign it, or look at the preview again with the words as they are now."""
    house = house_of(request)
    found = desk.case(db, house, officer, application_id, now)
    chosen = _chosen(officer, found, action)
    message = clean_lines(one(fields, "message"))[:4000]
    ground = one(fields, "ground")
    if not from_our_page(request, officer, fields):
        page = _page(request, db, officer, found, now, chosen, message, ground, (drawn_again(),))
        return render(request, "officer/decide.html", page, status=422)
    if one(fields, "step") == "preview":
        return render(request, "officer/decide.html", _page(request, db, officer, found, now, chosen, message, ground))
    try:
        _sign(db, house, officer, found, chosen, revision_of(fields), message, ground, now)
    except Invalid as refused:
        named = {"explanation": "message"}
        problems = tuple(Problem(named.get(at, at), _(words)) for at, words in refused.problems.items())
        problems = problems or (Problem("message", filled(refused.message, refused.values)),)
        page = _page(request, db, officer, found, now, chosen, message, ground, problems)
        return render(request, "officer/decide.html", page, status=422)
    return see(f"/officer/applications/{application_id}/decided/{chosen}")


def _sign(
    db: Db,
    house: House,
    officer: OfficerSession,
    found: Case,
    chosen: Action,
    revision: int,
    message: str,
    ground: str,
    now: Now,
) -> None:
    case_id = found.application.id
    if chosen is Action.ACCEPT:
        marks = checking.marks(db, case_id)
        if checking.missing(marks):
            raise Invalid("ผลตรวจบอกว่ายังมีข้อที่ขาด แก้ผลตรวจก่อนรับคำขอ")
        if not to_check(found) <= marks.keys():
            raise Invalid("ยังตรวจไม่ครบทุกรายการ ตรวจให้ครบก่อนรับคำขอ")
        review.accept(db, house, officer, case_id, revision, now)
    elif chosen is Action.RETURN:
        lacking = checking.missing(checking.marks(db, case_id))
        review.return_once(db, house, officer, case_id, revision, _defects(found, lacking), message, now)
    elif chosen is Action.APPROVE:
        review.approve(db, house, officer, case_id, revision, message, now)
    elif chosen is Action.REJECT:
        review.reject(db, house, officer, case_id, revision, ground, message, now)
    else:
        review.close_incomplete(db, house, officer, case_id, revision, message, now)


def _defects(found: Case, lacking: dict[Item, Mark]) -> list[Defect]:
    reasons = {(use.key, reason.key): reason.text for use in found.service.documents for reason in use.document.reasons}
    defects = []
    for (kind, key), mark in lacking.items():
        reason = reasons.get((key, mark.reason))
        defects.append(Defect(kind, key, reason.th if reason else "", mark.instruction))
    return defects


@router.get("/officer/applications/{application_id}/decided/{action}")
def decided(request: Request, application_id: UUID, action: str, db: Db, officer: Decider, now: Now) -> Response:
    """Done; what happens now, and the next case in line."""
    house = house_of(request)
    found = desk.case(db, house, officer, application_id, now)
    done = next((known for known in DECISIONS if known == action), None)
    if done is None:
        raise NotFound
    signed = [e for e in events.history(db, f"application:{application_id}") if e.kind == f"application.{done}"]
    if not signed:
        return see(f"/officer/applications/{application_id}")
    today: date = bangkok_date(now)
    rows, _total = waiting.queue(db, desk.reach(officer), "mine", today, today)
    after = next((row for row in rows if row.id != application_id), None)
    page = DecidedPage(
        bar=bar(db, house, officer, found),
        done=done,
        at=signed[-1].at,
        person_told=True,
        next_id=after.id if after else None,
        next_number=after.number if after else "",
    )
    return render(request, "officer/decided.html", page)
