"""Deciding: one act per page, with a preview of what the person will read, and the next case in line."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import checking, deadlines
from app.applications.checking import Item, Mark
from app.applications.deadlines import Unit
from app.applications.workflow import Action
from app.billing.fees import Quote
from app.catalogue.schema import Text
from app.core import events, i18n
from app.core.db import attempt
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.i18n import filled
from app.core.i18n import gettext as _
from app.core.thai import clean_lines
from app.core.web import Db, Fields, Now, one, render, see
from app.identity.sessions import OfficerSession
from app.pages import happenings
from app.pages.citizen_form import house_of
from app.pages.contexts.decision import ChangedPage, DecidePage
from app.pages.contexts.frame import FeeLine, Problem
from app.pages.needed import needed_views, waits_for
from app.pages.officer_preview import letter, licence, name_of
from app.pages.officer_room import (
    CASE,
    Decider,
    bar,
    case_path,
    drawn_again,
    from_our_page,
    number_of,
    proposal_of,
    to_check,
    token,
)
from app.stories import desk, look, proposing, review
from app.stories.desk import Case
from app.stories.house import House
from app.stories.review import Defect, Said

router = APIRouter()


DECISIONS = (
    Action.ACCEPT,
    Action.RETURN,
    Action.CLOSE_INCOMPLETE,
    Action.PROPOSE_APPROVAL,
    Action.PROPOSE_REFUSAL,
    Action.APPROVE,
    Action.REJECT,
    Action.SEND_BACK,
    Action.RECALL,
)
APPROVING = frozenset({Action.APPROVE, Action.PROPOSE_APPROVAL})
REFUSING = frozenset({Action.REJECT, Action.PROPOSE_REFUSAL})
LETTERS = REFUSING | {Action.RETURN, Action.CLOSE_INCOMPLETE}
LONGEST = 4000


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
    said: Said | None = None,
    problems: tuple[Problem, ...] = (),
) -> DecidePage:
    house = house_of(request)
    marks = checking.marks(db, found.application.id)
    service, application = found.service, found.application
    if chosen is not None:
        look.recorded(db, house, officer, application, look.personal(service, application), look.CASE, now)
    quote = Quote.from_json(application.quote)
    returning = chosen is Action.RETURN
    lacking = checking.missing(marks)
    items = tuple((name_of(found, item), mark.instruction) for item, mark in lacking.items())
    said = said or Said(delay=application.delay_reason or waits_for(found))
    return DecidePage(
        problems=problems,
        bar=bar(request, db, officer, found),
        choices=_choices(found, marks),
        needed=tuple(one for one in needed_views(found) if one.lacking),
        chosen=chosen,
        action=case_path(request, application.id, f"/decide/{chosen}" if chosen else "/decide"),
        grounds=_grounds(found) if chosen in REFUSING and application.proposal is None else (),
        ground=said.ground,
        message=said.message,
        delay=said.delay,
        proposal=proposal_of(found),
        seen=events.length(db, f"application:{application.id}") if chosen else 0,
        mend_by=review.mend_by(service, now) if returning else None,
        mend_days=service.deficiency.words if returning else None,
        items=items,
        fees=tuple(FeeLine(line.label, line.law, line.satang, line.explanation) for line in quote.lines),
        total_satang=quote.total,
        due_on=_due_on(found) if chosen is Action.ACCEPT else None,
        letter=letter(house, officer, found, chosen, said, items, now) if chosen in LETTERS else None,
        licence=licence(house, found) if chosen in APPROVING and service.licence else None,
        token=token(request, officer),
    )


def _due_on(found: Case) -> date | None:
    duration = found.service.duration
    if duration.unit == "minutes":
        return None
    start = deadlines.deemed_received_on(found.application.complete_from)
    return deadlines.days_after(start, duration.n, Unit(duration.unit))


def _grounds(found: Case) -> tuple[tuple[str, Text], ...]:
    return tuple(
        (g.key, Text.model_construct(th=f"{g.text.th} ({g.law.th})", en=f"{g.text.en} ({g.law.en})"))
        for g in found.service.grounds
    )


@router.get(f"{CASE}/decide")
def choose(request: Request, application_id: UUID, db: Db, officer: Decider, now: Now) -> Response:
    """Which act; each is a page of its own. When one is left to do, straight to its page; never so to a refusal."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    choices = _choices(found, checking.marks(db, application_id))
    if len(choices) == 1 and choices[0] not in REFUSING:
        return see(case_path(request, application_id, f"/decide/{choices[0]}"))
    return render(request, "officer/decide.html", _page(request, db, officer, found, now, None))


def _chosen(officer: OfficerSession, found: Case, action: str) -> Action:
    known = next((one_ for one_ in DECISIONS if one_ == action), None)
    if known is None:
        raise NotFound
    if not desk.within_duties(officer, known):
        raise Forbidden("หน้าที่ของคุณยังไม่รวมการลงชื่อเรื่องนี้ ขอสิทธิ์จากผู้ดูแลระบบของหน่วยงานคุณ")
    if known in APPROVING and found.lacking:
        raise Conflict(
            "ยังอนุญาตไม่ได้ เพราะยังไม่มี%(name)s เปิดคำขอเพื่อดูว่าไปถึงไหนแล้ว", name=found.lacking[0].name.to(i18n.lang())
        )
    if known not in found.actions:
        raise Conflict("ตอนนี้ทำรายการนี้ไม่ได้ ดูสถานะล่าสุดของเรื่องก่อน")
    return known


@router.get(f"{CASE}/decide/{{action}}")
def prepare(request: Request, application_id: UUID, action: str, db: Db, officer: Decider, now: Now) -> Response:
    """One act, with a preview of what the person will read."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    chosen = _chosen(officer, found, action)
    return render(request, "officer/decide.html", _page(request, db, officer, found, now, chosen))


@router.post(f"{CASE}/decide/{{action}}")
def decide(
    request: Request, application_id: UUID, action: str, fields: Fields, db: Db, officer: Decider, now: Now
) -> Response:
    """Sign it, or look at the preview again with the words as they are now."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    said = Said(*(clean_lines(one(fields, name))[:LONGEST] for name in ("message", "ground", "delay")))
    try:
        with attempt(db):
            chosen = _chosen(officer, found, action)
            return _signed(request, db, officer, found, chosen, fields, said, now)
    except Conflict as moved:
        return _moved_on(request, db, officer, application_id, fields, said, moved, now)


def _signed(
    request: Request,
    db: Db,
    officer: OfficerSession,
    found: Case,
    chosen: Action,
    fields: Fields,
    said: Said,
    now: Now,
) -> Response:
    if not from_our_page(request, officer, fields):
        page = _page(request, db, officer, found, now, chosen, said, (drawn_again(),))
        return render(request, "officer/decide.html", page, status=422)
    if one(fields, "step") == "preview":
        return render(request, "officer/decide.html", _page(request, db, officer, found, now, chosen, said))
    try:
        with attempt(db):
            _sign(db, house_of(request), officer, found, chosen, number_of(fields, "revision"), said, now)
    except Invalid as refused:
        problems = tuple(Problem(at, _(words)) for at, words in refused.problems.items())
        problems = problems or (Problem("message", filled(refused.message, refused.values)),)
        page = _page(request, db, officer, found, now, chosen, said, problems)
        return render(request, "officer/decide.html", page, status=422)
    return see(case_path(request, found.application.id, f"/decided/{chosen}"))


def _moved_on(
    request: Request,
    db: Db,
    officer: OfficerSession,
    application_id: UUID,
    fields: Fields,
    said: Said,
    moved: Conflict,
    now: Now,
) -> Response:
    """Somebody was faster: what they did, and what was typed here in vain."""
    house = house_of(request)
    found = desk.case(db, house, officer, application_id, now)
    past, seen = events.history(db, f"application:{application_id}"), number_of(fields, "seen")
    agency = house.agency(officer.agency_code).name.to(i18n.lang())
    page = ChangedPage(
        bar=bar(request, db, officer, found),
        reason=filled(moved.message, moved.values),
        since=happenings.told((e for e in past if e.seq > seen >= 0), officer.officer_id, agency, names=True),
        kept=tuple(words for words in (said.message, said.delay) if words),
    )
    return render(request, "officer/changed.html", page, status=Conflict.status)


def _sign(
    db: Db,
    house: House,
    officer: OfficerSession,
    found: Case,
    chosen: Action,
    revision: int,
    said: Said,
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
        review.return_once(db, house, officer, case_id, revision, _defects(found, lacking), said.message, now)
    elif chosen in {Action.PROPOSE_APPROVAL, Action.PROPOSE_REFUSAL}:
        proposing.propose(db, house, officer, case_id, revision, chosen, said, now)
    elif chosen is Action.RECALL:
        proposing.recall(db, house, officer, case_id, revision, now)
    else:
        acts: dict[Action, Callable[..., object]] = {
            Action.APPROVE: review.approve,
            Action.REJECT: review.reject,
            Action.CLOSE_INCOMPLETE: review.close_incomplete,
            Action.SEND_BACK: proposing.send_back,
        }
        acts[chosen](db, house, officer, case_id, revision, said, now)


def _defects(found: Case, lacking: dict[Item, Mark]) -> list[Defect]:
    reasons = {(use.key, reason.key): reason.text for use in found.service.documents for reason in use.document.reasons}
    defects = []
    for (kind, key), mark in lacking.items():
        reason = reasons.get((key, mark.reason))
        defects.append(Defect(kind, key, reason.th if reason else "", mark.instruction))
    return defects
