"""Acting on an issued licence: what is said, then the letter before it is final, then the signature."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.core import events, i18n
from app.core.clock import bangkok_date
from app.core.db import attempt
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.i18n import filled
from app.core.i18n import gettext as _
from app.core.thai import clean_lines, parse_date
from app.core.web import Db, Fields, Now, one, render, see
from app.identity.sessions import OfficerSession
from app.licences import life, matters
from app.licences.life import ON_REQUEST, RULES, Action, Stage, Step
from app.pages import happenings
from app.pages.citizen_form import house_of
from app.pages.contexts.decision import Letter
from app.pages.contexts.frame import Problem
from app.pages.contexts.register import ActPage, HeldChangedPage
from app.pages.held import as_letter, bar, matter_view
from app.pages.officer_register import LICENCE, SEEN, SUPERVISING
from app.pages.officer_room import Decider, drawn_again, from_our_page, number_of, token
from app.stories import look, supervise
from app.stories.held_licence import Held, held, roles
from app.stories.house import House
from app.stories.supervise import Said

router = APIRouter()
ACT = f"{LICENCE}/{{action}}/{{step}}"
LONGEST = 4000
DAY = ("until.day", "until.month", "until.year")


def _chosen(officer: OfficerSession, found: Held, action: str, step: str) -> tuple[Action, Step]:
    """An act of the table that this officer can do now. Raises NotFound, Forbidden, Conflict."""
    known = next(((r.action, r.step) for r in RULES if r.action == action and r.step == step), None)
    if known is None or not any((r.action, r.step) == known and r.by in life.OFFICERS for r in RULES):
        raise NotFound
    if not any((r.action, r.step) == known and r.by in roles(officer) for r in RULES):
        raise Forbidden("หน้าที่ของคุณยังไม่รวมการทำรายการนี้ ขอสิทธิ์จากผู้ดูแลระบบของหน่วยงานคุณ")
    if known not in found.choices:
        raise Conflict("ตอนนี้ทำรายการนี้ไม่ได้ ดูสถานะล่าสุดของใบก่อน")
    return known


@router.get(ACT)
def prepare(request: Request, licence_id: UUID, action: str, step: str, db: Db, officer: Decider, now: Now) -> Response:
    """One act: what has to be said for it, or, where that was said already, the letter."""
    house = house_of(request)
    found = held(db, house, officer, licence_id, now)
    chosen = _chosen(officer, found, action, step)
    look.recorded(db, house, officer, found.application, SEEN, SUPERVISING, now)
    return _shown(request, _page(request, officer, found, chosen, Said(), {}, now, confirm=_fixed(found, chosen[1])))


@router.post(ACT)
def act(
    request: Request, licence_id: UUID, action: str, step: str, fields: Fields, db: Db, officer: Decider, now: Now
) -> Response:
    """The letter to look at, or the signature; what is wrong comes back with everything that was typed."""
    found = held(db, house_of(request), officer, licence_id, now)
    raw = {name: one(fields, name)[:20] for name in DAY}
    said = Said(one(fields, "ground"), clean_lines(one(fields, "message"))[:LONGEST])
    try:
        with attempt(db):
            chosen = _chosen(officer, found, action, step)
            return _done(request, db, officer, found, chosen, said, raw, fields, now)
    except Conflict as moved:
        return _moved_on(request, db, officer, licence_id, fields, said, moved, now)


def _done(
    request: Request,
    db: Db,
    officer: OfficerSession,
    found: Held,
    chosen: tuple[Action, Step],
    said: Said,
    raw: dict[str, str],
    fields: Fields,
    now: Now,
) -> Response:
    house, (action, step), wish = house_of(request), chosen, one(fields, "do")
    try:
        with attempt(db):
            _must_be_ours(request, officer, fields)
            said = Said(said.ground, said.message, _day(raw))
            if wish == "preview":
                _judged(found, chosen, said, now)
            if wish != "sign":
                return _shown(
                    request, _page(request, officer, found, chosen, said, raw, now, confirm=wish == "preview")
                )
            supervise.act(db, house, officer, found.licence.id, action, step, number_of(fields, "revision"), said, now)
    except Invalid as refused:
        problems = tuple(Problem(at, _(words)) for at, words in refused.problems.items())
        problems = problems or (Problem("message", filled(refused.message, refused.values)),)
        return _shown(request, _page(request, officer, found, chosen, said, raw, now, *problems), 422)
    return see(f"/officer/licences/{found.licence.id}")


def _must_be_ours(request: Request, officer: OfficerSession, fields: Fields) -> None:
    if not from_our_page(request, officer, fields):
        again = drawn_again()
        raise Invalid(problems={again.field: str(again.text)})


def _day(raw: dict[str, str]) -> date | None:
    """The last day as it was typed; None when nothing was. Raises Invalid."""
    if not any(raw.values()):
        return None
    try:
        return parse_date(*(raw[name] for name in DAY))
    except ValueError as wrong:
        raise Invalid(problems={"until.day": "ใส่วันที่ให้ครบ เช่น 2 11 2569"}) from wrong


def _judged(found: Held, chosen: tuple[Action, Step], said: Said, now: Now) -> None:
    """Raise Invalid for what the signature would be refused for."""
    action, step = chosen
    if step is Step.DROP:
        supervise.must_say_why(found, said)
    elif not _fixed(found, step):
        supervise.checked(found, action, said, now)


def _fixed(found: Held, step: Step) -> bool:
    """Whether the words were put forward already, so that whoever signs signs exactly these."""
    return step is Step.DO and found.matter is not None and found.matter.stage is not Stage.ASKED


def _shown(request: Request, page: ActPage, status: int = 200) -> Response:
    return render(request, "officer/licence_act.html", page, status=status)


def _page(
    request: Request,
    officer: OfficerSession,
    found: Held,
    chosen: tuple[Action, Step],
    said: Said,
    raw: dict[str, str],
    now: Now,
    *problems: Problem,
    confirm: bool = False,
) -> ActPage:
    house, (action, step), today = house_of(request), chosen, bangkok_date(now)
    order, fixed = found.order(action), _fixed(found, step)
    drops = step is Step.DROP
    return ActPage(
        problems=problems,
        bar=bar(found),
        action=action,
        step=step,
        matter=matter_view(found, found.matter, officer) if found.matter else None,
        grounds=() if drops or fixed else tuple((g.key, g.text, g.law) for g in order.grounds),
        ground=said.ground or (order.grounds[0].key if len(order.grounds) == 1 else ""),
        message=said.message,
        until={name: raw.get(name, "") for name in DAY},
        until_by=supervise.last_day(order, today) if order.longest_days else None,
        ends=action is Action.SUSPEND and not drops and not fixed,
        fixed=fixed,
        wants_words=supervise.wants_words(found, action, step),
        confirm=confirm,
        two_hands=order.two_hands,
        object_by=supervise.object_by(found, action, today) if step is Step.ANNOUNCE else None,
        letter=_letter(house, officer, found, chosen, said, now) if confirm else None,
        token=token(request, officer),
    )


def _sends(found: Held, chosen: tuple[Action, Step], officer: OfficerSession) -> bool:
    """Whether the act leads to a letter: everything does but taking back one's own, and closing what was announced."""
    action, step = chosen
    if step is not Step.DROP:
        return True
    return action in ON_REQUEST and found.matter is not None and found.matter.opened_by != officer.officer_id


def _letter(
    house: House, officer: OfficerSession, found: Held, chosen: tuple[Action, Step], said: Said, now: Now
) -> Letter | None:
    """What the holder will read, if this act leads to a letter."""
    action, step = chosen
    if not _sends(found, chosen, officer):
        return None
    dropped: dict[str, Any] = {"message": said.message}
    content = dropped if step is Step.DROP else supervise.signed_words(found, action, said, now)
    return as_letter(supervise.letter_of(house, officer, found, action, step, content, now))


def _moved_on(
    request: Request,
    db: Db,
    officer: OfficerSession,
    licence_id: UUID,
    fields: Fields,
    said: Said,
    moved: Conflict,
    now: Now,
) -> Response:
    """Somebody was faster: what they did, and what was typed here in vain."""
    house = house_of(request)
    found = held(db, house, officer, licence_id, now)
    seen, agency = number_of(fields, "revision"), house.agency(officer.agency_code).name.to(i18n.lang())
    past = [e for e in events.history(db, matters.stream(licence_id)) if e.facts.get("revision", 0) > seen >= 0]
    page = HeldChangedPage(
        bar=bar(found),
        reason=filled(moved.message, moved.values),
        since=happenings.told(past, officer.officer_id, agency, names=True),
        kept=tuple(words for words in (said.message,) if words),
    )
    return render(request, "officer/licence_changed.html", page, status=Conflict.status)
